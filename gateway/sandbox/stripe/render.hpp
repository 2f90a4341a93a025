// Stripe's objects as JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "gateway/sandbox/stripe/model.hpp"

namespace cambist::gateway::sandbox::stripe {

/// The dotted paths of expand[], such as "latest_charge".
class Expansion {
 public:
  Expansion() = default;
  explicit Expansion(std::vector<std::string> paths) : paths_(std::move(paths)) {}
  [[nodiscard]] bool has(std::string_view name) const;
  /// What is left below `name`: "data" turns "data.latest_charge" into "latest_charge".
  [[nodiscard]] Expansion below(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& paths() const noexcept { return paths_; }

 private:
  std::vector<std::string> paths_;
};

[[nodiscard]] boost::json::object render(Bench& bench, const Intent& intent,
                                         const Expansion& expand);
[[nodiscard]] boost::json::object render(Bench& bench, const Charge& charge,
                                         const Expansion& expand);
[[nodiscard]] boost::json::object render(Bench& bench, const Refund& refund,
                                         const Expansion& expand);
/// Defined in disputes.cpp.
[[nodiscard]] boost::json::object render(Bench& bench, const Dispute& dispute,
                                         const Expansion& expand);
/// Defined in events.cpp: an event is shown as it was told.
[[nodiscard]] boost::json::object render(Bench& bench, const Event& event, const Expansion& expand);
[[nodiscard]] boost::json::object render(const Customer& customer);
[[nodiscard]] boost::json::object render(const TestMethod& method);

/// Where the payer is sent for 3-D Secure.
[[nodiscard]] std::string challenge_url(const World& world, const Intent& intent);

}  // namespace cambist::gateway::sandbox::stripe

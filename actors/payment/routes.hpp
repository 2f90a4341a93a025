// Which provider a payment goes to: the settings of the accounts together with what is known of
// their providers now. Shared by all payments and by whoever only asks.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/provider/vitals.hpp"
#include "protocols/payment/machine.hpp"
#include "protocols/routing/plan.hpp"

namespace cambist::actors::live {

/// Any thread: nothing in it changes but the vitals, which guard themselves.
class Routes {
 public:
  using Adapters = std::map<std::string, std::shared_ptr<const provider::Adapter>>;
  using AllVitals = std::map<std::string, std::shared_ptr<account::Vitals>>;

  /// An account without an adapter is switched off; an adapter without an account takes all it can.
  Routes(const std::vector<routing::Account>& accounts, Adapters adapters, AllVitals vitals);

  [[nodiscard]] routing::Plan plan(const payment::Create& create, TimePoint now) const;

 private:
  [[nodiscard]] routing::Present present(const std::string& provider, const provider::Call& call,
                                         TimePoint now) const;

  std::vector<routing::Account> accounts_{};
  Adapters adapters_;
  AllVitals vitals_;
};

[[nodiscard]] routing::Wish wish_of(const payment::Create& create);
/// `create` with the provider of `plan`, those that take over, and the reasons.
void follow(const routing::Plan& plan, payment::Create& create);

}  // namespace cambist::actors::live

// Stripe's events: what happened, with the object as it stood then. Each is kept, and sent as a
// webhook.
#pragma once

#include <optional>
#include <string_view>

#include <boost/json.hpp>

#include "gateway/sandbox/stripe/model.hpp"

namespace cambist::gateway::sandbox::stripe {

/// Keeps and posts an event about an object as it is now. `previous` holds what was different
/// before; only events that end in ".updated" have it.
/// Shape: `type` is a literal.
void announce(Bench& bench, std::string_view type, const Intent& intent);
void announce(Bench& bench, std::string_view type, const Charge& charge);
void announce(Bench& bench, std::string_view type, const Refund& refund,
              boost::json::object previous = {});
void announce(Bench& bench, std::string_view type, const Dispute& dispute,
              boost::json::object previous = {});

/// The event as it was told: the body of its webhook.
[[nodiscard]] std::string told(const Books& books, const Event& event);
[[nodiscard]] webhooks::Letter letter_of(const Books& books, const Event& event);

/// While it lives, what happens is nobody's call.
class ByItself {
 public:
  explicit ByItself(Bench& bench) : bench_{bench}, cause_{bench.cause} { bench.cause.reset(); }
  ~ByItself() { bench_.cause = cause_; }
  ByItself(const ByItself&) = delete;
  ByItself& operator=(const ByItself&) = delete;

 private:
  Bench& bench_;
  std::optional<Cause> cause_;
};

}  // namespace cambist::gateway::sandbox::stripe

// PayPal's webhook events: what happened, with the object as it stood then. Each is kept, and sent.
#pragma once

#include <string>
#include <string_view>

#include "gateway/sandbox/paypal/model.hpp"

namespace cambist::gateway::sandbox::paypal {

/// Keeps and posts an event about an object as it is now.
/// Shape: `type` is a literal.
void announce(Bench& bench, std::string_view type, const Order& order);
void announce(Bench& bench, std::string_view type, const Authorization& authorization);
void announce(Bench& bench, std::string_view type, const Capture& capture);
void announce(Bench& bench, std::string_view type, const Refund& refund);
void announce(Bench& bench, std::string_view type, const Dispute& dispute);
/// An approval that was never used: tells only the order's id.
void announce_reversed_approval(Bench& bench, const Order& order);
/// PayPal took money of a capture back by itself.
void announce_reversal(Bench& bench, const Capture& capture, const Money& amount);

/// The event as it was told: the body of its webhook.
[[nodiscard]] std::string told(const Books& books, const Event& event);
[[nodiscard]] webhooks::Letter letter_of(const Bench& bench, const Event& event);

}  // namespace cambist::gateway::sandbox::paypal

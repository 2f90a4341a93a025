// The account's objects as PayPal's API writes them.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "gateway/sandbox/paypal/model.hpp"

namespace cambist::gateway::sandbox::paypal {

/// Where the API is, as links name it.
[[nodiscard]] std::string api_url(const Bench& bench);
/// The page that the payer approves an order at.
[[nodiscard]] std::string payer_page(const Bench& bench, const Order& order);
/// RFC 3339 with whole seconds.
[[nodiscard]] std::string seconds_of(TimePoint time);
[[nodiscard]] boost::json::object render_money(const Money& money);

[[nodiscard]] boost::json::object render(Bench& bench, const Order& order);
[[nodiscard]] boost::json::object render(Bench& bench, const Authorization& authorization);
[[nodiscard]] boost::json::object render(Bench& bench, const Capture& capture);
[[nodiscard]] boost::json::object render(Bench& bench, const Refund& refund);
[[nodiscard]] boost::json::object render(Bench& bench, const Dispute& dispute);

}  // namespace cambist::gateway::sandbox::paypal

// Where money is held and taken: the steps that calls, the dashboard and time share.
#pragma once

#include <string>
#include <string_view>

#include "gateway/sandbox/paypal/model.hpp"

namespace cambist::gateway::sandbox::paypal {

/// How a capture is asked for. `authorization` nullptr: of the order itself.
struct CaptureOrder {
  Authorization* authorization = nullptr;
  Money amount;
  bool final_capture = true;
  std::string invoice_id;
  std::string key;
};

/// Makes an authorization of an order that the payer has approved.
Authorization& hold(Bench& bench, Order& order, const Money& amount, TimePoint expires,
                    std::string_view key, TimePoint now);
/// Takes the money, or tries to: the order's wish may leave it pending or decline it.
Capture& take(Bench& bench, Order& order, CaptureOrder asked, TimePoint now);
/// The money of a capture has arrived.
void complete(Bench& bench, Order& order, Capture& capture);
/// A pending capture comes to nothing.
void deny(Bench& bench, Capture& capture);
/// The hold is given back by the merchant.
void release(Bench& bench, Order& order, Authorization& authorization, std::string_view key,
             TimePoint now);

}  // namespace cambist::gateway::sandbox::paypal

// What an account at Tigo Pesa (Mixx by Yas) is configured with, checked once. Its document is
// handed out per merchant, with URLs of the merchant's own: every path is a setting.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/core/secret.hpp"
#include "protocols/provider/base_url.hpp"
#include "protocols/provider/callback_door.hpp"
#include "protocols/provider/mobile_money.hpp"

namespace cambist::tigo_pesa {

constexpr auto market = provider::Market::tanzania;

/// Shape: `refund_path` empty: refunds are not switched on. `trust_callback`: a callback of a known
///        reference with the right amount is the outcome; otherwise only operators settle a charge.
struct Account {
  provider::BaseUrl base;
  std::string token_path;
  std::string push_path;
  std::string refund_path;
  std::string username;
  Secret password;
  std::string biller_code;
  std::string biller_msisdn;
  std::string channel_msisdn;
  Secret channel_pin;
  provider::CallbackDoor door;
  bool trust_callback = true;
  bool partial_refunds = false;
  std::string ack_code;
  provider::WholeAmounts amounts;
  std::chrono::seconds prompt_lifetime{120};
  /// Lower-case words of a failed callback's description, and what they mean; the first counts.
  std::vector<std::pair<std::string, provider::FailureCode>> words;
};

/// Errors: invalid_request with `field` the setting; no value of a secret is repeated.
[[nodiscard]] Result<Account> read_settings(const provider::Settings& settings);

}  // namespace cambist::tigo_pesa

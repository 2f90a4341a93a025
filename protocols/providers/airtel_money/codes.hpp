// Airtel's response codes, and the older ones beside them.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocols/provider/verdict.hpp"

namespace cambist::airtel_money {

enum class Says : std::uint8_t {
  nothing,    // a code that is not documented, or one that proves nothing
  done,       // of an enquiry; of a push it is only "accepted"
  pending,    // to be asked about
  failed,     // the payer's side said no: no money moved
  refused,    // the request itself was wrong: surely not processed
  not_found,  // Airtel does not know the transaction (yet)
  duplicate,  // Airtel knows the transaction already
};

struct Reading {
  Says says = Says::nothing;
  provider::FailureCode code = provider::FailureCode::card_declined;
};

/// Source: facts/airtel-money.md section 9.
[[nodiscard]] Reading reading_of(std::string_view code) noexcept;

}  // namespace cambist::airtel_money

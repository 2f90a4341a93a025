// Tigo's response codes of calls that were not accepted.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocols/provider/verdict.hpp"

namespace cambist::tigo_pesa {

enum class Says : std::uint8_t {
  nothing,  // not documented, or it proves nothing
  failed,   // the payer's side: no money moved
  told,     // the same, and the description says why
  refused,  // the request or the account was wrong: surely not processed
};

struct Reading {
  Says says = Says::nothing;
  provider::FailureCode code = provider::FailureCode::card_declined;
};

/// Source: facts/tigo-pesa.md 1.4.
[[nodiscard]] Reading reading_of(std::string_view code) noexcept;

}  // namespace cambist::tigo_pesa

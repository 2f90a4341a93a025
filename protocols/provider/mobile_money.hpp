// What providers of mobile money share: a charge that the payer confirms with a PIN on the phone,
// in whole units of the currency, and with no authorization to capture or void.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/phone.hpp"

namespace cambist::provider {

/// What one charge may be, in whole units of `currency`.
struct WholeAmounts {
  Currency currency;
  std::int64_t least = 1;
  std::int64_t most = 1'000'000'000;
};

/// The whole units that stand for `money` on the wire.
/// Errors: unsupported_by_provider, field "amount.currency" or, for a fraction and beyond the
///         limits, "amount.value".
[[nodiscard]] Result<std::int64_t> whole_units(const Money& money, const WholeAmounts& amounts);
/// The reverse; nullopt for what is not above zero or does not fit.
[[nodiscard]] std::optional<Money> from_whole_units(std::int64_t units, Currency currency);

/// The payer's number of a charge, as `normalise_phone` spells it.
/// Errors: unsupported_by_provider for another type of method, invalid_request for the number.
[[nodiscard]] Result<std::string> phone_of(const PaymentMethod& method, Market market);

/// Refuses every operation but charge and refund: there are no authorizations.
/// Errors: unsupported_by_provider; `field` is "capture" for an authorization.
[[nodiscard]] Result<void> check_kind(const Call& call, std::string_view provider);

/// The payer is asked for the PIN.
/// Shape: `ask_after` none: the provider is asked only once the prompt has ended.
[[nodiscard]] ActionRequired phone_prompt(const Call& call, std::string_view brand, Market market,
                                          std::chrono::seconds lifetime,
                                          std::optional<std::chrono::seconds> ask_after,
                                          std::string provider_payment_id);

/// The sentence for the payer. Fraud reads as any decline.
[[nodiscard]] std::string payer_sentence(FailureCode code);
/// With that sentence. Shape: `word` is the provider's own, or empty.
[[nodiscard]] Failure failure_of(FailureCode code, std::string word = {});

/// What a status says by itself, whatever the body: nullopt when the body decides. Credentials that
/// were refused and a limiter are surely "not processed"; a 5xx is not.
[[nodiscard]] std::optional<Verdict> verdict_of_status(const Call& call,
                                                       const http::Response& response);
/// No outage, and nobody knows.
[[nodiscard]] Unknown not_understood(std::string word = {});

}  // namespace cambist::provider

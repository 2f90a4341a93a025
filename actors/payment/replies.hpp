// What a client is answered, as pure functions of what has been decided.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "actors/payment/owner.hpp"
#include "protocols/api/answers.hpp"
#include "storage/store.hpp"

namespace cambist::actors::live {

/// Shape: `answer` is empty while there is nothing to say yet. `settled` says that it is the final
/// word on the
///        request, fit to be stored under its key.
struct Outcome {
  std::optional<api::Answer> answer{};
  bool settled = false;
};

/// What `events` mean for the request of `owner` (the owner before them); `after` is the payment
/// they lead to, `shown` the same as the API renders it.
/// Shape: `told` says that the client may have been answered 202 already.
[[nodiscard]] Outcome outcome_of(const Owner& owner, std::span<const payment::Event> events,
                                 const payment::Payment& after, const std::string& shown,
                                 bool told = false);

/// What becomes of the owner's idempotency key in the commit of `outcome`: answered, or freed again
/// when the provider surely did nothing and the same request may succeed later. What a client was
/// told of under its key stays under it.
[[nodiscard]] storage::KeyChange key_change(const Owner& owner, const Outcome& outcome);

/// The answer when a request with a key meets a key that is taken. `record` nullopt: it was freed
/// meanwhile.
[[nodiscard]] api::Answer answer_from_key(const std::optional<storage::KeyRecord>& record,
                                          const Sha256& fingerprint, std::string_view request_id);

}  // namespace cambist::actors::live

#include "storage/append_rules.hpp"

#include <limits>

namespace cambist::storage {
namespace {

// Versions are kept as signed 64 bit integers by every database.
constexpr auto version_max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

Error mistake(std::string detail, std::string field) {
  return Error{ErrorCode::internal, std::move(detail), std::move(field)};
}

const std::string* key_of(const KeyChange& change) {
  if (const auto* claim = std::get_if<KeyClaim>(&change)) return &claim->key;
  if (const auto* answer = std::get_if<KeyAnswer>(&change)) return &answer->key;
  if (const auto* release = std::get_if<KeyRelease>(&change)) return &release->key;
  return nullptr;
}

}  // namespace

std::optional<Error> malformed(const Append& append) {
  if (append.tenant.value.empty()) return mistake("an append needs a tenant", "tenant");
  if (append.payment.empty()) return mistake("an append needs a payment", "payment");
  if (append.expected_version > version_max - append.events.size()) {
    return mistake("the version is out of range", "expected_version");
  }
  if (const auto* key = key_of(append.key); key != nullptr && key->empty()) {
    return mistake("an idempotency key cannot be empty", "key");
  }
  const bool writes_payment =
      !append.operations.empty() || !append.ledger.empty() || append.timer.has_value();
  if (append.events.empty() && append.expected_version == 0 && writes_payment) {
    return mistake("a payment begins with an event", "events");
  }
  return std::nullopt;
}

}  // namespace cambist::storage

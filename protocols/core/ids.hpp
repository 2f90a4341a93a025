// Typed identifiers: a UUIDv7 (RFC 9562) behind a prefix that says what it names, for example
// "pay_01jd2v9h3ke1r8m7q0c5xw4tbz". Sortable by the time they were made.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/time.hpp"

namespace cambist {

using Uuid = std::array<std::uint8_t, 16>;

/// A version 7 UUID: 48 bits of Unix milliseconds, then 74 random bits.
[[nodiscard]] Uuid make_uuid7(TimePoint now, const Random& random);
/// 26 lower-case characters of Crockford's base 32.
[[nodiscard]] std::string encode_uuid(const Uuid& uuid);
void append_uuid(std::string& out, const Uuid& uuid);
/// Errors: invalid_request when `text` is not 26 characters of Crockford's base 32 or overflows 128
/// bits.
[[nodiscard]] Result<Uuid> decode_uuid(std::string_view text);

/// `Tag::prefix` is the text before the underscore.
template <class Tag>
struct Id {
  Uuid bytes{};

  [[nodiscard]] static Id make(TimePoint now, const Random& random) {
    return Id{make_uuid7(now, random)};
  }
  [[nodiscard]] static Result<Id> parse(std::string_view text) {
    constexpr std::string_view prefix = Tag::prefix;
    if (text.size() != prefix.size() + 27 || !text.starts_with(prefix) ||
        text[prefix.size()] != '_') {
      return Error{ErrorCode::invalid_request,
                   "not an id that starts with " + std::string{prefix} + "_"};
    }
    auto uuid = decode_uuid(text.substr(prefix.size() + 1));
    if (!uuid) return uuid.error();
    return Id{*uuid};
  }
  [[nodiscard]] std::string to_string() const {
    std::string text;
    text.reserve(Tag::prefix.size() + 27);
    append_to(text);
    return text;
  }
  void append_to(std::string& out) const {
    out += Tag::prefix;
    out += '_';
    append_uuid(out, bytes);
  }
  [[nodiscard]] bool empty() const noexcept { return bytes == Uuid{}; }

  friend bool operator==(const Id&, const Id&) = default;
  friend auto operator<=>(const Id&, const Id&) = default;
};

struct PaymentTag {
  static constexpr std::string_view prefix = "pay";
};
struct OperationTag {
  static constexpr std::string_view prefix = "op";
};
struct EventTag {
  static constexpr std::string_view prefix = "evt";
};
struct RequestTag {
  static constexpr std::string_view prefix = "req";
};
struct WebhookTag {  // a webhook of a provider, as we received it
  static constexpr std::string_view prefix = "whk";
};
struct EndpointTag {  // a merchant's endpoint for our events
  static constexpr std::string_view prefix = "we";
};
struct TaskTag {  // something the operators must decide
  static constexpr std::string_view prefix = "task";
};
struct AuditTag {
  static constexpr std::string_view prefix = "aud";
};

using PaymentId = Id<PaymentTag>;
using OperationId = Id<OperationTag>;
using EventId = Id<EventTag>;
using RequestId = Id<RequestTag>;
using WebhookId = Id<WebhookTag>;
using EndpointId = Id<EndpointTag>;
using TaskId = Id<TaskTag>;
using AuditId = Id<AuditTag>;

/// The tenant a row, key, limit or query belongs to: 1 to 64 characters of [a-z0-9_-].
struct TenantId {
  std::string value;
  friend bool operator==(const TenantId&, const TenantId&) = default;
  friend auto operator<=>(const TenantId&, const TenantId&) = default;
};
/// The tenant that exists on every installation.
[[nodiscard]] inline TenantId default_tenant() {
  return TenantId{"default"};
}

}  // namespace cambist

template <class Tag>
struct std::hash<cambist::Id<Tag>> {
  std::size_t operator()(const cambist::Id<Tag>& id) const noexcept {
    std::uint64_t low = 0;  // the last eight bytes are random already
    std::memcpy(&low, id.bytes.data() + 8, sizeof low);
    return static_cast<std::size_t>(low);
  }
};

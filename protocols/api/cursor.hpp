// Where a list goes on, as an opaque text that fits only the list it came from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/ids.hpp"

namespace cambist::api {

/// Shape: `list` says which list it is: its name, the tenant and every filter.
[[nodiscard]] std::string encode_cursor_bytes(const Uuid& last, std::string_view list);
/// Errors: invalid_request with `field` "cursor" when it was changed or belongs to another list.
[[nodiscard]] Result<Uuid> decode_cursor_bytes(std::string_view cursor, std::string_view list);

/// The same for any of our ids: `decode_cursor_of<WebhookId>(…)`.
template <class Tag>
[[nodiscard]] std::string encode_cursor(const Id<Tag>& last, std::string_view list) {
  return encode_cursor_bytes(last.bytes, list);
}
template <class IdType>
[[nodiscard]] Result<IdType> decode_cursor_of(std::string_view cursor, std::string_view list) {
  const auto bytes = decode_cursor_bytes(cursor, list);
  if (!bytes) return bytes.error();
  return IdType{*bytes};
}
[[nodiscard]] inline Result<PaymentId> decode_cursor(std::string_view cursor,
                                                     std::string_view list) {
  return decode_cursor_of<PaymentId>(cursor, list);
}

/// For lists that are in the order of a number, such as the outbox.
[[nodiscard]] std::string encode_position(std::uint64_t last, std::string_view list);
[[nodiscard]] Result<std::uint64_t> decode_position(std::string_view cursor, std::string_view list);

}  // namespace cambist::api

// Values in PostgreSQL's binary format: big-endian integers, 16 bytes of a UUID, text as it is. The
// server neither parses nor prints what comes and goes this way.
// Source: src/backend/utils/adt of PostgreSQL 15, the functions xxx_recv and array_recv.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "protocols/core/digest.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::storage::postgres {

/// The numbers are the types' object ids, the same in every database (pg_type.dat).
enum class Type : std::uint32_t {
  boolean = 16,
  bytes = 17,
  int8 = 20,
  int4 = 23,
  text = 25,
  uuid = 2950,
};

[[nodiscard]] constexpr const char* name_of(Type type) noexcept {
  switch (type) {
    case Type::boolean:
      return "bool";
    case Type::bytes:
      return "bytea";
    case Type::int8:
      return "int8";
    case Type::int4:
      return "int4";
    case Type::text:
      return "text";
    case Type::uuid:
      return "uuid";
  }
  return "text";
}

template <class Integer>
void put_big_endian(std::string& to, Integer value) {
  using Bits = std::make_unsigned_t<Integer>;
  const auto bits = static_cast<Bits>(value);
  for (int shift = static_cast<int>(sizeof(Bits)) * 8 - 8; shift >= 0; shift -= 8) {
    to.push_back(static_cast<char>((bits >> shift) & 0xffU));
  }
}

/// Integers take the width of their C++ type: what is `int` in a row is int4 in the table, and
/// everything wider is int8.
inline void encode(std::string& to, bool value) {
  to.push_back(value ? '\1' : '\0');
}
template <class Integer>
requires(std::is_integral_v<Integer> &&
         (sizeof(Integer) == 4 || sizeof(Integer) == 8)) void encode(std::string& to,
                                                                     Integer value) {
  put_big_endian(to, value);
}
inline void encode(std::string& to, TimePoint time) {
  put_big_endian(to, to_micros(time));
}
inline void encode(std::string& to, Duration duration) {
  put_big_endian(to, duration.count());
}
inline void encode(std::string& to, std::string_view text) {
  to.append(text);
}
inline void encode(std::string& to, const std::string& text) {
  to.append(text);
}
inline void encode(std::string& to, const char* text) = delete;
inline void encode(std::string& to, const TenantId& tenant) {
  to.append(tenant.value);
}
inline void encode(std::string& to, const Currency& currency) {
  to.append(currency.code());
}
template <std::size_t Size>
void encode(std::string& to, const std::array<std::uint8_t, Size>& bytes) {
  to.append(reinterpret_cast<const char*>(bytes.data()), Size);
}
template <class Tag>
void encode(std::string& to, const Id<Tag>& id) {
  encode(to, id.bytes);
}

}  // namespace cambist::storage::postgres

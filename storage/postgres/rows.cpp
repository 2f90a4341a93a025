#include "storage/postgres/rows.hpp"

#include <algorithm>
#include <charconv>

namespace cambist::storage::postgres {

std::size_t Rows::changed() const noexcept {
  const std::string_view text{PQcmdTuples(result_.get())};
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::int64_t Rows::integer(int column) noexcept {
  const auto bytes = view(column);
  if (bytes.size() != 8 && bytes.size() != 4 && bytes.size() != 1) {
    ok_ = false;
    return 0;
  }
  // The sign of the first byte goes on to the left.
  auto value =
      static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<signed char>(bytes[0])));
  for (const char byte : bytes.substr(1)) value = value << 8U | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

Money Rows::money(int minor_column, int currency_column) {
  const auto code = view(currency_column);
  if (code == Currency{}.code()) return Money{integer(minor_column), Currency{}};
  const auto currency = Currency::parse(code);
  if (!currency) {
    ok_ = false;
    return {};
  }
  return Money{integer(minor_column), *currency};
}

Sha256 Rows::digest(int column) noexcept {
  Sha256 digest{};
  copy(column, digest.data(), digest.size());
  return digest;
}

std::string_view Rows::view(int column) const noexcept {
  return {PQgetvalue(result_.get(), row_, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
}

void Rows::copy(int column, std::uint8_t* to, std::size_t size) noexcept {
  const auto bytes = view(column);
  if (bytes.size() != size) {
    ok_ = false;
    return;
  }
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(to));
}

}  // namespace cambist::storage::postgres

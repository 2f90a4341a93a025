#include "protocols/providers/mpesa_openapi_tz/ids.hpp"

#include <algorithm>

#include "protocols/http/syntax.hpp"

namespace cambist::mpesa_openapi_tz {
namespace {

// Lower case alone: it survives whoever folds cases on the way.
constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr unsigned base = 36;
constexpr std::size_t payment_digits = 25;  // 36^25 > 2^128
constexpr std::size_t operation_digits = conversation_size - payment_digits;
constexpr std::size_t reference_size = 12;

// The id as one number, written with `size` digits: what does not fit is cut off in front.
std::string in_base_36(Uuid number, std::size_t size) {
  std::string text(size, '0');
  for (auto at = text.rbegin(); at != text.rend(); ++at) {
    unsigned rest = 0;
    for (auto& byte : number) {
      const unsigned value = rest << 8U | byte;
      byte = static_cast<std::uint8_t>(value / base);
      rest = value % base;
    }
    *at = digits[rest];
  }
  return text;
}

// nullopt for other digits and for numbers past 128 bits.
std::optional<Uuid> from_base_36(std::string_view text) {
  Uuid number{};
  for (const char c : text) {
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    unsigned carry = static_cast<unsigned>(digit);
    for (auto byte = number.rbegin(); byte != number.rend(); ++byte) {
      const unsigned value = *byte * base + carry;
      *byte = static_cast<std::uint8_t>(value & 0xffU);
      carry = value >> 8U;
    }
    if (carry != 0) return std::nullopt;
  }
  return number;
}

template <class Id>
std::string last_of(const Id& id) {
  std::string text = id.to_string().substr(id.to_string().size() - reference_size);
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace

std::string conversation_of(const PaymentId& payment, const OperationId& operation) {
  return in_base_36(payment.bytes, payment_digits) + in_base_36(operation.bytes, operation_digits);
}

std::optional<PaymentId> payment_in(std::string_view conversation) {
  if (conversation.size() != conversation_size) return std::nullopt;
  if (!from_base_36(conversation.substr(payment_digits))) return std::nullopt;
  const auto number = from_base_36(conversation.substr(0, payment_digits));
  if (!number) return std::nullopt;
  return PaymentId{*number};
}

std::string question_of(const OperationId& operation, int attempt) {
  return in_base_36(operation.bytes, payment_digits) + "Q" + std::to_string(std::max(attempt, 0));
}

std::string reference_of(const PaymentId& payment) {
  return last_of(payment);
}

std::string reference_of(const OperationId& operation) {
  return last_of(operation);
}

}  // namespace cambist::mpesa_openapi_tz

#include "protocols/providers/airtel_money/reference.hpp"

#include "protocols/http/syntax.hpp"

namespace cambist::airtel_money {
namespace {

constexpr std::size_t id_size = 26;

}  // namespace

std::string transaction_id(const PaymentId& payment, const OperationId& operation) {
  return encode_uuid(payment.bytes) + encode_uuid(operation.bytes);
}

std::optional<Reference> read_transaction_id(std::string_view text) {
  if (text.size() != 2 * id_size) return std::nullopt;
  const auto payment = decode_uuid(text.substr(0, id_size));
  const auto operation = decode_uuid(text.substr(id_size));
  if (!payment || !operation) return std::nullopt;
  const Reference read{PaymentId{*payment}, OperationId{*operation}};
  // One spelling only: what names a payment here must be what we sent.
  if (transaction_id(read.payment, read.operation) != text) return std::nullopt;
  return read;
}

std::string payer_reference(std::string_view reference, const PaymentId& payment) {
  constexpr std::size_t size_min = 4;
  constexpr std::size_t size_max = 64;
  std::string taken;
  for (const char c : reference) {
    const bool plain = http::is_alpha(c) || http::is_digit(c) || (c == ' ' && !taken.empty());
    if (plain && taken.size() < size_max) taken += c;
  }
  while (taken.ends_with(' ')) taken.pop_back();
  if (taken.size() >= size_min) return taken;
  constexpr std::size_t shown = 8;
  const std::string id = encode_uuid(payment.bytes);
  return "Payment " + id.substr(id.size() - shown);
}

}  // namespace cambist::airtel_money

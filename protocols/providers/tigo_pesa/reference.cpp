#include "protocols/providers/tigo_pesa/reference.hpp"

#include <algorithm>

#include "protocols/core/digest.hpp"

namespace cambist::tigo_pesa {

std::string reference_id(std::string_view biller_code, const OperationId& operation) {
  constexpr std::size_t size_max = 20;
  const Sha256 digest = sha256(operation.to_string());
  Uuid bytes{};
  std::copy_n(digest.begin(), bytes.size(), bytes.begin());
  // The first of the 26 characters holds three bits only.
  std::string text = std::string{biller_code} + encode_uuid(bytes).substr(1);
  text.resize(size_max);
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

}  // namespace cambist::tigo_pesa

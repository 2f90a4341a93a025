// The scanner for card numbers: what it finds is a card number, and masking what it finds leaves
// none.
#include "protocols/api/card_data.hpp"

#include <string>

#include "tests/fuzz/support/target.hpp"

CAMBIST_FUZZ_TARGET(card_data) {
  using namespace cambist::api;
  using cambist::fuzz::must;
  (void)names_card_secret(bytes);
  must(holds_card_number(bytes) == find_card_number(bytes).has_value(), "to find is to hold");
  std::string text{bytes};
  for (std::size_t rounds = 0;; ++rounds) {
    const auto found = find_card_number(text);
    if (!found) break;
    must(rounds <= bytes.size(), "masking comes to an end");
    const auto at = static_cast<std::size_t>(found->data() - text.data());
    must(at + found->size() <= text.size(), "what is found stands in the text");
    std::string digits;
    for (const char c : *found)
      if (c >= '0' && c <= '9') digits += c;
    must(digits.size() >= 12 && digits.size() <= 19 && luhn_valid(digits),
         "what is found is a card number");
    text.replace(at, found->size(), found->size(), '*');
  }
}

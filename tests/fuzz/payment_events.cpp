// Events as they are kept for ever: what is read is written again as itself.
#include <string>

#include "protocols/payment/codec.hpp"
#include "tests/fuzz/support/target.hpp"

CAMBIST_FUZZ_TARGET(payment_events) {
  using namespace cambist::payment;
  using cambist::fuzz::must;
  cambist::fuzz::Parts parts{bytes};
  const auto type = parts.line();
  const auto fact = decode(type, 1, parts.rest());
  if (!fact) return must(!fact.error().detail.empty(), "a refusal says why");
  const auto written = encode(*fact);
  must(written.type == type, "a fact keeps its type");
  const auto again = decode(written.type, written.version, written.json);
  must(again && *again == *fact, "a fact that was read is written as itself");
  must(encode(*again).json == written.json, "and always in the same bytes");
}

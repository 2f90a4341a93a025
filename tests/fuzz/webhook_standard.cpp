// Our own signatures. Nothing is taken but what our secret signed within five minutes, byte for
// byte.
#include "protocols/webhook/standard.hpp"

#include "protocols/core/base64.hpp"
#include "tests/fuzz/support/adapters.hpp"

namespace cambist::webhook {
namespace {

using fuzz::must;
using namespace std::chrono_literals;

// What the seeds are signed at.
constexpr auto now = TimePoint{1'795'250'298s};
const std::string ours[] = {"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="};
const std::string others[] = {"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWc="};

void check_given(const http::Headers& headers, std::string_view body) {
  if (!verify(headers, body, ours, now)) return;
  must(!verify(headers, body, others, now), "a webhook is genuine for one secret only");
  const auto seconds = std::stoll(*http::find(headers, "webhook-timestamp"));
  const auto expected = sign(*http::find(headers, "webhook-id"), seconds, body, ours);
  must(expected && http::find(headers, "webhook-signature")->find(*expected) != std::string::npos,
       "nothing is taken but our signature");
  must(!verify(headers, body, ours, now + 601s) && !verify(headers, body, ours, now - 601s),
       "a webhook is new when it is taken");
}

void check_signed(std::string_view id, std::string body, std::size_t at) {
  const auto headers = signed_headers(id, now, body, ours);
  if (!headers) return must(headers.error().field == "id", "only an id can be wrong here");
  must(verify(*headers, body, ours, now).has_value(), "what is signed is taken");
  must(!verify(*headers, body, others, now), "but not with another secret");
  must(!verify(*headers, body, ours, now + 302s), "and not later");
  if (body.empty()) return;
  char& byte = body[at % body.size()];
  byte = static_cast<char>(byte ^ 1);
  must(!verify(*headers, body, ours, now), "nor once it was changed");
}

void check_secret(std::string_view text) {
  const auto secret = read_secret(text);
  if (!secret) return;
  must("whsec_" + to_base64(secret->reveal()) == text, "a secret has one spelling");
  must(secret->reveal().size() >= 24 && secret->reveal().size() <= 64, "and is long enough");
}

}  // namespace
}  // namespace cambist::webhook

CAMBIST_FUZZ_TARGET(webhook_standard) {
  using namespace cambist;
  fuzz::Parts parts{bytes};
  const auto first = parts.line();
  webhook::check_secret(first);
  const auto headers = fuzz::read_headers(parts);
  webhook::check_given(headers, parts.rest());
  webhook::check_signed(first, std::string{parts.rest()}, bytes.size() / 2);
}

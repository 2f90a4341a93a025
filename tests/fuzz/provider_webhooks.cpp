// Webhooks of each provider. What one account's secret verifies no other verifies; what is read
// says the same however its JSON was written, and names our payments only in our spelling.
#include <algorithm>

#include <boost/json.hpp>

#include "protocols/core/overloaded.hpp"
#include "protocols/providers/stripe/signature.hpp"
#include "tests/fuzz/support/adapters.hpp"

namespace cambist {
namespace {

using fuzz::must;
using namespace std::chrono_literals;

// What the seeds are signed at.
constexpr auto now = TimePoint{1'795'250'298s};

void check_verifying(const http::Request& request) {
  static const auto ours = fuzz::adapters("fuzz");
  static const auto others = fuzz::adapters("other");
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const auto genuine = ours[i]->verify_webhook(request, now);
    const auto at_others = others[i]->verify_webhook(request, now);
    must(!genuine || !at_others, "a webhook is genuine for one secret only");
    if (!genuine) continue;
    auto changed = request;
    changed.body += ' ';
    must(!ours[i]->verify_webhook(changed, now), "and covers every byte of its body");
  }
}

// Stripe's own scheme, whose signer we have: what is signed is taken, and nothing else is.
void check_signature(const http::Request& request) {
  static const std::vector<Secret> secrets = [] {
    std::vector<Secret> made;
    made.emplace_back("sk_test_fuzz");
    return made;
  }();
  static const std::vector<Secret> wrong = [] {
    std::vector<Secret> made;
    made.emplace_back("sk_test_fuzy");
    return made;
  }();
  const auto given = stripe::verify_signature(request, secrets, now);
  must(!stripe::verify_signature(request, wrong, now) || !given, "one secret signs");
  if (given) {
    const auto* header = http::find(request.headers, "stripe-signature");
    const auto read = stripe::parse_signature(*header);
    must(read && read->signed_at >= now - 301s && read->signed_at <= now + 301s,
         "a webhook is new when it is taken");
    const auto expected = stripe::sign(request.body, read->signed_at, secrets);
    const auto hex = expected.substr(expected.find("v1=") + 3);
    must(std::find(read->v1.begin(), read->v1.end(), hex) != read->v1.end(),
         "nothing is taken but our signature");
  }
  http::Request signed_one = request;
  signed_one.headers = {{"Stripe-Signature", stripe::sign(request.body, now, secrets)}};
  must(stripe::verify_signature(signed_one, secrets, now).has_value(), "what is signed is taken");
  must(!stripe::verify_signature(signed_one, wrong, now), "but not with another secret");
  must(!stripe::verify_signature(signed_one, secrets, now + 302s), "and not later");
  if (!signed_one.body.empty()) {
    auto& byte = signed_one.body[request.body.size() / 2];
    byte = static_cast<char>(byte ^ 1);
    must(!stripe::verify_signature(signed_one, secrets, now), "nor once it was changed");
  }
}

void check_news(const provider::Notice& notice) {
  must(!notice.id.empty() && !notice.type.empty(), "an event has an id and a type");
  must(notice.payment.empty() || PaymentId::parse(notice.payment).has_value(),
       "only what is an id of ours names a payment");
  std::visit(
      Overloaded{
          [](const provider::CaptureSeen& v) {
            must(v.total.minor >= 0, "money is not below zero");
          },
          [](const provider::RefundSeen& v) {
            must(v.amount.minor >= 0 && !v.refund.empty(), "a refund has an id and an amount");
            must(v.operation.empty() || OperationId::parse(v.operation).has_value(),
                 "only what is an id of ours names an operation");
          },
          [](const provider::DisputeSeen& v) {
            must(v.amount.minor >= 0 && !v.dispute.empty(), "a dispute has an id and an amount");
          },
          [](const auto&) {},
      },
      notice.news);
}

void check_reading(const provider::Adapter& adapter, const std::string& body) {
  const auto notice = adapter.read_webhook(body);
  if (!notice) return must(!notice.error().detail.empty(), "a refusal says why");
  check_news(*notice);
  boost::system::error_code failed;
  const auto value = boost::json::parse(body, failed);
  if (failed) return;
  // A number beyond what a double holds has no other spelling that this library reads again.
  const std::string spelled = boost::json::serialize(value);
  const auto reread = boost::json::parse(spelled, failed);
  if (failed || reread != value) return;
  const auto again = adapter.read_webhook(spelled);
  must(again && *again == *notice, "the same JSON in another spelling is the same news");
}

// Whatever a webhook says and the provider answers, nothing that it does not know is believed.
void check_confirming(const provider::Adapter& adapter, const http::Request& request) {
  const auto asked = adapter.confirmation_for(request);
  if (!asked || !*asked) return;
  const std::string& target = (*asked)->request.target;
  must(target.starts_with('/') && target.find_first_of(" \r\n?#") == std::string::npos,
       "what is asked about is one object");
  must(!adapter.confirm_with(request, {404, {}, {}}), "what is not there confirms nothing");
  must(!adapter.confirm_with(request, {500, {}, request.body}), "nor does a failure");
  (void)adapter.confirm_with(request, {200, {}, request.body});
}

}  // namespace
}  // namespace cambist

CAMBIST_FUZZ_TARGET(provider_webhooks) {
  using namespace cambist;
  static const auto all = fuzz::adapters("fuzz");
  fuzz::Parts parts{bytes};
  http::Request request;
  request.method = "POST";
  request.headers = fuzz::read_headers(parts);
  request.body = parts.rest();
  check_verifying(request);
  check_signature(request);
  for (const auto& adapter : all) {
    check_reading(*adapter, request.body);
    check_confirming(*adapter, request);
  }
}

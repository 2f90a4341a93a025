// What each provider answers to each kind of call. There is always a verdict, money is believed
// only as it was asked for, and what an answer names can be sent in the next request without
// leaving its place there.
#include <string>

#include "protocols/core/overloaded.hpp"
#include "tests/fuzz/support/adapters.hpp"

namespace cambist {
namespace {

using fuzz::must;
using provider::OperationKind;

constexpr OperationKind kinds[] = {OperationKind::authorize, OperationKind::charge,
                                   OperationKind::capture, OperationKind::void_authorization,
                                   OperationKind::refund};

// The ids are those of the providers' fixtures, which the seeds are made from.
provider::Call call_from(fuzz::Parts& parts) {
  provider::Call call;
  call.operation = OperationId::parse("op_01jd2v9h3ke1r8m7q0c5xw4tbz").value();
  call.payment = PaymentId::parse("pay_01jd2v9h3ke1r8m7q0c5xw4tby").value();
  call.idempotency_key = "k-7";
  call.method = {"card", "pm_card_visa", {}};
  call.kind = kinds[parts.choice(std::size(kinds))];
  call.step = static_cast<int>(parts.choice(8));
  const auto flags = parts.choice(64);
  call.inquiry = (flags & 1U) != 0;
  call.final_capture = (flags & 2U) == 0;
  call.confirmed = (flags & 4U) != 0;
  const Currency usd = Currency::parse("USD").value();
  call.amount = Money{(flags & 8U) != 0 ? 4'000 : 10'000, usd};
  call.remaining = Money{10'000, usd};
  if ((flags & 16U) != 0 || call.kind == OperationKind::capture ||
      call.kind == OperationKind::void_authorization || call.kind == OperationKind::refund)
    call.provider_payment_id = "pi_9";
  (void)parts.line();
  return call;
}

bool is_clean(std::string_view text) {
  return text.find_first_of(std::string_view{"\r\n\0 ", 4}) == std::string_view::npos;
}

// Whatever the provider called its objects: the request that names them is still one request.
void check_next(const provider::Adapter& adapter, provider::Call next) {
  const auto built = adapter.build(next);
  if (!built) return;
  const auto again = adapter.build(next);
  must(again && again->body == built->body && again->target == built->target,
       "the same call is the same bytes");
  must(built->target.starts_with('/') && is_clean(built->target) &&
           built->target.find_first_of("?#") == built->target.find('?'),
       "a target stays in its line");
  for (const auto& [name, value] : built->headers)
    must(value.find_first_of(std::string_view{"\r\n\0", 3}) == std::string::npos,
         "a header stays in its line");
}

struct Check {
  const provider::Adapter& adapter;
  const provider::Call& call;
  int status;

  void operator()(const provider::Approved& v) const {
    // An error may show the object as it stands, with what an earlier call has done to it.
    must(status < 500, "an outage has no effect that we know of");
    must(v.amount.currency == call.amount.currency && v.amount.minor <= call.amount.minor &&
             v.amount.minor >= 0,
         "no more moves than was asked for");
    follow(v.provider_payment_id, v.provider_object);
  }
  void operator()(const provider::Progressed& v) const {
    must(v.step > call.step, "a flow only goes on");
    auto next = call;
    next.step = v.step;
    if (!v.provider_payment_id.empty()) next.provider_payment_id = v.provider_payment_id;
    check_next(adapter, next);
  }
  void operator()(const provider::NotExecuted& v) const {
    must(call.inquiry && status < 500, "only a question finds out that nothing was done");
    follow(v.provider_payment_id, {});
  }
  void operator()(const provider::ActionRequired& v) const {
    must(!v.action.type.empty(), "an action has a type");
    follow(v.provider_payment_id, {});
  }
  void operator()(const provider::Pending& v) const {
    must(status < 500, "an outage takes nothing");
    follow(v.provider_payment_id, v.provider_object);
  }
  void operator()(const provider::Declined& v) const {
    must(status < 500, "an outage is no decline");
    must(!v.failure.message.empty(), "a decline tells the payer something");
    follow(v.provider_payment_id, {});
  }
  void operator()(const provider::Refused& v) const {
    must(status >= 300 || !v.failure.decline_code.empty(),
         "what was taken is refused by the provider's own word only");
    must(!v.retry_after || v.retry_after->count() >= 0, "nobody waits for the past");
  }
  void operator()(const provider::Unknown& v) const {
    must(!v.retry_after || v.retry_after->count() >= 0, "nobody waits for the past");
  }

  void follow(const std::string& payment, const std::string& object) const {
    for (const auto kind : {OperationKind::capture, OperationKind::void_authorization,
                            OperationKind::refund, call.kind}) {
      for (const bool inquiry : {false, true}) {
        provider::Call next = call;
        next.kind = kind;
        next.inquiry = inquiry;
        next.provider_payment_id = payment.empty() ? call.provider_payment_id : payment;
        next.provider_object = object;
        check_next(adapter, next);
      }
    }
  }
};

}  // namespace
}  // namespace cambist

CAMBIST_FUZZ_TARGET(provider_answers) {
  using namespace cambist;
  static const auto all = fuzz::adapters("fuzz");
  fuzz::Parts parts{bytes};
  const auto call = call_from(parts);
  http::Response response;
  for (const char c : parts.line().substr(0, 3))
    response.status = (response.status * 10 + (c >= '0' && c <= '9' ? c - '0' : 0)) % 1'000;
  response.headers = fuzz::read_headers(parts);
  response.body = parts.rest();
  for (const auto& adapter : all) {
    const auto verdict = adapter->interpret(call, response);
    must(verdict == adapter->interpret(call, response), "one answer has one verdict");
    std::visit(Check{*adapter, call, response.status}, verdict);
    must(is_clean(adapter->request_id(response)), "the provider's request id is one word");
  }
}

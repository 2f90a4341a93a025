// Random honest histories: whatever clients ask for and providers answer, a server that does one
// thing after the other is believed.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/support/history_desk.hpp"

namespace cambist::test {
namespace {

using payment::approved;
using payment::usd;

std::string some_key() {
  return *rc::gen::weightedElement<std::string>({{3, ""}, {1, "a"}, {1, "b"}, {1, "c"}, {1, "d"}});
}

provider::Verdict some_verdict(const payment::Payment& payment) {
  const auto* operation = payment::running(payment);
  const Money asked = operation == nullptr ? usd(1) : operation->amount;
  switch (
      *rc::gen::weightedElement<int>({{6, 0}, {1, 1}, {1, 2}, {1, 3}, {2, 4}, {1, 5}, {1, 6}})) {
    case 0:
      return approved(asked, "re_1");
    case 1:
      return payment::declined();
    case 2:
      return payment::refused(false);
    case 3:
      return payment::action_required();
    case 4:
      return payment::unknown();
    case 5:
      return provider::Pending{"pi_1", ""};
    default:
      return provider::NotExecuted{};
  }
}

std::optional<std::int64_t> some_amount() {
  return *rc::gen::element<std::optional<std::int64_t>>(std::nullopt, 1'000, 4'000, 10'000, 20'000);
}

void one_thing(Desk& desk, std::vector<std::string>& ids) {
  const auto id = *rc::gen::elementOf(ids);
  const auto has = desk.has(id);
  switch (*rc::gen::weightedElement<int>(
      {{2, 0}, {3, 1}, {1, 2}, {3, 3}, {1, 4}, {3, 5}, {9, 6}, {1, 7}, {1, 8}, {1, 9}})) {
    case 0:
      desk.capture_method =
          *rc::gen::element(payment::CaptureMethod::manual, payment::CaptureMethod::automatic);
      ids.push_back(
          desk.id_of(desk.create(*rc::gen::element<std::int64_t>(5'000, 10'000), some_key())));
      return;
    case 1:
      if (has) desk.capture(id, some_amount(), some_key(), *rc::gen::arbitrary<bool>());
      return;
    case 2:
      if (has) desk.cancel(id, some_key());
      return;
    case 3:
      if (has) desk.refund(id, some_amount(), some_key());
      return;
    case 4:
      if (has) desk.confirm(id, some_key());
      return;
    case 5:
      desk.read(id);
      return;
    case 6:
      if (has) desk.provider_says(id, some_verdict(desk.payment(id)));
      return;
    case 7:
      if (has) desk.time_is_up(id);
      return;
    case 8:
      if (has) desk.hang_up(id);
      return;
    default:
      desk.now += std::chrono::seconds{*rc::gen::inRange(0, 100'000)};
      return;
  }
}

RC_GTEST_PROP(HistoryProperty, OfAServerThatDoesOneThingAfterTheOtherIsBelieved, ()) {
  Desk desk;
  std::vector<std::string> ids{desk.id_of(desk.create())};
  const auto steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) one_thing(desk, ids);
  // Keys are kept for longer than any of these lives: the desk never drops one.
  HistoryRules rules;
  rules.key_lifetime = std::chrono::hours{24 * 365};
  std::string all;
  for (const auto& one : desk.judged(rules)) all += to_string(one) + "\n";
  RC_ASSERT(all == "");
  const auto some = [&](const auto& is) {
    return std::any_of(desk.calls.begin(), desk.calls.end(), is);
  };
  RC_CLASSIFY(some([](const ClientCall& call) { return call.replayed; }), "answered again");
  RC_CLASSIFY(some([](const ClientCall& call) { return call.status == 202; }), "told to wait");
  RC_CLASSIFY(some([](const ClientCall& call) { return call.status == 409; }), "out of turn");
}

}  // namespace
}  // namespace cambist::test

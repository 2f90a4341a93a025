// Whatever is called, in whatever order, with whatever keys and faults: the ledger and the objects
// agree.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <rapidcheck/gtest.h>

#include <map>

#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

struct Sums {
  std::int64_t authorized = 0;
  std::int64_t captured = 0;
  std::int64_t voided = 0;
  std::int64_t refunded = 0;
};

std::int64_t cents(const json::value& effect) {
  std::string digits{effect.at("amount").at("value").as_string()};
  std::erase(digits, '.');
  return std::stoll(digits);
}

std::map<std::string, Sums> sums_by_intent(Desk& desk) {
  std::map<std::string, Sums> sums;
  std::map<std::string, int> by_key;
  const auto ledger = desk.call("GET", "/sandbox/ledger");
  for (const auto& effect : ledger["effects"].as_array()) {
    auto& sum = sums[std::string{effect.at("object").as_string()}];
    const auto kind = effect.at("kind").as_string();
    if (kind == "authorize" || kind == "charge") sum.authorized += cents(effect);
    if (kind == "capture" || kind == "charge") sum.captured += cents(effect);
    if (kind == "void") sum.voided += cents(effect);
    if (kind == "refund") sum.refunded += cents(effect);
    const std::string key{effect.at("idempotency_key").as_string()};
    RC_ASSERT(++by_key[key] == 1);  // I1: at most one effect for one key
  }
  return sums;
}

const std::vector<std::string> methods{"pm_card_visa", "pm_card_chargeDeclined",
                                       "pm_card_threeDSecureRequired"};
const std::vector<std::string> fault_names{"timeout_before", "timeout_after", "http_500",
                                           "http_500_after", "http_503",      "reset_mid_body",
                                           "truncated_json"};

RC_GTEST_PROP(SandboxLedger, AgreesWithTheObjects, ()) {
  Desk desk;
  std::vector<std::string> intents;
  const auto steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) {
    // Few keys per verb, so that repeats (and clashes) happen often.
    const auto key = std::to_string(*rc::gen::inRange(0, 12));
    const auto amount = std::to_string(*rc::gen::inRange(0, 1'200));
    const auto verb = *rc::gen::inRange(0, 9);
    if (verb == 0 || intents.empty()) {
      const auto created =
          desk.create({{"payment_method", *rc::gen::elementOf(methods)},
                       {"capture_method", *rc::gen::arbitrary<bool>() ? "manual" : "automatic"},
                       {"payment_method_options[card][request_multicapture]", "if_available"}});
      intents.push_back(created.text("id"));
      continue;
    }
    const auto id = *rc::gen::elementOf(intents);
    switch (verb) {
      case 1:
      case 2:
        (void)desk.act(id, "confirm", {}, "confirm-" + key + id);
        break;
      case 3:
        (void)desk.act(id, "capture", {{"amount_to_capture", amount}, {"final_capture", "false"}},
                       "some-" + key);
        break;
      case 4:
        (void)desk.act(id, "capture", {{"amount_to_capture", amount}}, "capture-" + key);
        break;
      case 5:
        (void)desk.act(id, "cancel", {}, "cancel-" + key);
        break;
      case 6:
        (void)desk.refund(id, {{"amount", amount}}, "refund-" + key);
        break;
      case 7:
        (void)desk.call("POST", "/sandbox/payer/stripe/" + id +
                                    (amount.size() % 2 == 0 ? "/approve" : "/decline"));
        break;
      default:
        (void)desk.faults(R"({"provider":"*","operation":"*","count":1,"fault":")" +
                          *rc::gen::elementOf(fault_names) + "\"}");
    }
  }
  (void)desk.faults("");
  const auto sums = sums_by_intent(desk);
  for (const auto& id : intents) {
    const auto intent = desk.get("payment_intents/" + id + "?expand[]=latest_charge");
    const auto found = sums.find(id);
    const auto sum = found == sums.end() ? Sums{} : found->second;
    const auto status = intent.text("status");
    RC_ASSERT(intent.number("amount_received") == sum.captured);
    RC_ASSERT(sum.authorized == 0 || sum.authorized == intent.number("amount"));
    RC_ASSERT(sum.captured + sum.voided + intent.number("amount_capturable") <= sum.authorized);
    RC_ASSERT(sum.refunded <= sum.captured);
    RC_ASSERT((status == "requires_capture") == (intent.number("amount_capturable") > 0));
    if (status == "succeeded" || status == "requires_capture")
      RC_ASSERT(sum.authorized == intent.number("amount"));
    if (sum.captured > 0)
      RC_ASSERT(intent["latest_charge"].at("amount_refunded").as_int64() == sum.refunded);
  }
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test

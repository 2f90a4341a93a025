// Whatever comes back, there is a verdict, and money is believed only where PayPal says so.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/protocols/providers/fixture.hpp"
#include "tests/unit/protocols/providers/paypal/signed_webhook.hpp"

namespace cambist {
namespace {

const std::vector<test::Exchange>& exchanges() {
  static const auto all = test::read_exchanges("paypal");
  return all;
}

const provider::Adapter& adapter() {
  static const auto made = provider::find_entry("paypal")->make(test::paypal_settings()).value();
  return *made;
}

const test::Exchange& any_exchange() {
  return exchanges()[*rc::gen::inRange<std::size_t>(0, exchanges().size())];
}

bool has_effect(const provider::Verdict& verdict) {
  return std::holds_alternative<provider::Approved>(verdict);
}

RC_GTEST_PROP(PayPalTotality, AnyBodyWithAnyStatusHasAVerdict, (const std::string& body)) {
  const auto status = *rc::gen::inRange(100, 600);
  RC_PRE(status != 204);  // a void is answered so, without any body
  const auto verdict = adapter().interpret(any_exchange().call, {status, {}, body});
  RC_ASSERT(!has_effect(verdict));
}

RC_GTEST_PROP(PayPalTotality, ATruncatedBodyNeverReadsAsMoneyOrAsRefused, ()) {
  const auto& exchange = any_exchange();
  auto response = exchange.response;
  RC_PRE(response.body.size() > 1 && response.status < 300);
  response.body.resize(*rc::gen::inRange<std::size_t>(0, response.body.size()));
  const auto verdict = adapter().interpret(exchange.call, response);
  RC_ASSERT(std::holds_alternative<provider::Unknown>(verdict));
}

RC_GTEST_PROP(PayPalTotality, AFlippedByteNeverThrows, ()) {
  const auto& exchange = any_exchange();
  auto response = exchange.response;
  RC_PRE(!response.body.empty());
  for (int i = *rc::gen::inRange(1, 5); i > 0; --i) {
    response.body[*rc::gen::inRange<std::size_t>(0, response.body.size())] =
        *rc::gen::arbitrary<char>();
  }
  const auto verdict = adapter().interpret(exchange.call, response);
  RC_ASSERT(!provider::name_of(verdict).empty());
}

// Every value of the answer in turn becomes something else: a wrong type is never money of another
// amount.
void swap_one(boost::json::value& value, std::size_t& countdown, const boost::json::value& with) {
  if (countdown-- == 0) {
    value = with;
  } else if (auto* object = value.if_object()) {
    for (auto& entry : *object) swap_one(entry.value(), countdown, with);
  } else if (auto* array = value.if_array()) {
    for (auto& entry : *array) swap_one(entry, countdown, with);
  }
}

TEST(PayPalTotality, AWrongTypeAnywhereNeverChangesTheAmount) {
  const boost::json::value others[] = {
      nullptr, true, -1, 1e300, "x", boost::json::array{1}, boost::json::object{}};
  for (const auto& exchange : exchanges()) {
    boost::json::error_code error;
    const auto body = boost::json::parse(exchange.response.body, error);
    if (error) continue;
    for (const auto& other : others) {
      for (std::size_t at = 0; at < 60; ++at) {
        auto changed = body;
        std::size_t countdown = at;
        swap_one(changed, countdown, other);
        auto response = exchange.response;
        response.body = boost::json::serialize(changed);
        const auto verdict = adapter().interpret(exchange.call, response);
        if (const auto* approved = std::get_if<provider::Approved>(&verdict)) {
          EXPECT_EQ(approved->amount, exchange.call.amount) << exchange.name << response.body;
        }
      }
    }
  }
}

TEST(PayPalTotality, AnotherKindOfCallNeverThrows) {
  for (const auto& exchange : exchanges()) {
    auto call = exchange.call;
    for (const auto kind :
         {provider::OperationKind::authorize, provider::OperationKind::charge,
          provider::OperationKind::capture, provider::OperationKind::void_authorization,
          provider::OperationKind::refund}) {
      for (const bool inquiry : {false, true}) {
        for (int step = -1; step < 12; ++step) {
          call.kind = kind;
          call.inquiry = inquiry;
          call.step = step;
          const auto verdict = adapter().interpret(call, exchange.response);
          if (const auto* progressed = std::get_if<provider::Progressed>(&verdict)) {
            EXPECT_GT(progressed->step, step) << exchange.name;
            EXPECT_LE(progressed->step, 13) << exchange.name;
          }
        }
      }
    }
  }
}

RC_GTEST_PROP(PayPalBuild, IsDeterministicAndQuotesWhatItIsGiven,
              (const std::string& reference, const std::string& reason,
               const std::string& description)) {
  auto call = any_exchange().call;
  call.reference = reference;
  call.reason = reason;
  call.description = description;
  call.return_url = "https://shop.example/?a=b&c=" + reference;
  const auto first = adapter().build(call).value();
  const auto second = adapter().build(call).value();
  RC_ASSERT(first.body == second.body);
  RC_ASSERT(first.target == second.target);
  RC_ASSERT(first.headers.size() == second.headers.size());
  if (first.body.empty()) return;
  // JSON strings as they went in: whatever they hold stays inside its quotes.
  boost::json::error_code error;
  boost::json::parse_options options;
  options.allow_invalid_utf8 = true;
  const auto sent = boost::json::parse(first.body, error, {}, options);
  RC_ASSERT(!error);
  RC_ASSERT(sent.is_object());
}

}  // namespace
}  // namespace cambist

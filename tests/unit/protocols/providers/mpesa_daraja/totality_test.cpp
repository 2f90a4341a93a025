// Whatever comes back, there is a verdict, and money is believed only where Daraja says so.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/protocols/providers/fixture.hpp"

namespace cambist {
namespace {

constexpr std::string_view name = "mpesa_daraja";

const std::vector<test::Exchange>& exchanges() {
  static const auto all = test::read_exchanges(name);
  return all;
}

const provider::Adapter& adapter() {
  static const auto made = provider::find_entry(name)
                               ->make(test::settings_from(test::read_coverage(name).settings, name))
                               .value();
  return *made;
}

const test::Exchange& any_exchange() {
  return exchanges()[*rc::gen::inRange<std::size_t>(0, exchanges().size())];
}

RC_GTEST_PROP(DarajaTotality, AnyBodyWithAnyStatusHasAVerdict, (const std::string& body)) {
  const auto status = *rc::gen::inRange(100, 600);
  const auto verdict = adapter().interpret(any_exchange().call, {status, {}, body});
  RC_ASSERT(!std::holds_alternative<provider::Approved>(verdict));
  RC_ASSERT(!std::holds_alternative<provider::Declined>(verdict));
  RC_ASSERT(!std::holds_alternative<provider::NotExecuted>(verdict));
}

RC_GTEST_PROP(DarajaTotality, ATruncatedAnswerSettlesNothing, ()) {
  const auto& exchange = any_exchange();
  auto response = exchange.response;
  RC_PRE(response.body.size() > 1 && response.status != 401);
  response.body.resize(*rc::gen::inRange<std::size_t>(0, response.body.size()));
  RC_ASSERT(
      std::holds_alternative<provider::Unknown>(adapter().interpret(exchange.call, response)));
}

RC_GTEST_PROP(DarajaTotality, AFlippedByteNeverThrows, ()) {
  const auto& exchange = any_exchange();
  auto response = exchange.response;
  RC_PRE(!response.body.empty());
  for (int i = *rc::gen::inRange(1, 5); i > 0; --i) {
    response.body[*rc::gen::inRange<std::size_t>(0, response.body.size())] =
        *rc::gen::arbitrary<char>();
  }
  RC_ASSERT(!provider::name_of(adapter().interpret(exchange.call, response)).empty());
  RC_ASSERT(adapter().request_id(response).size() <= 64U);
}

RC_GTEST_PROP(DarajaTotality, AnyCallbackIsReadOrRefusedByField, (const std::string& path)) {
  const auto webhooks = test::read_webhooks(name);
  const auto& webhook = webhooks[*rc::gen::inRange<std::size_t>(0, webhooks.size())];
  auto body = webhook.body;
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    body[*rc::gen::inRange<std::size_t>(0, body.size())] = *rc::gen::arbitrary<char>();
  for (const auto& where : {webhook.path, path}) {
    const auto notice = adapter().read_webhook_at(where, body);
    const bool told = notice ? !notice->id.empty() : !notice.error().field.empty();
    RC_ASSERT(told);
  }
}

}  // namespace
}  // namespace cambist

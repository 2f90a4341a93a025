// The results that are posted to the listener: unsigned, and silent about the amount.
#include <boost/json.hpp>

#include "gateway/sandbox/mpesa_openapi_tz/codes.hpp"
#include "gateway/sandbox/mpesa_openapi_tz/model.hpp"
#include "gateway/sandbox/webhooks/post_office.hpp"

namespace cambist::gateway::sandbox::mpesa_openapi_tz {

webhooks::Letter letter_of(const Event& event) {
  webhooks::Letter letter;
  letter.provider = provider_name;
  letter.event = event.id;
  letter.type = "result";
  letter.body = event.body;
  letter.secret_path = true;
  return letter;
}

// Source: facts/mpesa.md B2.
void tell_result(Bench& bench, const Transaction& transaction, std::string_view code) {
  if (!transaction.calls_back) return;
  Event event;
  event.id = "evt_" + make_word(bench.world.random, 24);
  event.body = boost::json::serialize(
      boost::json::object{{"input_OriginalConversationID", transaction.conversation},
                          {"input_TransactionID", transaction.receipt},
                          {"input_ResultCode", code},
                          {"input_ResultDesc", code_of(code).description},
                          {"input_ThirdPartyConversationID", transaction.id}});
  const auto& kept = bench.books.events.add(std::move(event));
  webhooks::post_event(bench.world, letter_of(kept));
}

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz

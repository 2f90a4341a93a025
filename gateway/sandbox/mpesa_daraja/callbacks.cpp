#include "gateway/sandbox/mpesa_daraja/callbacks.hpp"

#include <utility>

#include "gateway/sandbox/webhooks/post_office.hpp"
#include "protocols/core/json_text.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {
namespace {

std::string_view words_for(std::string_view code) noexcept {
  if (code == "0") return "The service request is processed successfully.";
  if (code == "1") return "The balance is insufficient for the transaction.";
  if (code == "17") return "System internal error.";
  if (code == "1001") return "Unable to lock subscriber, a transaction is already in process.";
  if (code == "1032") return "Request cancelled by user";
  if (code == "1037") return "DS timeout user cannot be reached";
  if (code == "2001") return "The initiator information is invalid.";
  if (code == "R000001") return "The transaction has already been reversed.";
  if (code == "R000002") return "The OriginalTransactionID is invalid.";
  return "The transaction failed.";
}

// Digits alone are a number in callbacks, everything else a string.
std::string code_json(std::string_view code) {
  const bool number = code.find_first_not_of("0123456789") == std::string_view::npos;
  return number ? std::string{code} : quoted(code);
}

void tell(Bench& bench, std::string_view type, std::string body, std::string url) {
  Event event{"cb_" + std::to_string(++bench.books.sequence), type, std::move(body),
              std::move(url)};
  auto letter = letter_of(event);
  bench.books.events.add(std::move(event));
  webhooks::post_event(bench.world, std::move(letter));
}

std::string result_body(const Command& command, std::string_view code,
                        std::string_view parameters) {
  std::string inner;
  JsonObject result{inner};
  result.integer("ResultType", 0)
      .raw("ResultCode", code_json(code))
      .string("ResultDesc", words_for(code))
      .string("OriginatorConversationID", command.originator)
      .string("ConversationID", command.id)
      .string("TransactionID", command.receipt.empty() ? "UAA0000000" : command.receipt);
  if (!parameters.empty()) {
    result.raw("ResultParameters", "{\"ResultParameter\":[" + std::string{parameters} + "]}");
  }
  // One item is no list here.
  result.raw("ReferenceData", "{\"ReferenceItem\":" +
                                  parameter("QueueTimeoutURL", quoted(command.timeout_url)) + "}");
  result.close();
  return "{\"Result\":" + inner + "}";
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string made;
  append_json_string(made, text);
  return made;
}

std::string parameter(std::string_view name, std::string_view value) {
  std::string made;
  JsonObject item{made};
  item.string("Key", name).raw("Value", value).close();
  return made;
}

std::string decimal(std::int64_t amount) {
  return std::to_string(amount) + ".00";
}

webhooks::Letter letter_of(const Event& event) {
  webhooks::Letter letter;
  letter.provider = provider_name;
  letter.event = event.id;
  letter.type = event.type;
  letter.body = event.body;
  // A host that cannot be: the merchant is whoever the sandbox sends its webhooks to.
  constexpr std::string_view nowhere = "https://cambist.invalid/";
  const std::string_view url = event.url;
  if (!url.starts_with(nowhere)) {
    letter.url = event.url;
    return letter;
  }
  letter.secret_path = true;
  // ".../webhooks/{provider}/{secret}/{path}"
  auto at = url.find("/webhooks/");
  for (int segments = 0; segments < 3 && at != std::string_view::npos; ++segments)
    at = url.find('/', at + 1);
  if (at != std::string_view::npos) letter.path = url.substr(at + 1);
  return letter;
}

void tell_prompt(Bench& bench, const Prompt& prompt, TimePoint now) {
  std::string inner;
  JsonObject callback{inner};
  callback.string("MerchantRequestID", prompt.merchant_request)
      .string("CheckoutRequestID", prompt.id)
      .raw("ResultCode", code_json(prompt.result))
      .string("ResultDesc", words_for(prompt.result));
  if (prompt.result == "0") {
    const auto item = [](std::string_view name, std::string_view value) {
      return "{\"Name\":" + quoted(name) + ",\"Value\":" + std::string{value} + "}";
    };
    callback.raw("CallbackMetadata", "{\"Item\":[" + item("Amount", decimal(prompt.amount)) + "," +
                                         item("MpesaReceiptNumber", quoted(prompt.receipt)) +
                                         ",{\"Name\":\"Balance\"}," +
                                         item("TransactionDate", local_digits(now)) + "," +
                                         item("PhoneNumber", prompt.phone) + "]}");
  }
  callback.close();
  tell(bench, "stkCallback", "{\"Body\":{\"stkCallback\":" + inner + "}}", prompt.callback_url);
}

void tell_result(Bench& bench, const Command& command, std::string_view code,
                 std::string_view parameters) {
  tell(bench, "Result", result_body(command, code, parameters), command.result_url);
}

void tell_timeout(Bench& bench, const Command& command) {
  tell(bench, "QueueTimeOut", result_body(command, "1", {}), command.timeout_url);
}

}  // namespace cambist::gateway::sandbox::mpesa_daraja

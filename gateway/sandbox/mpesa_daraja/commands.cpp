#include "gateway/sandbox/mpesa_daraja/commands.hpp"

#include "gateway/sandbox/mpesa_daraja/callbacks.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {
namespace json = boost::json;
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t amount_max = 250'000;

// The last two digits of the payer's phone; README.md lists them.
constexpr std::string_view short_code_empty = "11";
constexpr std::string_view expires_in_queue = "12";
constexpr std::string_view result_is_lost = "13";

Failure ledger_full() {
  return {503, "500.003.02", "The sandbox's ledger of effects is full; reset the sandbox."};
}

/// What all commands have in common.
Command read_common(Bench& bench, Fields& fields, std::string_view initiator, CommandKind kind,
                    TimePoint now) {
  Command command;
  command.kind = kind;
  (void)fields.text(initiator, 1, 64);
  (void)fields.text("SecurityCredential", 1, 4'096);
  (void)fields.text("Remarks", 2, 100);
  command.result_url = fields.url("ResultURL");
  command.timeout_url = fields.url("QueueTimeOutURL");
  command.subject = subject_of(command.result_url);
  command.id = make_conversation_id(bench, now);
  command.originator =
      random_text(bench, 5, "0123456789") + "-" + random_text(bench, 8, "0123456789") + "-1";
  return command;
}

Outcome accept(Bench& bench, Command command, TimePoint now) {
  auto& books = bench.books;
  if (books.by_originator.size() >= found_by_max) books.by_originator.clear();
  books.by_originator[command.originator] = command.id;
  // One to two seconds.
  const auto after = 1s + std::chrono::milliseconds{bench.world.random() % 1'000};
  books.due.emplace(now + after, Due{Due::What::command_ends, command.id});
  const auto& kept = books.commands.add(std::move(command));
  return json::object{{"OriginatorConversationID", kept.originator},
                      {"ConversationID", kept.id},
                      {"ResponseCode", "0"},
                      {"ResponseDescription", "Accept the service request successfully."}};
}

Prompt* find_prompt(Books& books, const std::unordered_map<std::string, std::string>& by,
                    const std::string& key) {
  const auto found = by.find(key);
  return found == by.end() ? nullptr : books.prompts.find(found->second);
}

Outcome pay(Bench& bench, Fields& fields, bool v3, TimePoint now) {
  auto command = read_common(bench, fields, "InitiatorName", CommandKind::b2c, now);
  if (v3) command.originator = fields.text("OriginatorConversationID", 1, 64);
  const auto id = fields.text("CommandID", 1, 64);
  if (id != "BusinessPayment" && id != "SalaryPayment" && id != "PromotionPayment")
    fields.refuse("CommandID");
  command.amount = fields.amount("Amount", amount_max);
  (void)fields.digits("PartyA", 5, 7);
  command.phone = fields.phone("PartyB");
  if (auto failure = fields.failure()) return *failure;
  if (v3 && bench.books.by_originator.contains(command.originator))
    return Failure{500, "500.002.1001", "Duplicate OriginatorConversationID."};
  if (bench.world.ledger.full()) return ledger_full();
  return accept(bench, std::move(command), now);
}

/// Money goes back: written to the ledger under the payment it belongs to.
void give_back(Bench& bench, Command& command, const Prompt* prompt, TimePoint now) {
  command.receipt = make_receipt(bench);
  command.result = "0";
  bench.world.ledger.add(Effect{.provider = provider_name,
                                .kind = EffectKind::refund,
                                .object = prompt == nullptr ? command.id : prompt->id,
                                .detail = command.receipt,
                                .payment = command.subject.payment,
                                .amount = shillings(command.amount),
                                .idempotency_key = command.subject.operation,
                                .at = now});
}

std::string reverse_now(Bench& bench, Command& command, TimePoint now) {
  auto* prompt = find_prompt(bench.books, bench.books.by_receipt, command.about);
  if (prompt == nullptr) return "R000002";
  if (ends_with(prompt->phone, short_code_empty)) return "1";
  if (prompt->given_back >= prompt->amount) return "R000001";
  if (command.amount > prompt->amount - prompt->given_back) return "3";
  prompt->given_back += command.amount;
  give_back(bench, command, prompt, now);
  return "0";
}

std::string pay_now(Bench& bench, Command& command, TimePoint now) {
  if (ends_with(command.phone, short_code_empty)) return "1";
  give_back(bench, command,
            find_prompt(bench.books, bench.books.by_payment, command.subject.payment), now);
  return "0";
}

std::string parameters_of(const Command& command, TimePoint now) {
  const std::string amount = decimal(command.amount);
  if (command.kind == CommandKind::reversal) {
    return parameter("OriginalTransactionID", quoted(command.about)) + "," +
           parameter("Amount", amount) + "," + parameter("TransCompletedTime", local_digits(now));
  }
  return parameter("TransactionReceipt", quoted(command.receipt)) + "," +
         parameter("TransactionAmount", amount) + "," +
         parameter("B2CRecipientIsRegisteredCustomer", "\"Y\"") + "," +
         parameter("ReceiverPartyPublicName", quoted(command.phone + " - EMULATED PAYER"));
}

/// The phone whose digits say how a command goes.
std::string phone_of(Bench& bench, const Command& command) {
  if (command.kind == CommandKind::b2c) return command.phone;
  const auto* prompt = find_prompt(bench.books, bench.books.by_receipt, command.about);
  return prompt == nullptr ? std::string{} : prompt->phone;
}

void tell_status(Bench& bench, Command& query) {
  query.result = "0";
  auto& books = bench.books;
  const auto named = books.by_originator.find(query.about);
  const auto* command =
      books.commands.find(named == books.by_originator.end() ? query.about : named->second);
  const auto found = [&](std::string_view receipt, std::int64_t amount, std::string_view status) {
    query.receipt = receipt;
    tell_result(bench, query, "0",
                parameter("ReceiptNo", quoted(receipt)) + "," +
                    parameter("Amount", decimal(amount)) + "," +
                    parameter("TransactionStatus", quoted(status)));
  };
  if (command != nullptr) {
    const auto status = command->result.empty()  ? "Pending"
                        : command->result == "0" ? "Completed"
                                                 : "Failed";
    return found(command->receipt, command->amount, status);
  }
  if (const auto* prompt = find_prompt(books, books.by_receipt, query.about))
    return found(prompt->receipt, prompt->amount, "Completed");
  query.result = "R000002";
  tell_result(bench, query, query.result, {});
}

}  // namespace

Outcome reverse(Bench& bench, Fields& fields, TimePoint now) {
  auto command = read_common(bench, fields, "Initiator", CommandKind::reversal, now);
  fields.is("CommandID", "TransactionReversal");
  command.about = fields.text("TransactionID", 1, 32);
  command.amount = fields.amount("Amount", amount_max);
  (void)fields.digits("ReceiverParty", 5, 7);
  fields.is("RecieverIdentifierType", "11");
  if (auto failure = fields.failure()) return *failure;
  if (bench.world.ledger.full()) return ledger_full();
  return accept(bench, std::move(command), now);
}

Outcome pay_v1(Bench& bench, Fields& fields, TimePoint now) {
  return pay(bench, fields, false, now);
}

Outcome pay_v3(Bench& bench, Fields& fields, TimePoint now) {
  return pay(bench, fields, true, now);
}

Outcome ask_status(Bench& bench, Fields& fields, TimePoint now) {
  auto command = read_common(bench, fields, "Initiator", CommandKind::status, now);
  fields.is("CommandID", "TransactionStatusQuery");
  command.about = fields.has("TransactionID") ? fields.text("TransactionID", 1, 32)
                                              : fields.text("OriginalConversationID", 1, 64);
  (void)fields.digits("PartyA", 5, 12);
  const auto type = fields.text("IdentifierType", 1, 1);
  if (type != "1" && type != "2" && type != "4") fields.refuse("IdentifierType");
  if (auto failure = fields.failure()) return *failure;
  return accept(bench, std::move(command), now);
}

void finish(Bench& bench, Command& command, TimePoint now) {
  if (command.kind == CommandKind::status) return tell_status(bench, command);
  const std::string phone = phone_of(bench, command);
  if (ends_with(phone, expires_in_queue)) {
    command.result = "1";
    return tell_timeout(bench, command);
  }
  const std::string result = command.kind == CommandKind::reversal
                                 ? reverse_now(bench, command, now)
                                 : pay_now(bench, command, now);
  command.result = result;
  if (ends_with(phone, result_is_lost)) return;
  tell_result(bench, command, result, result == "0" ? parameters_of(command, now) : std::string{});
}

}  // namespace cambist::gateway::sandbox::mpesa_daraja

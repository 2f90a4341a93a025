#include "gateway/sandbox/mpesa_openapi_tz/endpoints.hpp"

#include <array>

#include "gateway/sandbox/mpesa_openapi_tz/behaviour.hpp"

namespace cambist::gateway::sandbox::mpesa_openapi_tz {
namespace {

constexpr std::string_view conversation_name = "input_ThirdPartyConversationID";

constexpr std::array table{
    Route{"POST", "c2bPayment/singleStage/", Operation::charge, &push},
    Route{"POST", "b2cPayment/", Operation::refund, &pay_out},
    Route{"PUT", "reversal/", Operation::refund, &reverse},
    Route{"GET", "queryTransactionStatus/", Operation::inquire, &ask},
};

// Which mode an application has is set in the portal: here its code says it.
bool stays_open(const Params& params) {
  return params["input_ServiceProviderCode"].ends_with('1');
}

Transaction opened(const Params& params, Kind kind) {
  Transaction transaction;
  transaction.id = params[conversation_name];
  transaction.kind = kind;
  transaction.shillings = shillings_of(params["input_Amount"]);
  transaction.msisdn = params["input_CustomerMSISDN"];
  transaction.calls_back = !stays_open(params);
  return transaction;
}

// Of an application that is called back, the answer names no transaction.
Reply accepted(const Transaction& transaction, std::string_view code = "INS-0") {
  Reply reply{code, 0, transaction.conversation, {}};
  if (!transaction.calls_back && transaction.status == Status::completed)
    reply.more["output_TransactionID"] = transaction.receipt;
  return reply;
}

// The call stays open until the payer has answered; nobody types faster than an emulator.
Reply push_open(Bench& bench, Transaction& transaction, Behaviour behaviour) {
  if (behaviour == Behaviour::never_answers) {
    end(bench, transaction, Status::expired, "INS-9");
    return accepted(transaction, "INS-9");
  }
  answer_prompt(bench, transaction, behaviour != Behaviour::refuses);
  if (transaction.status == Status::cancelled) return accepted(transaction, "INS-6");
  if (transaction.status == Status::failed) return accepted(transaction, "INS-2006");
  return accepted(transaction);
}

}  // namespace

std::span<const Route> routes() noexcept {
  return table;
}

Reply push(Bench& bench, const Params& params) {
  static constexpr Rule rules[] = {
      {"input_Amount", "INS-15", &is_amount},
      {"input_CustomerMSISDN", "INS-2051", &is_msisdn},
      {"input_Country", "INS-21", &is_country},
      {"input_Currency", "INS-26", &is_currency},
      {"input_ServiceProviderCode", "INS-13", &is_provider_code},
      {"input_TransactionReference", "INS-17", &is_reference},
      {conversation_name, "INS-28", &is_conversation},
      {"input_PurchasedItemsDesc", "INS-30", &is_description},
  };
  if (const auto code = broken(params, rules); !code.empty()) return {code};
  const auto behaviour = behaviour_of(params["input_CustomerMSISDN"]);
  if (behaviour == Behaviour::is_over_limit) return {"INS-990"};
  if (behaviour == Behaviour::has_no_wallet) return {"INS-2051"};
  if (behaviour == Behaviour::meets_an_error) return {"INS-1"};

  auto& transaction = keep(bench, opened(params, Kind::push));
  if (behaviour == Behaviour::pays_unheard) {
    answer_prompt(bench, transaction, true);
    return accepted(transaction, "INS-9");
  }
  if (!transaction.calls_back) return push_open(bench, transaction, behaviour);
  if (behaviour == Behaviour::pays || behaviour == Behaviour::refuses) {
    answer_prompt(bench, transaction, behaviour == Behaviour::pays);
    return accepted(transaction);
  }
  const bool kept = behaviour == Behaviour::keeps_prompt;
  bench.books.due.emplace(bench.world.now() + (kept ? prompt_lifetime_long : prompt_lifetime),
                          transaction.id);
  return accepted(transaction);
}

Reply pay_out(Bench& bench, const Params& params) {
  static constexpr Rule rules[] = {
      {"input_Amount", "INS-15", &is_amount},
      {"input_CustomerMSISDN", "INS-2051", &is_msisdn},
      {"input_Country", "INS-21", &is_country},
      {"input_Currency", "INS-26", &is_currency},
      {"input_ServiceProviderCode", "INS-13", &is_provider_code},
      {"input_TransactionReference", "INS-17", &is_reference},
      {conversation_name, "INS-28", &is_conversation},
      {"input_PaymentItemsDesc", "INS-31", &is_description},
  };
  if (const auto code = broken(params, rules); !code.empty()) return {code};
  if (behaviour_of(params["input_CustomerMSISDN"]) == Behaviour::has_no_wallet) return {"INS-2051"};
  auto& transaction = keep(bench, opened(params, Kind::payout));
  complete(bench, transaction);
  return accepted(transaction);
}

Reply reverse(Bench& bench, const Params& params) {
  static constexpr Rule rules[] = {
      {"input_TransactionID", "INS-18", &is_transaction},
      {"input_ReversalAmount", "INS-15", &is_amount, false},
      {"input_Country", "INS-21", &is_country},
      {"input_ServiceProviderCode", "INS-13", &is_provider_code},
      {conversation_name, "INS-28", &is_conversation},
  };
  if (const auto code = broken(params, rules); !code.empty()) return {code};
  const auto* alias = bench.books.receipts.find(params["input_TransactionID"]);
  auto* original = alias == nullptr ? nullptr : bench.books.transactions.find(alias->transaction);
  if (original == nullptr || original->kind != Kind::push) return {"INS-23"};
  const auto left = original->shillings - original->reversed;
  if (left == 0) return {"INS-6"};
  const bool part = params.has("input_ReversalAmount");
  const auto amount = part ? shillings_of(params["input_ReversalAmount"]) : left;
  if (amount > left) return {"INS-15"};
  original->reversed += amount;

  Transaction made;
  made.id = params[conversation_name];
  made.kind = Kind::reversal;
  made.shillings = amount;
  made.msisdn = original->msisdn;
  made.original = original->id;
  const bool slow = behaviour_of(made.msisdn) == Behaviour::reversed_slowly;
  // A reversal asks nobody: its answer is its end, unless it is slow.
  made.calls_back = slow;
  auto& reversal = keep(bench, std::move(made));
  if (slow) {
    bench.books.due.emplace(bench.world.now() + slow_reversal_after, reversal.id);
  } else {
    complete(bench, reversal);
  }
  auto reply = accepted(reversal);
  reply.status = 200;
  return reply;
}

Reply ask(Bench& bench, const Params& params) {
  static constexpr Rule rules[] = {
      {"input_QueryReference", "INS-21", &is_query_reference},
      {"input_ServiceProviderCode", "INS-13", &is_provider_code},
      {conversation_name, "INS-28", &is_conversation},
      {"input_Country", "INS-21", &is_country},
  };
  if (const auto code = broken(params, rules); !code.empty()) return {code};
  bench.books.questions.add({std::string{params[conversation_name]}});
  const auto* found = bench.books.find(params["input_QueryReference"]);
  if (found == nullptr) return {"INS-23"};
  Reply reply{"INS-0", 200, make_word(bench.world.random, 32), {}};
  reply.more["output_ResponseTransactionStatus"] = to_string(found->status);
  if (!found->receipt.empty()) reply.more["output_OriginalTransactionID"] = found->receipt;
  const bool reversed = found->reversed > 0 && found->reversed == found->shillings;
  reply.more["output_Reversed"] = reversed ? "True" : "False";
  return reply;
}

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz

#include "gateway/sandbox/mpesa_daraja/prompts.hpp"

#include "gateway/sandbox/mpesa_daraja/callbacks.hpp"
#include "protocols/core/base64.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {
namespace json = boost::json;
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t amount_max = 250'000;
// A prompt is answered within a minute and a half, or not at all.
constexpr auto prompt_expires_after = 75s;
constexpr auto late_prompt_expires_after = 30min;
constexpr auto same_payment_within = 2min;
constexpr auto line_locked_for = 1min;

// The last two digits of a phone; README.md lists them.
constexpr std::string_view no_money = "01";
constexpr std::string_view wrong_pin = "02";
constexpr std::string_view line_busy = "03";
constexpr std::string_view answers_late = "04";
constexpr std::string_view pays_by_itself = "05";
constexpr std::string_view unreachable = "06";

/// Drops what is too old to matter.
void forget_old(Books& books, TimePoint now) {
  while (!books.recent_order.empty() &&
         now - books.recent_order.front().first >= same_payment_within) {
    const auto found = books.recent.find(books.recent_order.front().second);
    if (found != books.recent.end() && found->second.at == books.recent_order.front().first)
      books.recent.erase(found);
    books.recent_order.pop_front();
  }
}

/// base64(short code + passkey + timestamp), with any passkey.
bool is_password(const std::string& password, const std::string& code, const std::string& time) {
  const auto plain = from_base64(password);
  return plain && plain->size() > code.size() + time.size() && plain->starts_with(code) &&
         plain->ends_with(time);
}

Failure wrong_credentials() {
  return {500, "500.001.1001", "Wrong credentials"};
}

json::object accepted(const Prompt& prompt) {
  return {{"MerchantRequestID", prompt.merchant_request},
          {"CheckoutRequestID", prompt.id},
          {"ResponseCode", "0"},
          {"ResponseDescription", "Success. Request accepted for processing"},
          {"CustomerMessage", "Success. Request accepted for processing"}};
}

/// What is due for a prompt that was just made.
void plan(Bench& bench, const Prompt& prompt, bool too_soon, TimePoint now) {
  auto& due = bench.books.due;
  using What = Due::What;
  if (too_soon) {
    due.emplace(now + 1s, Due{What::prompt_ends, prompt.id, "17"});
  } else if (ends_with(prompt.phone, line_busy)) {
    due.emplace(now + 1s, Due{What::prompt_ends, prompt.id, "1001"});
  } else if (ends_with(prompt.phone, unreachable)) {
    due.emplace(now + 2s, Due{What::prompt_ends, prompt.id, "1037"});
  } else if (ends_with(prompt.phone, pays_by_itself)) {
    due.emplace(now + 2s, Due{What::prompt_is_paid, prompt.id});
  }
  due.emplace(now + prompt_expires_after, Due{What::prompt_expires, prompt.id});
}

void remember_recent(Books& books, const Prompt& prompt, TimePoint now) {
  books.recent[prompt.phone] = Recent{prompt.id, prompt.amount, now};
  books.recent_order.emplace_back(now, prompt.phone);
}

template <class Map>
void remember(Map& map, const std::string& key, const std::string& id) {
  if (key.empty()) return;
  if (map.size() >= found_by_max) map.clear();
  map[key] = id;
}

}  // namespace

Outcome push(Bench& bench, Fields& fields, TimePoint now) {
  auto& books = bench.books;
  const auto code = fields.digits("BusinessShortCode", 5, 7);
  const auto time = fields.digits("Timestamp", 14, 14);
  const auto password = fields.text("Password", 1, 512);
  const auto type = fields.text("TransactionType", 1, 64);
  if (type != "CustomerPayBillOnline" && type != "CustomerBuyGoodsOnline")
    fields.refuse("TransactionType");
  const auto amount = fields.amount("Amount", amount_max);
  const auto payer = fields.phone("PartyA");
  const auto receiver = fields.digits("PartyB", 5, 7);
  const auto phone = fields.phone("PhoneNumber");
  const auto url = fields.url("CallBackURL");
  const auto reference = fields.text("AccountReference", 1, 12);
  (void)fields.text("TransactionDesc", 0, 13);
  if (auto failure = fields.failure()) return *failure;
  if (!is_password(password, code, time)) return wrong_credentials();
  if (type == "CustomerPayBillOnline" && receiver != code) return invalid("PartyB");

  forget_old(books, now);
  const auto last = books.recent.find(phone);
  bool too_soon = false;
  if (last != books.recent.end()) {
    const auto* before = books.prompts.find(last->second.prompt);
    const bool open = before != nullptr && before->result.empty();
    if (open && now - last->second.at < line_locked_for) {
      return Failure{500, "500.001.1001",
                     "Unable to lock subscriber, a transaction is already in process for the "
                     "current subscriber"};
    }
    too_soon = last->second.amount == amount && before != nullptr;
  }

  Prompt prompt;
  prompt.id = make_checkout_id(bench, now);
  prompt.merchant_request =
      random_text(bench, 5, "0123456789") + "-" + random_text(bench, 8, "0123456789") + "-1";
  prompt.phone = phone;
  prompt.amount = amount;
  prompt.callback_url = url;
  prompt.subject = subject_of(url);
  if (prompt.subject.payment.empty()) prompt.subject.payment = reference;
  prompt.created = now;
  remember_recent(books, prompt, now);
  remember(books.by_payment, prompt.subject.payment, prompt.id);
  plan(bench, prompt, too_soon, now);
  return accepted(books.prompts.add(std::move(prompt)));
}

Outcome query(Bench& bench, Fields& fields, TimePoint) {
  const auto code = fields.digits("BusinessShortCode", 5, 7);
  const auto time = fields.digits("Timestamp", 14, 14);
  const auto password = fields.text("Password", 1, 512);
  const auto id = fields.text("CheckoutRequestID", 1, 64);
  if (auto failure = fields.failure()) return *failure;
  if (!is_password(password, code, time)) return wrong_credentials();
  const auto* prompt = bench.books.prompts.find(id);
  if (prompt == nullptr) return invalid("CheckoutRequestID");
  // Both shapes in which Daraja says that it goes on.
  if (prompt->result.empty() && !prompt->expired) return is_processed();
  const std::string result = prompt->result.empty() ? "4999" : prompt->result;
  return json::object{
      {"ResponseCode", "0"},
      {"ResponseDescription", "The service request has been accepted successsfully"},
      {"MerchantRequestID", prompt->merchant_request},
      {"CheckoutRequestID", prompt->id},
      {"ResultCode", result},
      {"ResultDesc", result == "4999" ? "The transaction is still under processing"
                     : result == "0"  ? "The service request is processed successfully."
                                      : "The transaction failed."}};
}

void end(Bench& bench, Prompt& prompt, std::string_view result, TimePoint now) {
  prompt.result = result;
  tell_prompt(bench, prompt, now);
}

void accept(Bench& bench, Prompt& prompt, TimePoint now) {
  if (ends_with(prompt.phone, no_money)) return end(bench, prompt, "1", now);
  if (ends_with(prompt.phone, wrong_pin)) return end(bench, prompt, "2001", now);
  // A witness that forgets is worse than none.
  if (bench.world.ledger.full()) return end(bench, prompt, "26", now);
  prompt.receipt = make_receipt(bench);
  remember(bench.books.by_receipt, prompt.receipt, prompt.id);
  bench.world.ledger.add(Effect{.provider = provider_name,
                                .kind = EffectKind::charge,
                                .object = prompt.id,
                                .detail = prompt.receipt,
                                .payment = prompt.subject.payment,
                                .amount = shillings(prompt.amount),
                                .idempotency_key = prompt.subject.operation,
                                .at = now});
  end(bench, prompt, "0", now);
}

void expire(Bench& bench, Prompt& prompt, TimePoint now) {
  if (ends_with(prompt.phone, answers_late) && !prompt.expired) {
    prompt.expired = true;
    bench.books.due.emplace(now + late_prompt_expires_after,
                            Due{Due::What::prompt_expires, prompt.id});
    return;
  }
  end(bench, prompt, "1037", now);
}

}  // namespace cambist::gateway::sandbox::mpesa_daraja

#include "gateway/sandbox/tigo_pesa/account.hpp"

#include <utility>

#include <boost/json.hpp>

#include "gateway/sandbox/webhooks/post_office.hpp"
#include "protocols/core/digest.hpp"

namespace cambist::gateway::sandbox::tigo_pesa {
namespace json = boost::json;
namespace {

constexpr std::int64_t cents = 100;

std::string random_name(std::string_view prefix, const Random& random) {
  std::string name{prefix};
  for (int i = 0; i < 2; ++i) {
    const std::uint64_t draw = random();
    name += to_hex(std::string_view{reinterpret_cast<const char*>(&draw), sizeof draw});
  }
  return name;
}

webhooks::Letter letter_of(const Told& told) {
  webhooks::Letter letter;
  letter.provider = "tigo_pesa";
  letter.event = told.id;
  letter.type = "push";
  letter.body = told.body;
  letter.secret_path = true;
  return letter;
}

}  // namespace

std::string Account::let_in(std::chrono::seconds lifetime) {
  return tokens_.add({random_name("tk-", world_.random), world_.now() + lifetime}).id;
}

bool Account::knows_token(std::string_view token) {
  const auto* found = tokens_.find(token);
  return found != nullptr && world_.now() < found->ends;
}

Push& Account::ask(std::string id, std::string payment, Money amount, const Script& script) {
  Push made;
  made.id = std::move(id);
  made.payment = std::move(payment);
  made.amount = amount;
  made.script = script;
  made.created = world_.now();
  auto& push = pushes_.add(std::move(made));
  if (script.after == std::chrono::seconds{0}) {
    act(push, push.created);  // the callback overtakes the answer
    return push;
  }
  agenda_.add(push.created + script.after, push.id);
  if (script.after < prompt_lifetime) agenda_.add(push.created + prompt_lifetime, push.id);
  return push;
}

void Account::pay(Push& push) {
  if (push.status != Status::typing) return;
  push.status = Status::paid;
  push.receipt = next_id("CO");
  world_.ledger.add(Effect{.provider = "tigo_pesa",
                           .kind = EffectKind::charge,
                           .object = push.id,
                           .detail = push.receipt,
                           .payment = push.payment,
                           .amount = push.amount,
                           .idempotency_key = push.id,
                           .at = world_.now()});
  tell(push, "completed");
}

void Account::fail(Push& push, std::string_view description) {
  if (push.status != Status::typing) return;
  push.status = Status::failed;
  tell(push, description);
}

bool Account::knows_refund(std::string_view reference) {
  return refunds_.find(reference) != nullptr;
}

std::string Account::refund(Push& push, std::string reference, Money amount) {
  push.refunded += amount.minor;
  auto receipt = next_id("RF");
  world_.ledger.add(Effect{.provider = "tigo_pesa",
                           .kind = EffectKind::refund,
                           .object = push.id,
                           .detail = receipt,
                           .payment = push.payment,
                           .amount = amount,
                           .idempotency_key = reference,
                           .at = world_.now()});
  refunds_.add({std::move(reference)});
  return receipt;
}

void Account::act(Push& push, TimePoint now) {
  switch (push.script.will) {
    case Will::pays:
      return pay(push);
    case Will::fails:
      return fail(push, push.script.description);
    case Will::waits:
      if (now >= push.created + prompt_lifetime) fail(push, "Request timeout");
      return;
    case Will::silent:
      return;
  }
}

std::optional<TimePoint> Account::pass_time(TimePoint now) {
  while (const auto due = agenda_.take(now)) {
    if (auto* push = pushes_.find(due->second)) act(*push, due->first);
  }
  return agenda_.next();
}

void Account::tell(const Push& push, std::string_view description) {
  const bool paid = push.status == Status::paid;
  constexpr std::int64_t lie = 1'000;
  const std::int64_t amount = push.amount.minor / cents + (push.script.right_amount ? 0 : lie);
  json::object body{{"Status", paid}, {"Description", description}};
  if (paid) body["MFSTransactionID"] = push.receipt;
  body["ReferenceID"] = push.id;
  body["Amount"] = std::to_string(amount);
  const auto& told = told_.add({random_name("evt_", world_.random), json::serialize(body)});
  for (int i = 0; i < push.script.callbacks; ++i) webhooks::post_event(world_, letter_of(told));
}

std::optional<webhooks::Letter> Account::letter(std::string_view event) {
  const auto* told = told_.find(event);
  return told == nullptr ? std::nullopt : std::optional{letter_of(*told)};
}

void Account::each_letter(const std::function<void(webhooks::Letter)>& take) {
  for (std::size_t i = 0; i < told_.size(); ++i) take(letter_of(told_.at(i)));
}

// "CO260115.1030.A00001": the day, the minute and a number.
std::string Account::next_id(std::string_view kind) {
  const std::string now = to_rfc3339(world_.now());
  std::string number = std::to_string(++last_number_);
  constexpr std::size_t digits = 5;
  if (number.size() < digits) number.insert(0, digits - number.size(), '0');
  return std::string{kind} + now.substr(2, 2) + now.substr(5, 2) + now.substr(8, 2) + "." +
         now.substr(11, 2) + now.substr(14, 2) + ".A" + number;
}

void Account::clear() {
  pushes_.clear();
  refunds_.clear();
  tokens_.clear();
  told_.clear();
  agenda_.clear();
  last_number_ = 0;
}

}  // namespace cambist::gateway::sandbox::tigo_pesa

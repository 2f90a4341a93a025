#include "gateway/sandbox/airtel_money/account.hpp"

#include <array>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <boost/json.hpp>

#include "gateway/sandbox/webhooks/post_office.hpp"
#include "protocols/core/digest.hpp"

namespace cambist::gateway::sandbox::airtel_money {
namespace json = boost::json;
namespace {

using namespace std::chrono_literals;

constexpr auto dithers_for = 20s;
constexpr std::string_view tries = "not entered in time";

// Its own code, not that which checks it: a witness that shares the code shares its mistakes.
std::string hash_of(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> encoded{};
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

std::string random_name(std::string_view prefix, const Random& random) {
  std::string name{prefix};
  for (int i = 0; i < 2; ++i) {
    const std::uint64_t draw = random();
    name += to_hex(std::string_view{reinterpret_cast<const char*>(&draw), sizeof draw});
  }
  return name;
}

// The transaction id is the payment's 26 characters and the operation's.
std::string payment_of(std::string_view transaction) {
  constexpr std::size_t id_size = 26;
  return transaction.size() == 2 * id_size ? "pay_" + std::string{transaction.substr(0, id_size)}
                                           : std::string{};
}

webhooks::Letter letter_of(const Told& told) {
  webhooks::Letter letter;
  letter.provider = "airtel_money";
  letter.event = told.id;
  letter.type = "collection";
  letter.body = told.body;
  letter.secret_path = true;
  return letter;
}

}  // namespace

std::string_view to_string(Status status) noexcept {
  switch (status) {
    case Status::typing:
      return "TIP";
    case Status::ambiguous:
      return "TA";
    case Status::paid:
      return "TS";
    case Status::failed:
      return "TF";
    case Status::expired:
      return "TE";
  }
  return "TA";
}

std::string Account::let_in(std::chrono::seconds lifetime) {
  return tokens_.add({random_name("at-", world_.random), world_.now() + lifetime}).id;
}

bool Account::knows_token(std::string_view token) {
  const auto* found = tokens_.find(token);
  return found != nullptr && world_.now() < found->ends;
}

Push& Account::ask(std::string id, std::string msisdn, Money amount) {
  Push push;
  push.id = std::move(id);
  push.script = script_of(msisdn);
  push.msisdn = std::move(msisdn);
  push.amount = amount;
  push.created = world_.now();
  if (push.script.will != Will::waits) agenda_.add(push.created + push.script.after, push.id);
  const bool late = push.script.after > prompt_lifetime;
  if (!late) agenda_.add(push.created + prompt_lifetime, push.id);
  return pushes_.add(std::move(push));
}

Push* Account::find_paid(std::string_view money_id) {
  const auto found = by_money_id_.find(money_id);
  return found == by_money_id_.end() ? nullptr : pushes_.find(found->second);
}

void Account::pay(Push& push) {
  if (push.status != Status::typing && push.status != Status::ambiguous) return;
  push.status = Status::paid;
  push.money_id = next_id("MP");
  by_money_id_.emplace(push.money_id, push.id);
  record(push, EffectKind::charge, push.money_id, push.id);
  tell(push);
}

void Account::fail(Push& push, std::string_view code) {
  if (push.status != Status::typing) return;
  push.status = Status::failed;
  push.code = code;
  tell(push);
}

std::string Account::refund(Push& push) {
  push.refunded = true;
  auto id = next_id("CI");
  // No id of the merchant's travels with a refund: Airtel's own of the charge stands for it.
  record(push, EffectKind::refund, id, push.money_id);
  return id;
}

void Account::act(Push& push, TimePoint now) {
  const bool over = now >= push.created + prompt_lifetime;
  switch (push.script.will) {
    case Will::approves:
      return pay(push);
    case Will::fails:
      return fail(push, push.script.code);
    case Will::dithers:
      if (push.status == Status::ambiguous) return pay(push);
      if (push.status != Status::typing) return;
      push.status = Status::ambiguous;
      agenda_.add(now + dithers_for, push.id);
      return;
    case Will::waits:
      if (over && push.status == Status::typing) push.status = Status::expired;  // nobody is told
      return;
  }
}

std::optional<TimePoint> Account::pass_time(TimePoint now) {
  while (const auto due = agenda_.take(now)) {
    if (auto* push = pushes_.find(due->second)) act(*push, due->first);
  }
  return agenda_.next();
}

void Account::tell(const Push& push) {
  const bool paid = push.status == Status::paid;
  json::object transaction{
      {"id", push.id},
      {"message",
       paid ? "Paid " + std::string{push.amount.currency.code()} + " " + to_decimal(push.amount)
            : "Failed: " + std::string{push.code.empty() ? tries : push.code}},
      {"status_code", to_string(push.status)}};
  if (paid) transaction["airtel_money_id"] = push.money_id;
  json::object body{{"transaction", std::move(transaction)}};
  std::string hash =
      hash_of(push.script.right_hash ? portal_key : "another key", json::serialize(body));
  body["hash"] = std::move(hash);
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

// "MP260115.1030.A00001": the day, the minute and a number.
std::string Account::next_id(std::string_view kind) {
  const std::string now = to_rfc3339(world_.now());
  std::string number = std::to_string(++last_number_);
  constexpr std::size_t digits = 5;
  if (number.size() < digits) number.insert(0, digits - number.size(), '0');
  return std::string{kind} + now.substr(2, 2) + now.substr(5, 2) + now.substr(8, 2) + "." +
         now.substr(11, 2) + now.substr(14, 2) + ".A" + number;
}

void Account::record(const Push& push, EffectKind kind, std::string_view detail,
                     std::string_view key) {
  const std::string payment = payment_of(push.id);
  world_.ledger.add(Effect{.provider = "airtel_money",
                           .kind = kind,
                           .object = push.id,
                           .detail = detail,
                           .payment = payment,
                           .amount = push.amount,
                           .idempotency_key = key,
                           .at = world_.now()});
}

void Account::clear() {
  pushes_.clear();
  tokens_.clear();
  told_.clear();
  by_money_id_.clear();
  agenda_.clear();
  last_number_ = 0;
}

}  // namespace cambist::gateway::sandbox::airtel_money

#include "protocols/providers/tigo_pesa/settings.hpp"

#include <algorithm>

#include "protocols/http/syntax.hpp"
#include "protocols/provider/setting_reader.hpp"
#include "protocols/providers/tigo_pesa/adapter.hpp"

namespace cambist::tigo_pesa {
namespace {

constexpr std::string_view usual_words =
    "insufficient=insufficient_funds,balance=insufficient_funds,pin=payment_method_invalid,"
    "registered=payment_method_invalid,cancel=card_declined,limit=card_declined,"
    "timeout=timeout,expired=timeout";

// "word=code,word=code".
void read_words(provider::SettingReader& reader, Account& account) {
  for (const auto& item : reader.words("failure_words", usual_words)) {
    const auto equals = item.find('=');
    const auto code = equals == std::string::npos
                          ? std::nullopt
                          : provider::failure_code(std::string_view{item}.substr(equals + 1));
    std::string word = item.substr(0, equals);
    std::transform(word.begin(), word.end(), word.begin(), http::to_lower);
    if (!code || word.empty()) {
      reader.refuse("failure_words",
                    "is no list of word=code, such as insufficient=insufficient_funds");
      return;
    }
    account.words.emplace_back(std::move(word), *code);
  }
}

bool all_of(std::string_view text, bool (*allowed)(char)) {
  return std::all_of(text.begin(), text.end(), allowed);
}

void read_biller(provider::SettingReader& reader, Account& account) {
  account.biller_code = reader.word("biller_code", {});
  const bool code =
      !account.biller_code.empty() && account.biller_code.size() <= 8 &&
      all_of(account.biller_code, [](char c) { return http::is_alpha(c) || http::is_digit(c); });
  if (!code)
    reader.refuse("biller_code", "is no prefix of 1 to 8 letters and digits, as Tigo gave it");
  account.biller_msisdn = reader.word("biller_msisdn", {});
  if (account.biller_msisdn.empty() || !all_of(account.biller_msisdn, http::is_digit))
    reader.refuse("biller_msisdn", "is no number such as 25565000001");
}

void read_refunds(provider::SettingReader& reader, Account& account) {
  account.refund_path = reader.path("refund_path", {});
  account.partial_refunds = reader.flag("refund_partial", false);
  account.channel_msisdn = reader.word("channel_msisdn", {});
  account.channel_pin = reader.secret_or_none("channel_pin_secret");
  if (account.refund_path.empty()) return;
  if (account.channel_msisdn.empty() || !all_of(account.channel_msisdn, http::is_digit))
    reader.refuse("channel_msisdn", "is missing; refunds are paid from it");
  if (account.channel_pin.empty())
    reader.refuse("channel_pin_secret", "is missing; refunds are paid with it");
}

}  // namespace

std::vector<std::string_view> setting_names() {
  return {"base_url",       "token_path",     "push_path",   "refund_path",
          "refund_partial", "username",       "biller_code", "biller_msisdn",
          "channel_msisdn", "amount_min",     "amount_max",  "prompt_s",
          "allowed_peers",  "trust_callback", "ack_code",    "failure_words"};
}

std::vector<std::string_view> secret_names() {
  return {"password", "webhook_secret", "channel_pin_secret"};
}

std::vector<std::pair<std::string_view, std::string_view>> sandbox_settings() {
  // The address only for whoever has no sandbox of its own: where Tigo is stands in the contract.
  return {{"base_url", "http://127.0.0.1:8081/tigo_pesa"},
          {"username", "sandbox"},
          {"biller_code", "NST"},
          {"biller_msisdn", "25565000001"},
          {"refund_path", "/API/Reverse"},
          {"channel_msisdn", "25565000002"},
          {"channel_pin_secret", "0000"}};
}

Result<Account> read_settings(const provider::Settings& settings) {
  provider::SettingReader reader{settings};
  Account account;
  account.base = reader.base_url({});
  account.token_path = reader.path("token_path", "/token");
  account.push_path = reader.path("push_path", "/API/BillerPayment/BillerPay");
  account.username = reader.word("username", {});
  if (account.username.empty())
    reader.refuse("username", "is missing; Tigo gave it with the contract");
  account.password = reader.secret("password", "Tigo's, given with the contract");
  read_biller(reader, account);
  read_refunds(reader, account);
  account.door.token = reader.secret_or_none("webhook_secret");
  account.door.allowed_peers = reader.words("allowed_peers");
  account.trust_callback =
      reader.choice("trust_callback", {"amount_and_reference", "never"}) != "never";
  account.ack_code = reader.word("ack_code", "BILLER-18-0000-S");
  const auto currency = Currency::parse("TZS");
  if (!currency) return currency.error();
  account.amounts.currency = *currency;
  account.amounts.least = reader.number("amount_min", 500, 1, 100'000'000);
  account.amounts.most = reader.number("amount_max", 5'000'000, account.amounts.least, 100'000'000);
  account.prompt_lifetime = std::chrono::seconds{reader.number("prompt_s", 120, 10, 3'600)};
  read_words(reader, account);
  if (reader.problem()) return *reader.problem();
  return account;
}

}  // namespace cambist::tigo_pesa

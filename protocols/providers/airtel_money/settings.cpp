#include "protocols/providers/airtel_money/settings.hpp"

#include <utility>

#include "protocols/provider/setting_reader.hpp"
#include "protocols/providers/airtel_money/adapter.hpp"

namespace cambist::airtel_money {
namespace {

std::vector<CallbackForm> read_forms(provider::SettingReader& reader) {
  std::vector<CallbackForm> forms;
  for (const auto& name :
       reader.words("callback_forms", "raw_without_hash,transaction_object_compact,raw")) {
    if (name == "raw_without_hash") {
      forms.push_back(CallbackForm::raw_without_hash);
    } else if (name == "transaction_object_compact") {
      forms.push_back(CallbackForm::transaction_object_compact);
    } else if (name == "raw") {
      forms.push_back(CallbackForm::raw);
    } else {
      reader.refuse(
          "callback_forms",
          "lists a form that is none of raw_without_hash, transaction_object_compact, raw");
    }
  }
  return forms;
}

CallbackHash read_hash(provider::SettingReader& reader) {
  CallbackHash hash;
  hash.key = reader.secret_or_none("callback_secret");
  hash.forms = read_forms(reader);
  hash.header = reader.word("callback_hash_header", {});
  hash.believe_unsigned = reader.choice("callback_unsigned", {"reject", "ask"}) == "ask";
  return hash;
}

}  // namespace

std::vector<std::string_view> setting_names() {
  return {"base_url",       "client_id",         "amount_min",          "amount_max",
          "prompt_s",       "ask_after_s",       "not_found_asks",      "allowed_peers",
          "callback_forms", "callback_unsigned", "callback_hash_header"};
}

std::vector<std::string_view> secret_names() {
  return {"client_secret", "webhook_secret", "callback_secret"};
}

std::vector<std::pair<std::string_view, std::string_view>> sandbox_settings() {
  return {{"client_id", "sandbox"}, {"callback_secret", "airtel-demo-private-key"}};
}

Result<Account> read_settings(const provider::Settings& settings) {
  provider::SettingReader reader{settings};
  Account account;
  account.base = reader.base_url("https://openapi.airtel.africa");
  account.client_id = reader.word("client_id", {});
  if (account.client_id.empty())
    reader.refuse("client_id", "is missing; it stands beside the app's secret in Airtel's portal");
  account.client_secret = reader.secret("client_secret", "the app's secret in Airtel's portal");
  account.door.token = reader.secret_or_none("webhook_secret");
  account.door.allowed_peers = reader.words("allowed_peers");
  account.hash = read_hash(reader);
  const auto currency = Currency::parse("TZS");
  if (!currency) return currency.error();
  account.amounts.currency = *currency;
  account.amounts.least = reader.number("amount_min", 100, 1, 100'000'000);
  account.amounts.most = reader.number("amount_max", 5'000'000, account.amounts.least, 100'000'000);
  account.prompt_lifetime = std::chrono::seconds{reader.number("prompt_s", 60, 10, 3'600)};
  account.ask_after = std::chrono::seconds{reader.number("ask_after_s", 180, 1, 86'400)};
  account.not_found_asks = static_cast<int>(reader.number("not_found_asks", 7, 2, 1'000));
  if (reader.problem()) return *reader.problem();
  return account;
}

}  // namespace cambist::airtel_money

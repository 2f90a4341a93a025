#include "tests/integration/program/shop.hpp"

#include <atomic>
#include <stdexcept>
#include <utility>

namespace cambist::test {
namespace json = boost::json;

namespace {

ServerOptions options(const TemporaryFolder& folder, Environment environment) {
  ServerOptions options{folder.path()};
  options.environment = std::move(environment);
  return options;
}

}  // namespace

std::string text(const json::value& object, const char* name) {
  const auto* members = object.if_object();
  const auto* value = members == nullptr ? nullptr : members->if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::string money(const std::string& value, const std::string& currency) {
  return R"({"amount":{"value":")" + value + R"(","currency":")" + currency + R"("}})";
}

std::string new_phone(const std::string& begin, const std::string& end) {
  // "+254" or "+255", and nine digits.
  constexpr std::size_t length = 13;
  static std::atomic<int> next{1};
  std::string number = std::to_string(next++);
  number.insert(0, length - begin.size() - end.size() - number.size(), '0');
  return begin + number + end;
}

Shop::Shop(Environment environment)
    : server_(options(folder_, std::move(environment))),
      client_(server_.client()),
      sandbox_(server_.sandbox_origin(), "sk_test_sandbox") {}

ApiResponse Shop::pay(const std::string& body) const {
  return client_.post("/api/v1/payments", body);
}

ApiResponse Shop::act(const std::string& id, const std::string& what,
                      const std::string& body) const {
  return client_.post("/api/v1/payments/" + id + "/" + what, body);
}

json::value Shop::payment(const std::string& id) const {
  return client_.get("/api/v1/payments/" + id).json();
}

std::string Shop::status(const std::string& id) const {
  const auto shown = payment(id);
  return shown.is_object() ? text(shown, "status") : std::string{};
}

std::string Shop::events(const std::string& id) const {
  return client_.get("/api/v1/payments/" + id + "/events").body;
}

bool Shop::becomes(const std::string& id, const std::string& wanted,
                   std::chrono::milliseconds timeout) const {
  return eventually(timeout, [&] { return status(id) == wanted; });
}

ApiResponse Shop::payer(const json::value& payment, const std::string& act) const {
  const auto provider = text(payment, "provider");
  auto object = text(payment, "provider_payment_id");
  // A bank does not know what is due: the payer says it.
  if (provider == "bank_transfer") object += ":" + text(payment.at("amount"), "value");
  return sandbox_.post("/sandbox/payer/" + provider + "/" + object + "/" + act, "{}");
}

void Shop::faults(const std::string& rules_json) const {
  const auto answer =
      sandbox_.send("PUT", "/sandbox/faults", rules_json, {{"Content-Type", "application/json"}});
  if (answer.status != 200)
    throw std::runtime_error("the sandbox refused the faults: " + answer.body);
}

json::array Shop::ledger() const {
  return sandbox_.get("/sandbox/ledger").json().at("effects").as_array();
}

json::array Shop::effects(const json::value& payment) const {
  const bool bank = text(payment, "provider") == "bank_transfer";
  const auto query = bank ? "provider=bank_transfer" : "payment=" + text(payment, "id");
  json::array found;
  const auto answer = sandbox_.get("/sandbox/ledger?" + query).json();
  for (const auto& effect : answer.at("effects").as_array()) {
    if (!bank || text(effect, "object") == text(payment, "provider_payment_id"))
      found.push_back(effect);
  }
  return found;
}

std::vector<std::string> Shop::story(const json::value& payment) const {
  std::vector<std::string> told;
  for (const auto& effect : effects(payment))
    told.push_back(text(effect, "provider") + " " + text(effect, "kind"));
  return told;
}

std::int64_t Shop::paypal_tokens() const {
  return sandbox_.get("/paypal/sandbox/tokens").json().at("issued").to_number<std::int64_t>();
}

}  // namespace cambist::test

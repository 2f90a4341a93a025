#include "gateway/sandbox/airtel_money/emulator.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "gateway/sandbox/airtel_money/account.hpp"
#include "gateway/sandbox/faulted.hpp"

namespace cambist::gateway::sandbox::airtel_money {
namespace json = boost::json;
namespace {

using namespace std::chrono_literals;

// Short, as in Airtel's own samples, so that tokens end while payments run.
constexpr auto token_lifetime = 180s;
constexpr std::string_view push_path = "/merchant/v1/payments/";
constexpr std::string_view enquiry_path = "/standard/v1/payments/";
constexpr std::string_view refund_path = "/standard/v1/payments/refund";
constexpr std::string_view token_path = "/auth/oauth2/token";

http::Response answer(int status, const json::object& body) {
  return {status, {{"Content-Type", "application/json"}}, json::serialize(body)};
}

// `transaction` null: the envelope has none.
http::Response envelope(int status, std::string_view code, std::string_view message,
                        json::value transaction) {
  const bool success = status == 200 && (code.ends_with("1001") || code.ends_with("1006") ||
                                         code.ends_with("1000") || code == "ESB000010");
  json::object data;
  if (!transaction.is_null()) data["transaction"] = std::move(transaction);
  json::object said{{"code", std::to_string(status)},
                    {"message", message},
                    {"result_code", success ? "ESB000010" : "ESB000001"},
                    {"response_code", code},
                    {"success", success}};
  if (code.starts_with("ESB")) {  // the older systems say nothing else
    said["result_code"] = code;
    said.erase("response_code");
  }
  return answer(status, {{"data", std::move(data)}, {"status", std::move(said)}});
}

http::Response wrong(std::string_view message) {
  return envelope(400, "ESB000008", message, nullptr);
}

Wording wording() {
  return {envelope(429, "DP00800001024", "Too many requests", nullptr),
          envelope(503, "ESB000004", "Service unavailable", nullptr),
          envelope(500, "ESB000001", "An error occurred", nullptr)};
}

std::string text(const json::object& object, std::string_view name) {
  const auto* member = object.if_contains(name);
  return member != nullptr && member->is_string() ? std::string{member->get_string()}
                                                  : std::string{};
}

const json::object* child(const json::object& object, std::string_view name) {
  const auto* member = object.if_contains(name);
  return member == nullptr ? nullptr : member->if_object();
}

bool is_between(std::string_view value, std::size_t least, std::size_t most, auto&& allowed) {
  return value.size() >= least && value.size() <= most &&
         std::all_of(value.begin(), value.end(), allowed);
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_alnum(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string header(const http::Request& request, std::string_view name) {
  const auto* value = http::find(request.headers, name);
  return value == nullptr ? std::string{} : *value;
}

class Airtel final : public Emulator {
 public:
  explicit Airtel(World& world) : world_{world}, account_{world} {}

  std::string_view name() const noexcept override { return "airtel_money"; }
  std::vector<std::string> routes() const override {
    return {"POST /auth/oauth2/token", "POST /merchant/v1/payments/",
            "GET /standard/v1/payments/:id", "POST /standard/v1/payments/refund"};
  }
  inbound::Outgoing handle(const http::Request& request, std::string_view target) override;
  PayerAnswer payer(std::string_view object, PayerAct act) override;
  void reset() override { account_.clear(); }
  std::optional<TimePoint> pass_time(TimePoint now) override { return account_.pass_time(now); }
  std::optional<webhooks::Letter> event_letter(std::string_view event) override {
    return account_.letter(event);
  }
  void each_event(const std::function<void(webhooks::Letter)>& take) override {
    account_.each_letter(take);
  }

 private:
  using Serve = http::Response (Airtel::*)(const json::object& body);
  inbound::Outgoing serve(Operation operation, const std::function<http::Response()>& execute) {
    const FaultCall call{.provider = name(), .operation = operation};
    return serve_faulted(world_, call, wording(), execute);
  }
  inbound::Outgoing serve_post(Operation operation, const http::Request& request, Serve run);
  [[nodiscard]] std::optional<http::Response> turn_away(const http::Request& request);
  http::Response give_token(const json::object& body);
  http::Response push(const json::object& body);
  http::Response enquire(std::string_view id);
  http::Response refund(const json::object& body);

  World& world_;
  Account account_;
};

inbound::Outgoing Airtel::handle(const http::Request& request, std::string_view target) {
  account_.pass_time(world_.now());
  const auto path = target.substr(0, target.find('?'));
  if (path == token_path && request.method == "POST")
    return serve_post(Operation::token, request, &Airtel::give_token);
  const bool known = path == push_path || path.starts_with(enquiry_path);
  if (!known) return {.response = envelope(404, "ESB000008", "No such path", nullptr)};
  if (auto refusal = turn_away(request)) return {.response = std::move(*refusal)};
  if (request.method == "POST" && path == push_path)
    return serve_post(Operation::charge, request, &Airtel::push);
  if (request.method == "POST" && path == refund_path)
    return serve_post(Operation::refund, request, &Airtel::refund);
  if (request.method != "GET" || path == push_path)
    return {.response = envelope(405, "ESB000008", "Method not allowed", nullptr)};
  return serve(Operation::inquire, [&] { return enquire(path.substr(enquiry_path.size())); });
}

inbound::Outgoing Airtel::serve_post(Operation operation, const http::Request& request, Serve run) {
  return serve(operation, [&]() -> http::Response {
    if (world_.ledger.full() && operation != Operation::token)
      return envelope(503, "ESB000004", "The sandbox's ledger is full; reset the sandbox", nullptr);
    boost::system::error_code failed;
    const auto body = json::parse(request.body, failed);
    if (failed || !body.is_object()) return wrong("The body is not JSON");
    return (this->*run)(body.get_object());
  });
}

std::optional<http::Response> Airtel::turn_away(const http::Request& request) {
  const std::string bearer = header(request, "authorization");
  constexpr std::string_view scheme = "Bearer ";
  if (!bearer.starts_with(scheme) ||
      !account_.knows_token(std::string_view{bearer}.substr(scheme.size()))) {
    return answer(401, {{"error", "invalid_token"},
                        {"error_description", "The access token is invalid or has expired"}});
  }
  if (header(request, "x-country") != "TZ" || header(request, "x-currency") != "TZS")
    return wrong("X-Country and X-Currency are wrong");
  return std::nullopt;
}

http::Response Airtel::give_token(const json::object& body) {
  const auto secret = text(body, "client_secret");
  if (text(body, "client_id").empty() || secret.empty() || secret.starts_with("wrong")) {
    return answer(
        401, {{"error", "invalid_client"}, {"error_description", "Client authentication failed"}});
  }
  if (text(body, "grant_type") != "client_credentials")
    return answer(400, {{"error", "unsupported_grant_type"}});
  return answer(200, {{"token_type", "bearer"},
                      {"access_token", account_.let_in(token_lifetime)},
                      {"expires_in", std::to_string(token_lifetime.count())}});
}

http::Response Airtel::push(const json::object& body) {
  const auto* subscriber = child(body, "subscriber");
  const auto* transaction = child(body, "transaction");
  if (subscriber == nullptr || transaction == nullptr) return wrong("A part is missing");
  const auto reference = text(body, "reference");
  const auto msisdn = text(*subscriber, "msisdn");
  auto id = text(*transaction, "id");
  if (!is_between(reference, 4, 64, [](char c) { return is_alnum(c) || c == ' '; }))
    return wrong("reference is wrong");
  if (!is_between(msisdn, 9, 9, is_digit)) return wrong("msisdn is wrong");
  if (!is_between(id, 1, 64, is_alnum)) return wrong("transaction id is wrong");
  const auto* amount = transaction->if_contains("amount");
  if (amount == nullptr || !amount->is_int64()) return wrong("amount is wrong");
  constexpr std::int64_t least = 100;
  constexpr std::int64_t most = 100'000'000;
  if (amount->get_int64() < least || amount->get_int64() > most)
    return envelope(200, "DP00800001004", "Invalid amount", nullptr);
  if (account_.find(id) != nullptr)
    return envelope(200, "ESB000045", "Duplicate transaction id", nullptr);
  const auto currency = Currency::parse("TZS");
  constexpr std::int64_t cents = 100;
  const auto& made = account_.ask(std::move(id), msisdn, {amount->get_int64() * cents, *currency});
  return envelope(200, "DP00800001006", "Transaction in process",
                  json::object{{"id", made.id}, {"status", "SUCCESS"}});
}

http::Response Airtel::enquire(std::string_view id) {
  const auto* push = account_.find(id);
  if (push == nullptr || world_.now() < push->created + push->script.hidden)
    return envelope(404, "DP00800001025", "Transaction not found", nullptr);
  json::object transaction{{"id", push->id}, {"status", to_string(push->status)}};
  if (push->status == Status::paid) transaction["airtel_money_id"] = push->money_id;
  transaction["message"] = push->status == Status::paid ? "success" : "see the code";
  std::string_view code = "DP00800001001";
  if (push->status == Status::typing) code = "DP00800001006";
  if (push->status == Status::ambiguous) code = "DP00800001000";
  if (push->status == Status::failed) code = push->code;
  return envelope(200, code, "SUCCESS", std::move(transaction));
}

http::Response Airtel::refund(const json::object& body) {
  const auto* transaction = child(body, "transaction");
  auto* push =
      transaction == nullptr ? nullptr : account_.find_paid(text(*transaction, "airtel_money_id"));
  if (push == nullptr) return envelope(200, "DP00900001015", "Transaction not found", nullptr);
  if (push->refunded) {
    return envelope(200, "DP00900001011", "Similar transaction",
                    json::object{{"status", "FAILED"}});
  }
  return envelope(200, "DP00900001001", "SUCCESS",
                  json::object{{"airtel_money_id", account_.refund(*push)}, {"status", "SUCCESS"}});
}

PayerAnswer Airtel::payer(std::string_view object, PayerAct act) {
  account_.pass_time(world_.now());
  auto* push = account_.find(object);
  if (push == nullptr) return PayerAnswer::unknown_object;
  if (push->status != Status::typing) return PayerAnswer::not_waiting;
  if (act == PayerAct::approve) account_.pay(*push);
  if (act == PayerAct::decline) account_.fail(*push, "DP00800001008");
  if (act == PayerAct::ignore) account_.leave(*push);
  return PayerAnswer::done;
}

}  // namespace

std::unique_ptr<Emulator> make_emulator(World& world) {
  return std::make_unique<Airtel>(world);
}

}  // namespace cambist::gateway::sandbox::airtel_money

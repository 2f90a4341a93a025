#include "gateway/sandbox/tigo_pesa/emulator.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "gateway/sandbox/faulted.hpp"
#include "gateway/sandbox/form.hpp"
#include "gateway/sandbox/tigo_pesa/account.hpp"

namespace cambist::gateway::sandbox::tigo_pesa {
namespace json = boost::json;
namespace {

using namespace std::chrono_literals;

// Tigo's last an hour; these end while payments run.
constexpr auto token_lifetime = 300s;
constexpr std::int64_t cents = 100;
constexpr std::string_view token_path = "/token";
constexpr std::string_view push_path = "/API/BillerPayment/BillerPay";
constexpr std::string_view refund_path = "/API/Reverse";
constexpr std::string_view biller_code = "NST";

http::Response answer(int status, const json::object& body) {
  return {status, {{"Content-Type", "application/json"}}, json::serialize(body)};
}

// Business errors are answered with 200 too.
http::Response reply(std::string_view code, bool accepted, std::string_view description,
                     std::string_view reference) {
  return answer(200, {{"ResponseCode", code},
                      {"ResponseStatus", accepted},
                      {"ResponseDescription", description},
                      {"ReferenceID", reference}});
}

http::Response message(int status, std::string_view text) {
  return answer(status, {{"Message", text}});
}

Wording wording() {
  return {message(429, "Rate limit exceeded"), message(503, "The service is not available"),
          message(500, "Internal server error")};
}

std::string text(const json::object& object, std::string_view name) {
  const auto* member = object.if_contains(name);
  return member != nullptr && member->is_string() ? std::string{member->get_string()}
                                                  : std::string{};
}

std::string header(const http::Request& request, std::string_view name) {
  const auto* value = http::find(request.headers, name);
  return value == nullptr ? std::string{} : *value;
}

bool is_number(std::string_view value) {
  return value.size() == 12 && value.starts_with("255") &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_reference(std::string_view value) {
  return value.starts_with(biller_code) && value.size() > biller_code.size() &&
         value.size() <= 20 && std::all_of(value.begin(), value.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

// Whole shillings as money; none for anything else.
std::optional<Money> amount_of(const json::object& body) {
  const auto* given = body.if_contains("Amount");
  constexpr std::int64_t most = 100'000'000;
  if (given == nullptr || !given->is_int64() || given->get_int64() < 1 || given->get_int64() > most)
    return std::nullopt;
  return Money{given->get_int64() * cents, *Currency::parse("TZS")};
}

class Tigo final : public Emulator {
 public:
  explicit Tigo(World& world) : world_{world}, account_{world} {}

  std::string_view name() const noexcept override { return "tigo_pesa"; }
  std::vector<std::string> routes() const override {
    return {"POST /token", "POST /API/BillerPayment/BillerPay", "POST /API/Reverse"};
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
  using Serve = http::Response (Tigo::*)(const json::object& body);
  inbound::Outgoing serve(Operation operation, const std::function<http::Response()>& execute) {
    return serve_faulted(world_, FaultCall{.provider = name(), .operation = operation}, wording(),
                         execute);
  }
  http::Response run(const http::Request& request, Serve what);
  http::Response give_token(const http::Request& request);
  http::Response push(const json::object& body);
  http::Response refund(const json::object& body);

  World& world_;
  Account account_;
};

inbound::Outgoing Tigo::handle(const http::Request& request, std::string_view target) {
  account_.pass_time(world_.now());
  const auto path = target.substr(0, target.find('?'));
  const bool known = path == token_path || path == push_path || path == refund_path;
  if (!known) return {.response = message(404, "No such resource")};
  if (request.method != "POST") return {.response = message(405, "Method not allowed")};
  if (path == token_path) return serve(Operation::token, [&] { return give_token(request); });

  const std::string bearer = header(request, "authorization");
  constexpr std::string_view scheme = "Bearer ";
  if (!bearer.starts_with(scheme) ||
      !account_.knows_token(std::string_view{bearer}.substr(scheme.size()))) {
    return {.response = answer(401, {{"error", "invalid_token"},
                                     {"error_description", "The access token is not valid"}})};
  }
  const bool charge = path == push_path;
  return serve(charge ? Operation::charge : Operation::refund,
               [&] { return run(request, charge ? &Tigo::push : &Tigo::refund); });
}

http::Response Tigo::run(const http::Request& request, Serve what) {
  if (world_.ledger.full()) return message(503, "The sandbox's ledger is full; reset the sandbox");
  if (header(request, "username").empty() || header(request, "password").empty())
    return reply("DebitMandate-10-2001-E", false, "Credentials are missing", {});
  if (header(request, "password").starts_with("wrong"))
    return reply("BILLER-18-3021-E", false, "Wrong username or password", {});
  boost::system::error_code failed;
  const auto body = json::parse(request.body, failed);
  if (failed || !body.is_object()) return message(400, "The body is not JSON");
  return (this->*what)(body.get_object());
}

http::Response Tigo::give_token(const http::Request& request) {
  const auto form = Form::decode(request.body);
  const auto field = [&](std::string_view name) -> std::string {
    if (!form) return {};
    const auto* found = form->find(name);
    return found == nullptr ? std::string{} : *found;
  };
  const std::string password = field("password");
  if (field("grant_type") != "password" || field("username").empty() || password.empty() ||
      password.starts_with("wrong")) {
    return answer(400, {{"error", "invalid_grant"},
                        {"error_description", "The user name or password is incorrect"}});
  }
  return answer(200, {{"access_token", account_.let_in(token_lifetime)},
                      {"token_type", "bearer"},
                      {"expires_in", token_lifetime.count()}});
}

http::Response Tigo::push(const json::object& body) {
  auto reference = text(body, "ReferenceID");
  const auto msisdn = text(body, "CustomerMSISDN");
  const auto amount = amount_of(body);
  if (!is_reference(reference) || account_.find(reference) != nullptr)
    return reply("DebitMandate-10-2020-V", false, "Invalid reference", reference);
  if (!is_number(msisdn))
    return reply("DebitMandate-10-2004-V", false, "Invalid MSISDN", reference);
  if (text(body, "BillerMSISDN").empty())
    return reply("DebitMandate-10-2038-V", false, "BillerMSISDN is missing", reference);
  if (!amount) return reply("BILLER-18-3019-E", false, "Invalid amount", reference);
  const Script script = script_of(msisdn);
  if (script.refusal == "Message") return message(200, "Unable to route the request");
  if (!script.refusal.empty())
    return reply(script.refusal, false, "Insufficient balance", reference);
  const auto& made = account_.ask(std::move(reference), text(body, "Remarks"), *amount, script);
  return reply("BILLER-18-0000-S", true, "accepted", made.id);
}

http::Response Tigo::refund(const json::object& body) {
  auto* push = account_.find(text(body, "PurchaseReferenceID"));
  auto reference = text(body, "ReferenceID");
  const auto amount = amount_of(body);
  const bool fits = push != nullptr && push->status == Status::paid && amount &&
                    push->receipt == text(body, "MFSTransactionID") &&
                    push->refunded + amount->minor <= push->amount.minor;
  if (!fits || !is_reference(reference) || account_.knows_refund(reference) ||
      text(body, "ChannelPIN").empty()) {
    return reply("RefundTransaction-20-3039-E", false, "The reversal failed", reference);
  }
  const std::string receipt = account_.refund(*push, reference, *amount);
  return answer(200, {{"ResponseCode", "RefundTransaction-20-0000-S"},
                      {"ResponseStatus", true},
                      {"ResponseDescription", "Reversed"},
                      {"DMReferenceID", "DM" + receipt.substr(2)},
                      {"ReferenceID", reference},
                      {"MFSTransactionID", receipt},
                      {"Message", ""}});
}

PayerAnswer Tigo::payer(std::string_view object, PayerAct act) {
  account_.pass_time(world_.now());
  auto* push = account_.find(object);
  if (push == nullptr) return PayerAnswer::unknown_object;
  if (push->status != Status::typing) return PayerAnswer::not_waiting;
  if (act == PayerAct::approve) account_.pay(*push);
  if (act == PayerAct::decline) account_.fail(*push, "Transaction cancelled by the customer");
  if (act == PayerAct::ignore) account_.leave(*push);
  return PayerAnswer::done;
}

}  // namespace

std::unique_ptr<Emulator> make_emulator(World& world) {
  return std::make_unique<Tigo>(world);
}

}  // namespace cambist::gateway::sandbox::tigo_pesa

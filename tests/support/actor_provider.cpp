#include "tests/support/actor_provider.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "protocols/core/digest.hpp"

namespace cambist::test {
namespace {

using provider::Call;

constexpr std::string_view signature_header = "Stub-Signature";
constexpr std::string_view certificate_header = "Stub-Certificate";
constexpr std::string_view confirmation_header = "Stub-Confirmation";
// Of the day on which actor worlds begin.
constexpr TimePoint noon =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::hours{12};
constexpr std::string_view provider_header = "Stub-Name";  // several share the wire

std::string signature_of(std::string_view body) {
  return to_hex(sha256("whsec_stub" + std::string{body}));
}

/// The wire format: "kind payment key minor currency" in the body of a POST; GET /ops/KEY asks.
class ScriptedAdapter final : public provider::Adapter {
 public:
  ScriptedAdapter(std::string name, bool tokens) : name_(std::move(name)), tokens_(tokens) {
    capabilities_.method_types = {"card"};
  }

  std::string_view name() const noexcept override { return name_; }
  const provider::Capabilities& capabilities() const noexcept override { return capabilities_; }

  Result<void> check(const Call& call) const override {
    if (call.method.type != "card") {
      return Error{ErrorCode::unsupported_by_provider, "Only cards.", "payment_method.type"};
    }
    return {};
  }

  Result<http::Request> build(const Call& call) const override {
    if (call.description == "throw in build") throw std::runtime_error("build fell over");
    if (call.description == "error in build") {
      return Error{ErrorCode::invalid_request, "The description cannot be sent."};
    }
    http::Request request;
    request.origin = "http://127.0.0.1:1";
    request.headers.push_back({std::string{provider_header}, name_});
    if (call.inquiry) {
      request.method = "GET";
      request.target = "/ops/" + call.idempotency_key + "?expand=all";
    } else {
      request.method = "POST";
      request.target = "/" + std::string{provider::to_string(call.kind)};
      request.body = std::string{provider::to_string(call.kind)} + " " + call.payment.to_string() +
                     " " + call.idempotency_key + " " + std::to_string(call.amount.minor);
    }
    return request;
  }

  provider::Verdict interpret(const Call& call, const http::Response& response) const override {
    const auto failure = [&](provider::FailureCode code) {
      return provider::Failure{code, response.body};
    };
    switch (response.status) {
      case 200:
        return provider::Approved{call.amount, "prov_" + call.payment.to_string(), response.body};
      case 202:
        return provider::Pending{"prov_" + call.payment.to_string(), response.body};
      case 303:
        return provider::ActionRequired{{"redirect", "https://example.test/3ds"}, "prov_1"};
      case 401:
        return provider::Refused{failure(provider::FailureCode::configuration_error), true, false};
      case 402:
        return provider::Declined{{provider::FailureCode::insufficient_funds, "No money."}};
      case 404:
        return provider::NotExecuted{};
      case 422:
        return provider::Refused{failure(provider::FailureCode::invalid_request), false, false};
      case 503:
        return provider::Refused{failure(provider::FailureCode::provider_down), true, true};
      case 599:
        throw std::runtime_error("interpret fell over");
      default:
        return provider::Unknown{failure(provider::FailureCode::unknown)};
    }
  }

  std::string provider_payment_id_for(const Call& call) const override {
    return call.description == "id of ours" ? "prov_" + call.payment.to_string() : std::string{};
  }

  std::string request_id(const http::Response& response) const override {
    const auto* id = http::find(response.headers, "request-id");
    return id ? *id : "";
  }

  bool needs_token() const noexcept override { return tokens_; }
  Result<http::Request> build_token_request(TimePoint) const override {
    return http::Request{"POST", "http://127.0.0.1:1", "/token", {}, {}, {}};
  }
  Result<provider::Token> read_token(const http::Response& response) const override {
    if (response.status == 401) return Error{ErrorCode::unauthenticated, "Who are you?"};
    if (response.status != 200) return Error{ErrorCode::unavailable, "No token."};
    const auto space = response.body.find(' ');
    return provider::Token{Secret{response.body.substr(0, space)},
                           std::chrono::seconds{std::stoi(response.body.substr(space))}};
  }

  Result<std::optional<provider::Evidence>> evidence_for(
      const http::Request& webhook) const override {
    const auto* path = http::find(webhook.headers, certificate_header);
    if (path == nullptr) return std::optional<provider::Evidence>{};
    if (!path->starts_with("/cert/"))
      return Error{ErrorCode::unauthenticated, "A certificate of somebody else."};
    return std::optional{provider::Evidence{
        http::Request{"GET", "http://127.0.0.1:1", *path, {}, {}, {}}, true, tokens_}};
  }
  Result<void> verify_with(const http::Request& webhook, const http::Response& evidence,
                           TimePoint now) const override {
    if (evidence.body == "genuine until noon" && now >= noon)
      return Error{ErrorCode::unavailable, "The certificate has expired."};
    if (!evidence.body.starts_with("genuine"))
      return Error{ErrorCode::unauthenticated, "The certificate is not right."};
    return verify_webhook(webhook, now);
  }
  Result<std::optional<provider::Evidence>> confirmation_for(
      const http::Request& webhook) const override {
    const auto* path = http::find(webhook.headers, confirmation_header);
    if (path == nullptr) return std::optional<provider::Evidence>{};
    if (*path == "nothing") return Error{ErrorCode::unauthenticated, "It names nothing."};
    return std::optional{provider::Evidence{
        http::Request{"GET", "http://127.0.0.1:1", *path, {}, {}, {}}, false, tokens_}};
  }
  Result<void> confirm_with(const http::Request&, const http::Response& answer) const override {
    if (answer.status == 404) return Error{ErrorCode::unauthenticated, "There is no such thing."};
    if (answer.status != 200) return Error{ErrorCode::unavailable, "It cannot be known."};
    if (answer.body == "throw") throw std::runtime_error("confirm_with fell over");
    if (answer.body != "so") return Error{ErrorCode::unauthenticated, "It is not so."};
    return {};
  }
  std::string acknowledgement(std::string_view) const override {
    return name_ == "acknowledging" ? R"({"ResultCode":0})" : "";
  }

  Result<void> verify_webhook(const http::Request& request, TimePoint) const override {
    const auto* signature = http::find(request.headers, signature_header);
    if (signature == nullptr || *signature != signature_of(request.body)) {
      return Error{ErrorCode::unauthenticated, "The signature is not right."};
    }
    return {};
  }

  Result<provider::Notice> read_webhook(std::string_view text) const override {
    std::istringstream body{std::string{text}};
    provider::Notice notice;
    if (!(body >> notice.id >> notice.payment >> notice.provider_payment_id >> notice.type)) {
      return Error{ErrorCode::invalid_request, "Not an event.", "id"};
    }
    if (notice.payment == "-") notice.payment.clear();
    if (notice.provider_payment_id == "-") notice.provider_payment_id.clear();
    notice.object = notice.provider_payment_id;
    if (notice.type == "throw") throw std::runtime_error("read_webhook fell over");
    notice.news = news(notice.type, body);
    return notice;
  }

 private:
  static provider::News news(const std::string& type, std::istream& rest) {
    const auto usd = *Currency::parse("USD");
    if (type == "happened") return provider::Happened{};
    if (type == "canceled") return provider::AuthorizationEnded{};
    if (type == "charged") {
      provider::ChargeSeen seen{true, Money{0, usd}, "ch_seen", {}};
      rest >> seen.amount.minor;
      return seen;
    }
    if (type == "captured") {
      provider::CaptureSeen seen{Money{0, usd}};
      rest >> seen.total.minor;
      return seen;
    }
    if (type == "dispute") {
      provider::DisputeSeen seen;
      seen.amount = Money{0, usd};
      std::string status;
      rest >> seen.dispute >> seen.amount.minor >> status;
      seen.status = provider::dispute_status(status).value();
      return seen;
    }
    return provider::Irrelevant{};
  }

  std::string name_;
  bool tokens_;
  provider::Capabilities capabilities_{};
};

}  // namespace

void ScriptedProvider::send(http::Request request, std::chrono::milliseconds timeout,
                            std::function<void(actors::HttpOutcome)> done) {
  requests.push_back(request.method + " " + request.target.substr(0, request.target.find('?')));
  const auto* called = http::find(request.headers, provider_header);
  providers.push_back(called == nullptr ? "" : *called);
  const bool is_token = request.target == "/token";
  std::deque<Fault>& faults = is_token                  ? token_script
                              : request.method == "GET" ? inquiry_script
                                                        : script;
  Fault fault = request.method == "GET" || is_token ? Fault::none : usual;
  if (!faults.empty()) {
    fault = faults.front();
    faults.pop_front();
  }
  in_flight_most = std::max(in_flight_most, ++in_flight);
  if (fault == Fault::forgotten) return;
  const auto finish = [this, done](std::chrono::milliseconds after, actors::HttpOutcome outcome) {
    later_(after, [this, done, outcome = std::move(outcome)] {
      --in_flight;
      done(outcome);
    });
  };
  using http::FailurePhase;
  if (fault == Fault::not_sent) {
    return finish(latency, http::TransportFailure{FailurePhase::not_sent, "connect"});
  }
  if (fault == Fault::lost_before) {
    return finish(timeout, http::TransportFailure{FailurePhase::maybe_sent, "response_timeout"});
  }
  // It arrives after half of the latency, and the answer takes the other half.
  later_(latency / 2, [this, finish, timeout, fault, request = std::move(request)] {
    http::Response response = serve(request, fault);
    if (fault == Fault::lost_after) {
      return finish(timeout, http::TransportFailure{FailurePhase::maybe_sent, "response_timeout"});
    }
    finish(latency / 2, std::move(response));
  });
}

http::Response ScriptedProvider::serve(const http::Request& request, Fault fault) {
  const auto answer = [](int status, std::string body = "") {
    return http::Response{status, {{"Request-Id", "req_of_provider"}}, std::move(body)};
  };
  if (request.target == "/token") return serve_token(fault);
  if (request.target.starts_with("/cert/")) return certificate;
  if (request.target.starts_with("/thing/")) {
    const auto* token = http::find(request.headers, "Authorization");
    return token != nullptr && revoked.contains(*token) ? answer(401, "expired") : thing;
  }
  if (const auto* token = http::find(request.headers, "Authorization");
      token != nullptr && revoked.contains(*token)) {
    return answer(401, "expired");
  }
  if (fault == Fault::outage) return answer(503, "down");
  if (fault == Fault::garbage) return answer(418, "tea");
  if (fault == Fault::throws_in_interpret) return answer(599);
  if (request.method == "GET") {
    const std::string key = request.target.substr(5, request.target.find('?') - 5);
    const auto found = known_.find(key);
    if (found == known_.end()) return answer(404);
    if (!found->second.done) return answer(found->second.status, found->second.body);
    return answer(found->second.status, found->second.body);
  }
  Effect effect;
  std::istringstream body{request.body};
  body >> effect.kind >> effect.payment >> effect.key >> effect.minor;
  if (const auto found = known_.find(effect.key); found != known_.end()) {
    return answer(found->second.status, found->second.body);
  }
  if (fault == Fault::reject) return answer(422, "bad");
  if (fault == Fault::stranger) return answer(401, "who are you");
  if (fault == Fault::decline) {
    known_[effect.key] = Known{402, "no", effect};
    return answer(402, "no");
  }
  const std::string object = "obj_" + std::to_string(known_.size());
  if (fault == Fault::pending || fault == Fault::action) {
    known_[effect.key] = Known{fault == Fault::pending ? 202 : 303, object, effect, false};
    return answer(known_[effect.key].status, object);
  }
  known_[effect.key] = Known{200, object, effect};
  apply(effect);
  if (fault == Fault::error_after) return answer(500, "oops");
  return answer(200, object);
}

http::Response ScriptedProvider::serve_token(Fault fault) {
  if (fault == Fault::reject) return {401, {}, "invalid_client"};
  if (fault != Fault::none) return {503, {}, "down"};
  return {200, {}, "t" + std::to_string(++tokens) + " " + std::to_string(token_lifetime.count())};
}

void ScriptedProvider::act() {
  for (auto& [key, known] : known_) {
    if (known.done) continue;
    known.done = true;
    known.status = 200;
    apply(known.effect);
  }
}

std::size_t ScriptedProvider::effects_of(const std::string& payment) const {
  return static_cast<std::size_t>(
      std::count_if(effects.begin(), effects.end(),
                    [&](const Effect& effect) { return effect.payment == payment; }));
}

std::size_t ScriptedProvider::most_effects_of_one_key() const {
  std::map<std::string, std::size_t> counts;
  std::size_t most = 0;
  for (const Effect& effect : effects) most = std::max(most, ++counts[effect.key]);
  return most;
}

http::Request scripted_webhook(const std::string& id, const std::string& type,
                               const std::string& payment, const std::string& object) {
  http::Request request;
  request.method = "POST";
  request.target = "/api/v1/webhooks/stub";
  request.body = id + " " + payment + " " + object + " " + type;
  request.headers.push_back({std::string{signature_header}, signature_of(request.body)});
  return request;
}

http::Request certified_webhook(const std::string& id, const std::string& type,
                                const std::string& payment, const std::string& certificate) {
  auto request = scripted_webhook(id, type, payment);
  request.target = "/api/v1/webhooks/stub/secret/" + payment;
  request.headers.push_back({std::string{certificate_header}, certificate});
  return request;
}

http::Request claiming_webhook(const std::string& id, const std::string& type,
                               const std::string& payment, const std::string& thing) {
  auto request = certified_webhook(id, type, payment, "/cert/1");
  request.headers.push_back({std::string{confirmation_header}, thing});
  return request;
}

std::shared_ptr<const provider::Adapter> make_scripted_adapter(std::string name, bool tokens) {
  return std::make_shared<ScriptedAdapter>(std::move(name), tokens);
}

}  // namespace cambist::test

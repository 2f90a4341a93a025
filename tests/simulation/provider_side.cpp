#include "tests/simulation/provider_side.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "tests/simulation/providers.hpp"
#include "tests/simulation/world.hpp"

namespace cambist::sim {
namespace {

namespace json = boost::json;
using gateway::inbound::Delivery;
using gateway::inbound::Outgoing;
using http::FailurePhase;
using http::TransportFailure;
using std::chrono::milliseconds;

// The sandbox's own faults of calls are the first of ours, by the same names.
constexpr std::size_t sandbox_faults = 12;
// Forgeries are the sandbox's work: it knows what a forger would change.
constexpr std::string_view forger =
    R"({"provider":"*","operation":"webhook","fault":"forge","probability":)";

/// Words that may be ids of providers: long enough not to be met by accident.
std::vector<std::string_view> words_in(std::string_view text) {
  const auto in_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  };
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    while (at < text.size() && !in_word(text[at])) ++at;
    const std::size_t from = at;
    while (at < text.size() && in_word(text[at])) ++at;
    if (at - from >= 12) words.push_back(text.substr(from, at - from));
  }
  return words;
}

/// Under which a provider makes one effect at most.
const std::string* key_of(const http::Request& request) {
  for (const auto* name : {"idempotency-key", "paypal-request-id"}) {
    if (const auto* key = http::find(request.headers, name)) return key;
  }
  return nullptr;
}

}  // namespace

struct ProviderSide::Call {
  http::Request request;
  std::string payment;
  milliseconds timeout{};
  Tick sent{};
  std::function<void(actors::HttpOutcome)> done;
  std::shared_ptr<const Life> life;
  bool doubled = false;
  bool finished = false;
};

namespace {

class Client final : public actors::HttpClient {
 public:
  using Send =
      std::function<void(http::Request, milliseconds, std::function<void(actors::HttpOutcome)>)>;
  explicit Client(Send send) : send_(std::move(send)) {}
  void send(http::Request request, milliseconds timeout,
            std::function<void(actors::HttpOutcome)> done) override {
    send_(std::move(request), timeout, std::move(done));
  }

 private:
  Send send_;
};

}  // namespace

ProviderSide::ProviderSide(World& world) : world_(world), dice_(world.dice("provider")) {
  // The sandbox draws from a source of its own, which it keeps.
  auto source = std::make_shared<Dice>(world.dice("sandbox"));
  sandbox_ = gateway::sandbox::Sandbox::make([&world] { return world.stage.now(); },
                                             [source] { return source->next(); },
                                             std::string{sandbox_url});
  handler_ = sandbox_->handler();
}

std::shared_ptr<actors::HttpClient> ProviderSide::client(std::shared_ptr<const Life> life) {
  return std::make_shared<Client>(
      [this, life = std::move(life)](http::Request request, milliseconds timeout,
                                     std::function<void(actors::HttpOutcome)> done) {
        if (life->over) return;
        auto call = std::make_shared<Call>();
        call->request = std::move(request);
        call->timeout = timeout;
        call->done = std::move(done);
        call->life = life;
        call->sent = world_.stage.tick();
        call->payment = payment_of(call->request.target + " " + call->request.body);
        send(std::move(call));
      });
}

void ProviderSide::mail_to(std::shared_ptr<gateway::sandbox::webhooks::Mailer> mailer) {
  sandbox_->mail_to(std::move(mailer));
}

Tick ProviderSide::latency() {
  return milliseconds{dice_.between(2, 60)};
}

void ProviderSide::fail_for(Tick how_long) {
  ++outages_;
  outage_silent_ = dice_.chance(500'000);
  world_.stage.trace.note(world_.stage.tick(), "the provider is down");
  world_.stage.after(how_long, [this] { --outages_; });
}

void ProviderSide::send(std::shared_ptr<Call> call) {
  auto& stage = world_.stage;
  stage.trace.note(stage.tick(), "call",
                   call->request.method + " " + call->request.target + " " + call->payment);
  must_be_durable(*call);
  // Whatever else happens to it, nobody waits for longer.
  stage.after(call->timeout, [this, call] {
    finish(call, Tick{0}, TransportFailure{FailurePhase::maybe_sent, "response_timeout"});
  });
  const Profile& profile = world_.profile;
  if (!world_.quiet()) {
    if (outages_ > 0) {
      world_.fault(Fault::provider_outage, call->payment);
      if (outage_silent_) return;
      return finish(call, latency(), TransportFailure{FailurePhase::not_sent, "connect"});
    }
    if (dice_.chance(profile.call_fault / 12)) {
      world_.fault(Fault::provider_unreachable, call->payment);
      return finish(call, latency(), TransportFailure{FailurePhase::not_sent, "connect"});
    }
    if (dice_.chance(profile.call_doubled)) {
      world_.fault(Fault::call_doubled, call->payment);
      call->doubled = true;
      stage.after(latency() * 2, [this, call] { arrive(call, true); });
    }
    if (dice_.chance(profile.call_late)) {
      world_.fault(Fault::call_late, call->payment);
      const Tick late = call->timeout + milliseconds{dice_.between(-500, 20'000)};
      stage.after(late, [this, call] { arrive(call, false); });
      return;
    }
  }
  stage.after(latency() / 2, [this, call] { arrive(call, false); });
}

// No call leaves before the operation that it belongs to is there for good.
void ProviderSide::must_be_durable(const Call& call) {
  const auto* key = key_of(call.request);
  if (key == nullptr) return;
  const auto payment = payment_in(*key);
  const auto id = PaymentId::parse(payment);
  bool there = false;
  if (id) {
    for (const auto& operation : *world_.reader().operations(*id))
      there = there || key->starts_with(operation.idempotency_key + ":");
  }
  if (!there) world_.broken("I3", payment, "a call left before its operation was durable: " + *key);
}

void ProviderSide::arrive(const std::shared_ptr<Call>& call, bool again) {
  // README.md, "What no world does", 2.
  const bool faulty = !call->doubled && !world_.quiet() && dice_.chance(world_.profile.call_fault);
  auto outgoing = faulty ? serve_faulty(call->request, call->payment) : serve(call->request);
  learn(call->request, outgoing.response);
  if (again) return;  // somebody in between sent it twice, and drops the second answer
  const Tick wait = latency() / 2 + outgoing.delay;
  switch (outgoing.delivery) {
    case Delivery::normal:
      return finish(call, wait, std::move(outgoing.response));
    case Delivery::never:
      return;
    case Delivery::reset:
    case Delivery::reset_mid_body:
      return finish(call, wait, TransportFailure{FailurePhase::maybe_sent, "reset"});
    case Delivery::truncate:
      return finish(call, wait, TransportFailure{FailurePhase::maybe_sent, "malformed_response"});
  }
}

Outgoing ProviderSide::serve(const http::Request& request) {
  Outgoing answer;
  handler_(request, [&answer](Outgoing outgoing) { answer = std::move(outgoing); });
  pass_time();
  return answer;
}

Outgoing ProviderSide::serve_faulty(const http::Request& request, const std::string& payment) {
  const auto kind = static_cast<Fault>(dice_.below(sandbox_faults));
  std::string rules = R"({"rules":[{"provider":"*","operation":"*","fault":")";
  rules += to_string(kind);
  rules += R"(","count":1)";
  if (kind == Fault::slow) rules += ",\"delay_ms\":" + std::to_string(dice_.between(200, 9'000));
  rules += "}";
  std::string forging;
  if (world_.profile.letter_fault > 0) {
    forging = std::string{forger} +
              std::to_string(static_cast<double>(world_.profile.letter_fault) / 5e6) + "}";
  }
  desk("PUT", "/sandbox/faults", rules + (forging.empty() ? "" : "," + forging) + "]}");
  auto outgoing = serve(request);
  const auto shown = json::parse(desk("GET", "/sandbox/faults").body);
  const bool fired = shown.at("rules").at(0).at("fired").to_number<int>() > 0;
  if (fired) world_.fault(kind, payment);
  desk("PUT", "/sandbox/faults", R"({"rules":[)" + forging + "]}");
  return outgoing;
}

void ProviderSide::finish(const std::shared_ptr<Call>& call, Tick wait,
                          actors::HttpOutcome outcome) {
  // An answer that comes too late comes to nobody: the deadline has its own place on the agenda.
  world_.stage.after(wait, [this, call, outcome = std::move(outcome)]() mutable {
    if (std::exchange(call->finished, true) || call->life->over) return;
    const auto* response = std::get_if<http::Response>(&outcome);
    world_.stage.trace.note(
        world_.stage.tick(), "answer",
        (response ? std::to_string(response->status) : std::get<TransportFailure>(outcome).reason) +
            " " + call->payment);
    call->done(std::move(outcome));
  });
}

// The id of a PaymentIntent stands in later calls, which do not name the payment.
void ProviderSide::learn(const http::Request& request, const http::Response& response) {
  const auto payment = payment_of(request.target + " " + request.body);
  if (payment.empty() || response.status >= 300) return;
  for (const auto word : words_in(response.body)) {
    if (std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; }))
      objects_.emplace(word, payment);
  }
}

std::string ProviderSide::payment_of(std::string_view text) const {
  auto payment = payment_in(text);
  if (!payment.empty()) return payment;
  for (const auto word : words_in(text)) {
    if (const auto found = objects_.find(word); found != objects_.end()) return found->second;
  }
  return {};
}

http::Response ProviderSide::desk(std::string_view method, std::string target, std::string body) {
  http::Request request;
  request.method = method;
  request.target = std::move(target);
  request.body = std::move(body);
  http::Response answer;
  handler_(std::move(request), [&answer](Outgoing outgoing) { answer = outgoing.response; });
  if (method == "POST") pass_time();  // what somebody began there may end by itself
  return answer;
}

json::array ProviderSide::effects() {
  return json::parse(desk("GET", "/sandbox/ledger").body).at("effects").as_array();
}

void ProviderSide::pass_time() {
  const auto due = sandbox_->pass_time();
  if (!due) return;
  const Tick wait = std::max<Tick>(*due - world_.stage.now(), std::chrono::seconds{1});
  const Tick at = world_.stage.tick() + wait;
  if (looks_at_ > world_.stage.tick() && looks_at_ <= at) return;  // somebody looks by then
  looks_at_ = at;
  world_.stage.after(wait, [this, at] {
    if (looks_at_ == at) pass_time();
  });
}

}  // namespace cambist::sim

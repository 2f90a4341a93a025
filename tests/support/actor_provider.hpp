// A provider for the actor tests: an adapter with a wire format of its own, and the other end of
// the wire with a ledger of effects, an idempotency cache and scripted faults. Answers come on the
// actor clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "actors/ports.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::test {

/// What the provider does with one request that is not a question.
enum class Fault {
  none,
  decline,      // 402
  outage,       // 503: surely not processed
  reject,       // 422: will never be processed
  stranger,     // 401: our credentials are not taken
  lost_before,  // never arrives, no answer
  lost_after,   // the effect happens, no answer
  error_after,  // the effect happens, 500
  not_sent,     // the connection was refused
  pending,      // 202: the effect comes, but not now
  action,       // the payer must act; the effect comes with `act`
  garbage,      // an answer nobody understands, without an effect
  forgotten,    // the HTTP client never calls back
  throws_in_interpret,
};

class ScriptedProvider final : public actors::HttpClient {
 public:
  /// Runs a function after a time on the actor clock.
  using Later = std::function<void(std::chrono::milliseconds, std::function<void()>)>;
  explicit ScriptedProvider(Later later) : later_(std::move(later)) {}

  void send(http::Request request, std::chrono::milliseconds timeout,
            std::function<void(actors::HttpOutcome)> done) override;

  /// The next requests that do something meet these, in order; then `usual`.
  std::deque<Fault> script{};
  Fault usual = Fault::none;
  /// The next questions meet these, in order; then they are answered.
  std::deque<Fault> inquiry_script{};
  std::chrono::milliseconds latency{20};

  struct Effect {
    std::string kind;
    std::string payment;
    std::string key;
    std::int64_t minor = 0;
  };
  std::vector<Effect> effects{};
  std::vector<std::string> requests{};   // "METHOD /path" in the order they were sent
  std::vector<std::string> providers{};  // whom each of them called
  int in_flight = 0;
  int in_flight_most = 0;

  /// For an adapter with tokens: how many were given out, how long they live, what the next
  /// requests for one meet, and which are not taken any more.
  int tokens = 0;
  std::chrono::seconds token_lifetime{3600};
  std::deque<Fault> token_script{};
  std::set<std::string> revoked{};
  /// What is served below /cert/.
  http::Response certificate{200, {}, "genuine"};
  /// And below /thing/: "so" bears out what a webhook claims.
  http::Response thing{200, {}, "so"};

  /// The payer has acted: what waited takes effect.
  void act();
  [[nodiscard]] std::size_t effects_of(const std::string& payment) const;
  [[nodiscard]] std::size_t most_effects_of_one_key() const;

 private:
  struct Known {
    int status = 200;
    std::string body;
    Effect effect;
    bool done = true;
  };
  http::Response serve_token(Fault fault);
  http::Response serve(const http::Request& request, Fault fault);
  void apply(const Effect& effect) { effects.push_back(effect); }

  Later later_;
  std::map<std::string, Known> known_{};  // by idempotency key
};

/// A webhook as the scripted provider signs and writes it: "id type payment object …" in the body.
/// Shape: `type` is "irrelevant", "happened", "canceled", "charged MINOR", "captured MINOR",
/// "dispute ID MINOR
///        STATUS", or "throw" (the adapter cannot read it); `payment` and `object` may be "-".
[[nodiscard]] http::Request scripted_webhook(const std::string& id, const std::string& type,
                                             const std::string& payment = "-",
                                             const std::string& object = "-");

/// A webhook that is verified with the certificate at `path`, and sent to a URL with a secret path.
[[nodiscard]] http::Request certified_webhook(const std::string& id, const std::string& type,
                                              const std::string& payment,
                                              const std::string& certificate);

/// One whose claim is then confirmed by what is at `thing`, or by nothing at all ("nothing").
[[nodiscard]] http::Request claiming_webhook(const std::string& id, const std::string& type,
                                             const std::string& payment,
                                             const std::string& thing = "/thing/1");

/// The adapter for it. `name` is the provider's name; with `tokens` calls carry one.
[[nodiscard]] std::shared_ptr<const provider::Adapter> make_scripted_adapter(
    std::string name = "stub", bool tokens = false);

}  // namespace cambist::test

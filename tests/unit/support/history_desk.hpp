// An honest server for tests of the history's judge: commands come one after the other, the machine
// decides, and what is answered is what the payment actor would answer. No actors, no store.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/payment/owner.hpp"
#include "actors/payment/replies.hpp"
#include "protocols/payment/codec.hpp"
#include "tests/support/history.hpp"
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::test {

class Desk {
 public:
  std::vector<ClientCall> calls;
  Books books;
  TimePoint now{std::chrono::hours{24 * 365 * 50}};
  payment::CaptureMethod capture_method = payment::CaptureMethod::manual;

  /// A command, or a read; its place in `calls`. It stays open until it is answered.
  std::size_t create(std::int64_t minor = 10'000, const std::string& key = {}) {
    payment::Details details;
    details.amount = payment::usd(minor);
    details.capture = capture_method;
    details.provider = "stripe";
    details.method = {"card", "pm_card_visa", {}};
    const auto id = next_id<PaymentId>();
    return send(id.to_string(), "create",
                payment::Create{id, default_tenant(), details, next_id<OperationId>()}, key,
                "create " + std::to_string(minor));
  }
  std::size_t capture(const std::string& payment, std::optional<std::int64_t> minor = {},
                      const std::string& key = {}, bool final_capture = true) {
    return send(payment, "capture",
                payment::Capture{money(minor), final_capture, next_id<OperationId>()}, key,
                "capture " + payment + std::to_string(minor.value_or(0)));
  }
  std::size_t cancel(const std::string& payment, const std::string& key = {}) {
    return send(payment, "cancel", payment::Cancel{"", next_id<OperationId>()}, key,
                "cancel " + payment);
  }
  std::size_t refund(const std::string& payment, std::optional<std::int64_t> minor = {},
                     const std::string& key = {}) {
    return send(payment, "refund", payment::Refund{money(minor), "", next_id<OperationId>()}, key,
                "refund " + payment + std::to_string(minor.value_or(0)));
  }
  std::size_t confirm(const std::string& payment, const std::string& key = {}) {
    return send(payment, "confirm", payment::Confirm{}, key, "confirm " + payment);
  }
  std::size_t read(const std::string& payment) {
    const auto call = begin(payment, "read", {}, {}, {});
    return end(call, lives_.contains(payment)
                         ? api::payment_answer(200, lives_.at(payment).payment)
                         : api::problem({ErrorCode::not_found, "none"}, calls[call].request_id));
  }

  /// The provider answers the call that the payment owes.
  void provider_says(const std::string& payment, provider::Verdict verdict) {
    Life& life = lives_.at(payment);
    const auto* operation = payment::running(life.payment);
    if (operation == nullptr) return;
    const auto asks = payment::call_for(life.payment, *operation);
    auto decision = payment::decide(
        life.payment,
        payment::ProviderAnswered{asks.operation, asks.attempt, asks.inquiry, std::move(verdict)},
        policy_, now, 0.5);
    if (decision && !decision->events.empty()) step(life, decision->events, life.owner, {});
  }
  /// Whoever waits for the payment has waited long enough.
  void time_is_up(const std::string& payment) {
    Life& life = lives_.at(payment);
    if (life.waiter) end(*std::exchange(life.waiter, {}), api::payment_answer(202, life.payment));
  }
  /// Whoever waits goes away.
  void hang_up(const std::string& payment) { lives_.at(payment).waiter.reset(); }

  [[nodiscard]] std::string id_of(std::size_t call) const { return calls.at(call).payment; }
  [[nodiscard]] const payment::Payment& payment(const std::string& id) const {
    return lives_.at(id).payment;
  }
  [[nodiscard]] bool has(const std::string& id) const { return lives_.contains(id); }
  [[nodiscard]] std::vector<Violation> judged(const HistoryRules& rules = {}) const {
    std::vector<Violation> found;
    judge_history(calls, books, found, rules);
    return found;
  }

 private:
  struct Life {
    payment::Payment payment;
    actors::live::Owner owner;
    std::optional<std::size_t> waiter;  // in `calls`
  };
  struct Kept {
    Sha256 fingerprint{};
    bool completed = false;
    int status = 0;
    std::string body{};
  };

  template <class T>
  T next_id() {
    T id;
    id.bytes[14] = static_cast<std::uint8_t>(++ids_ / 256);
    id.bytes[15] = static_cast<std::uint8_t>(ids_ % 256);
    return id;
  }
  static std::optional<Money> money(std::optional<std::int64_t> minor) {
    return minor ? std::optional{payment::usd(*minor)} : std::nullopt;
  }

  std::size_t begin(const std::string& payment, const std::string& kind,
                    std::optional<payment::Command> command, const std::string& key,
                    const std::string& fingerprint) {
    now += std::chrono::milliseconds{1};
    ClientCall call;
    call.payment = payment;
    call.kind = kind;
    call.command = std::move(command);
    call.key = key;
    call.fingerprint = sha256(fingerprint);
    call.request_id = "req_" + std::to_string(calls.size());
    call.asked = ++position_;
    call.asked_at = now;
    calls.push_back(std::move(call));
    return calls.size() - 1;
  }
  std::size_t end(std::size_t at, api::Answer answer) {
    now += std::chrono::milliseconds{1};
    ClientCall& call = calls[at];
    call.answered = ++position_;
    call.answered_at = now;
    call.status = answer.status;
    call.body = std::move(answer.body);
    call.replayed = answer.replayed;
    return at;
  }

  std::size_t send(const std::string& id, const std::string& kind, payment::Command command,
                   const std::string& key, const std::string& fingerprint) {
    const auto at = begin(id, kind, command, key, fingerprint);
    Life fresh;
    Life& life = lives_.contains(id) ? lives_.at(id) : fresh;
    auto decision = payment::decide(life.payment, command, policy_, now, 0.5);
    const auto kept = keys_.find(key);
    if (!key.empty() && (kept != keys_.end())) {
      storage::KeyRecord record;
      record.fingerprint = kept->second.fingerprint;
      record.completed = kept->second.completed;
      record.status = kept->second.status;
      record.body = kept->second.body;
      return end(
          at, actors::live::answer_from_key(record, calls[at].fingerprint, calls[at].request_id));
    }
    if (!decision) return end(at, api::problem(decision.error(), calls[at].request_id));
    if (!key.empty()) keys_[key] = Kept{calls[at].fingerprint};
    const payment::Origin origin{key, calls[at].request_id};
    actors::live::sign(decision->events, origin);
    Life& kept_life = lives_.try_emplace(id, fresh).first->second;
    step(kept_life, decision->events, {origin, kind == "confirm"}, at);
    return at;
  }

  /// One commit, and whoever is answered by it.
  void step(Life& life, const std::vector<payment::Event>& events, actors::live::Owner asker,
            std::optional<std::size_t> asked) {
    now += std::chrono::milliseconds{1};
    for (payment::Event event : events) {
      life.payment = payment::evolve(std::move(life.payment), event);
      life.owner = actors::live::owner_after(std::move(life.owner), event.fact);
      auto encoded = payment::encode(event.fact);
      auto& stored = books.payments[life.payment.id.to_string()];
      storage::EventRow row;
      row.at = event.at;
      row.type = encoded.type;
      row.schema_version = encoded.version;
      row.json = encoded.json;
      stored.events.push_back({life.payment.version, std::move(row)});
    }
    auto outcome = actors::live::outcome_of(asker, events, life.payment, api::render(life.payment));
    const auto change = actors::live::key_change(asker, outcome);
    if (const auto* answer = std::get_if<storage::KeyAnswer>(&change)) {
      auto& kept = keys_[answer->key];
      kept.completed = true;
      kept.status = answer->status;
      kept.body = answer->body;
    } else if (const auto* release = std::get_if<storage::KeyRelease>(&change)) {
      keys_.erase(release->key);
    }
    if (asked) life.waiter = asked;
    if (outcome.answer && life.waiter) end(*std::exchange(life.waiter, {}), *outcome.answer);
  }

  payment::Policy policy_;
  std::map<std::string, Life> lives_;
  std::map<std::string, Kept> keys_;
  std::uint64_t position_ = 0;
  int ids_ = 0;
};

}  // namespace cambist::test

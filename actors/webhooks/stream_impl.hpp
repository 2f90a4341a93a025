// The stream actor's class. Only its own files include this: stream_actor.cpp (life, deadlines, the
// store's backlog), intake.cpp (what comes over the network), work.cpp (what becomes of it).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "actors/guarded.hpp"
#include "actors/webhooks/lines.hpp"
#include "actors/webhooks/pending.hpp"
#include "actors/webhooks/stream_actor.hpp"

namespace cambist::actors::webhooks {

using TakenPromise = caf::typed_response_promise<WebhookTaken>;

/// Parent: the supervisor of the streams, which starts it again after a backoff. It keeps nothing
/// that matters: every webhook it has answered for is in the store, due, and found again there.
class Stream final : public Guarded<stream_actor> {
 public:
  Stream(caf::actor_config& config, StreamParams params);

 protected:
  behavior_type make_behavior() override;
  void stopped() override;

 private:
  /// On its way into the store.
  struct Storing {
    Item item;
    TakenPromise promise;
    Ticket ticket;
    std::string answer;  // what the provider expects
  };

  /// Waits for what it is verified with, or for what confirms it.
  struct Proving {
    Intake intake;
    TakenPromise promise;
    std::string kept_as;       // empty: what is fetched is for this one webhook alone
    bool is_verified = false;  // what is fetched confirms what it claims
  };

  /// What became of a webhook, on its way into the store.
  struct Marking {
    storage::WebhookRow row;
    std::string status;
    std::string error;
  };

  // intake.cpp
  caf::result<WebhookTaken> take(Intake& intake);
  WebhookTaken refused(const Error& error, const char* outcome);
  void turn_away(TakenPromise& promise, const Error& error);
  void verify_first(Intake intake, TakenPromise promise);
  void prove(Proving waiting, provider::Evidence wanted);
  void proved(std::uint64_t number, const HttpOutcome& outcome);
  void verified_with(Proving waiting, const http::Response& evidence);
  void believe(Intake intake, TakenPromise promise);
  void accept(Intake intake, TakenPromise promise);
  void store(storage::WebhookRow row, Storing waiting, Ticket at_gate);
  void stored(std::uint64_t number, const Written& written);
  void not_stored(TakenPromise& promise, ErrorCode code);
  void keep(Item item);

  // stream_actor.cpp
  void look();
  void fetch();
  void fetched(const ReadDone& read, std::size_t limit);
  void pump();
  void sweep();
  void arm();
  [[nodiscard]] bool held(const WebhookId& id) const;
  [[nodiscard]] std::size_t load() const { return lines_.size() + being_marked_.size(); }
  [[nodiscard]] Mono mono() { return system().clock().now().time_since_epoch(); }

  // work.cpp
  void admit(storage::WebhookRow row);
  void arrive(Item item);
  void look_up(const Item& item);
  void looked_up(std::uint64_t number, const ReadDone& read);
  void found(const WebhookId& id, const std::optional<PaymentId>& owner);
  void reject(const WebhookId& id);
  void deliver(const Lines::Ready& ready);
  void delivered(std::uint64_t number, const Delivered& outcome);
  void settle(const WebhookId& id, const Delivered& outcome);
  void fail(const storage::WebhookRow& row, const char* status, std::string error);
  void mark(const storage::WebhookRow& row, storage::WebhookUpdate update);
  void marked(std::uint64_t number, const storage::AppendResult& result);
  void tell_dead(const storage::WebhookRow& row, const std::string& error) const;
  void forget(const WebhookId& id);

  const StreamParams params_;
  Lines lines_{};
  Pending<Proving> proving_{};
  std::map<std::string, http::Response> evidence_{};  // what is the same for many webhooks
  Pending<Storing> storing_{};
  Pending<WebhookId> looking_up_{};
  Pending<WebhookId> delivering_{};
  Pending<Marking> marking_{};
  std::unordered_set<WebhookId> being_marked_{};

  bool caught_up_ = false;  // the store holds nothing due that is not in memory
  bool missed_ = false;     // something was left in the store since the last fetch was sent
  bool resting_ = false;    // the store failed: no fetch before the next look
  bool reading_ = false;
  // They left while a fetch is under way: what it finds of them is old.
  std::unordered_set<WebhookId> left_meanwhile_{};
  bool armed_ = false;
};

}  // namespace cambist::actors::webhooks

// The outbox supervisor's class. Only its own files include this: outbox_actor.cpp (children, the
// doorbell), outbox_changes.cpp (what becomes of a change).
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/guarded.hpp"
#include "actors/outbox/outbox_actor.hpp"

namespace cambist::actors::outbound {

using Mono = std::chrono::nanoseconds;
using ChangedPromise = caf::typed_response_promise<EndpointChanged>;

/// Parent: the root; its failure is the whole tree's, like the directory's. A delivery actor that
/// has spent its restarts is left alone for a while; the others go on.
class OutboxActor final : public Guarded<supervisor_actor> {
 public:
  OutboxActor(caf::actor_config& config, Params params);

 protected:
  behavior_type make_behavior() override;
  void stopped() override;

 private:
  struct Entry {
    storage::EndpointRow row;
    std::size_t child = 0;
    delivery_actor actor{};
    bool held = false;  // its cursor is being moved
    std::shared_ptr<Progress> progress = std::make_shared<Progress>();
  };
  /// A client's change, or an endpoint to be disabled; done one after the other.
  struct ClientWork {
    ChangeEndpoint change;
    ChangedPromise promise;
    Mono until;
  };
  using Work = std::variant<ClientWork, GaveUp>;
  using Rows = std::vector<storage::EndpointRow>;

  // outbox_actor.cpp
  void load(std::optional<TenantId> tenant);
  void reconcile(const std::optional<TenantId>& tenant, const Rows& rows);
  void start(const storage::EndpointRow& row);
  void stop(const EndpointId& id);
  void renew(const storage::EndpointRow& row);
  void ring();
  void look(const TenantId& tenant, std::uint64_t after);
  void nudge(const TenantId& tenant, std::uint64_t position);
  void drain();
  void leave_alone(std::size_t child);
  [[nodiscard]] Mono mono() { return system().clock().now().time_since_epoch(); }
  [[nodiscard]] TimePoint now() const { return shared_->now(); }

  // outbox_changes.cpp
  caf::result<EndpointChanged> take(ChangeEndpoint& change);
  void next();
  void handle(ClientWork& work);
  void handle(GaveUp& gave_up);
  [[nodiscard]] std::optional<Error> refusal(const ChangeEndpoint& change) const;
  void rewind(const RewindEndpoint& rewind);
  void commit(std::vector<storage::Record> rows);
  void committed(std::uint64_t serial, const Written* written);
  void carry_out(ClientWork& work);
  void send_one(ClientWork& work, std::optional<EventId> event);
  void created(ClientWork& work);
  void answer(ClientWork& work, EndpointChanged changed);
  void fail(Error error);
  void look_after_deadlines();
  [[nodiscard]] EndpointChanged changed(const Entry& entry) const;

  const Params params_;
  const std::shared_ptr<const Shared> shared_;
  supervision::Keeper keeper_;
  std::map<EndpointId, Entry> entries_{};
  std::map<TenantId, std::size_t> per_tenant_{};
  std::deque<Work> queue_{};
  std::optional<Work> current_{};
  storage::EndpointRow next_row_{};   // what the current change makes of the endpoint
  std::uint64_t serial_ = 0;          // of the current change's step
  std::optional<Mono> busy_until_{};  // its deadline
  std::optional<TenantId> reread_{};  // whose rows may differ from ours
  bool loaded_ = false;
  bool loading_ = false;
  Mono load_at_{};
  std::optional<TenantId> rang_last_{};
  std::map<TenantId, Mono> looking_{};  // reads under way, and when they count as lost
  std::size_t ended_ = 0;               // the child that was last found ended
  std::size_t reported_ = 0;            // events that all delivery actors hold
  bool draining_ = false;
};

}  // namespace cambist::actors::outbound

#include "actors/outbox/outbox_actor.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include <spdlog/spdlog.h>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include "actors/outbox/outbox_impl.hpp"
#include "actors/reader/read.hpp"

namespace cambist::actors::outbound {
namespace {

constexpr auto load_pause = std::chrono::seconds{1};
// A delivery actor that has spent its restarts is started again after this.
constexpr auto alone_for = std::chrono::minutes{5};
// Tenants whose outbox is looked at in one poll; the others have their turn in the next.
constexpr std::size_t looks_max = 64;

}  // namespace

OutboxActor::OutboxActor(caf::actor_config& config, Params params)
    : Guarded(config, "outbox", params.shared.telemetry),
      params_(std::move(params)),
      shared_(std::make_shared<const Shared>(params_.shared)),
      keeper_(*this, supervision::KeeperParams{
                         .policy = params_.restart,
                         .now = shared_->now,
                         .random = shared_->random,
                         .telemetry = shared_->telemetry,
                         .post = params_.post,
                         .restart_later =
                             [this](Duration wait, std::size_t child) {
                               delayed_send(self(), wait, supervision::RestartDue{child});
                             },
                         .escalate = [this](const std::string&) { leave_alone(ended_); },
                         .ended = [this](std::size_t child) { ended_ = child; }}) {}

OutboxActor::behavior_type OutboxActor::make_behavior() {
  set_down_handler([this](caf::down_msg& message) {
    keeper_.down(message);
    if (draining_) drain();
  });
  load(std::nullopt);
  delayed_send(self(), shared_->limits.poll, Poll{});
  return {
      [this](ChangeEndpoint& change) -> caf::result<EndpointChanged> { return take(change); },
      [this](const OutboxGrew& grew) {
        nudge(grew.tenant, std::numeric_limits<std::uint64_t>::max());
      },
      [this](GaveUp& gave_up) {
        queue_.emplace_back(std::move(gave_up));
        next();
      },
      [this](Poll) {
        delayed_send(self(), shared_->limits.poll, Poll{});
        look_after_deadlines();
        if (!loaded_) load(std::nullopt);
        next();
        ring();
      },
      [this](Drain) {
        draining_ = true;
        drain();
      },
      [this](const supervision::RestartDue& due) {
        if (!draining_) keeper_.restart(due.child);
      },
  };
}

void OutboxActor::stopped() {
  keeper_.stop_all();
  if (current_) queue_.push_front(std::move(*current_));
  current_.reset();
  for (Work& work : queue_) {
    auto* client = std::get_if<ClientWork>(&work);
    if (client == nullptr || !client->promise.pending()) continue;
    EndpointChanged changed;
    changed.error = Error{ErrorCode::unavailable, "the outbox has stopped"};
    client->promise.deliver(std::move(changed));
  }
  queue_.clear();
  entries_.clear();
}

// --- the endpoints, as they are stored
// ----------------------------------------------------------------

/// Of all tenants at the start; of one when a commit failed and nobody knows whether it is there.
void OutboxActor::load(std::optional<TenantId> tenant) {
  if (loading_ || mono() < load_at_ || draining_) return;
  loading_ = true;
  const auto failed = [this] {
    loading_ = false;
    load_at_ = mono() + load_pause;
  };
  request(shared_->reader, shared_->limits.store_timeout,
          make_read([tenant](storage::Reader& reader) { return reader.endpoints(tenant); }))
      .then(
          [this, tenant, failed](const ReadDone& read) {
            const auto& rows = value_of<Result<Rows>>(read);
            if (!rows) return failed();
            loading_ = false;
            loaded_ = true;
            reread_.reset();
            reconcile(tenant, *rows);
            next();
          },
          [failed](const caf::error&) { failed(); });
}

void OutboxActor::reconcile(const std::optional<TenantId>& tenant, const Rows& rows) {
  std::set<EndpointId> there;
  for (const storage::EndpointRow& row : rows) there.insert(row.id);
  std::vector<EndpointId> gone;
  for (const auto& [id, entry] : entries_) {
    if ((!tenant || entry.row.tenant == *tenant) && !there.contains(id)) gone.push_back(id);
  }
  for (const EndpointId& id : gone) stop(id);
  for (const storage::EndpointRow& row : rows) {
    const auto found = entries_.find(row.id);
    if (found == entries_.end()) {
      start(row);
      continue;
    }
    if (found->second.row.updated_at != row.updated_at) renew(row);
    if (std::exchange(found->second.held, false) && keeper_.handle(found->second.child)) {
      send(found->second.actor, Load{});
    }
  }
}

void OutboxActor::start(const storage::EndpointRow& row) {
  const EndpointId id = row.id;
  Entry& entry = entries_[id];
  entry.row = row;
  ++per_tenant_[row.tenant];
  const auto gave_up = [supervisor = caf::actor_cast<caf::actor_addr>(self())](GaveUp message) {
    if (auto handle = caf::actor_cast<caf::actor>(supervisor)) {
      caf::anon_send(handle, std::move(message));
    }
  };
  entry.child = keeper_.start(supervision::Child{
      .name = id.to_string(),
      .kind = "delivery",
      .spawn =
          [this, id, gave_up] {
            Entry& own = entries_.at(id);
            own.progress->idle = false;
            own.actor = spawn_delivery(system(), DeliveryParams{.shared = shared_,
                                                                .row = own.row,
                                                                .held = own.held,
                                                                .progress = own.progress,
                                                                .gave_up = gave_up});
            return caf::actor_cast<caf::actor>(own.actor);
          },
      .mailbox_depth = [progress = entry.progress] { return progress->depth.load(); }});
}

void OutboxActor::stop(const EndpointId& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  keeper_.forget(found->second.child);
  const auto count = per_tenant_.find(found->second.row.tenant);
  if (--count->second == 0) per_tenant_.erase(count);
  entries_.erase(found);
}

void OutboxActor::renew(const storage::EndpointRow& row) {
  Entry& entry = entries_.at(row.id);
  entry.row = row;
  entry.progress->idle = false;
  if (keeper_.handle(entry.child)) send(entry.actor, Renewed{row});
}

void OutboxActor::leave_alone(std::size_t child) {
  spdlog::error("endpoint_left_alone child={}", child);
  delayed_send(self(), alone_for, supervision::RestartDue{child});
}

// --- the doorbell: one look per tenant, however many endpoints it has
// -------------------------------------------

void OutboxActor::ring() {
  if (draining_) return;
  const Mono time = mono();
  std::erase_if(looking_, [&](const auto& entry) { return entry.second <= time; });
  std::map<TenantId, std::uint64_t> idle;  // how far the one that has read least has read
  std::size_t held = 0;
  for (const auto& [id, entry] : entries_) {
    held += entry.progress->depth;
    if (!entry.progress->idle) continue;
    const std::uint64_t read_to = entry.progress->read_to;
    const auto [at, fresh] = idle.emplace(entry.row.tenant, read_to);
    if (!fresh) at->second = std::min(at->second, read_to);
  }
  if (std::exchange(reported_, held) != held) telemetry().queue_depth("outbox", held);
  auto next = rang_last_ ? idle.upper_bound(*rang_last_) : idle.begin();
  for (std::size_t i = 0; i < std::min(idle.size(), looks_max); ++i, ++next) {
    if (next == idle.end()) next = idle.begin();
    look(next->first, next->second);
    rang_last_ = next->first;
  }
}

void OutboxActor::look(const TenantId& tenant, std::uint64_t after) {
  if (!looking_.emplace(tenant, mono() + shared_->limits.store_timeout).second) return;
  request(shared_->reader, caf::infinite, make_read([tenant, after](storage::Reader& reader) {
            return reader.outbox(tenant, after, 1);
          }))
      .then(
          [this, tenant](const ReadDone& read) {
            looking_.erase(tenant);
            const auto& found = value_of<Result<std::vector<storage::StoredOutbox>>>(read);
            if (found && !found->empty()) nudge(tenant, found->front().position);
          },
          [this, tenant](const caf::error&) { looking_.erase(tenant); });
}

void OutboxActor::nudge(const TenantId& tenant, std::uint64_t position) {
  for (auto& [id, entry] : entries_) {
    if (entry.row.tenant != tenant || entry.progress->read_to >= position) continue;
    if (!keeper_.handle(entry.child) || !entry.progress->idle.exchange(false)) continue;
    send(entry.actor, Nudge{});
  }
}

/// Attempts under way get their answer, within the patience of the root; then everything ends.
void OutboxActor::drain() {
  bool running = false;
  for (auto& [id, entry] : entries_) {
    if (!keeper_.handle(entry.child)) continue;
    running = true;
    keeper_.expect_end(entry.child);
    send(entry.actor, Drain{});
  }
  if (!running) quit();
}

supervisor_actor spawn(caf::actor_system& system, Params params) {
  return system.spawn<OutboxActor>(std::move(params));
}

}  // namespace cambist::actors::outbound

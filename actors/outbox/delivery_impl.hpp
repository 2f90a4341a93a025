// The delivery actor's class. Only its own files include this: delivery_actor.cpp (messages,
// timers, the end), delivery_reads.cpp (cursor and pages), delivery_sends.cpp (attempts),
// delivery_writes.cpp (what became of them), delivery_once.cpp (tests and redeliveries).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/guarded.hpp"
#include "actors/outbox/delivery_actor.hpp"
#include "actors/outbox/posting.hpp"
#include "actors/outbox/window.hpp"

namespace cambist::actors::outbound {

using Mono = std::chrono::nanoseconds;  // the actor clock, since its start
using ChangedPromise = caf::typed_response_promise<EndpointChanged>;

/// Where the store says the endpoint stands.
struct Standing {
  std::uint64_t cursor = 0;
  std::vector<storage::DeliveryRow> behind;
};
/// An event, and what is stored of its delivery to this endpoint.
struct Found {
  std::optional<storage::StoredOutbox> event;
  std::optional<storage::DeliveryRow> delivery;
};

/// Parent: the outbox supervisor, which starts it again from what is stored. It never touches the
/// endpoint's row itself. A disabled endpoint has an actor too: it reads and sends nothing by
/// itself, but serves tests and redeliveries.
class DeliveryActor final : public Guarded<delivery_actor> {
 public:
  DeliveryActor(caf::actor_config& config, DeliveryParams params);

 protected:
  behavior_type make_behavior() override;
  void stopped() override;

 private:
  /// An attempt under way. A late answer to one that is not in the list any more is dropped.
  struct Flight {
    std::uint64_t position = 0;
    TimePoint at{};
    Mono until{};
    std::optional<ChangedPromise> promise{};  // a test or redelivery
    storage::DeliveryRow delivery{};          // what was stored of it, for a redelivery
  };
  /// What must become durable. One at a time for each position.
  struct Unsaved {
    storage::DeliveryPut put;
    std::uint64_t serial = 0;  // of the write under way; 0: none
    Mono due{};                // then it is written again
    std::optional<ChangedPromise> promise{};
  };
  struct Reading {
    std::uint64_t serial = 0;
    Mono until;
  };

  // delivery_actor.cpp
  void settle_up();
  void look_after_deadlines();
  void arm();
  void renew(Renewed& renewed);
  void drop_everything();
  [[nodiscard]] bool active() const { return row_.enabled && !held_ && !given_up_ && !draining_; }
  [[nodiscard]] Mono mono() { return system().clock().now().time_since_epoch(); }
  [[nodiscard]] const OutboxParams& limits() const { return params_.shared->limits; }
  [[nodiscard]] TimePoint now() const { return params_.shared->now(); }

  // delivery_reads.cpp
  template <class Value, class Query, class Then>
  void read(Query query, Then then);
  void load();
  void loaded(Standing standing);
  void read_more();
  void take_page(std::vector<storage::StoredOutbox>& page, std::size_t limit);
  [[nodiscard]] std::optional<Item> item_of(storage::StoredOutbox& stored);
  void fetch_body(Item& item);

  // delivery_sends.cpp
  void pump();
  void attempt(Item& item);
  void send(Flight flight, const EventId& event, const std::string& body);
  void answered(std::uint64_t serial, const HttpOutcome& outcome);
  void attempt_met(const Flight& flight, const Met& met);
  void give_up(Item& item, storage::DeliveryRow row, std::string reason);
  [[nodiscard]] storage::DeliveryRow row_of(const Item& item) const;

  // delivery_writes.cpp
  void save(storage::DeliveryPut put, std::optional<ChangedPromise> promise = {});
  void write(std::uint64_t position);
  void written(std::uint64_t position, std::uint64_t serial, const Written* outcome);
  void saved(std::uint64_t position);
  void save_cursor();

  // delivery_once.cpp
  caf::result<EndpointChanged> send_one(const SendOne& request);
  void redeliver(const EventId& event, ChangedPromise promise);
  void found_event(Found& found, ChangedPromise promise);
  void once_met(Flight& flight, const Met& met);
  [[nodiscard]] EndpointChanged changed(std::optional<storage::DeliveryRow> delivery = {}) const;

  const DeliveryParams params_;
  storage::EndpointRow row_;
  Window window_;
  std::map<std::uint64_t, storage::DeliveryRow> known_{};  // stored, of what is not read yet
  std::map<std::uint64_t, Flight> flights_{};              // by serial: the oldest first
  std::map<std::uint64_t, Unsaved> unsaved_{};             // by position
  std::optional<Reading> reading_{};                       // the cursor, or a page
  std::map<std::uint64_t, Mono> fetching_{};               // bodies, by position: give up then
  Mono read_again_at_{};
  std::uint64_t serial_ = 0;
  std::uint64_t generation_ = 0;  // of the window; what an older one asked for is not heard
  std::uint64_t read_to_ = 0;
  std::uint64_t stored_cursor_ = 0;
  std::size_t skipped_ = 0;           // events not wanted since the cursor was last stored
  std::optional<Mono> cursor_due_{};  // it is stored then, whatever happens
  std::optional<Reading> cursor_write_{};
  std::size_t once_ = 0;  // tests and redeliveries not answered yet
  bool loaded_ = false;
  bool at_end_ = false;  // the last page was not full
  bool grew_ = false;    // told so while a page was read
  bool held_;
  bool given_up_ = false;
  bool draining_ = false;
  std::optional<Mono> armed_for_{};
  std::uint64_t armed_serial_ = 0;
};

}  // namespace cambist::actors::outbound

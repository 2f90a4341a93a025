// What becomes of a change: checked, made durable with its audit line, told, answered. One after
// the other, so that each starts from the row that the one before has left.
#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>
#include <caf/sec.hpp>

#include "actors/outbox/edits.hpp"
#include "actors/outbox/outbox_impl.hpp"
#include "actors/reader/read.hpp"
#include "protocols/core/failpoint.hpp"
#include "protocols/core/overloaded.hpp"

namespace cambist::actors::outbound {
namespace {

constexpr std::size_t waiting_max = 256;
// All that is asked of us is answered within 20 s; a test needs most of it for its attempt.
constexpr auto answer_max = std::chrono::seconds{19};
constexpr auto let_go_max = std::chrono::seconds{5};

Error unavailable() {
  return {ErrorCode::unavailable, "the endpoint cannot be changed now"};
}

/// What the runtime itself does is in the audit log too.
storage::AuditRow disabling(const storage::EndpointRow& row, TimePoint now, const Random& random) {
  storage::AuditRow audit;
  audit.id = AuditId::make(now, random);
  audit.tenant = row.tenant;
  audit.at = now;
  audit.actor = "runtime";
  audit.action = "endpoint.disable";
  audit.object = row.id.to_string();
  return audit;
}

}  // namespace

caf::result<EndpointChanged> OutboxActor::take(ChangeEndpoint& change) {
  if (draining_ || queue_.size() >= waiting_max) {
    EndpointChanged answer;
    answer.error =
        draining_ ? unavailable() : Error{ErrorCode::overloaded, "too many changes are waiting"};
    return answer;
  }
  auto promise = make_response_promise<EndpointChanged>();
  queue_.emplace_back(ClientWork{std::move(change), promise, mono() + answer_max});
  next();
  return promise;
}

void OutboxActor::next() {
  if (reread_ && loaded_ && !current_) return load(reread_);
  while (loaded_ && !loading_ && !current_ && !reread_ && !queue_.empty()) {
    current_ = std::move(queue_.front());
    queue_.pop_front();
    std::visit([this](auto& work) { handle(work); }, *current_);
  }
}

std::optional<Error> OutboxActor::refusal(const ChangeEndpoint& change) const {
  const auto found = entries_.find(target_of(change));
  if (!std::holds_alternative<CreateEndpoint>(change.change)) {
    if (found != entries_.end() && found->second.row.tenant == change.tenant) return std::nullopt;
    return Error{ErrorCode::not_found, "There is no such endpoint."};
  }
  const auto count = per_tenant_.find(change.tenant);
  if (found != entries_.end() ||
      std::get<CreateEndpoint>(change.change).row.tenant != change.tenant) {
    return Error{ErrorCode::invalid_request, "The endpoint exists, or is another tenant's."};
  }
  if (entries_.size() >= shared_->limits.endpoints_max ||
      (count != per_tenant_.end() && count->second >= shared_->limits.endpoints_per_tenant_max)) {
    return Error{ErrorCode::overloaded, "There are too many endpoints."};
  }
  return std::nullopt;
}

void OutboxActor::handle(ClientWork& work) {
  if (auto refused = refusal(work.change)) return fail(std::move(*refused));
  const auto found = entries_.find(target_of(work.change));
  next_row_ = edited(found == entries_.end() ? storage::EndpointRow{} : found->second.row,
                     work.change, now());
  std::vector<storage::Record> rows{audit_of(work.change, now(), shared_->random)};
  std::visit(Overloaded{
                 [&](const DeleteEndpoint& gone) {
                   rows.emplace_back(storage::EndpointGone{work.change.tenant, gone.id});
                   commit(std::move(rows));
                 },
                 [&](const RewindEndpoint& change) { rewind(change); },
                 [&](const Redeliver&) { commit(std::move(rows)); },
                 [&](const TestEndpoint&) { commit(std::move(rows)); },
                 [&](const auto&) {
                   rows.emplace_back(storage::EndpointPut{next_row_});
                   commit(std::move(rows));
                 },
             },
             work.change.change);
}

/// The delivery actor lets go first: a delivery that is marked after the cursor was set back would
/// move it forward again. What it has sent to the journal before is committed before.
void OutboxActor::rewind(const RewindEndpoint& rewind) {
  Entry& entry = entries_.at(rewind.id);
  entry.held = true;  // should it be started again meanwhile, it waits
  const std::uint64_t serial = ++serial_;
  const auto move = [this, serial, rewind] {
    if (!current_ || serial != serial_) return;
    const auto& work = std::get<ClientWork>(*current_);
    commit({audit_of(work.change, now(), shared_->random),
            storage::CursorMoved{rewind.id, rewind.cursor}});
  };
  if (!keeper_.handle(entry.child)) return move();
  busy_until_ = mono() + 2 * let_go_max;
  request(entry.actor, let_go_max, LetGo{})
      .then([move](LetGone) { move(); },
            [this, move, serial](const caf::error& why) {
              if (why == caf::sec::request_receiver_down) return move();
              if (!current_ || serial != serial_) return;
              committed(serial, nullptr);
            });
}

/// Another event of the endpoint may have been the last that was tried: then it is changed already.
void OutboxActor::handle(GaveUp& gave_up) {
  const auto found = entries_.find(gave_up.id);
  const bool stale = found == entries_.end() || !found->second.row.enabled ||
                     found->second.row.updated_at != gave_up.known_at;
  if (stale) {
    if (found != entries_.end()) renew(found->second.row);
    current_.reset();
    return;
  }
  next_row_ = found->second.row;
  next_row_.enabled = false;
  next_row_.disabled_reason = gave_up.reason;
  next_row_.updated_at = now();
  commit({disabling(next_row_, now(), shared_->random), storage::DeliveryPut{gave_up.delivery, {}},
          storage::EndpointPut{next_row_}});
}

void OutboxActor::commit(std::vector<storage::Record> rows) {
  const std::uint64_t serial = ++serial_;
  busy_until_ = mono() + shared_->limits.store_timeout;
  Ticket ticket = shared_->journal_gate->try_enter();
  if (!ticket) return committed(serial, nullptr);
  request(shared_->journal, caf::infinite,
          Write{storage::Records{std::move(rows)}, std::move(ticket)})
      .then([this, serial](const Written& written) { committed(serial, &written); },
            [this, serial](const caf::error&) { committed(serial, nullptr); });
}

void OutboxActor::committed(std::uint64_t serial, const Written* written) {
  if (!current_ || serial != serial_) return;
  ++serial_;
  busy_until_.reset();
  Work work = std::move(*current_);
  current_.reset();
  auto* client = std::get_if<ClientWork>(&work);
  if (written != nullptr && std::holds_alternative<storage::Appended>(written->result)) {
    failpoint("endpoint.stored");
    if (client != nullptr) {
      carry_out(*client);
    } else {
      telemetry().delivery_attempted("disabled", Duration{0});
      renew(next_row_);
    }
    return next();
  }
  // Nobody knows whether it is there: before the next change all is read again.
  const GaveUp* gave_up = std::get_if<GaveUp>(&work);
  reread_ = client != nullptr ? client->change.tenant : entries_.at(gave_up->id).row.tenant;
  load_at_ = mono() + std::chrono::seconds{1};
  const auto* error = written ? std::get_if<Error>(&written->result) : nullptr;
  if (client != nullptr) {
    EndpointChanged failed;
    failed.error = unavailable();
    if (error != nullptr && error->code == ErrorCode::internal) {  // it can never be stored
      failed.error = Error{ErrorCode::invalid_request, error->detail, error->field};
    }
    answer(*client, std::move(failed));
  } else {
    queue_.push_front(std::move(work));
  }
  next();
}

void OutboxActor::carry_out(ClientWork& work) {
  const EndpointId id = target_of(work.change);
  if (std::holds_alternative<CreateEndpoint>(work.change.change)) {
    start(next_row_);
    return created(work);
  }
  Entry& entry = entries_.at(id);
  std::visit(Overloaded{
                 [&](const DeleteEndpoint&) {
                   answer(work, changed(entry));
                   stop(id);
                 },
                 [&](const RewindEndpoint& rewind) {
                   entry.held = false;
                   entry.progress->cursor = rewind.cursor;
                   if (keeper_.handle(entry.child)) send(entry.actor, Load{});
                   answer(work, changed(entry));
                 },
                 [&](const Redeliver& redeliver) { send_one(work, redeliver.event); },
                 [&](const TestEndpoint&) { send_one(work, std::nullopt); },
                 [&](const auto&) {
                   renew(next_row_);
                   answer(work, changed(entry));
                 },
             },
             work.change.change);
}

void OutboxActor::send_one(ClientWork& work, std::optional<EventId> event) {
  Entry& entry = entries_.at(target_of(work.change));
  auto promise = work.promise;
  auto failed = [promise, row = entry.row](const Error& error) mutable {
    EndpointChanged answer;
    answer.row = row;
    answer.error = error;
    if (promise.pending()) promise.deliver(std::move(answer));
  };
  if (!keeper_.handle(entry.child)) return failed(unavailable());
  const Mono least = std::chrono::seconds{1};
  request(entry.actor, std::max(least, work.until - mono()), SendOne{event})
      .then([promise](EndpointChanged& answer) mutable { promise.deliver(std::move(answer)); },
            [failed](const caf::error&) mutable { failed(unavailable()); });
}

/// Where its cursor stands only the store knows.
void OutboxActor::created(ClientWork& work) {
  auto promise = work.promise;
  auto reply = [promise](storage::EndpointRow row) mutable {
    EndpointChanged answer;
    answer.row = std::move(row);
    promise.deliver(std::move(answer));
  };
  request(shared_->reader, shared_->limits.store_timeout,
          make_read([tenant = work.change.tenant](storage::Reader& reader) {
            return reader.endpoints(tenant);
          }))
      .then(
          [reply, row = next_row_](const ReadDone& read) mutable {
            const auto& rows = value_of<Result<Rows>>(read);
            if (!rows) return reply(row);
            const auto found = std::find_if(rows->begin(), rows->end(),
                                            [&](const auto& one) { return one.id == row.id; });
            reply(found == rows->end() ? row : *found);
          },
          [reply, row = next_row_](const caf::error&) mutable { reply(row); });
}

void OutboxActor::answer(ClientWork& work, EndpointChanged changed) {
  if (work.promise.pending()) work.promise.deliver(std::move(changed));
}

/// The change at hand is refused; nothing of it was written.
void OutboxActor::fail(Error error) {
  Work work = std::move(*current_);
  current_.reset();
  EndpointChanged refused;
  refused.error = std::move(error);
  answer(std::get<ClientWork>(work), std::move(refused));
}

void OutboxActor::look_after_deadlines() {
  const Mono time = mono();
  if (current_ && busy_until_ && *busy_until_ <= time) committed(serial_, nullptr);
  std::erase_if(queue_, [&](Work& work) {
    auto* client = std::get_if<ClientWork>(&work);
    if (client == nullptr || client->until > time) return false;
    EndpointChanged late;
    late.error = unavailable();
    answer(*client, std::move(late));
    return true;
  });
}

EndpointChanged OutboxActor::changed(const Entry& entry) const {
  EndpointChanged answer;
  answer.row = entry.row;
  answer.row.cursor = entry.progress->cursor;
  return answer;
}

}  // namespace cambist::actors::outbound

// What becomes of a stored webhook: its payment is found, told, and what it answers is kept.
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/reader/read.hpp"
#include "actors/roll.hpp"
#include "actors/webhooks/adapter_guard.hpp"
#include "actors/webhooks/stream_impl.hpp"
#include "protocols/bank/credit.hpp"
#include "protocols/core/failpoint.hpp"
#include "protocols/core/planted.hpp"

namespace cambist::actors::webhooks {
namespace {

std::optional<PaymentId> named_by(const provider::Notice& notice) {
  const auto payment = PaymentId::parse(notice.payment);
  return payment ? std::optional{*payment} : std::nullopt;
}

/// The event whose payment this one is about too, where nothing else says whose it is: a bank takes
/// money back under the id of the credit, and often without its reference.
std::string followed_by(const provider::Notice& notice) {
  const auto* seen = std::get_if<provider::TransferSeen>(&notice.news);
  if (seen == nullptr || seen->kind != provider::TransferKind::reversal) return {};
  return bank::event_of(seen->transfer, bank::EntryKind::credit);
}

}  // namespace

/// A webhook from the store: read again, since only its bytes are kept.
void Stream::admit(storage::WebhookRow row) {
  auto notice = read(*params_.adapter, row.path, row.body);
  row.body.clear();
  if (!notice) return fail(row, "retrying", notice.error().detail);
  if (std::holds_alternative<provider::Irrelevant>(notice->news)) {  // replayed
    return mark(
        row,
        {.id = row.id, .status = "ignored", .attempts = row.attempts + 1, .at = params_.now()});
  }
  arrive(Item{std::move(row), std::move(*notice)});
}

/// A path is no signature: whoever knows the secret can put another payment's id of the provider
/// behind it. So what brings such an id is looked up, whomever the path names.
void Stream::arrive(Item item) {
  auto payment = named_by(item.notice);
  const bool by_path = !item.row.path.empty();
  if (by_path && !item.notice.provider_payment_id.empty()) payment.reset();
  lines_.arrive(std::move(item), payment);
}

void Stream::look_up(const Item& item) {
  const WebhookId id = item.row.id;
  const std::uint64_t number = looking_up_.add(id, mono() + params_.limits.store_max);
  request(params_.reader, caf::infinite,
          make_read([provider = params_.provider, object = item.notice.provider_payment_id,
                     earlier = followed_by(item.notice)](storage::Reader& reader) {
            Result<std::optional<PaymentId>> found{std::nullopt};
            if (!object.empty()) found = reader.payment_at_provider(provider, object);
            if (!found || *found || earlier.empty()) return found;
            return reader.payment_of_event(provider, earlier);
          }))
      .then([this, number](const ReadDone& read) { looked_up(number, read); },
            [this, number](const caf::error&) {
              if (const auto gone = looking_up_.take(number)) forget(*gone);
            });
}

void Stream::looked_up(std::uint64_t number, const ReadDone& read) {
  const auto id = looking_up_.take(number);
  if (!id) return;
  const auto& payment = value_of<Result<std::optional<PaymentId>>>(read);
  if (!payment) {
    forget(*id);
  } else {
    found(*id, *payment);
  }
  pump();
}

/// `owner` is the payment that the provider's id belongs to, if it belongs to one.
void Stream::found(const WebhookId& id, const std::optional<PaymentId>& owner) {
  const Item* item = lines_.find(id);
  if (item == nullptr) return;
  const auto named = named_by(item->notice);
  if (named && owner && *named != *owner) return reject(id);
  if (const auto payment = named ? named : owner) return lines_.found(id, *payment);
  settle(id, {Delivered::Outcome::unknown_payment, "No payment is known by this object."});
}

/// Dead at once: no later attempt can be right, and people should see it.
void Stream::reject(const WebhookId& id) {
  const auto item = lines_.take(id);
  if (!item) return;
  if (reading_) left_meanwhile_.insert(id);
  mark(item->row, {.id = id,
                   .status = "dead",
                   .attempts = item->row.attempts + 1,
                   .payment = item->row.payment,
                   .error = "The provider's id belongs to another payment.",
                   .at = params_.now()});
}

void Stream::deliver(const Lines::Ready& ready) {
  failpoint("webhook.before_apply");
  if (planted("webhook_marked_before_effect")) {
    const storage::WebhookRow& row = ready.item->row;
    mark(row, {.id = row.id,
               .status = "applied",
               .attempts = row.attempts + 1,
               .payment = ready.payment,
               .at = params_.now()});
  }
  const std::uint64_t number =
      delivering_.add(ready.item->row.id, mono() + params_.limits.deliver_max);
  request(params_.payments, caf::infinite,
          Deliver{ready.payment, ready.item->notice, ready.item->row})
      .then([this, number](const Delivered& outcome) { delivered(number, outcome); },
            [this, number](const caf::error&) {
              delivered(number, {Delivered::Outcome::failed, "The payment's actor has failed."});
            });
}

void Stream::delivered(std::uint64_t number, const Delivered& outcome) {
  const auto id = delivering_.take(number);
  if (!id) return;  // given up before
  settle(*id, outcome);
  pump();
}

void Stream::settle(const WebhookId& id, const Delivered& outcome) {
  const auto item = lines_.take(id);
  if (!item) return;
  if (reading_) left_meanwhile_.insert(id);
  using enum Delivered::Outcome;
  switch (outcome.outcome) {
    case applied:
    case ignored:  // the payment has marked it
      telemetry().webhook_settled(params_.provider,
                                  outcome.outcome == applied ? "applied" : "ignored",
                                  params_.now() - item->row.received_at);
      return;
    case unknown_payment:
      return fail(item->row, "parked",
                  outcome.detail.empty() ? "There is no such payment." : outcome.detail);
    case later:
    case failed:
      return fail(item->row, "retrying", outcome.detail);
  }
}

void Stream::fail(const storage::WebhookRow& row, const char* status, std::string error) {
  mark(row, after_failure(row, status, std::move(error), params_.limits.retry, params_.now(),
                          roll(params_.random)));
}

/// Without the mark it stays due, and is found by a later look: nothing is lost, and no attempt is
/// counted while the store cannot be written.
void Stream::mark(const storage::WebhookRow& row, storage::WebhookUpdate update) {
  Ticket at_gate = params_.journal_gate->try_enter();
  if (!at_gate) {
    resting_ = true;
    return;
  }
  being_marked_.insert(row.id);
  const std::uint64_t number =
      marking_.add(Marking{row, update.status, update.error}, mono() + params_.limits.store_max);
  request(params_.journal, caf::infinite,
          Write{storage::Records{{std::move(update)}}, std::move(at_gate), mono()})
      .then([this, number](const Written& written) { marked(number, written.result); },
            [this, number](const caf::error&) {
              marked(number, Error{ErrorCode::unavailable, "The journal is down."});
            });
  arm();
}

void Stream::marked(std::uint64_t number, const storage::AppendResult& result) {
  const auto waiting = marking_.take(number);
  if (!waiting) return;  // given up; a later look shows what became of it
  const auto& [row, status, error] = *waiting;
  being_marked_.erase(row.id);
  if (reading_) left_meanwhile_.insert(row.id);
  if (std::holds_alternative<storage::Appended>(result)) {
    telemetry().webhook_settled(params_.provider, status, params_.now() - row.received_at);
    if (status == "dead") tell_dead(row, error);
  } else if (!std::holds_alternative<storage::AlreadyThere>(result)) {
    resting_ = true;
  }
  pump();
}

void Stream::tell_dead(const storage::WebhookRow& row, const std::string& error) const {
  spdlog::warn("webhook_dead provider={} event={} error=\"{}\"", params_.provider, row.event,
               error);
}

/// The store could not be read: out of memory with it, and a later look finds it again.
void Stream::forget(const WebhookId& id) {
  (void)lines_.take(id);
  resting_ = true;
}

}  // namespace cambist::actors::webhooks

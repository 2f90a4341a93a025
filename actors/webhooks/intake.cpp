// What comes over the network: verified, read, stored, answered. In this order, so that nothing
// that is not verified is kept, and nothing that is not durable is answered for.
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/webhooks/adapter_guard.hpp"
#include "actors/webhooks/stream_impl.hpp"
#include "protocols/core/failpoint.hpp"

namespace cambist::actors::webhooks {

caf::result<WebhookTaken> Stream::take(Intake& intake) {
  const TimePoint now = params_.now();
  const auto ok = intake.vouched ? Result<void>{} : verify(*params_.adapter, intake.request, now);
  if (!ok) {
    return refused(ok.error(),
                   ok.error().code == ErrorCode::unauthenticated ? "unverified" : "refused");
  }
  failpoint("webhook.verified");
  auto notice = read(*params_.adapter, intake.request.body);
  if (!notice) return refused(notice.error(), "malformed");
  Ticket at_gate = params_.journal_gate->try_enter();
  if (!at_gate) return refused({ErrorCode::overloaded, "The server is at its limit."}, "refused");

  auto promise = make_response_promise<WebhookTaken>();
  auto row = row_of(*notice, params_.provider, std::move(intake.request.body),
                    WebhookId::make(now, params_.random), now);
  store(std::move(row), std::move(*notice), promise, std::move(intake.ticket), std::move(at_gate));
  return promise;
}

WebhookTaken Stream::refused(const Error& error, const char* outcome) {
  telemetry().webhook_received(params_.provider, outcome);
  spdlog::info("webhook_refused provider={} outcome={} code={}", params_.provider, outcome,
               to_string(error.code));
  return WebhookTaken{false, error};
}

void Stream::store(storage::WebhookRow row, provider::Notice notice, TakenPromise promise,
                   Ticket place, Ticket at_gate) {
  Item item{row, std::move(notice)};
  item.row.body.clear();  // memory holds what it says, the store what it was
  const std::uint64_t number =
      storing_.add(Storing{std::move(item), std::move(promise), std::move(place)},
                   mono() + params_.limits.store_max);
  Write write{storage::Records{{storage::WebhookReceived{std::move(row)}}}, std::move(at_gate),
              mono()};
  request(params_.journal, caf::infinite, std::move(write))
      .then([this, number](const Written& written) { stored(number, written); },
            [this, number](const caf::error&) {
              stored(number, Written{Error{ErrorCode::unavailable, "The journal is down."}});
            });
  arm();
}

void Stream::stored(std::uint64_t number, const Written& written) {
  failpoint("webhook.stored");
  const bool is_new = std::holds_alternative<storage::Appended>(written.result);
  auto waiting = storing_.take(number);
  if (!waiting) {  // given up; the provider will send it again, and meet a duplicate
    if (is_new) caught_up_ = false;
    return;
  }
  // Answered before anything else can go wrong.
  if (is_new || std::holds_alternative<storage::AlreadyThere>(written.result)) {
    waiting->promise.deliver(WebhookTaken{!is_new, std::nullopt});
    failpoint("webhook.answered");
    telemetry().webhook_received(params_.provider, is_new ? "stored" : "duplicate");
  } else {
    const auto* error = std::get_if<Error>(&written.result);
    const bool full = error != nullptr && error->code == ErrorCode::overloaded;
    not_stored(waiting->promise, full ? ErrorCode::overloaded : ErrorCode::unavailable);
  }
  if (!is_new) return;
  keep(std::move(waiting->item));
  pump();
}

void Stream::not_stored(TakenPromise& promise, ErrorCode code) {
  if (promise.pending()) {
    promise.deliver(WebhookTaken{false, Error{code, "The webhook cannot be stored now."}});
  }
  telemetry().webhook_received(params_.provider, "refused");
}

/// What does not fit, or would overtake what still waits in the store, waits there too.
void Stream::keep(Item item) {
  if (item.row.status == "ignored") {
    telemetry().webhook_settled(params_.provider, "ignored", Duration{0});
    return;
  }
  if (!caught_up_ || load() >= params_.limits.queue_max) {
    caught_up_ = false;
    missed_ = true;
    return;
  }
  const auto payment = item.row.payment;
  if (!held(item.row.id)) lines_.arrive(std::move(item), payment);
}

}  // namespace cambist::actors::webhooks

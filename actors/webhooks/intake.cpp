// What comes over the network: verified, confirmed, read, stored, answered. In this order, so that
// nothing that is not verified is kept, and nothing that is not durable is answered for.
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/webhooks/adapter_guard.hpp"
#include "actors/webhooks/stream_impl.hpp"
#include "protocols/core/failpoint.hpp"

namespace cambist::actors::webhooks {
namespace {

// Certificates change once in months; a provider has one or two.
constexpr std::size_t evidence_max = 16;

std::string name_of(const http::Request& request) {
  return request.origin + request.target;
}

const http::Response* find_evidence(const std::map<std::string, http::Response>& all,
                                    const http::Request& request) {
  const auto found = all.find(name_of(request));
  return found == all.end() ? nullptr : &found->second;
}

}  // namespace

caf::result<WebhookTaken> Stream::take(Intake& intake) {
  auto promise = make_response_promise<WebhookTaken>();
  if (intake.vouched) {  // a line of a statement: whoever brought it has a key of ours
    accept(std::move(intake), promise);
  } else {
    verify_first(std::move(intake), promise);
  }
  return promise;
}

void Stream::verify_first(Intake intake, TakenPromise promise) {
  auto wanted = evidence(*params_.adapter, intake.request);
  if (!wanted) return turn_away(promise, wanted.error());
  const auto* known =
      *wanted && (*wanted)->keep ? find_evidence(evidence_, (*wanted)->request) : nullptr;
  if (*wanted && known == nullptr) {
    std::string kept_as = (*wanted)->keep ? name_of((*wanted)->request) : std::string{};
    return prove(Proving{std::move(intake), std::move(promise), std::move(kept_as)},
                 std::move(**wanted));
  }
  const TimePoint now = params_.now();
  const auto ok = known != nullptr ? verify(*params_.adapter, intake.request, *known, now)
                                   : verify(*params_.adapter, intake.request, now);
  if (ok) return believe(std::move(intake), std::move(promise));
  // It cannot be used any more (it has expired): the next webhook fetches another.
  if (known != nullptr && ok.error().code != ErrorCode::unauthenticated)
    evidence_.erase(name_of((*wanted)->request));
  turn_away(promise, ok.error());
}

/// At most twice for one webhook: what it is verified with, and then what confirms it. Each wait
/// has its own deadline.
void Stream::prove(Proving waiting, provider::Evidence wanted) {
  if (!params_.providers || proving_.size() >= params_.limits.proofs_max) {
    return turn_away(waiting.promise,
                     {ErrorCode::overloaded, "Too many webhooks are being verified."});
  }
  const std::uint64_t number = proving_.add(std::move(waiting), mono() + params_.limits.proof_max);
  request(params_.providers, caf::infinite,
          Fetch{params_.provider, std::move(wanted.request), wanted.with_token})
      .then([this, number](const Fetched& fetched) { proved(number, fetched.outcome); },
            [this, number](const caf::error&) {
              proved(number, http::TransportFailure{http::FailurePhase::not_sent, "cancelled"});
            });
  arm();
}

/// Nothing that cannot be verified is believed: the provider sends it again.
void Stream::proved(std::uint64_t number, const HttpOutcome& outcome) {
  auto waiting = proving_.take(number);
  if (!waiting) return;  // given up before, and answered
  const auto* response = std::get_if<http::Response>(&outcome);
  if (response == nullptr) return not_stored(waiting->promise, ErrorCode::unavailable);
  if (!waiting->is_verified) return verified_with(std::move(*waiting), *response);
  const auto ok = confirm(*params_.adapter, waiting->intake.request, *response);
  if (ok) return accept(std::move(waiting->intake), std::move(waiting->promise));
  if (ok.error().code != ErrorCode::unauthenticated)
    return not_stored(waiting->promise, ErrorCode::unavailable);
  turn_away(waiting->promise, ok.error());
}

void Stream::verified_with(Proving waiting, const http::Response& evidence) {
  if (evidence.status < 200 || evidence.status > 299)
    return not_stored(waiting.promise, ErrorCode::unavailable);
  const auto ok = verify(*params_.adapter, waiting.intake.request, evidence, params_.now());
  if (!ok) return turn_away(waiting.promise, ok.error());
  if (!waiting.kept_as.empty()) {
    if (evidence_.size() >= evidence_max) evidence_.clear();
    evidence_.insert_or_assign(std::move(waiting.kept_as), evidence);
  }
  believe(std::move(waiting.intake), std::move(waiting.promise));
}

/// A webhook that is verified, and perhaps says more than its signature covers. Only now, so that
/// strangers cannot make us ask.
void Stream::believe(Intake intake, TakenPromise promise) {
  auto wanted = confirmation(*params_.adapter, intake.request);
  if (!wanted) return turn_away(promise, wanted.error());
  if (!*wanted) return accept(std::move(intake), std::move(promise));
  prove(Proving{std::move(intake), std::move(promise), {}, true}, std::move(**wanted));
}

void Stream::turn_away(TakenPromise& promise, const Error& error) {
  promise.deliver(
      refused(error, error.code == ErrorCode::unauthenticated ? "unverified" : "refused"));
}

/// A webhook that is verified, and confirmed where that is needed.
void Stream::accept(Intake intake, TakenPromise promise) {
  failpoint("webhook.verified");
  const TimePoint now = params_.now();
  http::Request& request = intake.request;
  const auto path = provider::callback_path(request.target, params_.provider).path;
  auto notice = read(*params_.adapter, path, request.body);
  if (!notice && intake.vouched) {  // whoever brought it is told, and has it still
    promise.deliver(refused(notice.error(), "malformed"));
    return;
  }
  Ticket at_gate = params_.journal_gate->try_enter();
  if (!at_gate) {
    promise.deliver(refused({ErrorCode::overloaded, "The server is at its limit."}, "refused"));
    return;
  }
  std::string answer = acknowledgement(*params_.adapter, request.body);
  const auto id = WebhookId::make(now, params_.random);
  auto row = notice ? row_of(*notice, params_.provider, std::move(request.body), id, now)
                    : row_of_unreadable(notice.error(), params_.provider, std::string{path},
                                        std::move(request.body), id, now);
  row.path = path;
  Item item{row, notice ? std::move(*notice) : provider::Notice{}};
  item.row.body.clear();  // memory holds what it says, the store what it was
  store(std::move(row),
        {std::move(item), std::move(promise), std::move(intake.ticket), std::move(answer)},
        std::move(at_gate));
}

WebhookTaken Stream::refused(const Error& error, const char* outcome) {
  telemetry().webhook_received(params_.provider, outcome);
  spdlog::info("webhook_refused provider={} outcome={} code={}", params_.provider, outcome,
               to_string(error.code));
  return WebhookTaken{false, error};
}

void Stream::store(storage::WebhookRow row, Storing waiting, Ticket at_gate) {
  const std::uint64_t number = storing_.add(std::move(waiting), mono() + params_.limits.store_max);
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
    waiting->promise.deliver(WebhookTaken{!is_new, std::nullopt, std::move(waiting->answer)});
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
  if (!item.row.due) {  // settled at once
    telemetry().webhook_settled(params_.provider, item.row.status, Duration{0});
    if (item.row.status == "dead") tell_dead(item.row, item.row.error);
    return;
  }
  if (!caught_up_ || load() >= params_.limits.queue_max) {
    caught_up_ = false;
    missed_ = true;
    return;
  }
  if (!held(item.row.id)) arrive(std::move(item));
}

}  // namespace cambist::actors::webhooks

#include "actors/provider/provider_actor.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include <spdlog/spdlog.h>
#include <caf/send.hpp>

#include "actors/guarded.hpp"
#include "actors/provider/access.hpp"
#include "actors/provider/adapter_guard.hpp"
#include "actors/provider/answers.hpp"
#include "actors/provider/breaker_view.hpp"
#include "actors/provider/queue_gauge.hpp"
#include "actors/provider/token_bucket.hpp"
#include "actors/roll.hpp"
#include "protocols/core/failpoint.hpp"

namespace cambist::actors::account {
namespace {

using Mono = std::chrono::nanoseconds;  // the actor clock, since its start
using AnswerPromise = caf::typed_response_promise<CallAnswer>;

// How much longer than its own timeout the HTTP client may take before its call counts as
// forgotten.
constexpr auto client_slack = std::chrono::seconds{2};

// What a question that may not be asked now is told, and a repeat's client.
constexpr auto budget_pause = std::chrono::seconds{2};

/// Parent: the providers supervisor, which starts it again with a closed breaker, or with one that
/// is held when an operator has said so.
class ProviderActor final : public Guarded<call_actor> {
 public:
  ProviderActor(caf::actor_config& config, Params params)
      : Guarded(config, "provider", params.telemetry),
        params_(std::move(params)),
        bucket_(params_.limits.rate_limit_per_s, mono()),
        budget_(params_.limits.budget),
        gauge_(params_.limits.queue_time_max),
        access_(params_.limits.adapter,
                [this](http::Request request, bool is_token, std::uint64_t number) {
                  send_beside(std::move(request), is_token, number);
                }) {
    set_breaker(params_.breaker);
  }

 protected:
  behavior_type make_behavior() override {
    report();
    return {
        [this](CallRequest& request) -> caf::result<CallAnswer> {
          auto promise = make_response_promise<CallAnswer>();
          take(std::move(request.call), promise);
          settle_up();
          return promise;
        },
        [this](HttpDone& message) {
          finish(message.serial, std::move(message.outcome));
          settle_up();
        },
        [this](const Due& due) {
          if (due.serial != armed_serial_) return;
          armed_for_.reset();
          forget_overdue();
          settle_up();
        },
        [this](Fetch& request) -> caf::result<Fetched> {
          auto promise = make_response_promise<Fetched>();
          access_.fetch(std::move(request), promise,
                        mono() + params_.limits.call_timeout + client_slack);
          settle_up();
          return promise;
        },
        [this](AccessDone& answer) {
          access_done(answer);
          settle_up();
        },
        [this](const Operate& operate) -> caf::result<Operated> {
          this->operate(operate.action);
          settle_up();
          return Operated{};
        },
    };
  }

  void stopped() override {
    while (!queue_.empty())
      refuse_front("the connection to the provider is restarted", "restarting");
    for (auto& [serial, flight] : flights_) {
      flight.promise.deliver(CallAnswer{lost("the answer was lost"), std::move(flight.exchange)});
    }
    flights_.clear();
    access_.stop();
  }

 private:
  /// By what our credentials were refused, since something was taken with them.
  enum class Refusal : std::uint8_t { none, token, call };
  struct Waiting {
    provider::Call call;
    AnswerPromise promise;
    Mono until;
    Mono token_until;    // how long it waits for a token, which is not its turn
    bool again = false;  // its token was refused before
  };
  struct Flight {
    provider::Call call;
    AnswerPromise promise;
    provider::Exchange exchange;
    bool probe = false;
    std::uint32_t generation = 0;  // of the breaker
    bool budgeted = false;
    bool again = false;
    std::uint64_t token = 0;  // the generation that it carried
    Mono until{};
  };

  [[nodiscard]] Mono mono() { return system().clock().now().time_since_epoch(); }

  void take(provider::Call call, AnswerPromise promise) {
    const TimePoint now = params_.now();
    if (auto verdict = answer_locally(*params_.limits.adapter, call)) {
      promise.deliver(CallAnswer{std::move(*verdict), provider::Exchange{.at = now}});
      return;
    }
    if (breaker::is_shut(breaker_, now)) {
      promise.deliver(circuit_open(call, now));
      return;
    }
    if (queue_.size() >= params_.limits.queued_max) {
      promise.deliver(not_sent(call,
                               {.message = "Too many calls to the provider are waiting.",
                                .reason = "bulkhead_full",
                                .retry_after = std::chrono::seconds{1}},
                               now));
      return;
    }
    // Who waits for the token waits for one answer, not for everybody before.
    if (const auto busy = gauge_.busy(queue_now()); busy && !awaits_token_) {
      promise.deliver(not_sent(call,
                               {.message = "Calls to the provider wait too long.",
                                .reason = overdue_reason(),
                                .repeatable = false,
                                .retry_after = busy},
                               now));
      return;
    }
    queue_.push_back(make_waiting(std::move(call), std::move(promise)));
  }

  [[nodiscard]] Waiting make_waiting(provider::Call call, AnswerPromise promise) {
    const Mono now = mono();
    return {std::move(call), std::move(promise), now + params_.limits.queue_time_max,
            now + params_.limits.call_timeout + client_slack};
  }

  void operate(OperateBreaker::Action action) {
    using Action = OperateBreaker::Action;
    switch (action) {
      case Action::trip:
        return set_breaker(breaker::trip(std::move(breaker_), params_.limits.breaker, params_.now(),
                                         roll(params_.random)));
      case Action::hold:
        return set_breaker(breaker::hold(std::move(breaker_)));
      case Action::reset:
        refusal_ = Refusal::none;
        return set_breaker(breaker::reset(breaker_));
    }
  }

  /// Sends what may be sent, tells how things are, and sees to the next deadline.
  void settle_up() {
    pump();
    report();
    arm();
  }

  void pump() {
    const Mono now = mono();
    access_.forget_overdue(now);
    if (!has_token(now)) return;
    while (!queue_.empty()) {
      if (queue_.front().until <= now) {
        gauge_.waited_too_long();
        refuse_front("The provider could not be called in time.", overdue_reason());
        continue;
      }
      if (flights_.size() >= params_.limits.in_flight_max || bucket_.wait(now) > Mono{0}) return;
      Waiting next = std::move(queue_.front());
      queue_.pop_front();
      start(std::move(next));
    }
  }

  void start(Waiting next) {
    gauge_.got_through();
    const TimePoint now = params_.now();
    auto admission = breaker::admit(std::move(breaker_), params_.limits.breaker, now);
    set_breaker(std::move(admission.breaker));
    if (!admission.admitted) {
      next.promise.deliver(circuit_open(next.call, now));
      return;
    }
    const bool first = !next.call.inquiry && !next.call.repeat;
    const bool budgeted = !first && may_be_down(breaker_, params_.limits.breaker, now);
    if (budgeted && !budget_.take(now)) {
      set_breaker(breaker::release(std::move(breaker_), admission.probe, admission.generation));
      next.promise.deliver(not_sent(next.call,
                                    {.message = "The provider is not called again so soon.",
                                     .reason = "retry_budget",
                                     .repeatable = false,
                                     .retry_after = budget_pause},
                                    now));
      return;
    }
    auto request = build_request(*params_.limits.adapter, next.call);
    if (request && !access_.attach(*request))
      request = Error{ErrorCode::internal, "The request could not be given its token."};
    if (!request) {
      if (budgeted) budget_.give_back();
      set_breaker(breaker::release(std::move(breaker_), admission.probe, admission.generation));
      next.promise.deliver(not_sent(next.call,
                                    {.code = request.error().code == ErrorCode::internal
                                                 ? provider::FailureCode::configuration_error
                                                 : provider::FailureCode::invalid_request,
                                     .message = request.error().detail,
                                     .reason = "not_built",
                                     .repeatable = false},
                                    now));
      return;
    }
    if (first) budget_.first_call(now);
    (void)bucket_.take(mono());  // pump() has looked: there is one
    const std::uint64_t serial = ++serial_;
    Flight flight{.call = std::move(next.call),
                  .promise = std::move(next.promise),
                  .exchange = {.method = request->method,
                               .path = request->target.substr(0, request->target.find('?')),
                               .at = now},
                  .probe = admission.probe,
                  .generation = admission.generation,
                  .budgeted = budgeted,
                  .again = next.again,
                  .token = access_.generation(),
                  .until = mono() + params_.limits.call_timeout + client_slack};
    flights_.emplace(serial, std::move(flight));
    failpoint("provider.before_send");
    params_.http->send(std::move(*request), params_.limits.call_timeout,
                       [hdl = self(), serial](HttpOutcome outcome) {
                         caf::anon_send(hdl, HttpDone{serial, std::move(outcome)});
                       });
  }

  void finish(std::uint64_t serial, HttpOutcome outcome) {
    const auto found = flights_.find(serial);
    if (found == flights_.end()) return;  // given up already, and answered
    failpoint("provider.answered");
    Flight& flight = found->second;  // stays until it is answered: see stopped()
    if (!flight.again && access_.was_refused(outcome)) return send_again(found);
    const TimePoint now = params_.now();
    flight.exchange.duration = now - flight.exchange.at;
    provider::Verdict verdict =
        read_outcome(*params_.limits.adapter, flight.call, outcome, flight.exchange);
    gauge_.call_took(flight.exchange.duration);
    const bool outage = provider::counts_as_outage(verdict);
    if (flight.budgeted && !outage) budget_.give_back();
    const breaker::State before = breaker_.state;
    if (refuses_credentials(verdict)) {
      refused_us(Refusal::call, flight.probe, flight.generation);
    } else {
      if (!outage) refusal_ = Refusal::none;
      set_breaker(breaker::settle(std::move(breaker_), params_.limits.breaker, outage, flight.probe,
                                  now, roll(params_.random), flight.generation));
    }
    flight.exchange.breaker = mark_of(before, breaker_.state, flight.probe);
    telemetry().provider_called(params_.name, kind_of(flight.call), provider::name_of(verdict),
                                flight.exchange.duration);
    spdlog::debug(
        "provider_called provider={} payment={} operation={} kind={} verdict={} status={} "
        "failure={} duration_us={}",
        params_.name, flight.call.payment.to_string(), flight.call.operation.to_string(),
        kind_of(flight.call), provider::name_of(verdict), flight.exchange.status,
        flight.exchange.failure, flight.exchange.duration.count());
    flight.promise.deliver(CallAnswer{std::move(verdict), std::move(flight.exchange)});
    flights_.erase(found);
  }

  /// Whether a call may leave. Without a token, and none to be had, those that wait are refused.
  bool has_token(Mono now) {
    if (!params_.limits.adapter->needs_token()) return true;
    if (queue_.empty() && !access_.awaits()) return false;
    const auto turn = access_.turn(now, params_.now(), params_.limits.call_timeout + client_slack);
    access_.flush(turn);
    const bool waited = std::exchange(awaits_token_, turn == Access::Turn::wait);
    if (turn != Access::Turn::go) {
      const bool all = turn == Access::Turn::give_up;
      while (!queue_.empty() && (all || queue_.front().token_until <= now)) refuse_for_token(now);
    }
    if (turn == Access::Turn::go && waited) {
      for (auto& waiting : queue_)
        waiting.until = std::max(waiting.until, now + params_.limits.queue_time_max);
    }
    return turn == Access::Turn::go;
  }

  void refuse_for_token(Mono now) {
    Waiting waiting = std::move(queue_.front());
    queue_.pop_front();
    waiting.promise.deliver(
        not_sent(waiting.call,
                 {.code = access_.failure(),
                  .message = "The provider gave no access token.",
                  .reason = "no_token",
                  // Then a token is asked for again.
                  .repeatable = access_.failure() != provider::FailureCode::configuration_error,
                  .retry_after = access_.pause_left(now)},
                 params_.now()));
  }

  /// The token alone was refused, so nothing was done: the call goes first, with a new one.
  void send_again(std::map<std::uint64_t, Flight>::iterator found) {
    Flight& flight = found->second;
    access_.refused(flight.token);
    set_breaker(breaker::release(std::move(breaker_), flight.probe, flight.generation));
    if (flight.budgeted) budget_.give_back();
    queue_.push_front(make_waiting(std::move(flight.call), std::move(flight.promise)));
    queue_.front().again = true;
    flights_.erase(found);
  }

  void send_beside(http::Request request, bool is_token, std::uint64_t number) {
    params_.http->send(std::move(request), params_.limits.call_timeout,
                       [hdl = self(), is_token, number](HttpOutcome outcome) {
                         caf::anon_send(hdl, AccessDone{is_token, number, std::move(outcome)});
                       });
  }

  /// A token that cannot be had is an outage like any other: no call can be made.
  void access_done(AccessDone& answer) {
    if (!answer.is_token) return access_.fetched(answer.number, std::move(answer.outcome));
    const auto end = access_.token_done(answer.number, answer.outcome, mono());
    if (!end) return;
    using End = Access::TokenEnd;
    telemetry().provider_called(params_.name, "token", *end == End::had ? "approved" : "refused",
                                Duration{0});
    if (*end == End::repeated) return;  // nobody has lost anything yet
    if (*end == End::refused) return refused_us(Refusal::token, true, {});
    if (*end == End::had && refusal_ == Refusal::token) refusal_ = Refusal::none;
    const TimePoint now = params_.now();
    const bool outage = *end == End::failed;
    // While the breaker is half-open, or may be, a token that cannot be had is as good as a probe.
    set_breaker(outage && breaker_.state != breaker::State::closed
                    ? breaker::settle_refused(std::move(breaker_), params_.limits.breaker, true,
                                              now, roll(params_.random))
                    : breaker::settle(std::move(breaker_), params_.limits.breaker, outage, false,
                                      now, roll(params_.random)));
  }

  /// Nothing will be taken until somebody has mended our account: the next provider is asked, and
  /// whoever watches the log is told.
  void refused_us(Refusal how, bool probe, std::optional<std::uint32_t> generation) {
    if (generation && *generation != breaker_.generation) return;  // from before a reset
    const bool shut = breaker_.state == breaker::State::open;
    set_breaker(breaker::settle_refused(std::move(breaker_), params_.limits.breaker, probe,
                                        params_.now(), roll(params_.random), generation));
    if (refusal_ == Refusal::none || (!shut && breaker_.state == breaker::State::open)) {
      spdlog::error("credentials_refused provider={} by={}", params_.name,
                    how == Refusal::token ? "token request" : "call");
    }
    refusal_ = how;
  }

  /// The client answers within its timeout; if it ever does not, nobody waits for it for ever.
  void forget_overdue() {
    const Mono now = mono();
    while (!flights_.empty() && flights_.begin()->second.until <= now) {
      spdlog::error("http_client_silent provider={} serial={}", params_.name,
                    flights_.begin()->first);
      finish(flights_.begin()->first,
             http::TransportFailure{http::FailurePhase::maybe_sent, "response_timeout"});
    }
  }

  void refuse_front(std::string message, std::string reason) {
    Waiting waiting = std::move(queue_.front());
    queue_.pop_front();
    waiting.promise.deliver(not_sent(waiting.call,
                                     {.message = std::move(message),
                                      .reason = std::move(reason),
                                      .repeatable = false,
                                      .retry_after = std::chrono::seconds{1}},
                                     params_.now()));
  }

  [[nodiscard]] std::string overdue_reason() const {
    return flights_.size() >= params_.limits.in_flight_max ? "bulkhead_full" : "rate_limited";
  }

  [[nodiscard]] QueueGauge::Queue queue_now() {
    const Mono now = mono();
    const bool full = flights_.size() >= params_.limits.in_flight_max;
    QueueGauge::Queue queue;
    queue.ahead = queue_.size();
    if (full) queue.slots = std::max<std::size_t>(params_.limits.in_flight_max, 1);
    if (full || bucket_.wait(now) > Mono{0}) queue.token_wait = bucket_.wait(now, queue_.size());
    if (!queue_.empty()) {
      queue.oldest = now + params_.limits.queue_time_max - queue_.front().until;
    }
    return queue;
  }

  [[nodiscard]] CallAnswer circuit_open(const provider::Call& call, TimePoint now) const {
    CallAnswer answer = not_sent(call,
                                 {.message = "The provider is not reachable at the moment.",
                                  .reason = "circuit_open",
                                  .repeatable = false,
                                  .retry_after = shut_for(breaker_, params_.limits.breaker, now)},
                                 now);
    answer.exchange.breaker = "turned_away";
    return answer;
  }

  void set_breaker(breaker::Breaker next) {
    if (const auto before = std::exchange(reported_, next.state); before != next.state) {
      spdlog::warn("breaker_changed provider={} from={} to={}", params_.name,
                   breaker::to_string(before), breaker::to_string(next.state));
      telemetry().breaker_changed(params_.name, next.state == breaker::State::closed      ? 0
                                                : next.state == breaker::State::half_open ? 1
                                                                                          : 2);
    }
    breaker_ = std::move(next);
  }

  void report() {
    const auto queue = queue_now();
    auto busy = gauge_.busy(queue);
    if (queue_.size() >= params_.limits.queued_max) busy = busy.value_or(std::chrono::seconds{1});
    params_.vitals->set(
        breaker_, {.in_flight = static_cast<std::uint32_t>(flights_.size()),
                   .queued = static_cast<std::uint32_t>(queue_.size()),
                   .wait = std::chrono::floor<std::chrono::milliseconds>(gauge_.expected(queue)),
                   .busy = busy,
                   .credentials_refused = refusal_ != Refusal::none});
    if (const std::size_t depth = queue_.size(); depth != reported_depth_) {
      reported_depth_ = depth;
      telemetry().queue_depth("provider:" + params_.name, depth);
    }
  }

  /// One timer at a time: an answered call leaves none behind.
  void arm() {
    std::optional<Mono> due;
    const auto consider = [&due](Mono at) { due = due ? std::min(*due, at) : at; };
    if (!flights_.empty()) consider(flights_.begin()->second.until);
    if (const auto access = access_.due(mono())) consider(*access);
    if (!queue_.empty() && !awaits_token_) {
      consider(queue_.front().until);
      if (flights_.size() < params_.limits.in_flight_max) consider(mono() + bucket_.wait(mono()));
    }
    if (!queue_.empty() && awaits_token_) consider(queue_.front().token_until);
    if (!due || (armed_for_ && *armed_for_ <= *due)) return;
    armed_for_ = due;
    delayed_send(self(), std::max(Mono{1}, *due - mono()), Due{++armed_serial_});
  }

  Params params_;
  TokenBucket bucket_;
  retry::Budget budget_;
  QueueGauge gauge_;
  Access access_;
  bool awaits_token_ = false;  // the queue stands still until there is one
  Refusal refusal_ = Refusal::none;
  breaker::Breaker breaker_{};
  breaker::State reported_ = breaker::State::closed;
  std::size_t reported_depth_ = 0;
  std::deque<Waiting> queue_{};
  std::map<std::uint64_t, Flight> flights_{};  // by serial: the oldest first
  std::uint64_t serial_ = 0;
  std::optional<Mono> armed_for_{};
  std::uint64_t armed_serial_ = 0;
};

}  // namespace

call_actor spawn(caf::actor_system& system, Params params) {
  return system.spawn<ProviderActor>(std::move(params));
}

}  // namespace cambist::actors::account

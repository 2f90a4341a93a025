// What providers and timers say, and the calls that go out.
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/payment/payment_impl.hpp"
#include "actors/provider/answers.hpp"
#include "actors/roll.hpp"
#include "protocols/core/failpoint.hpp"

namespace cambist::actors::live {

void PaymentActor::handle(VerdictWork& work) {
  failpoint("payment.answer_received");
  flight_.reset();
  wake_.reset();
  auto decision =
      payment::decide(payment_,
                      payment::ProviderAnswered{.operation = work.call.operation,
                                                .attempt = work.call.attempt,
                                                .inquiry = work.call.inquiry,
                                                .verdict = std::move(work.answer.verdict),
                                                .exchange = std::move(work.answer.exchange)},
                      params_->policy, params_->now(), roll(params_->random));
  if (!decision) {
    spdlog::error("verdict_refused payment={} operation={} code={}", id_.to_string(),
                  work.call.operation.to_string(), to_string(decision.error().code));
    return next();
  }
  if (decision->events.empty()) {  // stale: the operation has gone on without it
    run(decision->effects);
    return next();
  }
  commit(std::move(*decision), owner_, {});
}

void PaymentActor::handle(WakeWork& work) {
  wake_ = std::move(work.ticket);
  if (flight_) return next();  // it is being seen to
  auto decision = payment::decide(payment_, payment::TimerFired{}, params_->policy, params_->now(),
                                  roll(params_->random));
  if (decision && !decision->events.empty()) return commit(std::move(*decision), owner_, {});
  if (decision) run(decision->effects);
  const bool nothing_due = !flight_ && !later_;
  next();
  // The durable timer knew of something that is not in what we hold: a step that was given up may
  // have become durable behind our back. Whoever comes next reads the journal again.
  if (nothing_due && inbox_.empty()) end("nothing_due");
}

/// Effects run after their events are durable. A question that is not due within the idle time is
/// left to the durable timer, so that a payment that waits for hours need not stay alive for it. A
/// call that does something is never left to it: that timer only asks.
void PaymentActor::run(std::vector<payment::Effect>& effects) {
  for (payment::Effect& effect : effects) {
    auto& [prospective, not_before] = std::get<payment::CallProvider>(effect);
    const Duration wait = not_before - params_->now();
    if (wait <= Duration{0}) {
      call(std::move(prospective));
    } else if (!prospective.inquiry || wait <= params_->idle_max) {
      later_ = std::make_unique<Later>(std::move(prospective), mono() + wait);
    }
  }
}

void PaymentActor::call(provider::Call call) {
  if (draining_) return;
  if (flight_) {
    // Never two calls at once. One that is not under way yet (the payer came back while the
    // provider was being asked) goes out as soon as the other is answered.
    const provider::Call& other = flight_->call;
    if (other.operation != call.operation || other.attempt != call.attempt) {
      later_ = std::make_unique<Later>(std::move(call), mono());
    }
    return;
  }
  later_.reset();
  failpoint("payment.before_call");
  const std::uint64_t serial = ++flights_;
  flight_ = std::make_unique<Flight>(call, serial, mono() + params_->answer_max);
  request(params_->providers, caf::infinite,
          account::Dispatch{payment::provider_of(payment_, call.operation), std::move(call)})
      .then([this, serial](CallAnswer& answer) { answered(serial, std::move(answer)); },
            [this, serial](const caf::error&) {
              // Its actor is gone, and with it the knowledge whether the call left.
              CallAnswer answer{account::lost("The call was lost."), {}};
              answer.exchange.failure = "actor_down";
              answer.exchange.at = params_->now();
              answered(serial, std::move(answer));
            });
}

void PaymentActor::answered(std::uint64_t serial, CallAnswer answer) {
  if (!flight_ || flight_->serial != serial) return;  // answered already, or given up
  // `flight_` stays until the verdict is worked on: a wake-up in between finds a call under way.
  flight_->serial = 0;
  flight_->until = Mono::max();
  accept(VerdictWork{flight_->call, std::move(answer)});
  settle_down();
}

}  // namespace cambist::actors::live

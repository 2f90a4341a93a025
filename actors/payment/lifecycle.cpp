// How a payment actor comes to life, waits, and goes.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/payment/payment_impl.hpp"
#include "actors/payment/record.hpp"
#include "actors/provider/answers.hpp"
#include "actors/reader/read.hpp"
#include "protocols/core/failpoint.hpp"
#include "protocols/core/planted.hpp"
#include "protocols/payment/codec.hpp"

namespace cambist::actors::live {

PaymentActor::PaymentActor(caf::actor_config& config, std::shared_ptr<const PaymentParams> params,
                           PaymentId payment, bool fresh, directory_actor directory)
    : Guarded(config, "payment", params->telemetry),
      params_(std::move(params)),
      id_(payment),
      directory_(std::move(directory)),
      fresh_(fresh) {}

PaymentActor::behavior_type PaymentActor::make_behavior() {
  idle_since_ = mono();
  if (!fresh_) load();
  return {
      [this](Perform& perform) -> caf::result<Reply> {
        ++received_;
        auto promise = make_response_promise<Reply>();
        accept(ClientWork{std::move(perform), promise, mono()});
        settle_down();
        return promise;
      },
      [this](Deliver& notice) -> caf::result<Delivered> {
        ++received_;
        auto promise = make_response_promise<Delivered>();
        accept(NoticeWork{std::move(notice), promise});
        settle_down();
        return promise;
      },
      [this](Wake& wake) {
        ++received_;
        accept(WakeWork{std::move(wake.ticket)});
        settle_down();
      },
      [this](const Tick& message) {
        if (message.serial != armed_serial_) return;
        armed_for_.reset();
        tick();
        settle_down();
      },
      [this](Drain) {
        draining_ = true;
        settle_down();
      },
      [this](Leave) { quit(); },
  };
}

void PaymentActor::load() {
  busy_for(params_->journal_timeout);
  request(params_->reader, caf::infinite,
          make_read([id = id_](storage::Reader& reader) { return reader.events(id); }))
      .then(
          [this](const ReadDone& read) {
            loaded(read);
            settle_down();
          },
          [this](const caf::error&) { end("reader_down"); });
}

void PaymentActor::loaded(const ReadDone& read) {
  const auto& events = value_of<Result<std::vector<storage::StoredEvent>>>(read);
  if (!events) return end("reader_unavailable");
  for (const auto& [sequence, row] : *events) {
    auto fact = payment::decode(row.type, row.schema_version, row.json);
    // Our own words, not understood: nothing may be done to this payment before somebody has
    // looked.
    if (!fact) throw std::runtime_error("event not understood: " + fact.error().detail);
    owner_ = owner_after(std::move(owner_), *fact);
    payment_ = payment::evolve(std::move(payment_), payment::Event{row.at, std::move(*fact)});
  }
  auto effects = payment::owed(payment_, params_->policy, params_->now());
  if (!events->empty()) failpoint("payment.loaded");
  run(effects);
  busy_until_.reset();
  pump();
}

void PaymentActor::accept(Work work) {
  idle_since_ = mono();
  if (auto* asked = std::get_if<ClientWork>(&work); asked && inbox_.size() >= params_->inbox_max) {
    asked->promise.deliver(
        api::problem({ErrorCode::overloaded, "Too many requests for this payment are waiting."},
                     asked->perform.context.request_id, 1));
    return;
  }
  if (auto* told = std::get_if<NoticeWork>(&work); told && inbox_.size() >= params_->inbox_max) {
    told->promise.deliver(
        Delivered{Delivered::Outcome::later, "Too many requests for this payment are waiting."});
    return;
  }
  inbox_.push_back(std::make_unique<Work>(std::move(work)));
  pump();
}

void PaymentActor::pump() {
  while (!ending_ && !busy_until_ && !current_ && !inbox_.empty()) {
    current_ = std::move(inbox_.front());
    inbox_.erase(inbox_.begin());
    std::visit([this](auto& work) { handle(work); }, *current_);
  }
}

void PaymentActor::next() {
  busy_until_.reset();
  current_.reset();
  commit_.reset();
  refusal_.reset();
  if (!flight_) wake_.reset();
  if (!flight_ && !draining_) {
    for (NoticeWork& work : noticed_) inbox_.push_back(std::make_unique<Work>(std::move(work)));
    noticed_.clear();
  }
  idle_since_ = mono();
}

bool PaymentActor::quiet() const {
  return !busy_until_ && !current_ && inbox_.empty() && noticed_.empty() && !flight_ && !waiter_ &&
         !later_;
}

/// Who has authorized a payment soon captures it; one that is settled is rarely asked for again.
Mono PaymentActor::rest() const {
  const bool settled =
      payment::is_terminal(payment_) || std::holds_alternative<payment::Captured>(payment_.state);
  return settled ? std::min(params_->settled_idle_max, params_->idle_max) : params_->idle_max;
}

void PaymentActor::settle_down() {
  if (ending_) return;
  if (draining_ && !busy_until_ && !current_ && inbox_.empty() && !flight_) {
    // What is owed later is durable; the next start sees to it.
    if (waiter_) answer_waiter(api::payment_answer(202, payment_));
    return end("drained");
  }
  const bool nothing = std::holds_alternative<payment::Nothing>(payment_.state);
  if (quiet() && nothing && asked_to_retire_at_ != received_) retire();

  std::optional<Mono> due;
  const auto consider = [&due](Mono at) { due = due ? std::min(*due, at) : at; };
  if (busy_until_) consider(*busy_until_);
  if (waiter_) consider(waiter_->until);
  if (flight_) consider(flight_->until);
  if (later_ && !flight_) consider(later_->due);
  if (quiet()) consider(idle_since_ + rest());
  // An earlier timer that is armed already looks again; only one is under way at a time.
  if (!due || (armed_for_ && *armed_for_ <= *due)) return;
  armed_for_ = due;
  send(directory_, Nudge{id_, id(), ++armed_serial_, *due});
}

void PaymentActor::tick() {
  const Mono now = mono();
  if (busy_until_ && *busy_until_ <= now) return end("store_timeout");
  if (waiter_ && waiter_->until <= now) answer_waiter(api::payment_answer(202, payment_));
  if (flight_ && flight_->until <= now) {
    answered(flight_->serial, CallAnswer{account::lost("The provider's answer never came."), {}});
  }
  if (later_ && !flight_ && later_->due <= now) {
    const auto later = std::move(later_);
    call(std::move(later->call));
  }
  if (quiet() && idle_since_ + rest() <= now) retire();
}

void PaymentActor::retire() {
  asked_to_retire_at_ = received_;
  idle_since_ =
      mono();  // should a message cross this one, the next try comes after another idle time
  send(directory_, Retire{id_, id(), received_});
}

void PaymentActor::end(const char* why) {
  if (ending_) return;
  ending_ = true;
  spdlog::debug("payment_ends payment={} why={}", id_.to_string(), why);
  quit();
}

void PaymentActor::stopped() {
  const auto refuse_all = [this](Work& work) {
    if (auto* told = std::get_if<NoticeWork>(&work); told && told->promise.pending()) {
      told->promise.deliver(
          Delivered{Delivered::Outcome::failed, "The payment cannot be served now."});
    }
    auto* asked = std::get_if<ClientWork>(&work);
    if (asked == nullptr || !asked->promise.pending()) return;
    if (commit_ && &work == current_.get() && planted("accepted_without_intent")) {
      asked->promise.deliver(api::payment_answer(202, commit_->after));
      return;
    }
    asked->promise.deliver(
        api::problem({ErrorCode::unavailable, "The payment cannot be served now."},
                     asked->perform.context.request_id, 1));
  };
  if (current_) refuse_all(*current_);
  for (const auto& work : inbox_) refuse_all(*work);
  inbox_.clear();
  for (NoticeWork& told : noticed_) {
    Work work{std::move(told)};
    refuse_all(work);
  }
  noticed_.clear();
  // What the waiter asked for is durable and goes on without this actor. Only if its key was just
  // being given back nobody knows how that ended: whoever asks again will.
  if (waiter_ && commit_ && commit_->frees_key) {
    answer_waiter(api::problem({ErrorCode::unavailable, "The payment cannot be served now."},
                               owner_.origin.request_id, 1));
  }
  if (waiter_) answer_waiter(api::payment_answer(202, payment_));
  next();
  flight_.reset();
  later_.reset();
  wake_.reset();
}

payment_actor spawn(caf::actor_system& system, std::shared_ptr<const PaymentParams> params,
                    PaymentId payment, bool fresh, directory_actor directory) {
  return system.spawn<PaymentActor>(std::move(params), payment, fresh, std::move(directory));
}

}  // namespace cambist::actors::live

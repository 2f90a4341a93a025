// What a client wants, and what it is told.
#include <utility>

#include "actors/payment/payment_impl.hpp"
#include "actors/reader/read.hpp"
#include "actors/roll.hpp"
#include "protocols/core/failpoint.hpp"

namespace cambist::actors::live {

void PaymentActor::handle(ClientWork& work) {
  const Context& context = work.perform.context;
  auto* create = std::get_if<payment::Create>(&work.perform.command);
  const TenantId& tenant = create ? create->tenant : payment_.tenant;
  const bool missing = !create && std::holds_alternative<payment::Nothing>(payment_.state);
  if (missing || tenant != context.tenant) {
    // Another tenant's payment is not there.
    answer_client(
        api::problem({ErrorCode::not_found, "There is no such payment."}, context.request_id));
    return next();
  }
  const TimePoint now = params_->now();
  if (create != nullptr && std::holds_alternative<payment::Nothing>(payment_.state)) {
    if (const auto nobody = choose_provider(*create)) return refuse(*nobody);
  }
  auto decision =
      payment::decide(payment_, work.perform.command, params_->policy, now, roll(params_->random));
  if (!decision) return refuse(decision.error());
  if (const auto error = unsupported(*decision)) return refuse(*error);
  if (decision->events.empty()) {
    answer_client(api::payment_answer(200, payment_));
    run(decision->effects);
    return next();
  }
  // The outcome is the answer of who asked for the operation; the operator is told how it stands.
  if (by_operator(work.perform.command)) {
    return commit(std::move(*decision), owner_, {});
  }
  const payment::Origin origin{context.key, context.request_id};
  sign(decision->events, origin);
  storage::KeyChange claim;
  if (!context.key.empty()) {
    claim = storage::KeyClaim{context.key, context.fingerprint, now, now + params_->key_lifetime};
  }
  const Owner asker{origin, std::holds_alternative<payment::Confirm>(work.perform.command)};
  commit(std::move(*decision), asker, std::move(claim));
}

/// Fills in which provider takes the payment, and which come next. An error when none does.
std::optional<Error> PaymentActor::choose_provider(payment::Create& create) const {
  const auto plan = params_->routes->plan(create, params_->now());
  if (plan.order.empty()) return routing::refusal(plan, wish_of(create));
  follow(plan, create);
  return std::nullopt;
}

/// Before anything is written: can the provider do this at all, and now?
std::optional<Error> PaymentActor::unsupported(const payment::Decision& decision) const {
  for (const payment::Effect& effect : decision.effects) {
    const provider::Call& prospective = std::get<payment::CallProvider>(effect).call;
    const auto* created = std::get_if<payment::PaymentCreated>(&decision.events.front().fact);
    const std::string& name = created ? created->details.provider : payment_.provider;
    const auto found = params_->adapters.find(name);
    if (found == params_->adapters.end()) {
      return Error{ErrorCode::invalid_request, "There is no such provider.", "provider"};
    }
    if (const auto checked = found->second->check(prospective); !checked) return checked.error();
    // A call that would be turned away in its queue is better not begun.
    const auto vitals = params_->vitals.find(name);
    if (vitals != params_->vitals.end() && vitals->second->busy()) {
      return Error{ErrorCode::overloaded, "Too many calls wait for the provider."};
    }
  }
  return std::nullopt;
}

/// A command that is refused may be one that was accepted before: its key tells.
void PaymentActor::refuse(const Error& error) {
  const Context& context = client()->perform.context;
  if (!context.key.empty()) return look_up_key(error);
  answer_client(api::problem(error, context.request_id));
  next();
}

/// `refusal`: what the client is told when nobody knows the key.
void PaymentActor::look_up_key(std::optional<Error> refusal) {
  refusal_ = std::move(refusal);
  busy_for(params_->journal_timeout);
  const Context& context = client()->perform.context;
  request(params_->reader, caf::infinite,
          make_read([tenant = context.tenant, key = context.key](storage::Reader& reader) {
            return reader.key(tenant, key);
          }))
      .then(
          [this](const ReadDone& read) {
            key_found(read);
            pump();
            settle_down();
          },
          [this](const caf::error&) { end("reader_down"); });
}

void PaymentActor::key_found(const ReadDone& read) {
  const auto& record = value_of<Result<std::optional<storage::KeyRecord>>>(read);
  if (!record) return end("reader_unavailable");
  const Context& context = client()->perform.context;
  if (!*record && refusal_) {
    answer_client(api::problem(*refusal_, context.request_id));
  } else {
    answer_client(answer_from_key(*record, context.fingerprint, context.request_id));
  }
  next();
}

void PaymentActor::answer_client(api::Answer answer) {
  ClientWork* asked = client();
  if (asked == nullptr || !asked->promise.pending()) return;
  asked->promise.deliver(std::move(answer));
  failpoint("payment.client_answered");
}

void PaymentActor::answer_waiter(api::Answer answer) {
  if (!waiter_) return;
  if (waiter_->promise.pending()) waiter_->promise.deliver(std::move(answer));
  waiter_.reset();
  failpoint("payment.client_answered");
}

}  // namespace cambist::actors::live

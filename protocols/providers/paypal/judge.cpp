#include "protocols/providers/paypal/judge.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "protocols/providers/paypal/issues.hpp"
#include "protocols/providers/paypal/requests.hpp"

namespace cambist::paypal {
namespace {

using provider::ActionRequired;
using provider::Approved;
using provider::Call;
using provider::Declined;
using provider::FailureCode;
using provider::NotExecuted;
using provider::OperationKind;
using provider::Pending;
using provider::Progressed;
using provider::Verdict;

// Source: facts/paypal.md section 3: an authorization lives 29 days.
constexpr auto authorization_lifetime = std::chrono::hours{24 * 29};
// Without webhooks nobody tells that the payer has approved and did not come back.
constexpr auto ask_without_webhooks = std::chrono::minutes{5};

// What an effect's status says of it, whatever kind it is of.
enum class Standing : std::uint8_t { done, pending, declined, ended, unknown };

bool is_done(std::string_view status, OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::authorize:
    case OperationKind::void_authorization:
      return status == "CREATED" || status == "CAPTURED" || status == "PARTIALLY_CAPTURED";
    case OperationKind::charge:
    case OperationKind::capture:
      return status == "COMPLETED" || status == "PARTIALLY_REFUNDED" || status == "REFUNDED";
    case OperationKind::refund:
      break;
  }
  return status == "COMPLETED";
}

/// `kind`: of the operation whose effects are looked at.
Standing standing_of(std::string_view status, OperationKind kind) noexcept {
  if (is_done(status, kind)) return Standing::done;
  if (status == "PENDING") return Standing::pending;
  if (status == "DENIED" || status == "DECLINED" || status == "FAILED") return Standing::declined;
  if (status == "VOIDED" || status == "CANCELLED") return Standing::ended;
  return Standing::unknown;
}

bool may_equal(const std::optional<Money>& stated, const Money& asked) noexcept {
  return !stated || *stated == asked;
}

bool is_ours(std::string_view stated, std::string_view ours) noexcept {
  return stated.empty() || stated == ours;
}

Declined declined(const Call& call, const Effect& effect) {
  const FailureCode code = reason_code(effect.reason, effect.response_code);
  std::string word = !effect.response_code.empty() ? effect.response_code
                     : !effect.reason.empty()      ? effect.reason
                                                   : effect.status;
  std::string message =
      call.kind == OperationKind::refund ? "The refund was not accepted." : payer_message(code);
  return Declined{{code, std::move(message), std::move(word)}, false, call.provider_payment_id, {}};
}

std::optional<TimePoint> expiry_of(const Effect& authorization) {
  if (authorization.expires_at) return authorization.expires_at;
  if (authorization.created_at) return *authorization.created_at + authorization_lifetime;
  return std::nullopt;
}

/// What one effect, which is known to be this operation's, means for it.
Verdict judge_own(const Call& call, const std::string& order, const Effect& effect) {
  if (!may_equal(effect.amount, call.amount)) return not_understood(false);
  switch (standing_of(effect.status, call.kind)) {
    case Standing::done: {
      Approved approved{call.amount, order, effect.id, {}, std::nullopt};
      if (call.kind == OperationKind::authorize)
        approved.authorization_expires_at = expiry_of(effect);
      return approved;
    }
    case Standing::pending:
      return Pending{order, effect.id};
    case Standing::declined:
      return declined(call, effect);
    case Standing::ended:
      if (call.kind == OperationKind::refund) return declined(call, effect);
      return ended(call, effect.status);
    case Standing::unknown:
      break;
  }
  return not_understood(false);
}

/// Of several effects of one order the one that counts: one that has money, else one that may yet,
/// else the last. A second one with money is not ours to understand.
const Effect* that_counts(const std::vector<Effect>& effects, OperationKind kind) noexcept {
  const Effect* best = nullptr;
  for (const Effect& effect : effects) {
    if (best == nullptr || standing_of(effect.status, kind) <= standing_of(best->status, kind))
      best = &effect;
  }
  return best;
}

std::ptrdiff_t count_of(const std::vector<Effect>& effects, OperationKind kind,
                        Standing standing) noexcept {
  return std::count_if(effects.begin(), effects.end(), [&](const Effect& effect) {
    return standing_of(effect.status, kind) == standing;
  });
}

// --- the first operation: an order and what it made
// ------------------------------------------------------------------

Verdict payer_acts(const AccountSettings& account, const Order& order) {
  provider::NextAction action{"redirect", order.approve_url};
  if (action.url.empty()) {
    // An answer without links: the address has always been this.
    const std::string_view site =
        account.live ? "https://www.paypal.com" : "https://www.sandbox.paypal.com";
    action.url = std::string{site} + "/checkoutnow?token=" + order.id;
  }
  ActionRequired required{std::move(action), order.id, order.method};
  if (account.webhook_id.empty()) required.ask_after = ask_without_webhooks;
  return required;
}

Verdict judge_waiting(const Call& call, const Plan& plan, const AccountSettings& account,
                      const Order& order) {
  const bool approved = order.status == "APPROVED";
  const bool unapproved = order.status == "CREATED" || order.status == "SAVED" ||
                          order.status == "PAYER_ACTION_REQUIRED";
  if (!approved && !unapproved) {
    return order.status == "VOIDED" ? Verdict{ended(call, "VOIDED")} : not_understood(false);
  }
  const int step = std::max(call.step, 0);
  if (plan.payer_turn) {
    // Sent back by us just now: an approval of before says nothing.
    const bool sent_back = step > 0 && !call.inquiry;
    if (approved && !sent_back) return Progressed{order.id, step + 1};
    return payer_acts(account, order);
  }
  if (unapproved) return back_to_payer(call, order.status);
  // Approved, and nothing came of it: as the answer to doing it that makes no sense.
  return is_question(plan.request) ? Verdict{NotExecuted{order.id}} : not_understood(false);
}

Verdict judge_start(const Call& call, const Plan& plan, const AccountSettings& account,
                    const Order& order) {
  const bool authorizes = call.kind == OperationKind::authorize;
  const bool fits = is_ours(order.intent, authorizes ? "AUTHORIZE" : "CAPTURE") &&
                    is_ours(order.custom_id, call.payment.to_string());
  const auto& effects = authorizes ? order.authorizations : order.captures;
  if (!fits || count_of(effects, call.kind, Standing::unknown) > 0 ||
      count_of(effects, call.kind, Standing::done) > 1) {
    return not_understood(false);
  }
  const Effect* effect = that_counts(effects, call.kind);
  if (effect == nullptr) return judge_waiting(call, plan, account, order);
  // An order may outlive a declined try: that says nothing of the one that is asked about.
  const bool outlived = standing_of(effect->status, call.kind) == Standing::declined &&
                        order.status != "COMPLETED" && is_question(plan.request);
  if (outlived) return judge_waiting(call, plan, account, order);
  Verdict verdict = judge_own(call, order.id, *effect);
  if (auto* approved = std::get_if<Approved>(&verdict)) approved->method = order.method;
  if (auto* no = std::get_if<Declined>(&verdict)) {
    no->provider_payment_id = order.id;
    no->method = order.method;
  }
  return verdict;
}

// --- what comes later
// -----------------------------------------------------------------------------------------

const Effect* find_effect(const std::vector<Effect>& effects, const Call& call) {
  const std::string invoice = invoice_of(call.payment, call.operation);
  const std::string ours = call.operation.to_string();
  const auto found = std::find_if(effects.begin(), effects.end(), [&](const Effect& effect) {
    return effect.invoice_id == invoice || effect.custom_id == ours ||
           (!call.provider_object.empty() && effect.id == call.provider_object);
  });
  return found == effects.end() ? nullptr : &*found;
}

/// One that does not say whose it is, and could be this operation's.
bool could_be_ours(const std::vector<Effect>& effects, const Call& call) {
  return std::any_of(effects.begin(), effects.end(), [&](const Effect& effect) {
    return effect.invoice_id.empty() && may_equal(effect.amount, call.amount);
  });
}

/// The authorization that a capture is taken from, renewed or not.
const Effect* find_hold(const Order& order, const std::string& id) noexcept {
  const auto found = std::find_if(order.authorizations.begin(), order.authorizations.end(),
                                  [&](const Effect& effect) { return effect.id == id; });
  return found == order.authorizations.end() ? nullptr : &*found;
}

Verdict judge_capture(const Call& call, const Plan& plan, const Order& order) {
  if (const Effect* own = find_effect(order.captures, call)) return judge_own(call, order.id, *own);
  if (could_be_ours(order.captures, call)) return not_understood(false);
  if (plan.renews) {
    for (const Effect& hold : order.authorizations) {
      const bool renewed = hold.id != call.authorization_object && hold.status == "CREATED";
      if (renewed) return Progressed{order.id, 1, hold.id};
    }
  }
  const bool renewed = call.step > 0 && !call.provider_object.empty();
  const Effect* hold = find_hold(order, renewed ? call.provider_object : call.authorization_object);
  if (hold == nullptr) return not_understood(false);
  if (hold->status == "CREATED" || hold->status == "PARTIALLY_CAPTURED" ||
      hold->status == "PENDING") {
    return NotExecuted{order.id};
  }
  if (hold->status == "VOIDED" || hold->status == "DENIED") return ended(call, hold->status);
  return not_understood(false);  // captured by somebody else: the operators must look
}

Verdict judge_refund(const Call& call, const Order& order) {
  if (const Effect* own = find_effect(order.refunds, call)) return judge_own(call, order.id, *own);
  const bool unsure = std::any_of(order.refunds.begin(), order.refunds.end(), [&](const auto& e) {
    return e.custom_id.empty() && e.invoice_id.empty() && may_equal(e.amount, call.amount);
  });
  return unsure ? Verdict{not_understood(false)} : Verdict{NotExecuted{order.id}};
}

/// Giving up an order that was never authorized. PayPal has no call for it: it takes no money by
/// itself, and we never ask it to (README.md, decision 3).
Verdict judge_given_up(const Call& call, const Order& order) {
  const auto has_money = [](const Effect& effect) {
    const Standing standing = standing_of(effect.status, OperationKind::authorize);
    return standing != Standing::declined && standing != Standing::ended;
  };
  const bool taken =
      std::any_of(order.authorizations.begin(), order.authorizations.end(), has_money) ||
      std::any_of(order.captures.begin(), order.captures.end(), has_money);
  if (taken) {
    return Declined{{FailureCode::invalid_request,
                     "The payer was faster: the payment has been made.", "ORDER_COMPLETED"},
                    false,
                    order.id,
                    {}};
  }
  for (const std::string_view idle :
       {"CREATED", "SAVED", "PAYER_ACTION_REQUIRED", "APPROVED", "VOIDED"}) {
    if (order.status == idle) return Approved{call.amount, order.id, {}, {}, std::nullopt};
  }
  return not_understood(false);
}

Verdict judge_void(const Call& call, const Plan& plan, const Effect& hold) {
  // Of a denied one nothing is held: there is nothing left to give back.
  if (hold.status == "VOIDED" || hold.status == "DENIED")
    return Approved{call.amount, call.provider_payment_id, hold.id, {}, std::nullopt};
  if (!is_question(plan.request)) return not_understood(false);
  if (hold.status == "CREATED" || hold.status == "PENDING")
    return NotExecuted{call.provider_payment_id};
  if (hold.status == "CAPTURED" || hold.status == "PARTIALLY_CAPTURED") {
    return Declined{{FailureCode::invalid_request,
                     "The payment has been captured and can no longer be voided.", hold.status},
                    false,
                    call.provider_payment_id,
                    {}};
  }
  return not_understood(false);
}

}  // namespace

provider::Unknown not_understood(bool outage) {
  return {{FailureCode::unknown, payer_message(FailureCode::unknown)}, outage};
}

Declined ended(const Call& call, std::string word) {
  const bool starts = call.kind == OperationKind::authorize || call.kind == OperationKind::charge;
  return Declined{{starts ? FailureCode::card_declined : FailureCode::invalid_request,
                   starts ? "The payer's approval has expired. Start a new payment."
                          : "The authorization has expired or was voided.",
                   std::move(word)},
                  false,
                  call.provider_payment_id,
                  {}};
}

Verdict back_to_payer(const Call& call, std::string word) {
  const int step = std::max(call.step, 0);
  if (may_choose_again(step)) return Progressed{call.provider_payment_id, step + 1};
  return Declined{
      {FailureCode::card_declined, payer_message(FailureCode::card_declined), std::move(word)},
      false,
      call.provider_payment_id,
      {}};
}

Verdict judge_order(const Call& call, const Plan& plan, const AccountSettings& account,
                    const Order& order) {
  if (!is_ours(call.provider_payment_id, order.id)) return not_understood(false);
  switch (call.kind) {
    case OperationKind::authorize:
    case OperationKind::charge:
      return judge_start(call, plan, account, order);
    case OperationKind::capture:
      return judge_capture(call, plan, order);
    case OperationKind::void_authorization:
      return judge_given_up(call, order);
    case OperationKind::refund:
      break;
  }
  return judge_refund(call, order);
}

Verdict judge_effect(const Call& call, const Plan& plan, const Effect& effect) {
  switch (plan.request) {
    case Request::reauthorize:
      // Whatever became of the renewal: the capture is tried, with the new authorization or the
      // old.
      if (effect.status == "CREATED" && effect.id != call.authorization_object)
        return Progressed{call.provider_payment_id, 1, effect.id};
      return Progressed{call.provider_payment_id, 1};
    case Request::void_authorization:
    case Request::look_up_authorization:
      if (effect.id != call.authorization_object) return not_understood(false);
      return judge_void(call, plan, effect);
    case Request::refund:
    case Request::look_up_refund: {
      const bool named = plan.request == Request::refund || effect.id == call.provider_object;
      if (!named || !is_ours(effect.custom_id, call.operation.to_string()))
        return not_understood(false);
      return judge_own(call, call.provider_payment_id, effect);
    }
    case Request::capture:
      if (!is_ours(effect.invoice_id, invoice_of(call.payment, call.operation)))
        return not_understood(false);
      return judge_own(call, call.provider_payment_id, effect);
    default:
      break;
  }
  return not_understood(false);
}

}  // namespace cambist::paypal

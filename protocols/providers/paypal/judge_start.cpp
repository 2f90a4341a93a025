// The first operation: an order, and what it made.
#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "protocols/providers/paypal/judge.hpp"
#include "protocols/providers/paypal/standing.hpp"

namespace cambist::paypal {
namespace {

using provider::ActionRequired;
using provider::Approved;
using provider::Call;
using provider::Declined;
using provider::NotExecuted;
using provider::OperationKind;
using provider::Progressed;
using provider::Verdict;

// Without webhooks nobody tells that the payer has approved and did not come back.
constexpr auto ask_without_webhooks = std::chrono::minutes{5};

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

}  // namespace

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

}  // namespace cambist::paypal

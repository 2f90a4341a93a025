#include "gateway/sandbox/stripe/model.hpp"

#include <array>

#include "gateway/sandbox/stripe/amounts.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace {

constexpr std::array<std::string_view, 6> status_names{"requires_payment_method",
                                                       "requires_confirmation",
                                                       "requires_action",
                                                       "requires_capture",
                                                       "succeeded",
                                                       "canceled"};

constexpr std::array<std::string_view, 7> dispute_names{"warning_needs_response",
                                                        "warning_under_review",
                                                        "warning_closed",
                                                        "needs_response",
                                                        "under_review",
                                                        "won",
                                                        "lost"};

}  // namespace

std::string_view to_string(DisputeStatus status) noexcept {
  return dispute_names[static_cast<std::size_t>(status)];
}

std::string_view to_string(IntentStatus status) noexcept {
  return status_names[static_cast<std::size_t>(status)];
}

void Books::clear() {
  intents.clear();
  charges.clear();
  refunds.clear();
  customers.clear();
  disputes.clear();
  events.clear();
  event_kinds.clear();
  holds_due.clear();
  refunds_due.clear();
  balance.clear();
}

std::string make_id(std::string_view prefix, const Random& random) {
  constexpr std::string_view alphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr int letters_per_draw = 8;  // 62^8 is far below 2^64, so the bias is too small to matter
  std::string id{prefix};
  for (int draw = 0; draw < 3; ++draw) {
    std::uint64_t bits = random();
    for (int i = 0; i < letters_per_draw; ++i, bits /= alphabet.size())
      id.push_back(alphabet[bits % alphabet.size()]);
  }
  return id;
}

std::string_view payment_of(const Metadata& metadata) noexcept {
  for (const auto& [key, value] : metadata) {
    if (key == "payment_id") return value;
  }
  return {};
}

std::size_t record(Bench& bench, const Intent& intent, EffectKind kind, std::string_view detail,
                   std::int64_t wire, std::string_view key, TimePoint now) {
  Effect effect;
  effect.provider = "stripe";
  effect.kind = kind;
  effect.object = intent.id;
  effect.detail = detail;
  effect.payment = payment_of(intent.metadata);
  effect.amount = to_money(wire, intent.currency);
  effect.idempotency_key = key;
  effect.at = now;
  effect.by_dashboard = bench.at_dashboard;
  return bench.world.ledger.add(effect);
}

}  // namespace cambist::gateway::sandbox::stripe

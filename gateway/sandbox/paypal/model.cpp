#include "gateway/sandbox/paypal/model.hpp"

#include <array>

namespace cambist::gateway::sandbox::paypal {
namespace {

constexpr std::array<std::string_view, 2> intent_names{"CAPTURE", "AUTHORIZE"};
constexpr std::array<std::string_view, 5> order_names{"CREATED", "PAYER_ACTION_REQUIRED",
                                                      "APPROVED", "VOIDED", "COMPLETED"};
constexpr std::array<std::string_view, 6> authorization_names{
    "CREATED", "CAPTURED", "DENIED", "PARTIALLY_CAPTURED", "VOIDED", "PENDING"};
constexpr std::array<std::string_view, 5> capture_names{
    "COMPLETED", "DECLINED", "PARTIALLY_REFUNDED", "PENDING", "REFUNDED"};
constexpr std::array<std::string_view, 3> refund_names{"COMPLETED", "PENDING", "FAILED"};
constexpr std::array<std::string_view, 3> dispute_names{"WAITING_FOR_SELLER_RESPONSE",
                                                        "UNDER_REVIEW", "RESOLVED"};

// Whole units of any currency that stand for a wish, where a description cannot be set.
struct Meaning {
  std::string_view value;
  std::string_view wish;
};
constexpr std::array meanings{
    Meaning{"4001", "INSTRUMENT_DECLINED"},
    Meaning{"4002", "TRANSACTION_REFUSED"},
    Meaning{"4003", "PENDING"},
    Meaning{"4004", "PENDING_DENIED"},
    Meaning{"4005", "CAPTURE_DECLINED"},
    Meaning{"4006", "AUTHORIZATION_DENIED"},
    Meaning{"4007", "AUTHORIZATION_PENDING"},
    Meaning{"4008", "REFUND_PENDING"},
    Meaning{"4009", "REFUND_FAILED"},
    Meaning{"4010", "DISPUTE"},
};

}  // namespace

std::string_view to_string(Intent intent) noexcept {
  return intent_names[static_cast<std::size_t>(intent)];
}

std::string_view to_string(OrderStatus status) noexcept {
  return order_names[static_cast<std::size_t>(status)];
}

std::string_view to_string(AuthorizationStatus status) noexcept {
  return authorization_names[static_cast<std::size_t>(status)];
}

std::string_view to_string(CaptureStatus status) noexcept {
  return capture_names[static_cast<std::size_t>(status)];
}

std::string_view to_string(RefundStatus status) noexcept {
  return refund_names[static_cast<std::size_t>(status)];
}

std::string_view to_string(DisputeStatus status) noexcept {
  return dispute_names[static_cast<std::size_t>(status)];
}

void Books::clear() {
  orders.clear();
  authorizations.clear();
  captures.clear();
  refunds.clear();
  disputes.clear();
  invoices.clear();
  tokens.clear();
  tokens_issued = 0;
  events.clear();
  event_kinds.clear();
  orders_due.clear();
  authorizations_due.clear();
  settlements_due.clear();
}

std::string make_id(std::size_t size, const Random& random) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPRSTUVWXY";
  constexpr std::size_t letters_per_draw = 12;  // of 5 bits each
  std::string id;
  id.reserve(size);
  while (id.size() < size) {
    std::uint64_t bits = random();
    for (std::size_t i = 0; i < letters_per_draw && id.size() < size; ++i, bits >>= 5U)
      id.push_back(alphabet[bits % alphabet.size()]);
  }
  return id;
}

std::string_view wish_of(const Order& order) noexcept {
  const std::string_view text = order.description;
  const auto open = text.find('[');
  const auto close = open == std::string_view::npos ? open : text.find(']', open);
  if (close != std::string_view::npos) return text.substr(open + 1, close - open - 1);
  for (const auto& meaning : meanings) {
    const auto whole = parse_money(meaning.value, order.amount.currency);
    if (whole && *whole == order.amount) return meaning.wish;
  }
  return {};
}

void record(Bench& bench, const Order& order, EffectKind kind, std::string_view detail,
            const Money& amount, std::string_view key, bool by_dashboard) {
  Effect effect;
  effect.provider = "paypal";
  effect.kind = kind;
  effect.object = order.id;
  effect.detail = detail;
  effect.payment = order.custom_id;
  effect.amount = amount;
  effect.idempotency_key = key;
  effect.at = bench.world.now();
  effect.by_dashboard = by_dashboard;
  bench.world.ledger.add(effect);
}

bool invoice_is_free(Books& books, std::string_view invoice, std::string_view owner) {
  if (invoice.empty()) return true;
  const auto* taken = books.invoices.find(invoice);
  return taken == nullptr || taken->owner == owner;
}

void claim_invoice(Books& books, const std::string& invoice, const std::string& owner) {
  if (invoice.empty() || books.invoices.find(invoice) != nullptr) return;
  books.invoices.add(Invoice{invoice, owner});
}

}  // namespace cambist::gateway::sandbox::paypal

// What the emulated PayPal account holds.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/sandbox/emulator.hpp"
#include "gateway/sandbox/resembling.hpp"
#include "gateway/sandbox/shelf.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox::paypal {

// Source: facts/paypal.md sections 2 and 3. A bank takes days to settle; tests have seconds.
constexpr std::chrono::hours order_lifetime{3};
constexpr std::chrono::hours authorization_lifetime{29 * 24};
constexpr std::chrono::hours honor_period{3 * 24};
constexpr std::chrono::hours refundable_for{180 * 24};
constexpr std::chrono::seconds settles_after{10};

enum class Intent : std::uint8_t { capture, authorize };
[[nodiscard]] std::string_view to_string(Intent intent) noexcept;

enum class OrderStatus : std::uint8_t {
  created,
  payer_action_required,
  approved,
  voided,
  completed
};
[[nodiscard]] std::string_view to_string(OrderStatus status) noexcept;

/// An order of one purchase unit. Amounts are ISO minor units.
/// Shape: `extra` is the JSON of what is only given back (items, shipping, …) or empty.
struct Order {
  std::string id;
  Intent intent = Intent::capture;
  OrderStatus status = OrderStatus::created;
  Money amount;
  std::string reference_id;
  std::string custom_id;
  std::string invoice_id;
  std::string description;
  std::string soft_descriptor;
  std::string extra;
  std::string return_url;
  std::string cancel_url;
  bool wallet = false;    // made with `payment_source.paypal`
  bool declines = false;  // what the payer chose to pay with will be refused
  bool expired = false;
  TimePoint created;
  TimePoint updated;
  TimePoint open_until;  // an approval renews it
  std::vector<std::string> authorizations;
  std::vector<std::string> captures;
  std::vector<std::string> refunds;

  [[nodiscard]] bool waits_for_payer() const noexcept {
    return status == OrderStatus::created || status == OrderStatus::payer_action_required ||
           (status == OrderStatus::approved && declines);
  }
};

enum class AuthorizationStatus : std::uint8_t {
  created,
  captured,
  denied,
  partially_captured,
  voided,
  pending
};
[[nodiscard]] std::string_view to_string(AuthorizationStatus status) noexcept;

struct Authorization {
  std::string id;
  std::string order;
  Money amount;
  std::int64_t captured_minor = 0;
  AuthorizationStatus status = AuthorizationStatus::created;
  bool expired = false;
  int captures = 0;
  std::string invoice_id;
  std::string key;          // the request id that it was made under
  std::string replaced_by;  // the authorization that a reauthorization made of this one
  TimePoint created;
  TimePoint updated;
  TimePoint expires;

  [[nodiscard]] bool holds() const noexcept {
    return status == AuthorizationStatus::created ||
           status == AuthorizationStatus::partially_captured;
  }
};

enum class CaptureStatus : std::uint8_t {
  completed,
  declined,
  partially_refunded,
  pending,
  refunded
};
[[nodiscard]] std::string_view to_string(CaptureStatus status) noexcept;

struct Capture {
  std::string id;
  std::string order;
  std::string authorization;  // empty: the order was captured directly
  Money amount;
  std::int64_t refunded_minor = 0;
  std::int64_t charged_back_minor = 0;  // by disputes that are not won
  CaptureStatus status = CaptureStatus::completed;
  bool denied_later = false;  // what becomes of it while it is pending
  bool final_capture = true;
  std::string invoice_id;
  std::string key;
  TimePoint created;
  TimePoint updated;
};

enum class RefundStatus : std::uint8_t { completed, pending, failed };
[[nodiscard]] std::string_view to_string(RefundStatus status) noexcept;

struct Refund {
  std::string id;
  std::string order;
  std::string capture;
  Money amount;
  RefundStatus status = RefundStatus::completed;
  bool fails_later = false;
  std::string invoice_id;
  std::string custom_id;
  std::string note;
  std::string key;
  std::int64_t refunded_before_minor = 0;
  bool by_dashboard = false;
  TimePoint created;
  TimePoint updated;
};

enum class DisputeStatus : std::uint8_t { waiting_for_seller, under_review, resolved };
[[nodiscard]] std::string_view to_string(DisputeStatus status) noexcept;

struct Dispute {
  std::string id;
  std::string order;
  std::string capture;
  Money amount;
  std::string_view reason;
  std::string_view outcome;  // empty: not resolved
  DisputeStatus status = DisputeStatus::waiting_for_seller;
  bool inquiry = false;
  TimePoint created;
  TimePoint updated;
};

/// Something that happened, as it was told. Shape: `packed` is its JSON, packed by its type.
struct Event {
  std::string id;
  std::string_view type;
  std::string packed;
};

/// Who an invoice id belongs to: an order, a capture or a refund.
struct Invoice {
  std::string id;
  std::string owner;
};

struct IssuedToken {
  std::string id;  // the token itself
  TimePoint expires;
};

struct Due {
  TimePoint at;
  std::string id;
};

/// Everything in the account. Bounds: the oldest objects go first, long after a load test has
/// ended.
struct Books {
  Shelf<Order> orders{1'000'000};
  Shelf<Authorization> authorizations{1'000'000};
  Shelf<Capture> captures{2'000'000};
  Shelf<Refund> refunds{1'000'000};
  Shelf<Dispute> disputes{100'000};
  Shelf<Invoice> invoices{2'000'000};
  Shelf<IssuedToken> tokens{100'000};
  std::int64_t tokens_issued = 0;
  Shelf<Event> events{100'000};
  std::map<std::string_view, Resembling> event_kinds;  // by type: the first of it
  // Each of a queue lasts as long as the others of it, so the front is always due first.
  std::deque<Due> orders_due;
  std::deque<Due> authorizations_due;
  std::deque<Due> settlements_due;

  void clear();
};

/// The account and the world around it: what every endpoint works on.
struct Bench {
  World& world;
  Books books{};
  bool at_dashboard = false;  // what happens now is done at PayPal's own pages
};

/// `size` random letters and digits, upper case: an order, a capture.
[[nodiscard]] std::string make_id(std::size_t size, const Random& random);
constexpr std::size_t id_size = 17;

/// What a test wants of an order: the text in brackets in its description, or what its amount
/// stands for (README.md, "PayPal"); empty: nothing special.
[[nodiscard]] std::string_view wish_of(const Order& order) noexcept;

/// Writes an effect to the ledger; `detail` is what it made or changed.
void record(Bench& bench, const Order& order, EffectKind kind, std::string_view detail,
            const Money& amount, std::string_view key, bool by_dashboard);

/// False when the invoice id belongs to somebody else. An empty one is nobody's.
[[nodiscard]] bool invoice_is_free(Books& books, std::string_view invoice, std::string_view owner);
void claim_invoice(Books& books, const std::string& invoice, const std::string& owner);

/// What time alone does, for everything that has waited long enough. The answer is when the next
/// one has.
std::optional<TimePoint> settle_all(Bench& bench, TimePoint now);

}  // namespace cambist::gateway::sandbox::paypal

#include "tests/simulation/shopper.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocols/api/keys.hpp"
#include "protocols/api/requests.hpp"
#include "tests/simulation/clients.hpp"
#include "tests/simulation/front.hpp"
#include "tests/simulation/provider_side.hpp"
#include "tests/simulation/providers.hpp"
#include "tests/simulation/server.hpp"
#include "tests/simulation/world.hpp"

namespace cambist::sim {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int steps_max = 12;

constexpr std::array<std::string_view, 24> tokens{
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_mastercard",
    "pm_card_mastercard",
    "pm_card_amex",
    "pm_card_pendingRefund",
    "pm_card_pendingRefund",
    "pm_card_refundFail",
    "pm_card_refundFail",
    "pm_card_amex",
    "pm_card_visa_chargeDeclinedInsufficientFunds",
    "pm_card_chargeDeclinedExpiredCard",
    "pm_card_radarBlock",
    "pm_card_threeDSecureRequired",
    "pm_card_threeDSecureRequired",
    "pm_card_authenticationRequired",
    "pm_card_threeDSecureRequiredChargeDeclined",
    "pm_card_chargeDeclinedProcessingError",
};

std::string text_of(const json::object& object, std::string_view name) {
  const auto* member = object.if_contains(name);
  return member != nullptr && member->is_string() ? std::string{member->as_string()}
                                                  : std::string{};
}

/// What the request asks of the payment; nullopt for a read.
std::optional<payment::Command> command_of(const std::string& kind, const json::object& body) {
  if (kind == "create") {
    auto details = api::read_create(body, provider_names());
    if (details) return payment::Create{{}, default_tenant(), std::move(*details), {}};
  }
  if (kind == "capture") {
    if (auto read = api::read_capture(body, {})) return *read;
  }
  if (kind == "cancel") {
    if (auto read = api::read_cancel(body, {})) return *read;
  }
  if (kind == "refund") {
    if (auto read = api::read_refund(body, {})) return *read;
  }
  if (kind == "confirm") return payment::Confirm{};
  if (kind == "capture-schedule") {
    if (auto read = api::read_capture_schedule(body)) return *read;
  }
  return std::nullopt;
}

}  // namespace

Shopper::Shopper(World& world, std::uint64_t number)
    : world_(world),
      dice_(world.dice("shopper " + std::to_string(number))),
      name_("order-" + std::to_string(number)),
      currency_(Currency::parse(dice_.chance(800'000) ? "USD" : "EUR").value()),
      amount_(dice_.between(100, 90'000)) {
  choose_method();
  world_.clients->busy(1);
}

Shopper::~Shopper() {
  world_.clients->busy(-1);
}

std::string Shopper::money(std::int64_t minor) const {
  return json::serialize(
      json::object{{"value", to_decimal({minor, currency_})}, {"currency", currency_.code()}});
}

std::string Shopper::fresh_key() {
  return name_ + "-key-" + std::to_string(++keys_);
}

void Shopper::later(Tick least, Tick most, std::function<void()> what) {
  world_.stage.after(Tick{dice_.between(least.count(), most.count())},
                     [self = shared_from_this(), what = std::move(what)] { what(); });
}

// --- asking
// -----------------------------------------------------------------------------------------

void Shopper::ask(Wish wish, Then then) {
  test::ClientCall call;
  call.kind = wish.kind;
  if (wish.kind != "create") call.payment = payment_;
  call.key = wish.key;
  call.request_id = name_ + "-request-" + std::to_string(++requests_);
  const auto body = wish.body.empty() ? json::object{} : json::parse(wish.body).as_object();
  call.command = command_of(wish.kind, body);
  call.fingerprint = api::fingerprint(wish.method, wish.target, body);
  call.asked = world_.stage.trace.steps();
  // A clock that jumps tells nothing of what was first.
  if (world_.profile.jumps == 0) call.asked_at = world_.stage.now();
  auto request = api_request(wish.method, wish.target, wish.body, wish.key);
  request.headers.push_back({"x-request-id", call.request_id});
  const Tick patience = milliseconds{dice_.between(1'500, 14'000)};
  // Without a key, two requests are two wishes.
  const bool same = !wish.key.empty() || wish.kind == "create" || wish.kind == "read";
  if (same && !world_.quiet() && dice_.chance(world_.profile.client_doubled)) {
    world_.fault(Fault::client_request_doubled, payment_.empty() ? "-" : payment_);
    world_.clients->remember(call);
    later(Tick{0}, milliseconds{400}, [this, request] {
      world_.front->ask(request, payment_.empty() ? "-" : payment_, seconds{1}, [](const auto&) {});
    });
  }
  world_.front->ask(
      std::move(request), payment_.empty() ? "-" : payment_, patience,
      [self = shared_from_this(), wish, call = std::move(call),
       then = std::move(then)](const std::optional<http::Response>& response) mutable {
        self->answered(std::move(call), response);
        if (!self->wants_again(wish, response)) return then(response);
        --wish.tries;
        self->later(milliseconds{100}, seconds{6},
                    [self, wish = std::move(wish), then = std::move(then)]() mutable {
                      self->ask(std::move(wish), std::move(then));
                    });
      });
}

void Shopper::answered(test::ClientCall call, const std::optional<http::Response>& response) {
  if (response) {
    call.answered = world_.stage.trace.steps();
    if (world_.profile.jumps == 0) call.answered_at = world_.stage.now();
    call.status = response->status;
    call.body = response->body;
    call.replayed = http::find(response->headers, "idempotent-replayed") != nullptr;
    if (response->status < 300) world_.clients->told(response->body);
  }
  world_.clients->remember(std::move(call));
}

bool Shopper::wants_again(const Wish& wish, const std::optional<http::Response>& response) {
  if (wish.tries <= 1) return false;
  // Without a key nobody can know whether it would be a second one.
  if (!response) return !wish.key.empty() || wish.kind == "read";
  if (response->status == 503 || response->status == 429) return true;
  if (response->status != 409) return false;
  const auto code = text_of(json::parse(response->body).as_object(), "code");
  return code != "illegal_transition";
}

// --- how it is paid
// --------------------------------------------------------------------------------

/// A card most of the time, and one of the others, in their own currencies, else.
void Shopper::choose_method() {
  const auto roll = dice_.below(100);
  method_ =
      R"({"type":"card","token":")" + std::string{dice_.pick<std::string_view>(tokens)} + "\"}";
  if (roll < 55 || Profile::stripe_alone) {
    provider_ = "stripe";
  } else if (roll < 70) {  // routed: the next one takes over what the first surely did not process
    provider_.clear();
  } else if (roll < 80) {
    provider_ = "paypal";
    method_ = R"({"type":"paypal"})";
  } else {
    by_phone_or_bank(roll);
  }
}

void Shopper::by_phone_or_bank(std::uint64_t roll) {
  const bool kenya = roll < 86;
  provider_ = kenya       ? "mpesa_daraja"
              : roll < 90 ? "mpesa_openapi_tz"
              : roll < 94 ? "airtel_money"
              : roll < 97 ? "tigo_pesa"
                          : "bank_transfer";
  std::string phone =
      (kenya ? "2547" : "2557") + std::to_string(dice_.between(10'000'000, 99'999'999));
  // A wallet whose callbacks are never believed would be sent for ever.
  if (provider_ == "airtel_money" && phone[phone.size() - 2] == '9') phone[phone.size() - 2] = '0';
  method_ = roll >= 97 ? R"({"type":"bank_transfer"})"
                       : R"({"type":"mobile_money","phone":")" + phone + "\"}";
  currency_ = Currency::parse(kenya ? "KES" : "TZS").value();
  holds_ = false;
  unit_ = 100;  // whole shillings
  amount_ = dice_.between(1'000, 90'000) * unit_;
}

// --- the payment
// ------------------------------------------------------------------------------------

void Shopper::start() {
  const bool manual = dice_.chance(holds_ ? 550'000 : 10'000);
  std::string body = R"({"amount":)" + money(amount_) + R"(,"capture":")" +
                     (manual ? "manual" : "automatic") + R"(","reference":")" + name_ +
                     R"(","payment_method":)" + method_;
  if (!provider_.empty()) body += R"(,"provider":")" + provider_ + "\"";
  if (manual && dice_.chance(80'000)) {
    const auto at = world_.stage.now() + seconds{dice_.between(5, 600)};
    body += R"(,"capture_at":")" + to_rfc3339(at) + "\"";
  }
  body += "}";
  Wish wish{"create", "POST", "/api/v1/payments", std::move(body)};
  if (dice_.chance(850'000)) wish.key = fresh_key();
  // One in twelve asks once and never comes back.
  wish.tries = dice_.chance(80'000) ? 1 : static_cast<int>(dice_.between(3, 9));
  if (wish.key.empty()) wish.tries = 1;
  const bool twice = !wish.key.empty() && dice_.chance(50'000);
  const std::string key = wish.key;
  const Wish again = wish;
  ask(std::move(wish), [this, self = shared_from_this(), key](const auto& response) {
    if (!key.empty() && dice_.chance(30'000)) try_key_again(key);
    created(response);
  });
  // The same request beside itself: two tabs, one order.
  if (twice) ask(again, [self = shared_from_this()](const auto&) {});
}

void Shopper::try_key_again(const std::string& key) {
  Wish wish{"create", "POST", "/api/v1/payments", {}, key};
  wish.body = R"({"amount":)" + money(amount_ + 1) +
              R"(,"payment_method":{"type":"card","token":"pm_card_visa"}})";
  ask(std::move(wish), [self = shared_from_this()](const auto&) {});
}

void Shopper::created(const std::optional<http::Response>& response) {
  if (!response || response->status >= 300) return;
  const auto shown = json::parse(response->body).as_object();
  payment_ = text_of(shown, "id");
  go_on(shown);
}

Shopper::Then Shopper::and_go_on() {
  return [this, self = shared_from_this()](const std::optional<http::Response>& response) {
    if (!response || response->status >= 500) return;
    if (response->status < 300) return go_on(json::parse(response->body).as_object());
    if (dice_.chance(500'000)) look(2);
  };
}

void Shopper::go_on(const json::object& payment) {
  if (++steps_ > steps_max) return;
  const auto status = text_of(payment, "status");
  if (status == "requires_action") return with_payer(payment);
  if (status == "processing" || status == "pending") return look(4);
  if (status == "authorized") {
    return later(milliseconds{10}, seconds{40}, [this] { with_authorized(); });
  }
  if (status == "captured" || status == "partially_refunded")
    return later(milliseconds{10}, seconds{40}, [this] { with_captured(); });
  if (status == "partially_captured") {
    return later(milliseconds{10}, seconds{20}, [this] {
      if (dice_.chance(700'000)) capture(std::nullopt, true, and_go_on());
    });
  }
  if (dice_.chance(100'000)) look(1);
}

void Shopper::with_payer(const json::object& payment) {
  auto object = text_of(payment, "provider_payment_id");
  const auto provider = text_of(payment, "provider");
  // A bank does not know what is due: the payer says how much, and pays once.
  if (provider == "bank_transfer") object += ":" + to_decimal({amount_, currency_});
  if (provider == "bank_transfer" && std::exchange(has_paid_, true)) return look(2);
  const auto roll = dice_.below(100);
  const bool confirms = dice_.chance(600'000);
  if (dice_.chance(50'000)) later(milliseconds{100}, seconds{5}, [this] { schedule_capture(); });
  if (roll < 80) {
    const std::string answer = roll < 65 ? "approve" : roll < 75 ? "decline" : "ignore";
    later(milliseconds{500}, seconds{60}, [this, object, provider, answer, confirms] {
      world_.provider->desk("POST", "/sandbox/payer/" + provider + "/" + object + "/" + answer);
      if (confirms) return command("confirm", "{}", and_go_on());
      later(seconds{1}, seconds{60}, [this] { look(3); });
    });
  } else if (roll < 90) {
    later(milliseconds{500}, seconds{60}, [this] { cancel(and_go_on()); });
  } else if (confirms) {
    later(milliseconds{500}, seconds{60}, [this] { command("confirm", "{}", and_go_on()); });
  }
}

void Shopper::look(int times) {
  if (times == 0 || payment_.empty()) return;
  later(milliseconds{50}, seconds{15}, [this, times] {
    ask({"read", "GET", "/api/v1/payments/" + payment_, {}, {}, 2},
        [this, self = shared_from_this(), times](const auto& response) {
          if (!response || response->status != 200) return;
          const auto shown = json::parse(response->body).as_object();
          const auto status = text_of(shown, "status");
          if (status == "processing" && dice_.chance(30'000)) return schedule_capture();
          if (status == "processing" || status == "requires_action") return look(times - 1);
          go_on(shown);
        });
  });
}

void Shopper::with_authorized() {
  const std::int64_t part = std::max<std::int64_t>(1, amount_ * dice_.between(10, 90) / 100);
  const auto roll = dice_.below(100);
  if (roll < 35) return capture(std::nullopt, true, and_go_on());
  if (roll < 52) return capture(part, true, and_go_on());
  if (roll < 60) return capture(part, false, and_go_on());
  if (roll < 74) return cancel(and_go_on());
  if (roll < 86) {  // it changes its mind: which of the two is first, nobody knows
    later(Tick{0}, milliseconds{300}, [this] { cancel(and_go_on()); });
    return capture(std::nullopt, true, and_go_on());
  }
  if (roll < 92) {
    later(Tick{0}, milliseconds{300}, [this, part] { capture(part, true, and_go_on()); });
    return capture(std::nullopt, true, and_go_on());
  }
  if (roll < 93) return refund(part, and_go_on());                // too early
  if (roll < 94) return capture(amount_ + 1, true, and_go_on());  // too much
  if (roll < 97) return schedule_capture();
  look(1);  // and leaves it to its expiry
}

void Shopper::with_captured() {
  const std::int64_t part = std::max<std::int64_t>(1, amount_ * dice_.between(10, 70) / 100);
  const std::int64_t most = std::max<std::int64_t>(1, amount_ * 6 / 10);
  const auto roll = dice_.below(100);
  if (roll < 35) return;
  if (roll < 50) return refund(std::nullopt, and_go_on());
  if (roll < 70) return refund(part, and_go_on());
  if (roll < 88) {  // both cannot be
    later(Tick{0}, milliseconds{400}, [this, most] { refund(most, and_go_on()); });
    return refund(most, and_go_on());
  }
  if (roll < 94) return cancel(and_go_on());  // too late
  if (roll < 97) return capture(std::nullopt, true, and_go_on());
  look(1);
}

void Shopper::command(const std::string& what, std::string body, Then then) {
  Wish wish{what, "POST", "/api/v1/payments/" + payment_ + "/" + what, std::move(body)};
  if (dice_.chance(900'000)) wish.key = fresh_key();
  wish.tries = wish.key.empty() ? 1 : static_cast<int>(dice_.between(1, 8));
  if (!wish.key.empty() && dice_.chance(60'000))
    ask(wish, [self = shared_from_this()](const auto&) {});
  ask(std::move(wish), std::move(then));
}

void Shopper::capture(std::optional<std::int64_t> minor, bool final_capture, Then then) {
  std::string body = final_capture ? "{\"final\":true" : "{\"final\":false";
  if (minor) body += ",\"amount\":" + money(*minor / unit_ * unit_);
  command("capture", body + "}", std::move(then));
}

void Shopper::refund(std::optional<std::int64_t> minor, Then then) {
  std::string body = R"({"reason":"it did not fit")";
  if (minor) body += ",\"amount\":" + money(*minor / unit_ * unit_);
  command("refund", body + "}", std::move(then));
}

void Shopper::schedule_capture() {
  const auto at = world_.stage.now() + seconds{dice_.between(5, 300)};
  command("capture-schedule", R"({"capture_at":")" + to_rfc3339(at) + "\"}", and_go_on());
}

void Shopper::cancel(Then then) {
  command("cancel", R"({"reason":"the customer has left"})", std::move(then));
}

}  // namespace cambist::sim

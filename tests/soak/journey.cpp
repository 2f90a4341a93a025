#include "tests/soak/journey.hpp"

#include <array>
#include <thread>

#include "protocols/core/money.hpp"
#include "tests/support/witness.hpp"

namespace cambist::soak {
namespace {

using namespace std::chrono_literals;

constexpr auto settle_wait = 30s;
constexpr std::array currencies{"USD", "EUR", "GBP"};  // all of two decimals, as the witness needs
constexpr std::array declining_cards{"pm_card_visa_chargeDeclined",
                                     "pm_card_visa_chargeDeclinedInsufficientFunds",
                                     "pm_card_chargeDeclinedExpiredCard", "pm_card_radarBlock"};

bool is_2xx(const test::ApiResponse& answer) {
  return answer.status >= 200 && answer.status < 300;
}

std::string field(const boost::json::value& payment, const char* name) {
  const auto* value = payment.as_object().if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->as_string()} : std::string{};
}

}  // namespace

Journey::Journey(World world, std::uint64_t seed, std::uint64_t number)
    : world_(world),
      random_(seed),
      number_(number),
      currency_(currencies[random_() % currencies.size()]),
      amount_(static_cast<std::int64_t>(500 + random_() % 50'000)) {}

void Journey::run() {
  const auto draw = random_() % 100;
  if (draw < 8) return declined();
  if (draw < 20) return payer_acts();
  if (draw < 26) return abandoned();
  if (draw < 31) return key_used_again();
  if (draw < 37) return asked_twice_at_once();
  if (draw < 64) return charged_at_once();
  captured_later();
}

void Journey::declined() {
  (void)create(creation(chance(50) ? "manual" : "automatic",
                        declining_cards[random_() % declining_cards.size()]));
}

/// 3-D Secure: the payer says yes or no at the provider, and only its webhook or an inquiry tells.
void Journey::payer_acts() {
  const bool manual = chance(40);
  auto ask = creation(manual ? "manual" : "automatic", "pm_card_threeDSecureRequired");
  ask.body.pop_back();
  ask.body += R"(,"return_url":"https://shop.example/back"})";
  auto made = create(ask);
  if (!made) return;
  auto payment = settled(*made);
  if (payment.status != "requires_action" || payment.at_provider.empty()) return;
  if (chance(10)) return cancel(payment);  // the payer is given up while the page is open
  if (chance(10)) return;                  // the payer never comes back
  const auto acted = world_.sandbox.post(
      "/sandbox/payer/stripe/" + payment.at_provider + (chance(80) ? "/approve" : "/decline"),
      "{}");
  if (acted.status >= 300) return;
  payment = settled(payment, "requires_action");
  if (payment.status == "authorized") return capture_all(payment);
  if (payment.status == "captured" && chance(50)) refund(payment);
}

/// The client goes away without an answer; half of them ask again later.
void Journey::abandoned() {
  const auto ask = creation(chance(50) ? "manual" : "automatic");
  world_.tally.abandoned();
  (void)world_.asker.once(ask, std::chrono::milliseconds{1 + random_() % 40});
  if (chance(50)) (void)create(ask);
}

void Journey::key_used_again() {
  auto ask = creation("automatic");
  const auto made = create(ask);
  if (!made) return;
  ++amount_;
  auto other = creation("automatic");
  other.key = ask.key;
  other.kind = "another request";
  const auto answer = world_.asker.insist(other, random_());
  if (answer.status != 422 && is_final(answer))
    world_.tally.disagreed({"I8", made->id,
                            "its key with another request is answered " +
                                std::to_string(answer.status) + ", not 422"});
}

void Journey::asked_twice_at_once() {
  const auto ask = creation(chance(50) ? "manual" : "automatic");
  const auto sent = Steady::now();
  const auto [one, other] = world_.asker.both(ask, ask, random_());
  (void)accepted(one, sent);
  expect_same(ask, one, other);
}

void Journey::charged_at_once() {
  const auto ask = creation("automatic");
  const auto made = create(ask);
  if (!made) return;
  const auto payment = settled(*made);
  if (payment.status != "captured") return;
  if (chance(10)) {
    // Long after it was answered: still the same payment.
    const auto again = world_.asker.insist(ask, random_());
    const auto body = again.json();
    const auto* same = payment_in(body);
    if (is_final(again) && (same == nullptr || field(*same, "id") != payment.id))
      world_.tally.disagreed({"I8", payment.id, "asked for again, it is another payment"});
  }
  if (chance(60)) refund(payment);
}

void Journey::captured_later() {
  const auto made = create(creation("manual"));
  if (!made) return;
  const auto payment = settled(*made);
  if (payment.status != "authorized") return;
  const auto draw = random_() % 100;
  if (draw < 40) return capture_all(payment);
  if (draw < 60) return capture_in_parts(payment);
  if (draw < 75) return cancel(payment);
  if (draw < 90) return capture_against_cancel(payment);
}

void Journey::capture_all(const Known& payment) {
  act(command(payment, "capture", 0));
  const auto now = settled(payment);
  if (now.status == "captured" && chance(40)) refund(now);
}

void Journey::capture_in_parts(const Known& payment) {
  const auto part = payment.amount / 3;
  act(command(payment, "capture", part, R"("final":false)"));
  auto now = settled(payment);
  if (now.status != "partially_captured" || chance(20)) return;
  act(command(now, "capture", part, chance(50) ? R"("final":true)" : R"("final":false)"));
  now = settled(now);
  if (now.captured > 0 && chance(50)) act(command(now, "refund", now.captured / 2));
}

void Journey::cancel(const Known& payment) {
  act(command(payment, "cancel", 0));
}

/// Whoever comes second must be refused, or find that nothing is left to do.
void Journey::capture_against_cancel(const Known& payment) {
  const auto [captured, canceled] =
      world_.asker.both(command(payment, "capture", 0), command(payment, "cancel", 0), random_());
  if (captured.status == 200 && canceled.status == 200)
    world_.tally.disagreed({"I5", payment.id, "a client was told that it is captured and voided"});
}

void Journey::refund(const Known& payment) {
  const auto draw = random_() % 100;
  if (draw < 30) return act(command(payment, "refund", 0));
  if (draw < 50) return refund_twice_with_one_key(payment);
  if (draw < 70) return refund_twice_with_two_keys(payment);
  act(command(payment, "refund", payment.captured / 4));
  const auto now = settled(payment);
  act(command(now, "refund", payment.captured / 4));
}

void Journey::refund_twice_with_one_key(const Known& payment) {
  const auto ask = command(payment, "refund", payment.captured / 2);
  const auto [one, other] = world_.asker.both(ask, ask, random_());
  expect_same(ask, one, other);
}

/// Together more than was captured: one of them must not happen.
void Journey::refund_twice_with_two_keys(const Known& payment) {
  const auto minor = payment.captured * 2 / 3;
  const auto [one, other] = world_.asker.both(command(payment, "refund", minor),
                                              command(payment, "refund", minor), random_());
  if (one.status == 200 && other.status == 200)
    world_.tally.disagreed({"I4", payment.id, "a client was told of more refunded than captured"});
}

Ask Journey::creation(const std::string& capture, const std::string& token) {
  const auto currency = Currency::parse(currency_).value();
  return {"create", "/api/v1/payments",
          R"({"amount":{"value":")" + to_decimal({amount_, currency}) + R"(","currency":")" +
              currency_ + R"("},"capture":")" + capture + R"(","reference":"soak-)" +
              std::to_string(number_) + R"(","payment_method":{"type":"card","token":")" + token +
              R"("}})",
          key("create")};
}

Ask Journey::command(const Known& payment, const std::string& what, std::int64_t minor,
                     const std::string& more) {
  std::string body = more;
  if (minor > 0) {
    const auto currency = Currency::parse(currency_).value();
    body = R"("amount":{"value":")" + to_decimal({minor, currency}) + R"(","currency":")" +
           currency_ + "\"}" + (more.empty() ? "" : ",") + more;
  }
  return {what, "/api/v1/payments/" + payment.id + "/" + what, "{" + body + "}", key(what.c_str())};
}

std::optional<Journey::Known> Journey::create(const Ask& ask) {
  const auto sent = Steady::now();
  return accepted(world_.asker.insist(ask, random_()), sent);
}

std::optional<Journey::Known> Journey::accepted(const test::ApiResponse& answer,
                                                Steady::time_point sent) {
  if (!is_2xx(answer)) return std::nullopt;
  world_.tally.accepted(sent);
  const auto body = answer.json();
  return Known{field(body, "id"), field(body, "status"), amount_,
               test::minor_of(body.at("captured")), field(body, "provider_payment_id")};
}

void Journey::act(const Ask& ask) {
  const auto answer = world_.asker.insist(ask, random_());
  // A client that lost the answer to its last request asks for it once more.
  if (chance(10)) expect_same(ask, answer, world_.asker.insist(ask, random_()));
}

Journey::Known Journey::settled(Known payment, const std::string& past) {
  const auto deadline = Steady::now() + settle_wait;
  auto pause = 20ms;
  const Ask look{"read", "/api/v1/payments/" + payment.id, {}, {}, "GET"};
  do {
    const auto answer = world_.asker.insist(look, random_());
    if (answer.status == 404) {
      world_.tally.disagreed({"I2", payment.id, "it was accepted, and reads do not find it"});
      return payment;
    }
    if (answer.status != 200) return payment;
    const auto body = answer.json();
    payment.captured = test::minor_of(body.at("captured"));
    payment.at_provider = field(body, "provider_payment_id");
    payment.status = field(body, "status");
    if (payment.status != "processing" && payment.status != past) return payment;
    std::this_thread::sleep_for(pause);  // the pace of a client that looks again and again
    pause = std::min(pause * 2, 500ms);
  } while (Steady::now() < deadline);
  return payment;
}

void Journey::expect_same(const Ask& ask, const test::ApiResponse& one,
                          const test::ApiResponse& other) {
  if (!is_final(one) || !is_final(other)) return;
  const auto first = one.json();
  const auto second = other.json();
  const auto* a = payment_in(first);
  const auto* b = payment_in(second);
  const auto id = a != nullptr ? field(*a, "id") : ask.target;
  const bool both_or_none = (a == nullptr) == (b == nullptr);
  if (!both_or_none || (a != nullptr && field(*a, "id") != field(*b, "id")))
    world_.tally.disagreed({"I8", id, "one key, two payments: " + ask.key});
  // 202 may become what it was waiting for; what is final stays.
  const bool waited = one.status == 202 || other.status == 202;
  if (!waited && one.status != other.status)
    world_.tally.disagreed({"I8", id,
                            ask.kind + " with one key is answered " + std::to_string(one.status) +
                                " and " + std::to_string(other.status)});
}

std::string Journey::key(const char* what) {
  return "soak-" + std::to_string(number_) + "-" + what + "-" + std::to_string(++keys_);
}

}  // namespace cambist::soak

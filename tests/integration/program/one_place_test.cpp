// A payment is never at two providers at once: a thousand of them at all providers, while answers
// get lost, come late, are refused or broken, and the ledger as the witness afterwards.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "tests/integration/program/shop.hpp"
#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr int payments = 1'000;
constexpr int merchants = 12;

/// Waits in seconds instead of minutes, and breakers that soon let calls through again.
Environment hasty(const Environment& order) {
  Environment environment{{"CAMBIST_PAYMENTS_INQUIRY_DELAYS_MS", "500,500,1000,1000,2000"},
                          {"CAMBIST_PAYMENTS_INQUIRY_DELAY_MAX_MS", "2000"},
                          {"CAMBIST_SERVER_REQUEST_DEADLINE_MS", "3000"},
                          {"CAMBIST_WEBHOOKS_RETRY_DELAYS_MS", "500,500,1000,1000,2000"},
                          {"CAMBIST_AIRTEL_MONEY_ASK_AFTER_S", "2"},
                          {"CAMBIST_AIRTEL_MONEY_NOT_FOUND_ASKS", "3"},
                          {"CAMBIST_MPESA_OPENAPI_TZ_ASK_AFTER_S", "2"}};
  for (const char* provider : {"STRIPE", "PAYPAL", "MPESA_DARAJA", "MPESA_OPENAPI_TZ",
                               "AIRTEL_MONEY", "TIGO_PESA", "BANK_TRANSFER"}) {
    const std::string begin = std::string{"CAMBIST_"} + provider + "_";
    environment[begin + "CALL_TIMEOUT_MS"] = "1500";
    environment[begin + "BREAKER_OPEN_MIN_MS"] = "200";
    environment[begin + "BREAKER_OPEN_MAX_MS"] = "1000";
    environment[begin + "BREAKER_PROBES_THEN"] = "1";
  }
  environment.insert(order.begin(), order.end());
  return environment;
}

std::string everything_goes_wrong() {
  struct Chance {
    const char* operation;
    const char* fault;
    double probability;
  };
  // "*" is every call of a provider: tokens and inquiries too.
  constexpr Chance chances[] = {
      {"charge", "http_429", 0.4},  {"authorize", "http_429", 0.4}, {"*", "timeout_before", 0.01},
      {"*", "timeout_after", 0.02}, {"*", "reset_before", 0.02},    {"*", "reset_mid_body", 0.03},
      {"*", "http_500", 0.02},      {"*", "http_500_after", 0.03},  {"*", "http_502_html", 0.02},
      {"*", "http_503", 0.02},      {"*", "truncated_json", 0.02},  {"*", "wrong_type", 0.02},
      {"webhook", "drop", 0.1},     {"webhook", "duplicate", 0.1},  {"webhook", "reorder", 0.1},
      {"webhook", "forge", 0.1},
  };
  json::array rules;
  for (const auto& [operation, fault, probability] : chances) {
    rules.push_back({{"provider", "*"},
                     {"operation", operation},
                     {"fault", fault},
                     {"probability", probability}});
  }
  return json::serialize(json::object{{"rules", std::move(rules)}});
}

/// What somebody wants to pay, and how; most name no provider.
std::string wish(std::mt19937& random) {
  const auto one_of = [&](const std::vector<std::string>& list) {
    return list[random() % list.size()];
  };
  const auto body = [](const std::string& currency, const std::string& method,
                       const std::string& more) {
    return R"({"amount":{"value":"1000.00","currency":")" + currency +
           R"("},"return_url":"https://shop.example/done","payment_method":)" + method + more + "}";
  };
  const auto phone = [](const std::string& begin, const std::string& end) {
    return R"({"type":"mobile_money","phone":")" + new_phone(begin, end) + R"("})";
  };
  const std::string capture = one_of({"", R"(,"capture":"manual")"});
  const std::string visa = R"({"type":"card","token":"pm_card_visa"})";
  switch (random() % 8) {
    case 0:
    case 1:
    case 2:
      return body("USD", visa, capture + one_of({"", "", "", R"(,"provider":"stripe")"}));
    case 3:
      return body("USD", R"({"type":"paypal"})", capture);
    case 4:
      // Who pays, has a busy line, or cannot be reached.
      return body("KES", phone("+25471", one_of({"05", "05", "05", "03", "06"})), "");
    case 5:
      return body("TZS", R"({"type":"bank_transfer"})", "");
    default:
      // Wherever it goes: who pays, refuses, has no money, is told twice, or waits for the desk.
      return body("TZS", phone("+25575", one_of({"901", "901", "901", "902", "903", "907", "910"})),
                  one_of({"", "", "", R"(,"provider":"airtel_money")"}));
  }
}

/// What of a payment stands at one provider, in minor units.
struct Standing {
  std::int64_t held = 0;
  std::int64_t taken = 0;
  int holds = 0;
};

std::map<std::string, std::map<std::string, Standing>> standing(const json::array& ledger) {
  std::map<std::string, std::map<std::string, Standing>> found;
  for (const auto& effect : ledger) {
    // A bank knows no payments of ours, only references.
    const bool bank = text(effect, "provider") == "bank_transfer";
    auto& here = found[text(effect, bank ? "object" : "payment")][text(effect, "provider")];
    const auto kind = text(effect, "kind");
    const auto minor = minor_of(effect.at("amount"));
    if (effect.as_object().contains("taken_back")) continue;
    if (kind == "authorize") here.held += minor;
    if (kind == "authorize" || kind == "charge") ++here.holds;
    if (kind == "void") here.held = 0;
    if (kind == "capture") here.held -= minor;
    if (kind == "capture" || kind == "charge") here.taken += minor;
    if (kind == "refund") here.taken -= minor;
  }
  return found;
}

/// A provider that cannot be asked what became of a prompt whose answer was lost (their READMEs):
/// such a payment is the operators'.
bool cannot_be_asked(const std::string& provider) {
  return provider == "mpesa_daraja" || provider == "tigo_pesa";
}

/// Which provider is tried first, and which next.
struct Order {
  const char* name;
  Environment priorities;
};
void PrintTo(const Order& order, std::ostream* out) {
  *out << order.name;
}

class OnePlace : public testing::TestWithParam<Order> {
 protected:
  void make_payments() {
    std::atomic<int> left{payments};
    std::vector<std::jthread> threads;
    for (int i = 0; i < merchants; ++i) {
      threads.emplace_back([&, i] {
        std::mt19937 random{static_cast<std::uint32_t>(i)};
        for (int n = left--; n > 0; n = left--) {
          const auto key = "payment-" + std::to_string(n);
          const auto body = wish(random);
          const auto id = make(body, key);
          if (!id.empty() && random() % 2 == 0) act(id, random);
        }
      });
    }
  }
  /// As a merchant does it: with one key, until there is an answer.
  std::string make(const std::string& body, const std::string& key) {
    std::string id;
    for (int tries = 0; tries < 20 && id.empty(); ++tries) {
      const auto answer = shop_.client().post("/api/v1/payments", body, key);
      const auto shown = answer.json();
      if (!shown.is_object()) continue;
      id = text(shown, "id");
      if (const auto* made = shown.as_object().if_contains("payment")) id = text(*made, "id");
      if (id.empty() && answer.status < 500 && answer.status != 429 && answer.status != 409) {
        ADD_FAILURE() << answer.status << ' ' << answer.body;
        return {};
      }
    }
    const std::lock_guard lock{mutex_};
    if (id.empty()) ++given_up_;
    if (!id.empty()) ids_.push_back(id);
    return id;
  }
  /// The payer, while everything still goes wrong.
  void act(const std::string& id, std::mt19937& random) {
    const auto payment = shop_.payment(id);
    if (!payment.is_object() || text(payment, "status") != "requires_action") return;
    if (text(payment, "provider_payment_id").empty() || has_paid_the_bank(payment)) return;
    (void)shop_.payer(payment, random() % 4 == 0 ? "decline" : "approve");
  }
  /// Everybody who still has to act does so, and all that was told is told again, until nothing is
  /// open; what is left then.
  std::vector<json::value> settle(std::chrono::seconds timeout) {
    shop_.faults(R"({"rules":[]})");
    std::set<std::string> open{ids_.begin(), ids_.end()};
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    auto told = std::chrono::steady_clock::time_point{};
    for (;;) {
      const auto now = std::chrono::steady_clock::now();
      if (now > deadline) break;
      if (now - told > 8s) {
        told = now;
        (void)shop_.sandbox().post("/sandbox/webhooks/resend", R"({"all":true})");
      }
      for (const auto& id : std::vector<std::string>{open.begin(), open.end()}) {
        if (is_over(id)) open.erase(id);
      }
      const bool waits = std::any_of(open.begin(), open.end(), [&](const auto& id) {
        const auto payment = shop_.payment(id);
        return !cannot_be_asked(text(payment, "provider")) || !shop_.effects(payment).empty();
      });
      if (!waits) break;
    }
    std::vector<json::value> left;
    for (const auto& id : open) left.push_back(shop_.payment(id));
    return left;
  }
  /// A bank takes every transfer that is ordered, the second one too.
  bool has_paid_the_bank(const json::value& payment) {
    return text(payment, "provider") == "bank_transfer" && !shop_.effects(payment).empty();
  }
  bool is_over(const std::string& id) {
    const auto payment = shop_.payment(id);
    const auto status = text(payment, "status");
    if (status == "requires_action" && !has_paid_the_bank(payment))
      (void)shop_.payer(payment, "approve");
    return status != "requires_action" && status != "processing" && status != "pending";
  }

  Shop shop_{hasty(GetParam().priorities)};
  std::mutex mutex_;
  std::vector<std::string> ids_;
  int given_up_ = 0;
};

TEST_P(OnePlace, NoPaymentHasEffectsAtTwoProvidersWhateverGoesWrong) {
  shop_.faults(everything_goes_wrong());
  make_payments();
  EXPECT_EQ(given_up_, 0);
  const auto left = settle(60s);
  for (const auto& payment : left) {
    const auto id = text(payment, "id");
    EXPECT_TRUE(cannot_be_asked(text(payment, "provider"))) << payment << shop_.events(id);
    EXPECT_TRUE(shop_.effects(payment).empty()) << payment << shop_.events(id);
  }
  // Faults were there, and not everything met one that nobody can clear up.
  EXPECT_LT(left.size(), ids_.size() / 10);

  const auto stands = standing(shop_.ledger());
  std::size_t failed_over = 0;
  for (const auto& id : ids_) {
    const auto payment = shop_.payment(id);
    const auto provider = text(payment, "provider");
    const bool bank = provider == "bank_transfer";
    const auto events = shop_.events(id);
    if (events.find("\"failed_over\"") != std::string::npos) ++failed_over;
    std::int64_t taken_here = 0;
    const auto found = stands.find(bank ? text(payment, "provider_payment_id") : id);
    if (found != stands.end()) {
      for (const auto& [where, effects] : found->second) {
        EXPECT_LE(effects.holds, 1) << id << " at " << where << events;
        if (where == provider) {
          taken_here = effects.taken;
          continue;
        }
        EXPECT_EQ(effects.taken, 0) << id << " is at " << provider << ", but " << where << events;
        EXPECT_EQ(effects.held, 0) << id << " is at " << provider << ", but " << where << events;
      }
    }
    EXPECT_EQ(minor_of(payment.at("captured")) - minor_of(payment.at("refunded")), taken_here)
        << payment << events;
  }
  EXPECT_GT(failed_over, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Orders, OnePlace,
    testing::Values(Order{"AsInTheRegistry", {}},
                    // Those first whose ids are ours to choose, or who have pages of their own.
                    Order{"TheOtherWayRound",
                          {{"CAMBIST_TIGO_PESA_PRIORITY", "1"},
                           {"CAMBIST_AIRTEL_MONEY_PRIORITY", "2"},
                           {"CAMBIST_MPESA_OPENAPI_TZ_PRIORITY", "3"},
                           {"CAMBIST_PAYPAL_PRIORITY", "4"}}}),
    [](const auto& info) { return std::string{info.param.name}; });

}  // namespace
}  // namespace cambist::test

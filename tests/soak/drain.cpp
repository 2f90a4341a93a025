#include "tests/soak/drain.hpp"

#include <thread>

namespace cambist::soak {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

/// Looks ten times a second: who looks all the time keeps those from work that are waited for.
template <class F>
bool in_time(Steady::time_point deadline, F condition) {
  while (!condition()) {
    if (Steady::now() > deadline) return false;
    std::this_thread::sleep_for(100ms);
  }
  return true;
}

/// Whether a list of the API is empty now.
bool none(const test::Client& api, const std::string& target) {
  const auto answer = api.get(target);
  if (answer.status != 200) return false;
  const auto body = answer.json();
  return body.at("data").as_array().empty();
}

bool payments_rest(const test::Client& api) {
  return none(api, "/api/v1/payments?status=processing&limit=1") &&
         none(api, "/api/v1/payments?status=pending&limit=1");
}

bool webhooks_rest(const Restless& restless) {
  const auto posted = restless.sandbox.client().get("/sandbox/webhooks");
  if (posted.status != 200) return false;
  const auto body = posted.json();
  if (body.at("pending").to_number<std::int64_t>() != 0) return false;
  for (const char* status : {"received", "retrying", "parked"}) {
    if (!none(restless.api, std::string{"/api/v1/webhooks/events?limit=1&status="} + status))
      return false;
  }
  return true;
}

/// One more payment, whose event stands behind everything else that merchants must hear of.
/// Empty when it could not be made.
std::string last_payment(const test::Client& api) {
  const auto made = api.post(
      "/api/v1/payments",
      R"({"amount":{"value":"1.00","currency":"USD"},"payment_method":{"type":"card","token":"pm_card_visa"}})",
      "soak-last");
  if (made.status != 201) return {};
  const auto body = made.json();
  return std::string{body.at("id").as_string()};
}

/// Where the endpoint's cursor stands, once nothing on its way to it is pending; else nothing.
std::string cursor_at_rest(const Restless& restless) {
  const auto path = "/api/v1/webhook-endpoints/" + restless.endpoint;
  if (!none(restless.api, path + "/deliveries?status=pending&limit=1")) return {};
  const auto shown = restless.api.get(path);
  if (shown.status != 200) return {};
  const auto body = shown.json();
  return std::string{body.at("cursor").as_string()};
}

/// What is at rest stays where it is: the cursor has passed everything that is read, and the window
/// is empty, when it does not move for longer than an endpoint's longest wait between two looks.
bool deliveries_rest(const Restless& restless, Steady::time_point deadline) {
  constexpr auto still_for = 3s;
  auto before = cursor_at_rest(restless);
  auto since = Steady::now();
  return in_time(deadline, [&] {
    auto now = cursor_at_rest(restless);
    if (now.empty() || now != before) since = Steady::now();
    before = std::move(now);
    return Steady::now() - since > still_for;
  });
}

}  // namespace

std::string drain(const Restless& restless, std::chrono::milliseconds timeout) {
  const auto deadline = Steady::now() + timeout;
  if (!in_time(deadline, [&] { return payments_rest(restless.api); }))
    return "payments are still processing";
  if (!in_time(deadline, [&] { return webhooks_rest(restless); })) return "webhooks still wait";
  std::string last;
  const auto made = [&] {
    last = last_payment(restless.api);
    return !last.empty();
  };
  if (!in_time(deadline, made)) return "no payment can be made";
  if (!in_time(deadline, [&] { return restless.merchant.has_taken(last, "payment.captured"); }))
    return "events are still on their way";
  if (!deliveries_rest(restless, deadline)) return "deliveries are still on their way";
  if (!in_time(deadline, [&] { return webhooks_rest(restless); })) return "webhooks still wait";
  return {};
}

}  // namespace cambist::soak

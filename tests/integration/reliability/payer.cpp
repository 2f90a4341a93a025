#include "tests/integration/reliability/payer.hpp"

#include <algorithm>
#include <stdexcept>

namespace cambist::test {

using namespace std::chrono_literals;
namespace json = boost::json;

std::string member(const json::value& payment, const char* name) {
  const auto* found = payment.is_object() ? payment.as_object().if_contains(name) : nullptr;
  return found != nullptr && found->is_string() ? std::string{found->as_string()} : std::string{};
}

json::value shown(Scene& scene, const std::string& payment) {
  return scene.client().get("/api/v1/payments/" + payment).json();
}

void wait_for(Scene& scene, const std::string& payment, const std::string& status) {
  if (eventually(payer_deadline, [&] { return scene.status_of(payment) == status; })) return;
  throw std::runtime_error("it does not become " + status + ", it is " + scene.status_of(payment));
}

std::string made_payment(Scene& scene, const Request& request, const std::string& status) {
  const auto answer = scene.insist(request, [](const ApiResponse&) {});
  if (answer.status != 201)
    throw std::runtime_error("no payment: " + std::to_string(answer.status) + " " + answer.body);
  auto id = member(answer.json(), "id");
  wait_for(scene, id, status);
  return id;
}

void approve(Scene& scene, const std::string& provider, const std::string& object) {
  const auto approved =
      scene.sandbox().client().post("/sandbox/payer/" + provider + "/" + object + "/approve", "{}");
  if (approved.status >= 300)
    throw std::runtime_error("the payer cannot approve: " + approved.body);
}

bool was_told(Scene& scene, const std::string& payment, std::string_view type) {
  const auto list = scene.client().get("/api/v1/webhooks/events?payment_id=" + payment).json();
  if (!list.is_object()) return false;
  const auto& rows = list.at("data").as_array();
  return std::any_of(rows.begin(), rows.end(), [type](const json::value& row) {
    return row.at("type").as_string() == type &&
           (row.at("status").as_string() == "applied" || row.at("status").as_string() == "ignored");
  });
}

}  // namespace cambist::test

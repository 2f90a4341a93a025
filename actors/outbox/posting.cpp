#include "actors/outbox/posting.hpp"

#include <utility>
#include <vector>

#include "protocols/webhook/standard.hpp"

namespace cambist::actors::outbound {
namespace {

const webhook::DeliveryPolicy schedule;

}  // namespace

Result<http::Request> post(const storage::EndpointRow& endpoint, const std::string& id,
                           const std::string& body, TimePoint now) {
  const auto scheme = endpoint.url.find("://");
  if (scheme == std::string::npos) return Error{ErrorCode::internal, "the endpoint has no URL"};
  std::vector<std::string> secrets{endpoint.secret};
  const auto& until = endpoint.previous_secret_until;
  if (!endpoint.previous_secret.empty() && until && now < *until) {
    secrets.push_back(endpoint.previous_secret);
  }
  auto headers = webhook::signed_headers(id, now, body, secrets);
  if (!headers) return Error{ErrorCode::internal, "the event cannot be signed"};
  const auto path = endpoint.url.find_first_of("/?", scheme + 3);
  http::Request request;
  request.method = "POST";
  request.origin = endpoint.url.substr(0, path);
  request.target = path == std::string::npos ? "/" : endpoint.url.substr(path);
  if (request.target.front() != '/') request.target.insert(0, "/");
  request.headers = std::move(*headers);
  request.headers.push_back({"Content-Type", "application/json"});
  request.headers.push_back({"User-Agent", "cambist"});
  request.body = body;
  return request;
}

Met read_answer(const HttpOutcome& outcome, TimePoint now) {
  Met met;
  if (const auto* failure = std::get_if<http::TransportFailure>(&outcome)) {
    met.error = failure->reason;
    if (failure->reason == "pool_full") met.kind = Met::Kind::not_tried;
    return met;
  }
  const auto& response = std::get<http::Response>(outcome);
  const webhook::DeliveryAnswer answer = webhook::read_answer(response, now);
  met.status = response.status;
  met.retry_after = answer.retry_after;
  if (answer.result == webhook::DeliveryResult::delivered) {
    met.kind = Met::Kind::delivered;
    return met;
  }
  met.kind = answer.result == webhook::DeliveryResult::gone ? Met::Kind::gone : Met::Kind::failed;
  met.error = "answered " + std::to_string(response.status);
  return met;
}

std::optional<Duration> wait_after(int attempts, const Met& met, double roll) {
  return webhook::next_delivery(attempts, schedule, roll, met.retry_after);
}

}  // namespace cambist::actors::outbound

#include "actors/outbox/posting.hpp"

#include <array>

#include "protocols/retry/schedule.hpp"

namespace cambist::actors::outbound {

Result<http::Request> post(const storage::EndpointRow& endpoint, const std::string& id,
                           const std::string& body, TimePoint now) {
  const auto scheme = endpoint.url.find("://");
  if (scheme == std::string::npos) return Error{ErrorCode::internal, "not a URL"};
  const auto path = endpoint.url.find_first_of("/?", scheme + 3);
  http::Request request;
  request.method = "POST";
  request.origin = endpoint.url.substr(0, path);
  request.target = path == std::string::npos ? "/" : endpoint.url.substr(path);
  if (request.target.front() != '/') request.target.insert(0, "/");
  request.headers = {{"Content-Type", "application/json"},
                     {"User-Agent", "cambist"},
                     {"webhook-id", id},
                     {"webhook-timestamp",
                      std::to_string(std::chrono::floor<std::chrono::seconds>(now)
                                         .time_since_epoch()
                                         .count())}};
  request.body = body;
  return request;
}

Met read_answer(const HttpOutcome& outcome, TimePoint) {
  Met met;
  if (const auto* failure = std::get_if<http::TransportFailure>(&outcome)) {
    met.error = failure->reason;
    if (failure->reason == "pool_full") met.kind = Met::Kind::not_tried;
    return met;
  }
  met.status = std::get<http::Response>(outcome).status;
  if (met.status >= 200 && met.status < 300) {
    met.kind = Met::Kind::delivered;
    return met;
  }
  if (met.status == 410) met.kind = Met::Kind::gone;
  met.error = "answered " + std::to_string(met.status);
  return met;
}

std::optional<Duration> wait_after(int attempts, const Met& met, double roll) {
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  static const std::array<Duration, 9> waits{seconds{5}, minutes{5}, minutes{30},
                                             hours{2},   hours{5},   hours{10},
                                             hours{14},  hours{20},  hours{24}};
  if (attempts > 9) return std::nullopt;
  const Duration wait = retry::jittered(waits[static_cast<std::size_t>(attempts - 1)], roll);
  return std::max<Duration>(wait, met.retry_after.value_or(seconds{0}));
}

bool wants(const std::vector<std::string>& types, std::string_view type) {
  if (types.empty()) return true;
  for (const std::string& wanted : types) {
    if (wanted == type) return true;
    if (wanted.ends_with(".*") &&
        type.starts_with(std::string_view{wanted}.substr(0, wanted.size() - 1)))
      return true;
  }
  return false;
}

}  // namespace cambist::actors::outbound

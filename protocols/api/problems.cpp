// What is answered when something is refused: the table of statuses and titles, and the problem
// documents.
#include <array>

#include <boost/json.hpp>

#include "protocols/api/answers.hpp"

namespace cambist::api {
namespace {

namespace json = boost::json;

struct Row {
  ErrorCode code;
  int status;
  int retry_after_s;  // 0: repeating the same request is no use
  std::string_view title;
};

// Indexed by ErrorCode; the static_assert below keeps the order.
constexpr std::array<Row, 26> rows{{
    {ErrorCode::invalid_request, 400, 0, "The request is not valid"},
    {ErrorCode::malformed_json, 400, 0, "The body is not valid JSON"},
    {ErrorCode::card_data_refused, 422, 0, "Card data is not accepted here"},
    {ErrorCode::unauthenticated, 401, 0, "A valid API key is needed"},
    {ErrorCode::forbidden, 403, 0, "This key may not do that"},
    {ErrorCode::not_found, 404, 0, "There is no such resource"},
    {ErrorCode::method_not_allowed, 405, 0, "The method is not allowed here"},
    {ErrorCode::illegal_transition, 409, 0, "The payment's state does not allow this"},
    {ErrorCode::operation_in_progress, 409, 1, "Another operation is under way"},
    {ErrorCode::outcome_unknown, 409, 2, "The last outcome is not known yet"},
    {ErrorCode::amount_too_large, 422, 0, "The amount is too large"},
    {ErrorCode::unsupported_by_provider, 422, 0, "The provider cannot do this"},
    {ErrorCode::idempotency_key_reused, 422, 0, "The idempotency key was used for another request"},
    {ErrorCode::idempotency_in_progress, 409, 1,
     "The first request with this key is still running"},
    {ErrorCode::payload_too_large, 413, 0, "The body is too large"},
    {ErrorCode::header_too_large, 431, 0, "The header is too large"},
    {ErrorCode::uri_too_long, 414, 0, "The target is too long"},
    {ErrorCode::unsupported_media_type, 415, 0, "The body must be application/json"},
    {ErrorCode::not_implemented, 501, 0, "This is not implemented"},
    {ErrorCode::rate_limited, 429, 1, "Too many requests"},
    {ErrorCode::overloaded, 503, 1, "The server is at its limit"},
    {ErrorCode::unavailable, 503, 1, "The server cannot do this now"},
    {ErrorCode::provider_unavailable, 503, 5, "The provider cannot be reached"},
    {ErrorCode::timeout, 504, 0, "The time was up"},
    {ErrorCode::version_conflict, 409, 1, "The payment was changed meanwhile"},
    {ErrorCode::internal, 500, 0, "Something went wrong here"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::size_t>(rows[i].code) != i) return false;
  }
  return static_cast<std::size_t>(ErrorCode::internal) + 1 == rows.size();
}
static_assert(in_order());

const Row& row_of(ErrorCode code) noexcept {
  const auto index = static_cast<std::size_t>(code);
  return index < rows.size() ? rows[index] : rows.back();
}

json::object document(std::string_view code, std::string_view title, int status,
                      std::string_view detail, std::string_view request_id) {
  return {{"type", "urn:cambist:problem:" + std::string{code}},
          {"title", title},
          {"status", status},
          {"detail", detail},
          {"code", code},
          {"request_id", request_id}};
}

Answer problem_answer(int status, std::string body, std::optional<int> retry_after_s) {
  Answer answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.problem = true;
  answer.retry_after_s = retry_after_s;
  return answer;
}

}  // namespace

int status_of(ErrorCode code) noexcept {
  return row_of(code).status;
}

Answer problem(const Error& error, std::string_view request_id, std::optional<int> retry_after_s) {
  Answer answer = problem_with_status(row_of(error.code).status, error, request_id);
  if (retry_after_s) answer.retry_after_s = retry_after_s;
  return answer;
}

Answer problem_with_status(int status, const Error& error, std::string_view request_id) {
  const Row& row = row_of(error.code);
  json::object body = document(to_string(row.code), row.title, status, error.detail, request_id);
  if (!error.field.empty()) body["field"] = error.field;
  return problem_answer(
      status, json::serialize(body),
      row.retry_after_s > 0 ? std::optional<int>{row.retry_after_s} : std::nullopt);
}

Answer failure_answer(const provider::Failure& failure, bool declined,
                      const payment::Payment& payment, std::string_view request_id, bool told) {
  constexpr int failed_dependency = 424;
  const provider::Failure shown = public_failure(failure);
  json::object body;
  int status = 402;
  std::optional<int> retry_after_s;
  if (declined) {
    body = document(provider::to_string(shown.code), "The payment was declined", status,
                    shown.message, request_id);
    if (!shown.decline_code.empty()) body["decline_code"] = shown.decline_code;
  } else if (shown.code == provider::FailureCode::invalid_request) {
    status = 422;
    body = document("provider_refused", "The provider refused the request", status, shown.message,
                    request_id);
  } else {
    // Surely not processed: the provider is down or not reached, or our account there is not
    // usable.
    const Row& row = row_of(ErrorCode::provider_unavailable);
    status = told ? failed_dependency : row.status;
    if (!told) retry_after_s = row.retry_after_s;
    body = document(to_string(row.code), row.title, status, shown.message, request_id);
  }
  // The payment goes in as it is rendered everywhere else, byte for byte.
  std::string text = json::serialize(body);
  text.pop_back();
  text += R"(,"payment":)" + render(payment) + "}";
  return problem_answer(status, std::move(text), retry_after_s);
}

}  // namespace cambist::api

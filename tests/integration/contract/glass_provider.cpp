#include "tests/integration/contract/glass_provider.hpp"

#include <sstream>
#include <utility>

#include <boost/json.hpp>

namespace cambist::test {
namespace {

using provider::OperationKind;

std::string outcome_of(const provider::Call& call) {
  switch (call.kind) {
    case OperationKind::authorize:
    case OperationKind::charge: {
      const std::string& token = call.method.token;
      const std::size_t then = token.find(':');
      if (then == std::string::npos) return token;
      return call.confirmed ? token.substr(then + 1) : token.substr(0, then);
    }
    case OperationKind::capture:
      switch (call.amount.minor % 100) {
        case 1:
          return "decline";
        case 2:
          return "refuse";
        case 3:
          return "down";
        case 4:
          return "silent";
        default:
          return "approve";
      }
    default:
      return call.reason.empty() ? "approve" : call.reason;
  }
}

}  // namespace

Result<void> GlassAdapter::check(const provider::Call& call) const {
  if (call.method.token == "unsupported") {
    return Error{ErrorCode::unsupported_by_provider, "glass cannot do this",
                 "payment_method.token"};
  }
  return {};
}

Result<http::Request> GlassAdapter::build(const provider::Call& call) const {
  return http::Request{
      "POST", "http://127.0.0.1:1", "/glass/" + std::string{provider::to_string(call.kind)},
      {},     outcome_of(call),     {}};
}

provider::Verdict GlassAdapter::interpret(const provider::Call& call,
                                          const http::Response& response) const {
  const std::string id = "glass_" + call.payment.to_string();
  const provider::MethodSummary method{"visa", "4242"};
  if (response.body == "decline") {
    return provider::Declined{
        {provider::FailureCode::card_declined, "The card was declined.", "do_not_honor"},
        false,
        id,
        method};
  }
  if (response.body == "refuse") {
    return provider::Refused{
        {provider::FailureCode::invalid_request, "No such payment method.", ""}, false, false, {}};
  }
  if (response.body == "action") {
    return provider::ActionRequired{{"redirect", "https://bank.example/3ds", "Follow the link.",
                                     from_micros(1'800'000'000'000'000)},
                                    id,
                                    method};
  }
  return provider::Approved{call.amount, id, "glass_object", method, {}};
}

Result<void> GlassAdapter::verify_webhook(const http::Request& request, TimePoint) const {
  const auto* signature = http::find(request.headers, "Glass-Signature");
  if (signature != nullptr && *signature == "good") return {};
  return Error{ErrorCode::unauthenticated, "the pane is broken"};
}

Result<std::vector<std::string>> GlassAdapter::split_statement(std::string_view content_type,
                                                               std::string_view text) const {
  if (content_type != "text/csv")
    return Error{ErrorCode::invalid_request, "glass writes csv", "content-type"};
  std::vector<std::string> events;
  std::istringstream lines{std::string{text}};
  for (std::string line; std::getline(lines, line);) {
    if (!read_webhook(line)) return Error{ErrorCode::invalid_request, "a broken line", "line 1"};
    events.push_back(std::move(line));
  }
  return events;
}

Result<provider::Notice> GlassAdapter::read_webhook(std::string_view body) const {
  namespace json = boost::json;
  json::error_code broken;
  const json::value parsed = json::parse({body.data(), body.size()}, broken);
  const auto* event = parsed.if_object();
  if (broken || event == nullptr || !event->contains("id"))
    return Error{ErrorCode::invalid_request, "no event", "id"};
  provider::Notice notice;
  notice.id = std::string{event->at("id").as_string()};
  notice.type = "glass.happened";
  notice.created_at = from_micros(1'790'000'000'000'000);
  notice.payment = std::string{event->at("payment").as_string()};
  notice.provider_payment_id = "glass_" + notice.payment;
  notice.object = "glass_object";
  notice.news = provider::Happened{};
  if (const auto* dispute = event->if_contains("dispute")) {
    notice.news = provider::DisputeSeen{std::string{dispute->as_string()},
                                        {10'000, *Currency::parse("USD")},
                                        "fraudulent",
                                        provider::DisputeStatus::open,
                                        false,
                                        from_micros(1'800'000'000'000'000)};
  }
  return notice;
}

void GlassClient::send(http::Request request, std::chrono::milliseconds,
                       std::function<void(actors::HttpOutcome)> done) {
  if (request.body == "down")
    return done(http::TransportFailure{http::FailurePhase::not_sent, "connect"});
  if (request.body == "lost")
    return done(http::TransportFailure{http::FailurePhase::maybe_sent, "reset"});
  if (request.body == "silent") {
    std::unique_lock lock{mutex_};
    if (!gone_) return silent_.push_back(std::move(done));
    lock.unlock();
    return done(http::TransportFailure{http::FailurePhase::not_sent, "connect"});
  }
  done(http::Response{200, {}, request.body});
}

void GlassClient::release() {
  std::vector<std::function<void(actors::HttpOutcome)>> waiting;
  {
    const std::lock_guard lock{mutex_};
    waiting.swap(silent_);
  }
  for (const auto& done : waiting) done(http::Response{200, {}, "approve"});
}

void GlassClient::leave() {
  std::vector<std::function<void(actors::HttpOutcome)>> waiting;
  {
    const std::lock_guard lock{mutex_};
    gone_ = true;
    waiting.swap(silent_);
  }
  for (const auto& done : waiting)
    done(http::TransportFailure{http::FailurePhase::not_sent, "connect"});
}

}  // namespace cambist::test

// The desk's view of webhooks: what was sent, and sending it again.
#include "gateway/sandbox/desk_answers.hpp"

namespace cambist::gateway::sandbox {
namespace json = boost::json;

http::Response show_webhooks(Desk& desk, const http::Request& request) {
  if (request.method != "GET") return wrong_method("GET");
  std::shared_ptr<webhooks::Mailer> mailer;
  {
    const std::lock_guard lock{desk.mutex};
    mailer = desk.world.mailer;
  }
  if (mailer) return respond(200, json::serialize(mailer->show()));
  return respond(200, json::serialize(json::object{{"url", nullptr},
                                                   {"sent", 0},
                                                   {"delivered", 0},
                                                   {"failed", 0},
                                                   {"pending", 0},
                                                   {"dropped", 0},
                                                   {"deliveries", json::array{}}}));
}

http::Response resend_webhooks(Desk& desk, const http::Request& request) {
  if (request.method != "POST") return wrong_method("POST");
  const auto body = read_object(request.body, {"event", "all"});
  if (!body) return bad_request(body.error());
  const auto* event = body->if_contains("event");
  const auto* all = body->if_contains("all");
  const bool one = event != nullptr && event->is_string() && all == nullptr;
  const bool every = all != nullptr && *all == true && event == nullptr;
  if (!one && !every) {
    return bad_request({ErrorCode::invalid_request, R"(give {"event": "evt_…"} or {"all": true})",
                        one ? "all" : "event"});
  }
  const std::lock_guard lock{desk.mutex};
  auto& mailer = desk.world.mailer;
  if (!mailer) {
    return problem(409, "Conflict",
                   {ErrorCode::illegal_transition, "no URL is set that webhooks go to"});
  }
  std::int64_t count = 0;
  for (auto& emulator : desk.emulators) {
    if (every) {
      emulator->each_event([&](webhooks::Letter letter) {
        mailer->post(std::move(letter));
        ++count;
      });
    } else if (auto letter = emulator->event_letter(std::string{event->as_string()})) {
      mailer->post(std::move(*letter));
      ++count;
    }
  }
  if (one && count == 0)
    return refused({ErrorCode::not_found, "no such event, or it is not kept any more"});
  return respond(200, json::serialize(json::object{{"resent", count}}));
}

}  // namespace cambist::gateway::sandbox

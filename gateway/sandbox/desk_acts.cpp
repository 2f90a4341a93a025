// What others than the merchant do at a provider: the payer, the bank, and whoever uses the
// provider's dashboard.
#include "gateway/sandbox/desk_answers.hpp"

namespace cambist::gateway::sandbox {
namespace json = boost::json;

// `path` is "{provider}/{object}/{approve|decline}".
http::Response act_as_payer(Desk& desk, const http::Request& request, std::string_view path) {
  const auto first = path.find('/');
  const auto second = first == std::string_view::npos ? first : path.find('/', first + 1);
  if (second == std::string_view::npos) return no_such_path();
  const auto provider = path.substr(0, first);
  const auto object = path.substr(first + 1, second - first - 1);
  const auto action = path.substr(second + 1);
  if (action != "approve" && action != "decline") return no_such_path();
  if (request.method != "POST") return wrong_method("POST");
  const std::lock_guard lock{desk.mutex};
  for (auto& emulator : desk.emulators) {
    if (emulator->name() != provider) continue;
    switch (emulator->payer(object, action == "approve")) {
      case PayerAnswer::done:
        return respond(200, json::serialize(json::object{
                                {"provider", provider}, {"object", object}, {"payer", action}}));
      case PayerAnswer::not_waiting:
        return problem(409, "Conflict",
                       {ErrorCode::illegal_transition, "this object does not wait for the payer"});
      case PayerAnswer::unknown_object:
        break;
    }
  }
  return problem(404, "Not Found", {ErrorCode::not_found, "no such provider or object"});
}

}  // namespace cambist::gateway::sandbox

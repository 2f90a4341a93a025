#include "gateway/sandbox/distort.hpp"

#include <boost/json.hpp>

namespace cambist::gateway::sandbox {
namespace json = boost::json;
namespace {

// Numbers become text and the status becomes an array: valid JSON that no documented reader can
// take.
json::value with_wrong_types(json::value value) {
  if (auto* object = value.if_object()) {
    for (auto& [key, member] : *object) {
      if (member.is_int64()) {
        member = std::to_string(member.get_int64());
      } else if (key == "status") {
        member = json::array{std::move(member)};
      } else {
        member = with_wrong_types(std::move(member));
      }
    }
  }
  return value;
}

}  // namespace

bool keeps_call_away(Fault fault) noexcept {
  switch (fault) {
    case Fault::timeout_before:
    case Fault::reset_before:
    case Fault::http_502_html:
    case Fault::http_503:
    case Fault::http_429:
      return true;
    default:
      return false;
  }
}

inbound::Outgoing keep_away(const Hit& hit, http::Response refusal) {
  inbound::Outgoing outgoing{.response = std::move(refusal), .delay = hit.delay};
  if (hit.fault == Fault::timeout_before) outgoing.delivery = inbound::Delivery::never;
  if (hit.fault == Fault::reset_before) outgoing.delivery = inbound::Delivery::reset;
  if (hit.fault == Fault::http_503) outgoing.response.headers.push_back({"Retry-After", "1"});
  if (hit.fault == Fault::http_502_html) {
    outgoing.response.status = 502;
    outgoing.response.headers = {{"Content-Type", "text/html"}};
    outgoing.response.body =
        "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad "
        "Gateway</h1></body></html>\n";
  }
  return outgoing;
}

inbound::Outgoing distort(const Hit& hit, http::Response answer) {
  inbound::Outgoing outgoing{.response = std::move(answer), .delay = hit.delay};
  auto& body = outgoing.response.body;
  switch (hit.fault) {
    case Fault::timeout_after:
      outgoing.delivery = inbound::Delivery::never;
      break;
    case Fault::reset_mid_body:
      outgoing.delivery = inbound::Delivery::reset_mid_body;
      break;
    case Fault::truncated_json:
      body.resize(body.size() / 2);
      break;  // well framed, so only the JSON is broken
    case Fault::wrong_type: {
      boost::system::error_code failed;
      auto document = json::parse(body, failed);
      if (!failed) body = json::serialize(with_wrong_types(std::move(document)));
      break;
    }
    default:
      break;
  }
  return outgoing;
}

}  // namespace cambist::gateway::sandbox

// PayPal's side of webhooks that can be asked for: the postback that verifies one, and an event
// that was sent.
#include <algorithm>
#include <optional>

#include "gateway/sandbox/paypal/endpoints.hpp"
#include "gateway/sandbox/paypal/events.hpp"
#include "gateway/sandbox/paypal/reader.hpp"
#include "gateway/sandbox/paypal/signature.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

// Reads well-formed JSON as text: where values end.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  /// The text of the member `name` of the outermost object: its original bytes, since the checksum
  /// is of those.
  std::optional<std::string_view> member(std::string_view name) {
    blanks();
    if (!take('{')) return std::nullopt;
    while (true) {
      blanks();
      const auto key = value();
      blanks();
      if (key.empty() || !take(':')) return std::nullopt;
      blanks();
      const auto found = value();
      if (key.size() == name.size() + 2 && key.substr(1, name.size()) == name) return found;
      blanks();
      if (!take(',')) return std::nullopt;
    }
  }

 private:
  void blanks() {
    while (at_ < text_.size() && std::string_view{" \t\r\n"}.find(text_[at_]) != text_.npos) ++at_;
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string_view value() {
    const auto begin = at_;
    int depth = 0;
    bool quoted = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quoted) {
        if (c == '\\') ++at_;
        if (c != '"') continue;
        quoted = false;
      } else if (c == '"') {
        quoted = true;
        continue;
      } else if (c == '{' || c == '[') {
        ++depth;
        continue;
      } else if (c == '}' || c == ']') {
        if (depth == 0) break;  // the end of what we are in
        --depth;
      } else if (depth == 0 && (c == ',' || c == ' ' || c == '\r' || c == '\n' || c == '\t')) {
        break;
      } else {
        continue;
      }
      if (depth == 0) {
        ++at_;
        break;
      }
    }
    at_ = std::min(at_, text_.size());
    return text_.substr(begin, at_ - begin);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Outcome verify_signature(Bench&, const Call& call) {
  Reader reader{call.body};
  const auto& root = reader.root();
  for (const std::string_view name :
       {"auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time",
        "webhook_id", "webhook_event"})
    reader.require(root, name);
  const auto algorithm = reader.text(root, "auth_algo", 100);
  const auto url = reader.text(root, "cert_url", 500);
  const auto id = reader.text(root, "transmission_id", 50);
  const auto signature = reader.text(root, "transmission_sig", 500);
  const auto time = reader.text(root, "transmission_time", 100);
  const auto webhook = reader.text(root, "webhook_id", 50);
  (void)reader.below(root, "webhook_event");
  if (auto failure = reader.failure()) return *failure;
  const auto event = Scan{call.raw}.member("webhook_event");
  const bool genuine =
      event && verifies(Claim{algorithm, url, id, time, signature, webhook}, *event);
  return json::value(json::object{{"verification_status", genuine ? "SUCCESS" : "FAILURE"}});
}

Outcome show_event(Bench& bench, const Call& call) {
  const auto* event = bench.books.events.find(call.id);
  if (event == nullptr) return missing(call.id);
  return json::parse(told(bench.books, *event));
}

}  // namespace cambist::gateway::sandbox::paypal

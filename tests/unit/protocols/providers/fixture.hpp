// Fixtures of providers: a call, the request it becomes, a response, and the verdict on it; an
// event and the notice it becomes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::test {

struct Exchange {
  std::string name;  // file and name, for messages
  provider::Settings settings;
  provider::Call call;
  std::optional<boost::json::object> request;
  http::Response response;
  boost::json::object verdict;
};

/// An event as the provider sends it, and what is read of it.
struct Webhook {
  std::string name;
  provider::Settings settings;
  std::string body;
  boost::json::object notice;
  std::string path{};  // what followed the secret in the URL, where callbacks have one
};

/// A request to our webhook address as it was recorded, or what somebody made of it, and what
/// holds. Shape: `kind` is "valid", "tampered", "replayed" or "foreign"; `outcome` "verified" or
/// the word
///        of an error, `event` the id of the event of one that is verified.
struct Delivery {
  std::string name;
  std::string kind;
  provider::Settings settings;
  http::Request request;
  TimePoint now{};
  std::optional<http::Response> evidence{};      // what is fetched to verify it
  std::optional<http::Response> confirmation{};  // what is asked before it is believed
  std::string outcome{};
  std::string event{};
};

/// What a folder of fixtures promises to show.
struct Coverage {
  std::vector<std::string> verdicts;
  std::vector<std::string> decline_codes;
  boost::json::object settings;
  std::vector<std::string> sent_secrets{};  // made to be sent to the provider in a body
};

[[nodiscard]] std::string fixtures_of(std::string_view provider);
[[nodiscard]] Coverage read_coverage(std::string_view provider);
[[nodiscard]] std::vector<Exchange> read_exchanges(std::string_view provider);
/// Those of `webhooks.json`; none for a provider that has no such file.
[[nodiscard]] std::vector<Webhook> read_webhooks(std::string_view provider);
/// Those of `verification.json`; none for a provider that has no such file.
[[nodiscard]] std::vector<Delivery> read_deliveries(std::string_view provider);
[[nodiscard]] provider::Settings settings_from(const boost::json::object& values,
                                               std::string_view provider);

/// Every field but the payer's message; empty ones are left out.
[[nodiscard]] boost::json::object to_json(const provider::Verdict& verdict);
[[nodiscard]] boost::json::object to_json(const provider::Notice& notice);

}  // namespace cambist::test

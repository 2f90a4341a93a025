// Fixtures of providers: a call, the request it becomes, a response, and the verdict on it.
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

/// What a folder of fixtures promises to show.
struct Coverage {
  std::vector<std::string> verdicts;
  std::vector<std::string> decline_codes;
  boost::json::object settings;
};

[[nodiscard]] std::string fixtures_of(std::string_view provider);
[[nodiscard]] Coverage read_coverage(std::string_view provider);
[[nodiscard]] std::vector<Exchange> read_exchanges(std::string_view provider);
[[nodiscard]] provider::Settings settings_from(const boost::json::object& values,
                                               std::string_view provider);

/// Every field but the payer's message; empty ones are left out.
[[nodiscard]] boost::json::object to_json(const provider::Verdict& verdict);

}  // namespace cambist::test

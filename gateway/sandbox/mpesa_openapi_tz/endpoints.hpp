// The calls of the OpenAPI, each from its parameters to its answer.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "gateway/sandbox/faults.hpp"
#include "gateway/sandbox/mpesa_openapi_tz/model.hpp"
#include "gateway/sandbox/mpesa_openapi_tz/params.hpp"

namespace cambist::gateway::sandbox::mpesa_openapi_tz {

/// Shape: `more` stands beside the code and the conversation ids.
struct Reply {
  std::string_view code = "INS-0";
  int status = 0;  // 0: the code's own
  std::string conversation{};
  boost::json::object more{};
};

struct Route {
  std::string_view method;
  std::string_view path;
  Operation operation;
  Reply (*serve)(Bench&, const Params&);
};

/// All but getSession.
[[nodiscard]] std::span<const Route> routes() noexcept;

[[nodiscard]] Reply push(Bench& bench, const Params& params);
[[nodiscard]] Reply pay_out(Bench& bench, const Params& params);
[[nodiscard]] Reply reverse(Bench& bench, const Params& params);
[[nodiscard]] Reply ask(Bench& bench, const Params& params);

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz

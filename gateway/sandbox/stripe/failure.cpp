#include "gateway/sandbox/stripe/failure.hpp"

namespace cambist::gateway::sandbox::stripe {

boost::json::object error_fields(const Failure& failure) {
  boost::json::object error;
  const auto put = [&error](std::string_view name, std::string_view value) {
    if (!value.empty()) error[name] = value;
  };
  put("type", failure.type);
  put("code", failure.code);
  put("decline_code", failure.decline_code);
  put("message", failure.message);
  put("param", failure.param);
  put("charge", failure.charge);
  put("advice_code", failure.advice_code);
  put("network_decline_code", failure.network_decline_code);
  if (!failure.code.empty()) {
    error["doc_url"] = "https://stripe.com/docs/error-codes/" + [&failure] {
      std::string slug{failure.code};
      for (auto& c : slug) c = c == '_' ? '-' : c;
      return slug;
    }();
  }
  return error;
}

}  // namespace cambist::gateway::sandbox::stripe

#include "benchmarks/provider/adapter.hpp"

#include <algorithm>

#include "protocols/provider/base_url.hpp"

namespace cambist::bench {
namespace {

using provider::Call;

// It becomes a part of the path as it is.
bool is_path_word(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  });
}

class Adapter final : public provider::Adapter {
 public:
  explicit Adapter(provider::BaseUrl base) : base_(std::move(base)) {
    capabilities_.multiple_captures = true;
    capabilities_.method_types = {"card"};
  }

  std::string_view name() const noexcept override { return "bench"; }
  const provider::Capabilities& capabilities() const noexcept override { return capabilities_; }

  Result<void> check(const Call& call) const override {
    if (!is_path_word(call.reference)) {
      return Error{ErrorCode::invalid_request, "takes letters, digits, '-', '_' and '.' here",
                   "reference"};
    }
    return {};
  }

  Result<http::Request> build(const Call& call) const override {
    http::Request request;
    request.method = "POST";
    request.origin = base_.origin;
    request.target = base_.prefix + "/" + std::string{to_string(call.kind)} + "/" +
                     (call.reference.empty() ? call.payment.to_string() : call.reference);
    request.headers = {{"Content-Type", "application/json"},
                       {"Idempotency-Key", call.idempotency_key}};
    request.body = R"({"amount":)" + std::to_string(call.amount.minor) + R"(,"currency":")" +
                   std::string{call.amount.currency.code()} + "\"}";
    return request;
  }

  provider::Verdict interpret(const Call& call, const http::Response& response) const override {
    if (response.status == 200) {
      const bool first = call.provider_payment_id.empty();
      return provider::Approved{.amount = call.amount,
                                .provider_payment_id = first ? "bench_" + call.payment.to_string()
                                                             : call.provider_payment_id};
    }
    return provider::Unknown{{provider::FailureCode::provider_down, "the provider failed"}};
  }

  std::string request_id(const http::Response&) const override { return {}; }

 private:
  provider::BaseUrl base_;
  provider::Capabilities capabilities_;
};

}  // namespace

Result<std::shared_ptr<const provider::Adapter>> make_adapter(const provider::Settings& settings) {
  const auto found = settings.values.find("base_url");
  auto base =
      provider::parse_base_url(found == settings.values.end() ? std::string_view{} : found->second);
  if (!base) return Error{ErrorCode::invalid_request, base.error().detail, "base_url"};
  return std::shared_ptr<const provider::Adapter>{std::make_shared<Adapter>(std::move(*base))};
}

}  // namespace cambist::bench

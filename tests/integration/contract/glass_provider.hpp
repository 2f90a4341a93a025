// A provider made of glass: what it answers is written on the request. The contract test needs each
// verdict when it asks for it, and nothing of any real provider's protocol.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/ports.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::test {

/// The outcome is the payment method's token for the first operation and for a confirmation
/// ("action:decline" asks for an action first), and the last two decimals of the amount or the
/// reason for what follows: "approve", "decline", "refuse", "down", "silent", "lost", "action".
class GlassAdapter final : public provider::Adapter {
 public:
  explicit GlassAdapter(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] const provider::Capabilities& capabilities() const noexcept override {
    return capabilities_;
  }
  [[nodiscard]] Result<void> check(const provider::Call& call) const override;
  [[nodiscard]] Result<http::Request> build(const provider::Call& call) const override;
  [[nodiscard]] provider::Verdict interpret(const provider::Call& call,
                                            const http::Response& response) const override;
  [[nodiscard]] std::string request_id(const http::Response&) const override {
    return "glass_req_1";
  }
  /// "Glass-Signature: good" is a good one.
  [[nodiscard]] Result<void> verify_webhook(const http::Request& request,
                                            TimePoint now) const override;
  /// {"id", "payment", "dispute"?}: something happened to the payment, or somebody disputes it.
  [[nodiscard]] Result<provider::Notice> read_webhook(std::string_view body) const override;
  /// One event on each line of text/csv.
  [[nodiscard]] Result<std::vector<std::string>> split_statement(
      std::string_view content_type, std::string_view text) const override;

 private:
  std::string name_;
  provider::Capabilities capabilities_{.multiple_captures = true,
                                       .method_types = {"card", "mobile_money"}};
};

/// The wire to it. Requests that ask for silence are kept until they are released.
class GlassClient final : public actors::HttpClient {
 public:
  ~GlassClient() override { release(); }
  void send(http::Request request, std::chrono::milliseconds timeout,
            std::function<void(actors::HttpOutcome)> done) override;
  /// Answers all silent requests with an approval.
  void release();
  /// From now on a silent request was never sent, those that wait included.
  void leave();

 private:
  bool gone_ = false;
  std::mutex mutex_;
  std::vector<std::function<void(actors::HttpOutcome)>> silent_;
};

}  // namespace cambist::test

// One request on its way, and the one answer it gets: headers, metrics and the access log are
// written here, whoever answers first.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "gateway/api/core.hpp"
#include "gateway/api/router.hpp"
#include "gateway/api/trace.hpp"
#include "protocols/api/answers.hpp"

namespace cambist::gateway {

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(std::shared_ptr<Core> core, http::Request request, inbound::Responder responder);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  /// Whoever lets go of it without an answer has failed: 500.
  ~Exchange();

  /// The first call answers; later ones do nothing.
  void answer(api::Answer answer);
  void refuse(const Error& error, std::optional<int> retry_after_s = std::nullopt);
  /// `status` with `body`.
  void show(std::string body, std::string content_type = "application/json", int status = 200);
  /// Refuses with `error` if nothing has answered within `limit`.
  void give_up_after(std::chrono::milliseconds limit, Error error);
  /// Runs `action` if nothing has answered within `limit`; one such timer at a time, the latest.
  void unless_answered(std::chrono::milliseconds limit, std::function<void()> action);
  /// Counts it among the requests in flight until it is answered; false when there are `share`
  /// times too many.
  [[nodiscard]] bool admit(std::uint32_t share = 1);
  /// Lets a command, or a webhook, into the queue of what waits to be durable.
  [[nodiscard]] bool enter_queue();

  std::shared_ptr<Core> core;
  http::Request request;
  std::string path;
  std::string query;
  Match match;
  std::string request_id;
  Trace trace;
  Principal principal;
  std::string payment{};   // for the log
  std::string kept_key{};  // the answer is kept under it; empty: it is not
  http::Headers extra{};   // sent with the answer, whatever it is

 private:
  void finish(http::Response response, bool replayed);
  void leave_queue(const http::Response& response, bool replayed);

  inbound::Responder responder_;
  std::chrono::nanoseconds started_;
  std::atomic<bool> answered_{false};
  std::atomic<Timers::Token> timer_{0};
  bool admitted_ = false;
  bool shed_ = false;  // refused because there is too much
  std::chrono::nanoseconds queued_at_{-1};  // when it entered the queue; negative: it did not
};

using ExchangePtr = std::shared_ptr<Exchange>;

/// The headers of every answer, the server's own refusals included.
[[nodiscard]] http::Headers standard_headers(std::string content_type,
                                             const std::string& request_id);

}  // namespace cambist::gateway

// What a provider account needs besides its calls: its access token, one request for all calls, and
// what webhooks are verified with. Part of the provider actor, which gives it the time and the
// answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "actors/messages.hpp"
#include "actors/provider/token_cache.hpp"
#include "actors/runtime.hpp"

namespace cambist::actors::account {

class Access {
 public:
  using Mono = TokenCache::Mono;
  using FetchedPromise = caf::typed_response_promise<Fetched>;
  /// Sends a request; its outcome comes back through `done` or `fetched` with the number.
  using Send = std::function<void(http::Request, bool is_token, std::uint64_t number)>;

  Access(std::shared_ptr<const provider::Adapter> adapter, Send send)
      : adapter_(std::move(adapter)), send_(std::move(send)) {}

  enum class Turn : std::uint8_t { go, wait, give_up };
  /// Whether a call may leave now. Gets a token when there is none, or when it ends soon.
  [[nodiscard]] Turn turn(Mono now, TimePoint wall, Mono timeout);
  /// False: the request may not be sent.
  [[nodiscard]] bool attach(http::Request& request) const;
  [[nodiscard]] std::uint64_t generation() const noexcept { return tokens_.generation(); }
  /// The call that carried the token of `generation` was refused for it.
  void refused(std::uint64_t generation) noexcept { tokens_.refused(generation); }
  [[nodiscard]] bool was_refused(const HttpOutcome& outcome) const;
  enum class TokenEnd : std::uint8_t {
    had,
    repeated,  // an outage: it is asked for again soon, and who waits waits on
    failed,    // nobody asks for a while
    refused,   // our credentials were: asking again would not help
  };
  /// The token request `number` is answered. Shape: nullopt for an answer that nobody waits for any
  /// more.
  [[nodiscard]] std::optional<TokenEnd> token_done(std::uint64_t number, const HttpOutcome& outcome,
                                                   Mono now);
  /// Why there is no token.
  [[nodiscard]] provider::FailureCode failure() const noexcept { return failure_; }
  [[nodiscard]] std::chrono::seconds pause_left(Mono now) const { return tokens_.pause_left(now); }

  /// Fetches something, with the token if it asks for it; answered at once when too many wait.
  void fetch(Fetch request, FetchedPromise promise, Mono until);
  void fetched(std::uint64_t number, HttpOutcome outcome);
  /// Sends the fetches that waited for a token, or answers them that there is none.
  void flush(Turn turn);

  /// Gives up what is overdue: a token request that nobody answered, fetches.
  void forget_overdue(Mono now);
  void stop();
  /// Fetches wait for a token.
  [[nodiscard]] bool awaits() const;
  [[nodiscard]] std::optional<Mono> due(Mono now) const;

 private:
  struct Waiting {
    Fetch fetch;  // empty once it is sent
    FetchedPromise promise;
    Mono until{};
    bool sent = false;
    std::uint64_t token = 0;  // the generation that it carries
  };
  void answer(std::map<std::uint64_t, Waiting>::iterator waiting, HttpOutcome outcome);
  void dispatch(std::uint64_t number, Waiting& waiting);

  std::shared_ptr<const provider::Adapter> adapter_;
  Send send_;
  TokenCache tokens_;
  std::uint64_t token_request_ = 0;  // zero: none is under way
  Mono token_until_{};
  provider::FailureCode failure_ = provider::FailureCode::provider_down;
  std::map<std::uint64_t, Waiting> fetches_{};  // by number: the oldest first
  std::uint64_t numbers_ = 0;
};

}  // namespace cambist::actors::account

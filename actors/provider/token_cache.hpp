// The access token of one provider account: got once for all calls, renewed before it ends, not
// asked for all the time when it cannot be had. Pure: no clock, no messages.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "protocols/provider/adapter.hpp"

namespace cambist::actors::account {

class TokenCache {
 public:
  using Mono = std::chrono::nanoseconds;  // the actor clock, since its start

  enum class Turn : std::uint8_t {
    go,       // there is a token
    fetch,    // there is none: get one, and say so with `fetching`
    wait,     // it is being got, or is not taken by the provider yet
    give_up,  // it could not be got a moment ago
  };
  [[nodiscard]] Turn turn(Mono now);
  /// There is a token, but it ends soon, and nobody gets the next one yet.
  [[nodiscard]] bool renewal_due(Mono now) const noexcept;

  void fetching() noexcept {
    fetching_ = true;
    repeat_at_.reset();
  }
  void got(provider::Token token, Mono now);
  /// What may be `repeatable` is asked for again after 100 ms and 300 ms, while everybody waits.
  /// Then nobody asks again for 1 s, and twice as long each time, up to 30 s.
  /// Shape: true when it will be repeated.
  bool failed(Mono now, bool repeatable) noexcept;
  /// A call with the token of `generation` was refused for it: it is not used any more.
  void refused(std::uint64_t generation) noexcept;

  /// Only after `turn` said go.
  [[nodiscard]] const Secret& token() const noexcept { return held_->token.value; }
  [[nodiscard]] std::uint64_t generation() const noexcept { return held_ ? held_->generation : 0; }
  [[nodiscard]] bool is_fetching() const noexcept { return fetching_; }
  /// When the only token there is will be taken by the provider; nullopt when it is already.
  [[nodiscard]] std::optional<Mono> usable_at(Mono now) const noexcept;
  /// When it will be asked for again after a failure.
  [[nodiscard]] std::optional<Mono> repeat_at() const noexcept { return repeat_at_; }
  /// How long nobody asks after a failure.
  [[nodiscard]] std::chrono::seconds pause_left(Mono now) const noexcept;

 private:
  struct Held {
    provider::Token token;
    Mono usable_from;
    Mono renew_from;
    Mono ends_at;
    std::uint64_t generation;
  };
  std::optional<Held> held_{};
  std::optional<Held> next_{};  // got, but not taken yet; `held_` serves until then
  std::optional<Mono> repeat_at_{};
  std::size_t repeats_ = 0;  // since one was had, or nobody asked for a while
  Mono paused_until_{};
  std::chrono::seconds pause_{0};
  std::uint64_t generations_ = 0;
  bool fetching_ = false;
};

}  // namespace cambist::actors::account

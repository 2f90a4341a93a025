#include "actors/provider/token_cache.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cambist::actors::account {
namespace {

using std::chrono::seconds;

// Source: facts/idempotency.md section 3: a token may be asked for freely. Two repeats get over
// what passes at once; more would only keep the calls waiting that could be made elsewhere.
constexpr std::array<TokenCache::Mono, 2> repeat_after{std::chrono::milliseconds{100},
                                                       std::chrono::milliseconds{300}};
constexpr seconds pause_min{1};
constexpr seconds pause_max{30};
constexpr seconds margin_max{60};

}  // namespace

TokenCache::Turn TokenCache::turn(Mono now) {
  const bool serves = held_ && now < held_->ends_at;
  if (next_ && (!serves || now >= next_->usable_from)) {
    held_ = std::move(next_);
    next_.reset();
  }
  if (held_ && now < held_->ends_at) return now < held_->usable_from ? Turn::wait : Turn::go;
  if (fetching_) return Turn::wait;
  if (repeat_at_) return now < *repeat_at_ ? Turn::wait : Turn::fetch;
  return now < paused_until_ ? Turn::give_up : Turn::fetch;
}

bool TokenCache::renewal_due(Mono now) const noexcept {
  return held_ && !next_ && !fetching_ && now >= held_->renew_from && now >= paused_until_ &&
         (!repeat_at_ || now >= *repeat_at_);
}

void TokenCache::got(provider::Token token, Mono now) {
  // Early enough for the slowest, but a short token is still used for most of its life.
  // Source: facts/paypal.md section 1, facts/airtel-money.md section 1.
  const Mono lifetime = std::max(token.lifetime, seconds{1});
  const Mono margin = std::min<Mono>(margin_max, lifetime / 5) + token.usable_after;
  const Mono usable_from = now + token.usable_after;
  next_ =
      Held{std::move(token), usable_from, now + lifetime - margin, now + lifetime, ++generations_};
  fetching_ = false;
  repeat_at_.reset();
  repeats_ = 0;
  pause_ = seconds{0};
  paused_until_ = Mono{0};
}

bool TokenCache::failed(Mono now, bool repeatable) noexcept {
  fetching_ = false;
  repeat_at_.reset();
  if (repeatable && repeats_ < repeat_after.size()) {
    repeat_at_ = now + repeat_after[repeats_++];
    return true;
  }
  repeats_ = 0;
  pause_ = std::clamp(pause_ * 2, pause_min, pause_max);
  paused_until_ = now + pause_;
  return false;
}

void TokenCache::refused(std::uint64_t generation) noexcept {
  if (held_ && generation == held_->generation) held_.reset();
}

std::optional<TokenCache::Mono> TokenCache::usable_at(Mono now) const noexcept {
  if (!held_ || now >= held_->usable_from) return std::nullopt;
  return held_->usable_from;
}

seconds TokenCache::pause_left(Mono now) const noexcept {
  return std::max(std::chrono::ceil<seconds>(paused_until_ - now), seconds{1});
}

}  // namespace cambist::actors::account

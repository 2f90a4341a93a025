#include "actors/provider/access.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/provider/adapter_guard.hpp"

namespace cambist::actors::account {
namespace {

constexpr std::size_t fetches_max = 64;

http::TransportFailure not_sent_for(std::string reason) {
  return {http::FailurePhase::not_sent, std::move(reason)};
}

/// A token request holds nothing but our credentials: whatever is wrong with it is wrong with them.
bool says_who_are_you(const HttpOutcome& outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  return response != nullptr &&
         (response->status == 400 || response->status == 401 || response->status == 403);
}

}  // namespace

Access::Turn Access::turn(Mono now, TimePoint wall, Mono timeout) {
  if (!adapter_->needs_token()) return Turn::go;
  const auto turn = tokens_.turn(now);
  if (turn == TokenCache::Turn::fetch || tokens_.renewal_due(now)) {
    auto request = build_token_request(*adapter_, wall);
    if (request) {
      tokens_.fetching();
      token_request_ = ++numbers_;
      token_until_ = now + timeout;
      send_(std::move(*request), true, token_request_);
    } else {
      failure_ = provider::FailureCode::configuration_error;
      tokens_.failed(now, false);
      if (turn == TokenCache::Turn::fetch) return Turn::give_up;
    }
  }
  if (turn == TokenCache::Turn::go) return Turn::go;
  return turn == TokenCache::Turn::give_up ? Turn::give_up : Turn::wait;
}

bool Access::attach(http::Request& request) const {
  return !adapter_->needs_token() || attach_token(*adapter_, request, tokens_.token());
}

bool Access::was_refused(const HttpOutcome& outcome) const {
  return adapter_->needs_token() && token_refused(*adapter_, outcome);
}

std::optional<Access::TokenEnd> Access::token_done(std::uint64_t number, const HttpOutcome& outcome,
                                                   Mono now) {
  if (number != token_request_ || token_request_ == 0) return std::nullopt;
  token_request_ = 0;
  auto token = read_token(*adapter_, outcome);
  if (token && !token->value.empty()) {
    tokens_.got(std::move(*token), now);
    return TokenEnd::had;
  }
  const bool ours =
      (!token && token.error().code == ErrorCode::unauthenticated) || says_who_are_you(outcome);
  failure_ =
      ours ? provider::FailureCode::configuration_error : provider::FailureCode::provider_down;
  const bool repeated = tokens_.failed(now, !ours);
  spdlog::warn("token_not_had provider={} credentials_refused={} repeated={}", adapter_->name(),
               ours, repeated);
  if (ours) return TokenEnd::refused;
  return repeated ? TokenEnd::repeated : TokenEnd::failed;
}

void Access::fetch(Fetch request, FetchedPromise promise, Mono until) {
  if (fetches_.size() >= fetches_max) {
    promise.deliver(Fetched{not_sent_for("pool_full")});
    return;
  }
  const std::uint64_t number = ++numbers_;
  auto& waiting = fetches_.emplace(number, Waiting{std::move(request), std::move(promise), until})
                      .first->second;
  if (!waiting.fetch.with_token) dispatch(number, waiting);
}

void Access::dispatch(std::uint64_t number, Waiting& waiting) {
  waiting.sent = true;
  waiting.token = tokens_.generation();
  send_(std::move(waiting.fetch.request), false, number);
}

void Access::fetched(std::uint64_t number, HttpOutcome outcome) {
  const auto found = fetches_.find(number);
  if (found == fetches_.end()) return;
  // Whoever asks again gets a new one.
  if (found->second.fetch.with_token && was_refused(outcome)) refused(found->second.token);
  answer(found, std::move(outcome));
}

void Access::answer(std::map<std::uint64_t, Waiting>::iterator waiting, HttpOutcome outcome) {
  waiting->second.promise.deliver(Fetched{std::move(outcome)});
  fetches_.erase(waiting);
}

void Access::flush(Turn turn) {
  if (turn == Turn::wait) return;
  for (auto next = fetches_.begin(); next != fetches_.end();) {
    const auto it = next++;
    if (it->second.sent) continue;
    if (turn == Turn::give_up || !attach(it->second.fetch.request)) {
      answer(it, not_sent_for("no_token"));
    } else {
      dispatch(it->first, it->second);
    }
  }
}

void Access::forget_overdue(Mono now) {
  if (token_request_ != 0 && now >= token_until_) {
    token_request_ = 0;
    failure_ = provider::FailureCode::provider_down;
    tokens_.failed(now, true);
  }
  while (!fetches_.empty() && fetches_.begin()->second.until <= now)
    answer(fetches_.begin(), http::TransportFailure{http::FailurePhase::maybe_sent, "cancelled"});
}

void Access::stop() {
  while (!fetches_.empty()) answer(fetches_.begin(), not_sent_for("cancelled"));
}

bool Access::awaits() const {
  return std::any_of(fetches_.begin(), fetches_.end(),
                     [](const auto& entry) { return !entry.second.sent; });
}

std::optional<Access::Mono> Access::due(Mono now) const {
  std::optional<Mono> due = tokens_.usable_at(now);
  const auto consider = [&due](Mono at) { due = due ? std::min(*due, at) : at; };
  if (token_request_ != 0) consider(token_until_);
  // Once it is past, whoever wants the token asks: a timer for nobody would only go round.
  if (const auto repeat = tokens_.repeat_at(); repeat && *repeat > now) consider(*repeat);
  if (!fetches_.empty()) consider(fetches_.begin()->second.until);
  return due;
}

}  // namespace cambist::actors::account

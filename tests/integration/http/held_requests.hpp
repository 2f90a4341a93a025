// A handler that keeps every request until the test answers it, from the test's own thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "tests/integration/http/server_fixture.hpp"

namespace cambist::test {

class HeldRequests {
 public:
  struct Held {
    http::Request request;
    inbound::Responder respond;
  };

  /// May be copied into a server; all copies share what is held.
  [[nodiscard]] inbound::Handler handler() {
    return [state = state_](http::Request request, inbound::Responder respond) {
      {
        const std::lock_guard lock{state->mutex};
        state->held.push_back({std::move(request), std::move(respond)});
      }
      state->came.notify_all();
    };
  }

  [[nodiscard]] std::optional<Held> take() {
    std::unique_lock lock{state_->mutex};
    if (!state_->came.wait_for(lock, patience, [this] { return !state_->held.empty(); }))
      return std::nullopt;
    auto first = std::move(state_->held.front());
    state_->held.pop_front();
    return first;
  }
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock{state_->mutex};
    return state_->held.size();
  }

 private:
  struct State {
    mutable std::mutex mutex;
    std::condition_variable came;
    std::deque<Held> held;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace cambist::test

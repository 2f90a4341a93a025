// What all routes share.
#pragma once

#include <atomic>
#include <memory>

#include "gateway/api/api.hpp"

namespace cambist::gateway {

struct Core {
  explicit Core(ApiParams given)
      : params(std::move(given)),
        keys(params.keys),
        writes(params.rates.writes),
        reads(params.rates.reads),
        strangers(params.rates.strangers) {}

  ApiParams params;
  Authenticator keys;
  RateLimiter writes;
  RateLimiter reads;
  RateLimiter strangers;
  std::atomic<std::uint32_t> in_flight{0};
  std::atomic<bool> draining{false};
};

}  // namespace cambist::gateway

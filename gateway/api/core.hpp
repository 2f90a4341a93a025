// What all routes share.
#pragma once

#include <atomic>
#include <memory>

#include "gateway/api/api.hpp"
#include "gateway/api/kept_answers.hpp"

namespace cambist::gateway {

struct Core {
  explicit Core(ApiParams given)
      : params(std::move(given)),
        keys(params.keys),
        writes(params.rates.writes),
        reads(params.rates.reads),
        strangers(params.rates.strangers),
        webhooks(params.rates.webhooks) {
    if (params.queue) return;
    QueuePolicy policy;
    policy.limit_max = params.in_flight_max;
    params.queue = std::make_shared<QueueGate>(policy, params.ticks);
  }

  ApiParams params;
  Authenticator keys;
  RateLimiter writes;
  RateLimiter reads;
  RateLimiter strangers;
  RateLimiter webhooks;
  KeptAnswers kept_answers;
  std::atomic<std::uint32_t> in_flight{0};
  std::atomic<bool> draining{false};
};

}  // namespace cambist::gateway

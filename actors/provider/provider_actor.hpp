// One provider account: circuit breaker, bulkhead and outgoing rate limit around the calls of all
// payments. It owns no payment; it answers each call exactly once, whatever the wire does.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"
#include "actors/provider/vitals.hpp"
#include "actors/runtime.hpp"

namespace cambist::actors::account {

/// The HTTP client is done with the call it was given under `serial`.
struct HttpDone {
  std::uint64_t serial = 0;
  HttpOutcome outcome;
};
/// The same for a request of `Access`.
struct AccessDone {
  bool is_token = false;
  std::uint64_t number = 0;
  HttpOutcome outcome;
};
/// Something is due: a token, a deadline in the queue, a call that the client has forgotten.
struct Due {
  std::uint64_t serial = 0;
};
/// What an operator wants of the breaker.
struct Operate {
  OperateBreaker::Action action = OperateBreaker::Action::reset;
};
struct Operated {};

using call_actor =
    caf::typed_actor<caf::replies_to<CallRequest>::with<CallAnswer>, caf::reacts_to<HttpDone>,
                     caf::reacts_to<Due>, caf::replies_to<Operate>::with<Operated>,
                     caf::replies_to<Fetch>::with<Fetched>, caf::reacts_to<AccessDone>>;

struct Params {
  std::string name;
  ProviderParams limits;
  std::shared_ptr<HttpClient> http;
  std::shared_ptr<Telemetry> telemetry;
  Clock now;
  Random random;
  std::shared_ptr<Vitals> vitals;
  breaker::Breaker breaker{};  // what it starts with
};

[[nodiscard]] call_actor spawn(caf::actor_system& system, Params params);

}  // namespace cambist::actors::account

CAMBIST_LOCAL_MESSAGE_IN(account, HttpDone)
CAMBIST_LOCAL_MESSAGE_IN(account, AccessDone)
CAMBIST_LOCAL_MESSAGE_IN(account, Due)
CAMBIST_LOCAL_MESSAGE_IN(account, Operate)
CAMBIST_LOCAL_MESSAGE_IN(account, Operated)

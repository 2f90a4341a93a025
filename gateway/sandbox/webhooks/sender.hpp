// Sends letters over the wire: the thread, the clock and the sockets around a `Schedule`.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "actors/ports.hpp"
#include "gateway/sandbox/webhooks/destination.hpp"
#include "gateway/sandbox/webhooks/schedule.hpp"

namespace cambist::gateway::sandbox::webhooks {

/// A mailer with a thread of its own. Letters of a provider that the destination has no secrets for
/// are not sent.
class Sender : public Mailer {
 public:
  /// Ends the thread and cancels what is on the wire; letters posted afterwards go nowhere.
  virtual void stop() = 0;
};

/// Does what time alone does at the providers; the answer is when it has something to do again.
using PassTime = std::function<std::optional<TimePoint>()>;

/// `pass_time` is called on the sender's thread without its lock, at least once a second.
[[nodiscard]] std::shared_ptr<Sender> start_sender(Destination destination,
                                                   std::shared_ptr<actors::HttpClient> client,
                                                   Clock now, PassTime pass_time,
                                                   ScheduleLimits limits = {});

}  // namespace cambist::gateway::sandbox::webhooks

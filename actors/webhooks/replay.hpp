// Putting stored webhooks back to work: part of the supervisor, on whose thread it runs.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/webhooks/webhooks_actor.hpp"

namespace cambist::actors::webhooks {

using ReplayPromise = caf::typed_response_promise<WebhooksReplayed>;

class Replays {
 public:
  /// `put_back` is called when some are due again.
  Replays(supervisor_actor::base& owner, const Params& params, std::function<void()> put_back)
      : owner_(owner), params_(params), put_back_(std::move(put_back)) {}

  void start(ReplayWebhooks request, ReplayPromise promise);
  /// Nothing is answered after this.
  void stop();

 private:
  struct Job {
    ReplayWebhooks request;
    ReplayPromise promise;
    WebhooksReplayed result{};
    std::size_t writing = 0;
  };
  using JobPtr = std::shared_ptr<Job>;

  void find(const JobPtr& job);
  void write_all(const JobPtr& job);
  void write(const JobPtr& job, const WebhookId& id);
  void finish_if_done(const JobPtr& job);
  void end(const JobPtr& job);

  supervisor_actor::base& owner_;
  const Params& params_;
  std::function<void()> put_back_;
  std::vector<JobPtr> jobs_{};
};

}  // namespace cambist::actors::webhooks

#include "gateway/bridge.hpp"

#include <type_traits>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/duration.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "actors/runtime.hpp"

namespace cambist::gateway {
namespace {

// Calls `done` exactly once: with what came, or, when every copy goes away unused (the actor died,
// the system stops), with an error.
template <class T>
class Completion {
 public:
  explicit Completion(Done<T> done) : box_(std::make_shared<Box>(std::move(done))) {}
  void operator()(Result<T> result) const {
    if (auto done = std::exchange(box_->done, nullptr)) done(std::move(result));
  }
  void failed(const caf::error&) const {
    (*this)(Error{ErrorCode::unavailable, "the runtime did not answer"});
  }

 private:
  struct Box {
    explicit Box(Done<T> d) : done(std::move(d)) {}
    Box(const Box&) = delete;
    Box& operator=(const Box&) = delete;
    ~Box() {
      if (done) done(Error{ErrorCode::unavailable, "the runtime did not answer"});
    }
    Done<T> done;
  };
  std::shared_ptr<Box> box_;
};

// One job for the bridge actor: it makes its request there and completes there.
struct Job {
  std::function<void(caf::event_based_actor&)> run;
};

}  // namespace
}  // namespace cambist::gateway

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(cambist::gateway::Job)

namespace cambist::gateway {
namespace {

std::string to_string(const Job&) {
  return "Job";
}

// The one actor between the I/O threads and the tree. It keeps nothing: a request in flight lives
// in CAF's table of awaited answers, a dead receiver is reported by CAF, and the deadline is the
// session's. Parent: none; it lives as long as the bridge.
// A class and not a function: CAF 0.17 dereferences a null pointer for a function without
// arguments.
class BridgeActor final : public caf::event_based_actor {
 public:
  using caf::event_based_actor::event_based_actor;
  caf::behavior make_behavior() override {
    return {[this](Job& job) { job.run(*this); }};
  }
};

template <class T>
std::shared_ptr<void> boxed(Result<T> value) {
  return std::make_shared<Result<T>>(std::move(value));
}

class CafBridge final : public Bridge {
 public:
  CafBridge(caf::actor_system& system, const actors::Runtime& runtime)
      : payments_(runtime.payments()),
        reader_(runtime.reader()),
        providers_(runtime.providers()),
        supervision_(runtime.supervision()),
        webhooks_(runtime.webhooks()),
        outbox_(runtime.outbox()),
        runtime_(runtime),
        actor_(system.spawn<BridgeActor, caf::hidden>()) {}
  ~CafBridge() override { caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown); }

  void perform(Command command, Done<api::Answer> done) override {
    actors::Perform perform{
        command.payment, std::move(command.command),
        actors::Context{std::move(command.tenant), std::move(command.request_id),
                        std::move(command.key), command.fingerprint}};
    ask_plainly(payments_, std::move(perform), std::move(done));
  }

  void payment(TenantId tenant, PaymentId id,
               Done<std::optional<storage::PaymentRow>> done) override {
    read<std::optional<storage::PaymentRow>>(
        [tenant = std::move(tenant), id](storage::Reader& reader) {
          return reader.payment(tenant, id);
        },
        std::move(done));
  }

  void payments(storage::PaymentQuery query, Done<std::vector<storage::PaymentRow>> done) override {
    read<std::vector<storage::PaymentRow>>(
        [query = std::move(query)](storage::Reader& reader) { return reader.payments(query); },
        std::move(done));
  }

  void story(TenantId tenant, PaymentId id, Done<std::optional<Story>> done) override {
    read<std::optional<Story>>(
        [tenant = std::move(tenant), id](storage::Reader& reader) -> Result<std::optional<Story>> {
          const auto row = reader.payment(tenant, id);
          if (!row) return row.error();
          if (!*row) return std::optional<Story>{};
          auto events = reader.events(id);
          if (!events) return events.error();
          auto operations = reader.operations(id);
          if (!operations) return operations.error();
          return std::optional<Story>{Story{std::move(*events), std::move(*operations)}};
        },
        std::move(done));
  }

  void providers(Done<actors::ProvidersHealth> done) override {
    ask_plainly(providers_, actors::ProviderQuery{}, std::move(done));
  }

  void supervision(Done<actors::SupervisionNode> done) override {
    ask_plainly(supervision_, actors::SupervisionQuery{}, std::move(done));
  }

  void webhook(actors::WebhookIn webhook, Done<actors::WebhookTaken> done) override {
    ask_plainly(webhooks_, std::move(webhook), std::move(done));
  }
  void replay(actors::ReplayWebhooks replay, Done<actors::WebhooksReplayed> done) override {
    ask_plainly(webhooks_, std::move(replay), std::move(done));
  }
  void stored_webhook(TenantId tenant, WebhookId id,
                      Done<std::optional<storage::WebhookRow>> done) override {
    read<std::optional<storage::WebhookRow>>(
        [tenant = std::move(tenant), id](storage::Reader& reader) {
          return reader.webhook(tenant, id);
        },
        std::move(done));
  }
  void stored_webhooks(storage::WebhookQuery query,
                       Done<std::vector<storage::WebhookRow>> done) override {
    read<std::vector<storage::WebhookRow>>(
        [query = std::move(query)](storage::Reader& reader) { return reader.webhooks(query); },
        std::move(done));
  }
  void webhook_counts(TenantId tenant, TimePoint since,
                      Done<std::vector<storage::WebhookCount>> done) override {
    read<std::vector<storage::WebhookCount>>(
        [tenant = std::move(tenant), since](storage::Reader& reader) {
          return reader.webhook_counts(tenant, since);
        },
        std::move(done));
  }
  void change_endpoint(actors::ChangeEndpoint change, Done<actors::EndpointChanged> done) override {
    ask_plainly(outbox_, std::move(change), std::move(done));
  }
  void endpoints(TenantId tenant, Done<std::vector<storage::EndpointRow>> done) override {
    read<std::vector<storage::EndpointRow>>(
        [tenant = std::move(tenant)](storage::Reader& reader) { return reader.endpoints(tenant); },
        std::move(done));
  }
  void deliveries(storage::DeliveryQuery query,
                  Done<std::vector<storage::DeliveryRow>> done) override {
    read<std::vector<storage::DeliveryRow>>(
        [query = std::move(query)](storage::Reader& reader) { return reader.deliveries(query); },
        std::move(done));
  }
  void task(TenantId tenant, TaskId id, Done<std::optional<storage::TaskRow>> done) override {
    read<std::optional<storage::TaskRow>>(
        [tenant = std::move(tenant), id](storage::Reader& reader) {
          return reader.task(tenant, id);
        },
        std::move(done));
  }
  void tasks(storage::TaskQuery query, Done<std::vector<storage::TaskRow>> done) override {
    read<std::vector<storage::TaskRow>>(
        [query = std::move(query)](storage::Reader& reader) { return reader.tasks(query); },
        std::move(done));
  }
  void audit(TenantId tenant, std::optional<AuditId> before, std::size_t limit,
             Done<std::vector<storage::AuditRow>> done) override {
    read<std::vector<storage::AuditRow>>(
        [tenant = std::move(tenant), before, limit](storage::Reader& reader) {
          return reader.audit(tenant, before, limit);
        },
        std::move(done));
  }
  void operate_breaker(actors::OperateBreaker operation,
                       Done<actors::BreakerOperated> done) override {
    ask_plainly(providers_, std::move(operation), std::move(done));
  }

  [[nodiscard]] routing::Plan route(const payment::Create& wish) const override {
    return runtime_.route(wish);
  }
  [[nodiscard]] bool store_healthy() const override { return runtime_.journal_healthy(); }

 private:
  template <class Reply, class Handle, class Message>
  void ask_plainly(const Handle& target, Message message, Done<Reply> done) {
    ask<Reply, Reply>(target, std::move(message), std::move(done),
                      [](Reply& reply) { return Result<Reply>{std::move(reply)}; });
  }

  // `infinite`: CAF 0.17 keeps the timer of an answered request alive (facts/caf-0.17.md 5.1).
  template <class T, class Reply, class Handle, class Message, class Convert>
  void ask(const Handle& target, Message message, Done<T> done, Convert convert) {
    const Completion<T> completion{std::move(done)};
    auto shared = std::make_shared<Message>(std::move(message));
    caf::anon_send(actor_, Job{[target, shared, completion, convert](caf::event_based_actor& self) {
                     self.request(target, caf::infinite, std::move(*shared))
                         .then([completion, convert](Reply& reply) { completion(convert(reply)); },
                               [completion](caf::error& why) { completion.failed(why); });
                   }});
  }

  template <class T, class Run>
  void read(Run run, Done<T> done) {
    actors::Read message{
        [run = std::move(run)](storage::Reader& reader) { return boxed<T>(run(reader)); }};
    ask<T, actors::ReadDone>(
        reader_, std::move(message), std::move(done), [](actors::ReadDone& reply) {
          return reply.value ? std::move(*std::static_pointer_cast<Result<T>>(reply.value))
                             : Result<T>{Error{ErrorCode::unavailable, "the store did not answer"}};
        });
  }

  actors::payments_actor payments_;
  actors::reader_actor reader_;
  actors::providers_actor providers_;
  actors::supervision_actor supervision_;
  actors::webhooks_actor webhooks_;
  actors::outbox_actor outbox_;
  const actors::Runtime& runtime_;
  caf::actor actor_;
};

}  // namespace

std::shared_ptr<Bridge> make_bridge(caf::actor_system& system, const actors::Runtime& runtime) {
  return std::make_shared<CafBridge>(system, runtime);
}

}  // namespace cambist::gateway

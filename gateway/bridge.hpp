// What the routes ask of the actors, without a word of CAF: commands and reads go in, answers come
// back on some thread of the actors' system, each exactly once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/health.hpp"
#include "actors/requests.hpp"
#include "protocols/api/answers.hpp"
#include "protocols/core/digest.hpp"
#include "protocols/core/error.hpp"
#include "protocols/payment/machine.hpp"
#include "storage/store.hpp"

namespace caf {
class actor_system;
}
namespace cambist::actors {
class Runtime;
}

namespace cambist::gateway {

/// A client's command on one payment.
struct Command {
  PaymentId payment;
  payment::Command command;
  TenantId tenant;
  std::string request_id;
  std::string key;  // idempotency key; empty: none
  Sha256 fingerprint{};
};

/// All that is known of one payment.
struct Story {
  std::vector<storage::StoredEvent> events;
  std::vector<storage::OperationRow> operations;
};

template <class T>
using Done = std::function<void(Result<T>)>;

/// Thread safe. No call blocks; each `done` is called exactly once, from any thread, unless it says
/// otherwise. Errors of every call: unavailable when whoever was asked has died or the store does
/// not answer.
class Bridge {
 public:
  Bridge() = default;
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;
  virtual ~Bridge() = default;
  /// May take as long as the provider does: the caller keeps its own deadline.
  virtual void perform(Command command, Done<api::Answer> done) = 0;
  virtual void payment(TenantId tenant, PaymentId payment,
                       Done<std::optional<storage::PaymentRow>> done) = 0;
  virtual void payments(storage::PaymentQuery query,
                        Done<std::vector<storage::PaymentRow>> done) = 0;
  /// nullopt: the tenant has no such payment.
  virtual void story(TenantId tenant, PaymentId payment, Done<std::optional<Story>> done) = 0;
  virtual void providers(Done<actors::ProvidersHealth> done) = 0;
  virtual void supervision(Done<actors::SupervisionNode> done) = 0;
  /// Until it is durable, or refused.
  virtual void webhook(actors::WebhookIn webhook, Done<actors::WebhookTaken> done) = 0;
  virtual void replay(actors::ReplayWebhooks replay, Done<actors::WebhooksReplayed> done) = 0;
  virtual void stored_webhook(TenantId tenant, WebhookId id,
                              Done<std::optional<storage::WebhookRow>> done) = 0;
  virtual void stored_webhooks(storage::WebhookQuery query,
                               Done<std::vector<storage::WebhookRow>> done) = 0;
  virtual void webhook_counts(TenantId tenant, TimePoint since,
                              Done<std::vector<storage::WebhookCount>> done) = 0;
  virtual void change_endpoint(actors::ChangeEndpoint change,
                               Done<actors::EndpointChanged> done) = 0;
  virtual void endpoints(TenantId tenant, Done<std::vector<storage::EndpointRow>> done) = 0;
  virtual void deliveries(storage::DeliveryQuery query,
                          Done<std::vector<storage::DeliveryRow>> done) = 0;
  virtual void task(TenantId tenant, TaskId id, Done<std::optional<storage::TaskRow>> done) = 0;
  virtual void tasks(storage::TaskQuery query, Done<std::vector<storage::TaskRow>> done) = 0;
  virtual void audit(TenantId tenant, std::optional<AuditId> before, std::size_t limit,
                     Done<std::vector<storage::AuditRow>> done) = 0;
  virtual void operate_breaker(actors::OperateBreaker operation,
                               Done<actors::BreakerOperated> done) = 0;
  /// Where a payment would go now, and why; nothing is begun.
  [[nodiscard]] virtual routing::Plan route(const payment::Create& wish) const = 0;
  [[nodiscard]] virtual bool store_healthy() const = 0;
};

/// The bridge to a running tree. `runtime` must outlive it.
[[nodiscard]] std::shared_ptr<Bridge> make_bridge(caf::actor_system& system,
                                                  const actors::Runtime& runtime);

}  // namespace cambist::gateway

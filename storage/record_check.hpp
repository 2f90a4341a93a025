// Looks at several records before any of them is written: each is judged as if those before it
// were there already.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "storage/journal.hpp"

namespace cambist::storage {

/// What a check must know of a stored webhook.
struct KnownWebhook {
  TenantId tenant;
  bool final = false;
};

/// What a store holds before the records. After a failure, which the store keeps for itself, the
/// answers mean nothing.
class Known {
 public:
  Known() = default;
  Known(const Known&) = delete;
  Known& operator=(const Known&) = delete;
  virtual ~Known() = default;
  [[nodiscard]] virtual std::optional<KnownWebhook> webhook(WebhookId id) = 0;
  [[nodiscard]] virtual bool has_event(const std::string& provider, const std::string& event) = 0;
  /// Whose endpoint it is.
  [[nodiscard]] virtual std::optional<TenantId> owner(EndpointId id) = 0;
};

/// One per `Records`.
class RecordCheck {
 public:
  explicit RecordCheck(Known& stored) : stored_(stored) {}

  /// Why `record` cannot be written after those that were asked about before it.
  [[nodiscard]] std::optional<AppendResult> refusal(const Record& record);

 private:
  using Refusal = std::optional<AppendResult>;
  [[nodiscard]] Refusal refusal_of(const WebhookReceived& received);
  [[nodiscard]] Refusal refusal_of(const WebhookUpdate& update);
  [[nodiscard]] Refusal refusal_of(const WebhookReplayed& replayed);
  [[nodiscard]] Refusal refusal_of(const EndpointPut& put);
  [[nodiscard]] Refusal refusal_of(const EndpointGone& gone);
  [[nodiscard]] Refusal refusal_of(const CursorMoved& moved);
  [[nodiscard]] Refusal refusal_of(const DeliveryPut& put);
  // Ids of these are made by us: one that is taken is a mistake, and the table itself refuses it.
  [[nodiscard]] Refusal refusal_of(const AuditRow&) { return std::nullopt; }
  [[nodiscard]] Refusal refusal_of(const Announced&) { return std::nullopt; }

  // What will be there; looked up once.
  [[nodiscard]] std::optional<KnownWebhook>& webhook(WebhookId id);
  [[nodiscard]] std::optional<TenantId>& owner(EndpointId id);

  Known& stored_;
  std::map<WebhookId, std::optional<KnownWebhook>> known_;
  std::set<std::pair<std::string, std::string>> events_;
  std::map<EndpointId, std::optional<TenantId>> owners_;
};

}  // namespace cambist::storage

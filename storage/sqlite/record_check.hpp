// Looks at several records before any of them is written: each is judged as if those before it
// were there already.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "storage/sqlite/outgoing_tables.hpp"
#include "storage/sqlite/webhook_table.hpp"
#include "storage/store.hpp"

namespace cambist::storage::sqlite {

/// One per `Records`.
class RecordCheck {
 public:
  RecordCheck(Chain& chain, WebhookTable& webhooks, OutgoingTables& outgoing)
      : chain_(chain), webhooks_(webhooks), outgoing_(outgoing) {}

  /// Why `record` cannot be written after those that were asked about before it. Means nothing
  /// when the chain has failed.
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

  Chain& chain_;
  WebhookTable& webhooks_;
  OutgoingTables& outgoing_;
  std::map<WebhookId, std::optional<KnownWebhook>> known_;
  std::set<std::pair<std::string, std::string>> events_;
  std::map<EndpointId, std::optional<TenantId>> owners_;
};

}  // namespace cambist::storage::sqlite

// The webhooks of providers in the memory store.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/memory/undo.hpp"
#include "storage/store.hpp"

namespace cambist::storage::memory {

class Webhooks {
 public:
  // Each answers why it wrote nothing; nullopt when it wrote.
  [[nodiscard]] std::optional<AppendResult> receive(const WebhookReceived& received, Undo& undo);
  [[nodiscard]] std::optional<AppendResult> update(const WebhookUpdate& update, Undo& undo);
  [[nodiscard]] std::optional<AppendResult> replay(const WebhookReplayed& replayed, Undo& undo);
  /// Why a step of a payment of `tenant` cannot mark this webhook.
  [[nodiscard]] std::optional<AppendResult> refusal(const TenantId& tenant,
                                                    const WebhookUpdate& mark) const;

  [[nodiscard]] std::optional<PaymentId> payment_of_event(std::string_view provider,
                                                          std::string_view event) const;
  [[nodiscard]] std::optional<WebhookRow> find(const TenantId& tenant, WebhookId id) const;
  [[nodiscard]] std::vector<WebhookRow> list(const WebhookQuery& query) const;
  [[nodiscard]] std::vector<WebhookRow> due(std::string_view provider, TimePoint now,
                                            std::size_t limit) const;
  [[nodiscard]] std::vector<WebhookCount> counts(const TenantId& tenant, TimePoint since) const;
  [[nodiscard]] std::size_t forget(TimePoint before, std::size_t limit);

 private:
  using Due = std::pair<TimePoint, std::uint64_t>;  // then in the order of receipt
  void put(WebhookRow row, Undo& undo);

  std::map<WebhookId, WebhookRow> rows_;
  std::map<std::pair<std::string, std::string>, WebhookId> by_event_;
  std::map<std::string, std::map<Due, WebhookId>> due_;
  std::uint64_t last_position_ = 0;
};

}  // namespace cambist::storage::memory

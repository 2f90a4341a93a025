// Writes the table of the providers' webhooks. Checks nothing: whoever calls has looked first.
#pragma once

#include <optional>

#include "storage/record_check.hpp"
#include "storage/sqlite/chain.hpp"
#include "storage/store.hpp"

namespace cambist::storage::sqlite {

class WebhookTable {
 public:
  explicit WebhookTable(Database& database);

  [[nodiscard]] std::optional<KnownWebhook> find(Chain& chain, WebhookId id);
  [[nodiscard]] bool has(Chain& chain, const std::string& provider, const std::string& event);
  void receive(Chain& chain, const WebhookRow& row);
  void update(Chain& chain, const WebhookUpdate& update);
  void replay(Chain& chain, const WebhookReplayed& replayed);

 private:
  Statement find_, find_event_, insert_, update_, replay_;
};

}  // namespace cambist::storage::sqlite

// Drops what nobody needs any more: settled webhooks, what every endpoint has had, old deliveries.
#pragma once

#include "storage/sqlite/chain.hpp"

namespace cambist::storage::sqlite {

/// Inside an open transaction.
class Forgetting {
 public:
  explicit Forgetting(Database& database);
  /// At most `limit` of each, older than `before`; answers how many went.
  [[nodiscard]] std::size_t run(Chain& chain, TimePoint before, std::size_t limit);

 private:
  [[nodiscard]] std::size_t forget_outbox(Chain& chain, TimePoint before, std::size_t limit);
  [[nodiscard]] std::size_t forget_outbox(Chain& chain, const TenantId& tenant, TimePoint before,
                                          std::size_t limit);

  Database& database_;
  Statement webhooks_, deliveries_, next_tenant_, outbox_start_, empty_last_, outbox_, old_ends_;
};

}  // namespace cambist::storage::sqlite

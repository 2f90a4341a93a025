// A batch on its way into the database: which entries are to be written, and what each is answered.
#pragma once

#include <span>
#include <vector>

#include "storage/store.hpp"

namespace cambist::storage::postgres {

class Batch {
 public:
  /// Answers what can never be written, and leaves the rest to be.
  explicit Batch(std::span<const Entry> entries);

  /// What is to be written, in order.
  [[nodiscard]] const std::vector<const Entry*>& entries() const noexcept { return entries_; }
  void answer(std::size_t entry, AppendResult result) {
    results_[places_[entry]] = std::move(result);
  }
  void answer_all(const Error& error);
  /// Every entry as if it had been written.
  void answer_written();
  [[nodiscard]] const AppendResult& result(std::size_t entry) const {
    return results_[places_[entry]];
  }
  [[nodiscard]] std::vector<AppendResult> take() { return std::move(results_); }

 private:
  std::vector<const Entry*> entries_;
  std::vector<std::size_t> places_;
  std::vector<AppendResult> results_;
};

/// The webhook that `entry` brings alone; nullptr when it is anything else.
[[nodiscard]] const WebhookRow* lone_webhook(const Entry& entry);

}  // namespace cambist::storage::postgres

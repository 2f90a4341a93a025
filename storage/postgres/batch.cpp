#include "storage/postgres/batch.hpp"

#include "storage/append_rules.hpp"

namespace cambist::storage::postgres {

Batch::Batch(std::span<const Entry> entries) : results_(entries.size(), Appended{}) {
  entries_.reserve(entries.size());
  places_.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto error = std::visit([](const auto& entry) { return malformed(entry); }, entries[i]);
    if (error) {
      results_[i] = *std::move(error);
      continue;
    }
    entries_.push_back(&entries[i]);
    places_.push_back(i);
  }
}

void Batch::answer_all(const Error& error) {
  for (const auto place : places_) results_[place] = error;
}

void Batch::answer_written() {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto* const append = std::get_if<Append>(entries_[i]);
    answer(i, Appended{append == nullptr ? 0 : append->expected_version + append->events.size()});
  }
}

const WebhookRow* lone_webhook(const Entry& entry) {
  const auto* const records = std::get_if<Records>(&entry);
  if (records == nullptr || records->rows.size() != 1) return nullptr;
  const auto* const received = std::get_if<WebhookReceived>(records->rows.data());
  return received == nullptr ? nullptr : &received->row;
}

}  // namespace cambist::storage::postgres

// A store: who makes the journal and the readers.
#pragma once

#include <memory>

#include "storage/journal.hpp"
#include "storage/reader.hpp"

namespace cambist::storage {

/// A store as `main` holds it.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;
  /// At most one lives at a time: nullptr while another does. Journals and readers may outlive the
  /// store.
  [[nodiscard]] virtual std::unique_ptr<Journal> open_journal() = 0;
  [[nodiscard]] virtual std::unique_ptr<Reader> open_reader() = 0;
  /// Administration at start, before any actor runs. Makes the tenant if it is new.
  [[nodiscard]] virtual Result<void> put_api_key(const ApiKeyRow& key) = 0;
};

}  // namespace cambist::storage

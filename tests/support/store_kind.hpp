// The stores that the program runs on, as a parameter of the tests that must hold on each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/postgres_cluster.hpp"

namespace cambist::test {

enum class StoreKind : std::uint8_t { sqlite, postgres };

inline auto every_store() {
  return testing::Values(StoreKind::sqlite, StoreKind::postgres);
}
inline std::string name_of_store(const testing::TestParamInfo<StoreKind>& info) {
  return info.param == StoreKind::sqlite ? "Sqlite" : "Postgres";
}

/// An empty store of one server: in its data folder, or in a database of the shared PostgreSQL.
class TestStore {
 public:
  TestStore(StoreKind kind, std::string folder) : folder_(std::move(folder)) {
    if (kind == StoreKind::postgres) database_.emplace();
  }
  /// For ServerOptions; empty: the store inside.
  [[nodiscard]] std::string database() const { return database_ ? database_->url() : ""; }
  /// For read_books.
  [[nodiscard]] const std::string& where() const { return database_ ? database_->url() : folder_; }

 private:
  std::string folder_;
  std::optional<TestDatabase> database_{};
};

}  // namespace cambist::test

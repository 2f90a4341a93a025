// One statement for all rows that a batch has for a table: the rows travel as one array per column.
// A single row travels as plain values, which PostgreSQL takes with less work.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/postgres/connection.hpp"

namespace cambist::storage::postgres {

/// The values of one column, encoded as an array whose first element can also be sent alone.
class Column {
 public:
  Column(const char* name, Type type);

  template <class Value>
  void add(const Value& value) {
    const auto start = begin();
    encode(bytes_, value);
    end(start);
  }
  template <class Value>
  void add(const std::optional<Value>& value) {
    if (value) return add(*value);
    put_big_endian(bytes_, std::int32_t{-1});
    has_null_ = true;
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] Type type() const noexcept { return type_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.size(); }
  /// Fills in the head, so that all of `array()` is the array.
  [[nodiscard]] std::string_view array(std::size_t count);
  /// The only value; no data is NULL.
  [[nodiscard]] std::string_view single() const noexcept;
  void clear() noexcept;

 private:
  [[nodiscard]] std::size_t begin();
  void end(std::size_t start);

  std::string name_;
  Type type_;
  std::string bytes_;
  bool has_null_ = false;
};

/// `{rows}` in the SQL stands for the rows, `r`, with the columns as they are named here, `{count}`
/// for their number.
class Bulk {
 public:
  Bulk(const std::string& sql, std::vector<std::pair<const char*, Type>> columns);

  template <class... Values>
  void add(const Values&... values) {
    std::size_t next = 0;
    (columns_[next++].add(values), ...);
    ++count_;
  }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// Sends what was added, if anything, and forgets it.
  void send(Connection& connection);
  void clear() noexcept;

 private:
  std::vector<Column> columns_;
  std::string for_one_;
  std::string for_many_;
  std::size_t count_ = 0;
};

/// INSERT INTO `table` of all columns; `rest` follows.
[[nodiscard]] Bulk insert_into(const std::string& table,
                               std::vector<std::pair<const char*, Type>> columns,
                               const std::string& rest = "");

/// A statement that fails unless `changing`, which must end in RETURNING, has changed every row.
[[nodiscard]] std::string all_or_fail(const std::string& changing);

}  // namespace cambist::storage::postgres

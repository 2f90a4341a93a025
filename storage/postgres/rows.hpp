// The rows that one statement answered, read as binary values. What cannot be read (a column of
// another type than expected, an unknown currency) sticks and is asked for once at the end.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <libpq-fe.h>

#include "protocols/core/digest.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::storage::postgres {

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

class Rows {
 public:
  Rows() = default;
  explicit Rows(ResultHandle result) noexcept : result_(std::move(result)) {}

  /// Whether there is one more; the columns are then of that one.
  [[nodiscard]] bool next() noexcept { return ++row_ < PQntuples(result_.get()); }
  [[nodiscard]] int count() const noexcept { return PQntuples(result_.get()); }
  /// How many rows a statement without an answer has changed.
  [[nodiscard]] std::size_t changed() const noexcept;
  /// Whether every value could be read so far.
  [[nodiscard]] bool ok() const noexcept { return ok_; }

  /// int8, int4 or bool.
  [[nodiscard]] std::int64_t integer(int column) noexcept;
  /// Text or bytea, byte for byte.
  [[nodiscard]] std::string text(int column) { return std::string{view(column)}; }
  [[nodiscard]] Money money(int minor_column, int currency_column);
  [[nodiscard]] TimePoint time(int column) noexcept { return from_micros(integer(column)); }
  [[nodiscard]] std::optional<TimePoint> time_if_any(int column) noexcept {
    return is_null(column) ? std::nullopt : std::optional{time(column)};
  }
  [[nodiscard]] bool is_null(int column) const noexcept {
    return PQgetisnull(result_.get(), row_, column) != 0;
  }
  [[nodiscard]] Sha256 digest(int column) noexcept;
  template <class AnyId>
  [[nodiscard]] AnyId id(int column) noexcept {
    AnyId id;
    copy(column, id.bytes.data(), id.bytes.size());
    return id;
  }

 private:
  [[nodiscard]] std::string_view view(int column) const noexcept;
  void copy(int column, std::uint8_t* to, std::size_t size) noexcept;

  ResultHandle result_;
  int row_ = -1;
  bool ok_ = true;
};

}  // namespace cambist::storage::postgres

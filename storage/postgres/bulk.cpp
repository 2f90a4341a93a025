#include "storage/postgres/bulk.hpp"

namespace cambist::storage::postgres {
namespace {

// Dimensions, whether there are nulls, the type; size and lower bound of the one dimension.
constexpr std::size_t head_size = 5 * 4;
constexpr std::size_t length_size = 4;
// A buffer that one giant batch has made keeps no more than this.
constexpr std::size_t kept_bytes = std::size_t{1} << 20U;

std::string four_bytes(std::uint32_t value) {
  std::string bytes;
  put_big_endian(bytes, value);
  return bytes;
}

/// The rows as SQL: plain parameters for a single one, arrays otherwise.
std::string rows_as_sql(const std::vector<Column>& columns, bool many) {
  std::string values;
  std::string names;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const char* const comma = i == 0 ? "" : ", ";
    values += comma + std::string{"$"} + std::to_string(i + 1) + "::" + name_of(columns[i].type());
    if (many) values += "[]";
    names += comma + columns[i].name();
  }
  return (many ? "unnest(" + values + ")" : "(VALUES (" + values + "))") + " AS r (" + names + ")";
}

std::string replaced(std::string text, std::string_view word, const std::string& by) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) {
    text.replace(at, word.size(), by);
  }
  return text;
}

std::string filled(const std::string& sql, const std::vector<Column>& columns, bool many) {
  return replaced(replaced(sql, "{rows}", rows_as_sql(columns, many)), "{count}",
                  many ? "cardinality($1)" : "1");
}

}  // namespace

Column::Column(const char* name, Type type) : name_(name), type_(type) {
  clear();
}

std::string_view Column::array(std::size_t count) {
  const auto head = four_bytes(1) + four_bytes(has_null_ ? 1 : 0) +
                    four_bytes(static_cast<std::uint32_t>(type_)) +
                    four_bytes(static_cast<std::uint32_t>(count)) + four_bytes(1);
  bytes_.replace(0, head_size, head);
  return bytes_;
}

std::string_view Column::single() const noexcept {
  if (has_null_) return {};
  return std::string_view{bytes_}.substr(head_size + length_size);
}

void Column::clear() noexcept {
  if (bytes_.capacity() > kept_bytes) std::string{}.swap(bytes_);
  bytes_.assign(head_size, '\0');
  has_null_ = false;
}

std::size_t Column::begin() {
  const auto start = bytes_.size();
  bytes_.append(length_size, '\0');
  return start;
}

void Column::end(std::size_t start) {
  const auto size = bytes_.size() - start - length_size;
  bytes_.replace(start, length_size, four_bytes(static_cast<std::uint32_t>(size)));
}

Bulk::Bulk(const std::string& sql, std::vector<std::pair<const char*, Type>> columns) {
  for (const auto& [name, type] : columns) columns_.emplace_back(name, type);
  for_one_ = filled(sql, columns_, false);
  for_many_ = filled(sql, columns_, true);
}

void Bulk::send(Connection& connection) {
  if (empty()) return;
  std::vector<const char*> values;
  std::vector<int> lengths;
  values.reserve(columns_.size());
  lengths.reserve(columns_.size());
  for (auto& column : columns_) {
    const auto bytes = count_ == 1 ? column.single() : column.array(count_);
    values.push_back(bytes.data());
    lengths.push_back(static_cast<int>(bytes.size()));
  }
  connection.send((count_ == 1 ? for_one_ : for_many_).c_str(), values, lengths);
  clear();
}

void Bulk::clear() noexcept {
  for (auto& column : columns_) column.clear();
  count_ = 0;
}

Bulk insert_into(const std::string& table, std::vector<std::pair<const char*, Type>> columns,
                 const std::string& rest) {
  std::string names;
  for (const auto& [name, type] : columns) names += (names.empty() ? "" : ", ") + std::string{name};
  return Bulk{"INSERT INTO " + table + " (" + names + ") SELECT " + names + " FROM {rows} " + rest,
              std::move(columns)};
}

std::string all_or_fail(const std::string& changing) {
  return "WITH changed AS (" + changing +
         ") SELECT 1 / (CASE WHEN count(*) = {count} THEN 1 ELSE 0 END) FROM changed";
}

}  // namespace cambist::storage::postgres

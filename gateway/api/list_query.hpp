// The parameters of a list: what all lists have in common is read here, filters by the list itself.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>

#include "gateway/api/exchange.hpp"
#include "protocols/core/ids.hpp"

namespace cambist::gateway {

/// Shape: `name` says which list it is (the tenant, the route and every filter): what cursors are
/// bound to. `last` is what the page before ended with.
struct Page {
  std::size_t limit = 20;
  std::optional<Uuid> last{};
  std::string name{};
};

/// Takes one filter. Shape: false says that the list has no such parameter.
using Filter = std::function<Result<bool>(std::string_view name, const std::string& value)>;

/// Errors: invalid_request with the parameter as field.
[[nodiscard]] Result<Page> read_page(const Exchange& exchange, const Filter& filter);
/// Refuses every parameter.
[[nodiscard]] Result<void> no_parameters(const Exchange& exchange);

[[nodiscard]] Error wrong_parameter(std::string_view name, std::string detail);
/// Printable ASCII without spaces, as names of providers and types of events are. Stores keep them
/// as text, which cannot hold every byte.
[[nodiscard]] bool is_plain_word(std::string_view value) noexcept;
/// Errors: invalid_request with `name` as field.
[[nodiscard]] Result<TimePoint> time_parameter(std::string_view name, const std::string& value);

/// `last` is what the shown page ends with; nullopt when nothing comes after it.
[[nodiscard]] std::string render_page(boost::json::array data, const Page& page,
                                      std::optional<Uuid> last);

/// `rows` has one more than the page's limit when there is more; `end` is where a row stands in the
/// list.
template <class Row, class Show, class End>
[[nodiscard]] std::string render_rows(const std::vector<Row>& rows, const Page& page, Show show,
                                      End end) {
  boost::json::array data;
  const std::size_t count = std::min(rows.size(), page.limit);
  for (std::size_t i = 0; i < count; ++i) data.push_back(show(rows[i]));
  const bool more = rows.size() > count && count > 0;
  return render_page(std::move(data), page,
                     more ? std::optional<Uuid>{end(rows[count - 1])} : std::nullopt);
}

/// A position as a cursor carries it.
[[nodiscard]] Uuid uuid_of(std::uint64_t position) noexcept;
[[nodiscard]] std::uint64_t position_of(const Uuid& uuid) noexcept;

}  // namespace cambist::gateway

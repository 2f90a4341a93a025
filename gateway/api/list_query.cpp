#include "gateway/api/list_query.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "protocols/api/cursor.hpp"
#include "protocols/api/json.hpp"
#include "protocols/http/url.hpp"

namespace cambist::gateway {
namespace {

constexpr std::size_t page_max = 100;
constexpr std::size_t filter_bytes_max = 255;

Result<std::size_t> limit_of(const std::string& value) {
  const Error wrong = wrong_parameter("limit", "must be a number from 1 to 100");
  if (value.empty() || value.size() > 3 ||
      value.find_first_not_of("0123456789") != std::string::npos) {
    return wrong;
  }
  const auto limit = static_cast<std::size_t>(std::stoul(value));
  if (limit < 1 || limit > page_max) return wrong;
  return limit;
}

// In the order of their names: the order in which filters stand is no part of a list.
Result<http::Pairs> sorted_pairs(const Exchange& exchange) {
  auto pairs = exchange.query.empty() ? Result<http::Pairs>{http::Pairs{}}
                                      : http::form_decode(exchange.query);
  if (!pairs) return wrong_parameter("query", pairs.error().detail);
  std::sort(pairs->begin(), pairs->end());
  for (std::size_t i = 1; i < pairs->size(); ++i) {
    const std::string& name = (*pairs)[i].first;
    if ((*pairs)[i - 1].first == name)
      return wrong_parameter(api::shown_name(name), "is there twice");
  }
  return pairs;
}

}  // namespace

Error wrong_parameter(std::string_view name, std::string detail) {
  return {ErrorCode::invalid_request, std::move(detail), std::string{name}};
}

bool is_plain_word(std::string_view value) noexcept {
  return std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

Result<TimePoint> time_parameter(std::string_view name, const std::string& value) {
  const auto time = parse_rfc3339(value);
  if (!time) return wrong_parameter(name, time.error().detail);
  return *time;
}

Result<Page> read_page(const Exchange& exchange, const Filter& filter) {
  const auto pairs = sorted_pairs(exchange);
  if (!pairs) return pairs.error();
  Page page;
  page.name = exchange.principal.tenant.value + '\n' + exchange.path;
  const std::string* cursor = nullptr;
  for (const auto& [name, value] : *pairs) {
    if (name == "cursor") {
      cursor = &value;
      continue;
    }
    if (name == "limit") {
      const auto limit = limit_of(value);
      if (!limit) return limit.error();
      page.limit = *limit;
      continue;
    }
    if (value.empty() || value.size() > filter_bytes_max)
      return wrong_parameter(api::shown_name(name), "must have 1 to 255 bytes");
    const auto taken = filter(name, value);
    if (!taken) return taken.error();
    if (!*taken) return wrong_parameter(api::shown_name(name), "there is no such parameter");
    page.name += '\n' + name + '=' + value;
  }
  if (cursor != nullptr) {
    const auto last = api::decode_cursor_bytes(*cursor, page.name);
    if (!last) return last.error();
    page.last = *last;
  }
  return page;
}

Result<void> no_parameters(const Exchange& exchange) {
  const auto pairs = sorted_pairs(exchange);
  if (!pairs) return pairs.error();
  if (pairs->empty()) return {};
  return wrong_parameter(api::shown_name(pairs->front().first), "there is no such parameter");
}

std::string render_page(boost::json::array data, const Page& page, std::optional<Uuid> last) {
  boost::json::object shown;
  shown["data"] = std::move(data);
  shown["has_more"] = last.has_value();
  shown["next_cursor"] = last ? boost::json::value(api::encode_cursor_bytes(*last, page.name))
                              : boost::json::value(nullptr);
  return boost::json::serialize(shown);
}

Uuid uuid_of(std::uint64_t position) noexcept {
  Uuid uuid{};
  for (std::size_t i = 0; i < 8; ++i)
    uuid[15 - i] = static_cast<std::uint8_t>(position >> (8 * i) & 0xFFU);
  return uuid;
}

std::uint64_t position_of(const Uuid& uuid) noexcept {
  std::uint64_t position = 0;
  for (std::size_t i = 8; i < 16; ++i) position = position << 8 | uuid[i];
  return position;
}

}  // namespace cambist::gateway

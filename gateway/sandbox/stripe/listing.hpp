// Stripe's lists: newest first, paged by the ids at their ends.
#pragma once

#include <algorithm>
#include <string_view>

#include "gateway/sandbox/stripe/endpoints.hpp"
#include "gateway/sandbox/stripe/params.hpp"

namespace cambist::gateway::sandbox::stripe {

constexpr std::int64_t list_limit_default = 10;
constexpr std::int64_t list_limit_max = 100;

/// Shape: `keep` filters; `params` has been told the list's own filters by the caller, which also
/// calls `only`
///        with "limit", "starting_after", "ending_before" and "created[*]" among them.
template <class T, class Keep>
[[nodiscard]] Outcome list_page(Bench& bench, const Call& call, Params& params, Shelf<T>& shelf,
                                std::string_view url, const Keep& keep) {
  const auto limit = params.integer("limit").value_or(list_limit_default);
  const auto after = params.text("starting_after");
  const auto before = params.text("ending_before");
  const auto gte = params.integer("created[gte]");
  const auto gt = params.integer("created[gt]");
  const auto lte = params.integer("created[lte]");
  const auto lt = params.integer("created[lt]");
  if (limit < 1 || limit > list_limit_max) {
    params.refuse(
        invalid("parameter_invalid_integer", "limit", "Invalid limit: it must be from 1 to 100."));
  }
  if (after && before)
    params.refuse(invalid("", "ending_before", "Pass either starting_after or ending_before."));
  const auto start = after ? shelf.position(*after) : std::optional<std::size_t>{shelf.size()};
  const auto stop = before ? shelf.position(*before) : std::optional<std::size_t>{};
  if (!start) params.refuse(missing(400, "object", *after, "starting_after"));
  if (before && !stop) params.refuse(missing(400, "object", *before, "ending_before"));
  if (params.failure()) return *params.failure();

  const auto wanted = [&](T& item) {
    settle_time(bench, item, call.now);
    const auto made = to_micros(item.created) / 1'000'000;
    return !(gte && made < *gte) && !(gt && made <= *gt) && !(lte && made > *lte) &&
           !(lt && made >= *lt) && keep(item);
  };
  boost::json::array data;
  bool more = false;
  const auto expand = call.expand.below("data");
  const auto take = [&](T& item) {
    if (!wanted(item)) return true;
    if (data.size() == static_cast<std::size_t>(limit)) more = true;
    if (!more) data.push_back(render(bench, item, expand));
    return !more;
  };
  if (stop) {
    for (auto i = *stop + 1; i < shelf.size() && take(shelf.at(i)); ++i) {
    }
    std::reverse(data.begin(), data.end());
  } else {
    for (auto i = *start; i > 0 && take(shelf.at(i - 1)); --i) {
    }
  }
  return boost::json::object{
      {"object", "list"}, {"url", url}, {"has_more", more}, {"data", std::move(data)}};
}

}  // namespace cambist::gateway::sandbox::stripe

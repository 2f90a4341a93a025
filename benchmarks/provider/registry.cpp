// The registry of `cambist-bench`: the product's providers and the one for comparisons. An
// executable's own definition keeps the library's out.
#include <algorithm>

#include "benchmarks/provider/adapter.hpp"
#include "protocols/providers/stripe/adapter.hpp"

namespace cambist::provider {

const std::vector<Entry>& registry() {
  static const std::vector<Entry> entries{
      Entry{"bench", &bench::make_adapter, {"base_url"}, {"secret_key"}},
      Entry{"stripe", &stripe::make_adapter, stripe::setting_names(), stripe::secret_names()},
  };
  return entries;
}

const Entry* find_entry(std::string_view name) {
  const auto& entries = registry();
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [name](const Entry& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace cambist::provider

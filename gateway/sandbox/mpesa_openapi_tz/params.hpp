// The parameters of one call, from a JSON body or a query, checked as the OpenAPI documents.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cambist::gateway::sandbox::mpesa_openapi_tz {

class Params {
 public:
  /// Members that are strings; nullopt when it is no JSON object or one is something else.
  [[nodiscard]] static std::optional<Params> from_json(std::string_view body);
  /// "a=b&c=d"; nullopt when it is not that.
  [[nodiscard]] static std::optional<Params> from_query(std::string_view query);

  /// Empty when absent.
  [[nodiscard]] std::string_view operator[](std::string_view name) const noexcept;
  [[nodiscard]] bool has(std::string_view name) const noexcept;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// What must hold of one parameter, and the code of what breaks it.
/// Source: facts/mpesa.md B2, "Validation", and B3.
struct Rule {
  std::string_view name;
  std::string_view code;
  bool (*fits)(std::string_view value);
  bool needed = true;
};

[[nodiscard]] bool is_msisdn(std::string_view value);
[[nodiscard]] bool is_amount(std::string_view value);
[[nodiscard]] bool is_provider_code(std::string_view value);
[[nodiscard]] bool is_reference(std::string_view value);
[[nodiscard]] bool is_conversation(std::string_view value);
[[nodiscard]] bool is_description(std::string_view value);
[[nodiscard]] bool is_transaction(std::string_view value);
[[nodiscard]] bool is_query_reference(std::string_view value);
[[nodiscard]] bool is_country(std::string_view value);
[[nodiscard]] bool is_currency(std::string_view value);

/// Whole shillings of a value that `is_amount` took.
[[nodiscard]] std::int64_t shillings_of(std::string_view value) noexcept;

/// The code of the first rule that is broken; empty when none is.
template <std::size_t N>
[[nodiscard]] std::string_view broken(const Params& params, const Rule (&rules)[N]) {
  for (const Rule& rule : rules) {
    if (rule.needed && !params.has(rule.name)) return "INS-20";
  }
  for (const Rule& rule : rules) {
    if (params.has(rule.name) && !rule.fits(params[rule.name])) return rule.code;
  }
  return {};
}

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz

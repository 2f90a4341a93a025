#include "gateway/sandbox/paypal/units.hpp"

#include <array>
#include <charconv>

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

using Place = Reader::Place;

constexpr std::size_t items_max = 1'000;
// What is only given back is kept as text; more of it than this is nobody's order.
constexpr std::size_t extra_size_max = 64 * 1024;
constexpr std::int64_t quantity_max = 1'000'000;

struct Part {
  std::string_view name;
  int sign;
};
constexpr std::array parts{
    Part{"item_total", 1}, Part{"tax_total", 1},          Part{"shipping", 1}, Part{"handling", 1},
    Part{"insurance", 1},  Part{"shipping_discount", -1}, Part{"discount", -1}};

std::optional<std::int64_t> read_quantity(Reader& reader, const Place& item) {
  reader.require(item, "quantity");
  const auto text = reader.text(item, "quantity", 10);
  std::int64_t quantity = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), quantity);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (whole && quantity >= 1 && quantity <= quantity_max) return quantity;
  if (!text.empty()) reader.refuse("INVALID_PARAMETER_VALUE", item.path + "/quantity", text);
  return std::nullopt;
}

void check_items(Reader& reader, const Place& unit, const std::optional<Money>& item_total,
                 const std::optional<Money>& total) {
  const auto items = reader.list(unit, "items", items_max);
  if (items.empty()) return;
  std::int64_t sum = 0;
  bool complete = true;
  for (const auto& item : items) {
    if (!item) return;
    reader.require(item, "name");
    reader.require(item, "unit_amount");
    (void)reader.text(item, "name", 127);
    const auto each = reader.money(item, "unit_amount", true);
    const auto quantity = read_quantity(reader, item);
    complete = complete && each && quantity;
    if (each && quantity) sum += each->minor * *quantity;
  }
  const auto field = unit.path + "/amount/breakdown/item_total";
  if (!complete || !total) return;
  if (!item_total) return reader.refuse("ITEM_TOTAL_REQUIRED", field);
  if (sum != item_total->minor) reader.refuse("ITEM_TOTAL_MISMATCH", field);
}

void keep_extra(Reader& reader, const Place& unit, Order& order) {
  json::object extra;
  for (const std::string_view name : {"items", "shipping", "payment_instruction"}) {
    if (const auto* value = unit.object->if_contains(name)) extra[name] = *value;
  }
  const auto* amount = unit.object->if_contains("amount");
  const auto* breakdown = amount == nullptr || !amount->is_object()
                              ? nullptr
                              : amount->get_object().if_contains("breakdown");
  if (breakdown != nullptr) extra["breakdown"] = *breakdown;
  if (extra.empty()) return;
  order.extra = json::serialize(extra);
  if (order.extra.size() > extra_size_max) reader.refuse("INVALID_STRING_LENGTH", unit.path);
}

}  // namespace

std::optional<Money> read_total(Reader& reader, const Place& unit) {
  reader.require(unit, "amount");
  const auto total = reader.money(unit, "amount");
  const auto breakdown = reader.below(reader.below(unit, "amount"), "breakdown");
  std::optional<Money> item_total;
  if (breakdown) {
    std::int64_t sum = 0;
    bool same_currency = true;
    for (const auto& part : parts) {
      const auto money = reader.money(breakdown, part.name, true);
      if (!money) continue;
      if (part.name == "item_total") item_total = money;
      same_currency = same_currency && total && money->currency == total->currency;
      sum += part.sign * money->minor;
    }
    if (total && (!same_currency || sum != total->minor))
      reader.refuse("AMOUNT_MISMATCH", unit.path + "/amount/value");
  }
  check_items(reader, unit, item_total, total);
  return total;
}

void read_unit(Reader& reader, const Place& unit, Order& order) {
  if (!unit) return;
  if (const auto total = read_total(reader, unit)) order.amount = *total;
  order.reference_id = reader.text(unit, "reference_id", reference_id_max);
  if (order.reference_id.empty()) order.reference_id = "default";
  order.custom_id = reader.text(unit, "custom_id", custom_id_max);
  order.invoice_id = reader.text(unit, "invoice_id", invoice_id_max);
  order.description = reader.text(unit, "description", description_max);
  order.soft_descriptor = reader.text(unit, "soft_descriptor", soft_descriptor_max);
  keep_extra(reader, unit, order);
}

}  // namespace cambist::gateway::sandbox::paypal

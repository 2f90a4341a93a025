// JSON Patch of an order, as far as PayPal lets it go: the texts of its one unit, its amount and
// its intent.
#include <algorithm>
#include <array>

#include "gateway/sandbox/paypal/endpoints.hpp"
#include "gateway/sandbox/paypal/reader.hpp"
#include "gateway/sandbox/paypal/units.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

constexpr std::size_t operations_max = 50;

struct Text {
  std::string_view name;
  std::string Order::*member;
  std::size_t size_max;
};
constexpr std::array texts{Text{"custom_id", &Order::custom_id, custom_id_max},
                           Text{"invoice_id", &Order::invoice_id, invoice_id_max},
                           Text{"description", &Order::description, description_max},
                           Text{"soft_descriptor", &Order::soft_descriptor, soft_descriptor_max}};

// "/purchase_units/@reference_id=='default'/amount" gives "amount".
std::optional<std::string_view> member_of_unit(std::string_view path, const Order& order) {
  const auto prefix = "/purchase_units/@reference_id=='" + order.reference_id + "'";
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  return path.starts_with('/') ? std::optional{path.substr(1)} : std::nullopt;
}

void set_amount(Reader& reader, const json::value& value, Order& order) {
  const json::object unit{{"amount", value}};
  if (const auto total = read_total(reader, Reader::Place{&unit, {}})) order.amount = *total;
  order.extra.clear();  // its breakdown and items were those of the old amount
}

void set_text(Reader& reader, const Text& text, const json::value* value, Order& order) {
  if (value == nullptr) return (order.*text.member).clear();
  const json::object holder{{text.name, *value}};
  order.*text.member = reader.text(Reader::Place{&holder, {}}, text.name, text.size_max);
}

void apply(Reader& reader, const Reader::Place& operation, Order& order) {
  if (!operation) return;
  reader.require(operation, "op");
  reader.require(operation, "path");
  const auto op = reader.text(operation, "op", 16);
  const auto path = reader.text(operation, "path", 512);
  const bool removes = op == "remove";
  if (!removes && op != "add" && op != "replace")
    return reader.refuse("INVALID_PATCH_OPERATION", operation.path + "/op", op);
  const auto* value = operation.object->if_contains("value");
  if (!removes && value == nullptr)
    return reader.refuse("MISSING_REQUIRED_PARAMETER", operation.path + "/value");
  if (path == "/intent" && !removes) {
    const bool known = *value == "CAPTURE" || *value == "AUTHORIZE";
    if (!known) return reader.refuse("INVALID_PARAMETER_VALUE", operation.path + "/value");
    order.intent = *value == "CAPTURE" ? Intent::capture : Intent::authorize;
    return;
  }
  const auto member = member_of_unit(path, order);
  if (!member) return reader.refuse("INVALID_JSON_POINTER_FORMAT", operation.path + "/path", path);
  if (*member == "amount" && !removes) return set_amount(reader, *value, order);
  const auto* text = std::find_if(texts.begin(), texts.end(),
                                  [&](const Text& known) { return known.name == *member; });
  if (text == texts.end()) return reader.refuse("NOT_PATCHABLE", operation.path + "/path", path);
  set_text(reader, *text, removes ? nullptr : value, order);
}

}  // namespace

Outcome patch_order(Bench& bench, const Call& call) {
  auto* order = bench.books.orders.find(call.id);
  if (order == nullptr) return missing(call.id);
  if (order->expired) return refuse("ORDER_EXPIRED");
  if (order->status == OrderStatus::completed || order->status == OrderStatus::voided)
    return refuse("ORDER_COMPLETED_OR_VOIDED");
  const json::object wrapped{{"operations", call.body}};
  const json::value body(wrapped);
  Reader reader{body};
  Order changed = *order;
  const auto operations = reader.list(reader.root(), "operations", operations_max);
  if (operations.empty()) reader.refuse("INVALID_ARRAY_MIN_ITEMS", "/");
  for (const auto& operation : operations) apply(reader, operation, changed);
  if (auto failure = reader.failure()) return *failure;
  if (!invoice_is_free(bench.books, changed.invoice_id, order->id))
    return refuse("DUPLICATE_INVOICE_ID", {}, changed.invoice_id);
  changed.updated = call.now;
  *order = std::move(changed);
  return json::value{};
}

}  // namespace cambist::gateway::sandbox::paypal

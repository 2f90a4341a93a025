#include "protocols/bank/callback.hpp"

#include <boost/json.hpp>

#include "protocols/bank/texts.hpp"
#include "protocols/core/json_text.hpp"

namespace cambist::bank {
namespace {

namespace json = boost::json;

constexpr std::size_t text_max = 2000;
constexpr std::size_t name_max = 140;

Error wrong(std::string_view field, std::string detail) {
  return {ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

/// Empty for what is not there or is no text.
std::string text(const json::object& object, std::string_view name, std::size_t max = name_max) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  const auto& found = value->get_string();
  return shortened(squeezed({found.data(), found.size()}), max);
}

std::optional<EntryKind> entry_kind(std::string_view name) noexcept {
  for (const auto kind :
       {EntryKind::credit, EntryKind::reversal, EntryKind::returned, EntryKind::debit}) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

Result<Money> amount_of(const json::object& object) {
  const auto currency = Currency::parse(text(object, "currency"));
  if (!currency) return wrong("currency", "is no currency such as TZS");
  // As text alone: a number may have passed through somebody's floating point.
  const auto amount = parse_amount(text(object, "amount"), *currency);
  if (!amount) return wrong("amount", "is no amount such as \"450000.00\"");
  return *amount;
}

}  // namespace

Result<Credit> read_callback(std::string_view body) {
  json::error_code failed;
  json::parse_options options;
  options.max_depth = 8;
  const auto value = json::parse({body.data(), body.size()}, failed, {}, options);
  const auto* object = failed ? nullptr : value.if_object();
  if (object == nullptr) return wrong("body", "is no JSON object");
  Credit entry;
  entry.id = text(*object, "bank_txn_id");
  if (!is_transaction_id(entry.id)) return wrong("bank_txn_id", "is no id of a transaction");
  const auto type = text(*object, "type");
  const auto kind = entry_kind(type.empty() ? "credit" : type);
  if (!kind) return wrong("type", "is neither credit, reversal, returned nor debit");
  entry.kind = *kind;
  const auto amount = amount_of(*object);
  if (!amount) return amount.error();
  entry.amount = *amount;
  if (const auto* booked = object->if_contains("booked")) {
    if (!booked->is_bool()) return wrong("booked", "is neither true nor false");
    entry.booked = booked->get_bool();
  }
  if (const auto at = text(*object, "booked_at"); !at.empty()) {
    const auto time = parse_rfc3339(at);
    if (!time) return wrong("booked_at", "is no time such as 2026-01-15T10:30:00+03:00");
    entry.booked_at = *time;
  }
  entry.account = text(*object, "account");
  entry.reference = text(*object, "reference");
  entry.narrative = text(*object, "narrative", text_max);
  entry.reason = text(*object, "reason");
  if (const auto* payer = object->if_contains("payer"); payer != nullptr && payer->is_object()) {
    entry.payer = text(payer->get_object(), "name");
    entry.payer_account = text(payer->get_object(), "account");
  }
  return entry;
}

std::string write_callback(const Credit& entry) {
  std::string out;
  JsonObject object{out};
  object.string("event_id", entry.id)
      .string("type", to_string(entry.kind))
      .string("bank_txn_id", entry.id)
      .string("account", entry.account)
      .string("reference", entry.reference)
      .string("amount", to_decimal(entry.amount))
      .string("currency", entry.amount.currency.code())
      .string("booked_at", to_rfc3339(entry.booked_at))
      .boolean("booked", entry.booked)
      .string("narrative", entry.narrative)
      .string("reason", entry.reason);
  JsonObject payer{object.key("payer")};
  payer.string("name", entry.payer).string("account", entry.payer_account).close();
  object.close();
  return out;
}

}  // namespace cambist::bank

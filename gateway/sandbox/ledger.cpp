#include "gateway/sandbox/ledger.hpp"

#include <array>

#include <boost/json.hpp>

namespace cambist::gateway::sandbox {
namespace {

constexpr std::array<std::string_view, 5> kind_names{"authorize", "charge", "capture", "void",
                                                     "refund"};

template <class Size>
Size append_part(std::string& text, std::string_view part, std::size_t size_max) {
  const auto kept = part.substr(0, size_max);
  text.append(kept);
  return static_cast<Size>(kept.size());
}

void write_member(std::string& out, std::string_view name, std::string_view value) {
  out.append(",\"").append(name).append("\":").append(
      boost::json::serialize(boost::json::string_view{value}));
}

}  // namespace

std::string_view to_string(EffectKind kind) noexcept {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::size_t Ledger::add(const Effect& effect) {
  Entry entry{};
  entry.provider = effect.provider;
  entry.minor = effect.amount.minor;
  entry.at_micros = to_micros(effect.at);
  entry.currency = effect.amount.currency;
  entry.kind = effect.kind;
  entry.by_dashboard = effect.by_dashboard;
  entry.text.reserve(effect.object.size() + effect.detail.size() + effect.payment.size() +
                     effect.idempotency_key.size());
  entry.object_size = append_part<std::uint8_t>(entry.text, effect.object, 255);
  entry.detail_size = append_part<std::uint8_t>(entry.text, effect.detail, 255);
  entry.payment_size = append_part<std::uint8_t>(entry.text, effect.payment, 255);
  entry.key_size = append_part<std::uint16_t>(entry.text, effect.idempotency_key, 1'024);
  entries_.push_back(std::move(entry));
  return entries_.size() - 1;
}

Effect Ledger::at(std::size_t position) const noexcept {
  const auto& entry = entries_[position];
  std::string_view rest = entry.text;
  const auto part = [&rest](std::size_t size) {
    const auto front = rest.substr(0, size);
    rest.remove_prefix(size);
    return front;
  };
  Effect effect;
  effect.provider = entry.provider;
  effect.kind = entry.kind;
  effect.object = part(entry.object_size);
  effect.detail = part(entry.detail_size);
  effect.payment = part(entry.payment_size);
  effect.idempotency_key = part(entry.key_size);
  effect.amount = Money{entry.minor, entry.currency};
  effect.at = from_micros(entry.at_micros);
  effect.by_dashboard = entry.by_dashboard;
  return effect;
}

void Ledger::write_json(std::size_t position, std::string& out) const {
  const auto effect = at(position);
  out.append("{\"provider\":\"").append(effect.provider).append("\"");
  write_member(out, "kind", to_string(effect.kind));
  write_member(out, "object", effect.object);
  write_member(out, "detail", effect.detail);
  write_member(out, "payment", effect.payment);
  out.append(",\"amount\":{\"value\":\"").append(to_decimal(effect.amount));
  out.append("\",\"currency\":\"").append(effect.amount.currency.code()).append("\"}");
  write_member(out, "idempotency_key", effect.idempotency_key);
  write_member(out, "at", to_rfc3339(effect.at));
  if (effect.by_dashboard) out.append(",\"by\":\"dashboard\"");
  if (taken_back(position)) out.append(",\"taken_back\":true");
  out.push_back('}');
}

void Ledger::clear() {
  entries_.clear();
  entries_.shrink_to_fit();
}

}  // namespace cambist::gateway::sandbox

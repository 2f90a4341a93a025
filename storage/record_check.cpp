#include "storage/record_check.hpp"

#include "storage/append_rules.hpp"

namespace cambist::storage {

std::optional<AppendResult> RecordCheck::refusal(const Record& record) {
  return std::visit([this](const auto& row) { return refusal_of(row); }, record);
}

RecordCheck::Refusal RecordCheck::refusal_of(const WebhookReceived& received) {
  const auto& row = received.row;
  if (!events_.emplace(row.provider, row.event).second) return AlreadyThere{};
  if (stored_.has_event(row.provider, row.event)) return AlreadyThere{};
  known_.insert_or_assign(row.id, KnownWebhook{row.tenant, is_final(row.status)});
  return std::nullopt;
}

RecordCheck::Refusal RecordCheck::refusal_of(const WebhookUpdate& update) {
  auto& known = webhook(update.id);
  if (!known) return no_such_webhook();
  if (known->final) return AlreadyThere{};
  known->final = is_final(update.status);
  return std::nullopt;
}

RecordCheck::Refusal RecordCheck::refusal_of(const WebhookReplayed& replayed) {
  auto& known = webhook(replayed.id);
  if (!known || known->tenant != replayed.tenant) return no_such_webhook();
  known->final = false;
  return std::nullopt;
}

RecordCheck::Refusal RecordCheck::refusal_of(const EndpointPut& put) {
  auto& tenant = owner(put.row.id);
  if (tenant && *tenant != put.row.tenant) return no_such_endpoint();
  tenant = put.row.tenant;
  return std::nullopt;
}

RecordCheck::Refusal RecordCheck::refusal_of(const EndpointGone& gone) {
  auto& tenant = owner(gone.id);
  if (tenant != gone.tenant) return no_such_endpoint();
  tenant.reset();
  return std::nullopt;
}

RecordCheck::Refusal RecordCheck::refusal_of(const CursorMoved& moved) {
  if (!owner(moved.endpoint)) return no_such_endpoint();
  return std::nullopt;
}

RecordCheck::Refusal RecordCheck::refusal_of(const DeliveryPut& put) {
  if (!owner(put.row.endpoint)) return no_such_endpoint();
  return std::nullopt;
}

std::optional<KnownWebhook>& RecordCheck::webhook(WebhookId id) {
  const auto [place, is_new] = known_.try_emplace(id);
  if (is_new) place->second = stored_.webhook(id);
  return place->second;
}

std::optional<TenantId>& RecordCheck::owner(EndpointId id) {
  const auto [place, is_new] = owners_.try_emplace(id);
  if (is_new) place->second = stored_.owner(id);
  return place->second;
}

}  // namespace cambist::storage

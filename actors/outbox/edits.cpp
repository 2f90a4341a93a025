#include "actors/outbox/edits.hpp"

#include "protocols/core/overloaded.hpp"

namespace cambist::actors::outbound {

storage::EndpointRow edited(storage::EndpointRow row, const ChangeEndpoint& change, TimePoint now) {
  std::visit(Overloaded{
                 [&](const CreateEndpoint& create) { row = create.row; },
                 [&](const UpdateEndpoint& update) {
                   if (update.url) row.url = *update.url;
                   if (update.description) row.description = *update.description;
                   if (update.types) row.types = *update.types;
                   if (!update.enabled) return;
                   row.enabled = *update.enabled;
                   row.disabled_reason = row.enabled ? "" : "Disabled by its owner.";
                 },
                 [&](const RotateSecret& rotate) {
                   row.previous_secret = std::move(row.secret);
                   row.previous_secret_until = rotate.old_until;
                   row.secret = rotate.secret;
                 },
                 [](const auto&) {},
             },
             change.change);
  row.updated_at = now;
  return row;
}

EndpointId target_of(const ChangeEndpoint& change) {
  return std::visit(Overloaded{
                        [](const CreateEndpoint& create) { return create.row.id; },
                        [](const auto& other) { return other.id; },
                    },
                    change.change);
}

storage::AuditRow audit_of(const ChangeEndpoint& change, TimePoint now, const Random& random) {
  storage::AuditRow row = change.audit;
  if (row.id.empty()) row.id = AuditId::make(now, random);
  row.tenant = change.tenant;
  if (row.at == TimePoint{}) row.at = now;
  if (row.object.empty()) row.object = target_of(change).to_string();
  if (!row.action.empty()) return row;
  row.action = std::visit(Overloaded{
                              [](const CreateEndpoint&) { return "endpoint.create"; },
                              [](const UpdateEndpoint&) { return "endpoint.update"; },
                              [](const DeleteEndpoint&) { return "endpoint.delete"; },
                              [](const RotateSecret&) { return "endpoint.rotate_secret"; },
                              [](const RewindEndpoint&) { return "endpoint.rewind"; },
                              [](const Redeliver&) { return "endpoint.redeliver"; },
                              [](const TestEndpoint&) { return "endpoint.test"; },
                          },
                          change.change);
  return row;
}

}  // namespace cambist::actors::outbound

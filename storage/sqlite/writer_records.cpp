// The half of the writer that is not about steps of payments: records, and the search for traces.
#include <algorithm>

#include "protocols/core/overloaded.hpp"
#include "storage/append_rules.hpp"
#include "storage/record_check.hpp"
#include "storage/sqlite/writer.hpp"

namespace cambist::storage::sqlite {
namespace {

/// What the tables hold, as the check of records asks for it.
class Stored final : public Known {
 public:
  Stored(Chain& chain, WebhookTable& webhooks, OutgoingTables& outgoing)
      : chain_(chain), webhooks_(webhooks), outgoing_(outgoing) {}
  std::optional<KnownWebhook> webhook(WebhookId id) override { return webhooks_.find(chain_, id); }
  bool has_event(const std::string& provider, const std::string& event) override {
    return webhooks_.has(chain_, provider, event);
  }
  std::optional<TenantId> owner(EndpointId id) override { return outgoing_.owner(chain_, id); }

 private:
  Chain& chain_;
  WebhookTable& webhooks_;
  OutgoingTables& outgoing_;
};

}  // namespace

std::optional<AppendResult> Writer::write_records(const Records& records) {
  if (auto error = malformed(records)) return *std::move(error);
  Stored stored{chain_, webhooks_, outgoing_};
  RecordCheck check{stored};
  for (const auto& record : records.rows) {
    if (auto refused = check.refusal(record)) return refused;
  }
  for (const auto& record : records.rows) write_record(record);
  return Appended{0};
}

void Writer::write_record(const Record& record) {
  std::visit(Overloaded{
                 [this](const WebhookReceived& made) { webhooks_.receive(chain_, made.row); },
                 [this](const WebhookUpdate& made) { webhooks_.update(chain_, made); },
                 [this](const WebhookReplayed& made) { webhooks_.replay(chain_, made); },
                 [this](const EndpointPut& made) { outgoing_.put_endpoint(chain_, made.row); },
                 [this](const EndpointGone& made) { outgoing_.remove_endpoint(chain_, made.id); },
                 [this](const CursorMoved& made) { outgoing_.move_cursor(chain_, made); },
                 [this](const DeliveryPut& made) { outgoing_.put_delivery(chain_, made); },
                 [this](const AuditRow& made) { operators_.put_audit(chain_, made.tenant, made); },
                 [this](const Announced& made) {
                   outgoing_.announce(chain_, made.tenant, made.row.payment, made.row);
                 },
             },
             record);
}

bool Writer::holds(const Entry& entry) {
  chain_.reset();
  const bool held =
      std::visit(Overloaded{[this](const Append& append) { return holds_step(append); },
                            [this](const Records& records) {
                              return std::any_of(
                                  records.rows.begin(), records.rows.end(),
                                  [this](const Record& record) { return holds_record(record); });
                            }},
                 entry);
  return held && chain_.ok();
}

bool Writer::holds_step(const Append& append) {
  if (!append.events.empty()) {
    EventId there;
    const auto read = [&](Rows& row) { there = row.id<EventId>(0); };
    return chain_.first(read, find_event_, append.payment, append.expected_version + 1) &&
           there == append.events.front().id;
  }
  if (!append.outbox.empty()) {
    return outgoing_.has_event(chain_, append.tenant, append.outbox.front().id);
  }
  return !append.audit.empty() &&
         operators_.has_audit(chain_, append.tenant, append.audit.front().id);
}

bool Writer::holds_record(const Record& record) {
  return std::visit(Overloaded{
                        [this](const WebhookReceived& made) {
                          return webhooks_.find(chain_, made.row.id).has_value();
                        },
                        [this](const AuditRow& made) {
                          return operators_.has_audit(chain_, made.tenant, made.id);
                        },
                        [this](const Announced& made) {
                          return outgoing_.has_event(chain_, made.tenant, made.row.id);
                        },
                        [](const auto&) { return false; },
                    },
                    record);
}

}  // namespace cambist::storage::sqlite

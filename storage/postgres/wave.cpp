#include "storage/postgres/wave.hpp"

#include <algorithm>

#include "protocols/core/overloaded.hpp"
#include "storage/postgres/last_of.hpp"

namespace cambist::storage::postgres {
namespace {

// A hash in place of the thing itself: two things with the same one only make a wave more.
template <class... Parts>
std::size_t mark(char kind, const Parts&... parts) {
  auto sum = static_cast<std::size_t>(static_cast<unsigned char>(kind));
  ((sum = sum * 1'000'003U + std::hash<Parts>{}(parts)), ...);
  return sum;
}

std::size_t mark_of(WebhookId id) {
  return mark('w', id);
}

template <class Take>
void each_mark(const Append& append, Take take) {
  take(mark('p', append.payment));
  std::visit(
      Overloaded{[](std::monostate) {},
                 [&](const auto& change) { take(mark('k', append.tenant.value, change.key)); }},
      append.key);
  each_last(append.tasks, [&](const TaskRow& row) { take(mark('t', row.id)); });
  if (append.webhook) take(mark_of(append.webhook->id));
}

template <class Take>
void each_mark(const Records& records, Take take) {
  const auto of = Overloaded{
      [&](const WebhookReceived& made) {
        take(mark_of(made.row.id));
        take(mark('e', made.row.provider, made.row.event));
      },
      [&](const WebhookUpdate& made) { take(mark_of(made.id)); },
      [&](const WebhookReplayed& made) { take(mark_of(made.id)); },
      [&](const EndpointPut& made) { take(mark('m', made.row.id)); },
      [&](const EndpointGone& made) { take(mark('m', made.id)); },
      [&](const CursorMoved& made) { take(mark('m', made.endpoint)); },
      [&](const DeliveryPut& made) { take(mark('d', made.row.endpoint, made.row.position)); },
      // Added, never changed: two of the same id are a mistake.
      [](const AuditRow&) {},
      [](const Announced&) {},
  };
  for (const auto& record : records.rows) std::visit(of, record);
}

bool is_plain_row(const Record& record) {
  return std::holds_alternative<WebhookUpdate>(record) ||
         std::holds_alternative<DeliveryPut>(record) || std::holds_alternative<AuditRow>(record) ||
         std::holds_alternative<Announced>(record);
}

}  // namespace

bool is_plain(const Entry& entry) {
  const auto* const records = std::get_if<Records>(&entry);
  if (records == nullptr) return true;
  // A webhook alone may be there already and costs nobody else anything.
  if (records->rows.size() == 1 && std::holds_alternative<WebhookReceived>(records->rows[0])) {
    return true;
  }
  if (!std::all_of(records->rows.begin(), records->rows.end(), is_plain_row)) return false;
  std::unordered_set<std::size_t> seen;
  bool apart = true;
  each_mark(*records, [&](std::size_t thing) { apart = apart && seen.insert(thing).second; });
  return apart;
}

bool Wave::fits(const Entry& entry) const {
  bool free = true;
  const auto look = [&](std::size_t thing) { free = free && !touched_.contains(thing); };
  std::visit([&](const auto& one) { each_mark(one, look); }, entry);
  return free;
}

void Wave::add(const Entry& entry) {
  const auto touch = [&](std::size_t thing) { touched_.insert(thing); };
  std::visit([&](const auto& one) { each_mark(one, touch); }, entry);
  std::visit(Overloaded{[this](const Append& append) { add_step(append); },
                        [this](const Records& records) {
                          for (const auto& record : records.rows) add(record);
                        }},
             entry);
}

void Wave::add_step(const Append& append) {
  steps_.add(append);
  for (const auto& row : append.outbox) outgoing_.announce(append.tenant, append.payment, row);
  each_last(append.tasks,
            [&](const TaskRow& row) { operators_.put_task(append.tenant, append.payment, row); });
  for (const auto& row : append.audit) operators_.put_audit(append.tenant, row);
  if (append.webhook) webhooks_.update(*append.webhook, &append.tenant);
}

void Wave::add(const Record& record) {
  std::visit(Overloaded{
                 [this](const WebhookReceived& made) { webhooks_.receive(made.row); },
                 [this](const WebhookUpdate& made) { webhooks_.update(made, nullptr); },
                 [this](const WebhookReplayed& made) { webhooks_.replay(made); },
                 [this](const EndpointPut& made) { outgoing_.put_endpoint(made.row); },
                 [this](const EndpointGone& made) { outgoing_.remove_endpoint(made.id); },
                 [this](const CursorMoved& made) { outgoing_.move_cursor(made); },
                 [this](const DeliveryPut& made) { outgoing_.put_delivery(made); },
                 [this](const AuditRow& made) { operators_.put_audit(made.tenant, made); },
                 [this](const Announced& made) {
                   outgoing_.announce(made.tenant, made.row.payment, made.row);
                 },
             },
             record);
}

std::optional<std::size_t> Wave::send(Connection& connection) {
  touched_.clear();
  steps_.send(connection);
  webhooks_.send_changes(connection);
  operators_.send(connection);
  outgoing_.send_changes(connection);
  // Last: what breaks has broken by now, and no position of a webhook is lost to it.
  const auto place = connection.pending();
  const bool received = webhooks_.send_received(connection);
  outgoing_.send_announced(connection);
  return received ? std::optional{place} : std::nullopt;
}

}  // namespace cambist::storage::postgres

#include "tests/unit/storage/random_records.hpp"

#include <sstream>

namespace cambist::storage::testing {
namespace {

constexpr int kinds = 9;
constexpr std::uint64_t subjects = 4;

std::string text(const std::optional<TimePoint>& time) {
  return time ? to_rfc3339(*time) : "-";
}

void show(std::ostream& out, const WebhookRow& row) {
  out << row.id.to_string() << row.tenant.value << row.provider << row.event << row.status
      << row.attempts << text(row.due) << row.error << text(row.settled_at)
      << ' '
      // Not the position: a batch that failed may leave a gap. Their order is that of what is due.
      << row.body_bytes << row.body << (row.payment ? row.payment->to_string() : "-") << '\n';
}

void show(std::ostream& out, const DeliveryRow& row) {
  out << row.endpoint.to_string() << ' ' << row.position << row.status << row.attempts
      << text(row.next_attempt_at) << text(row.updated_at) << '\n';
}

void show(std::ostream& out, const StoredOutbox& stored) {
  out << stored.position << ' ' << stored.row.id.to_string() << stored.row.type
      << stored.row.payment.to_string() << stored.row.sequence << stored.row.json << '\n';
}

void show(std::ostream& out, const TaskRow& row) {
  out << row.id.to_string() << row.status << row.payment.to_string() << row.outcome << '\n';
}

void show(std::ostream& out, const EndpointRow& row) {
  out << row.id.to_string() << row.tenant.value << row.url << row.enabled << ' ' << row.cursor;
  for (const auto& type : row.types) out << ' ' << type;
  out << '\n';
}

template <class Row>
void show_all(std::ostream& out, const Result<std::vector<Row>>& rows) {
  for (const auto& row : rows.value()) show(out, row);
  out << "--\n";
}

void show_tenant(std::ostream& out, Reader& reader, const TenantId& owner) {
  for (const WebhookQuery& query :
       {WebhookQuery{.tenant = owner}, WebhookQuery{.tenant = owner, .status = "applied"},
        WebhookQuery{.tenant = owner, .payment = payment_id(2)},
        WebhookQuery{.tenant = owner, .provider = "paypal", .status = "received"},
        WebhookQuery{.tenant = owner, .before = webhook_id(3), .limit = 2},
        WebhookQuery{.tenant = owner, .received_from = at(2), .received_to = at(3)}}) {
    show_all(out, reader.webhooks(query));
  }
  for (const auto& count : reader.webhook_counts(owner, at(2)).value()) {
    out << count.provider << count.status << count.count << text(count.last_received_at) << '\n';
  }
  show_all(out, reader.endpoints(owner));
  show_all(out, reader.outbox(owner, 0, 1000));
  show_all(out, reader.outbox(owner, 3, 2));
  for (const TaskQuery& query :
       {TaskQuery{.tenant = owner}, TaskQuery{.tenant = owner, .status = "open"},
        TaskQuery{.tenant = owner, .payment = payment_id(1), .before = task_id(2)}}) {
    show_all(out, reader.tasks(query));
  }
  for (const auto& row : reader.audit(owner, std::nullopt, 1000).value()) {
    out << row.id.to_string() << row.action << '\n';
  }
}

}  // namespace

void showValue(const RecordDraw& draw, std::ostream& out) {
  out << "{record " << draw.kind << " of " << draw.subject << (draw.rival ? " of rival" : "")
      << ", status " << draw.status << ", number " << draw.number << "}";
}

rc::Gen<std::vector<RecordDraw>> record_draws() {
  using rc::gen::inRange;
  auto one = rc::gen::build<RecordDraw>(
      rc::gen::set(&RecordDraw::kind, inRange(0, kinds)),
      rc::gen::set(&RecordDraw::subject, inRange<std::uint64_t>(1, subjects + 1)),
      rc::gen::set(&RecordDraw::rival, rc::gen::map(inRange(0, 6), [](int n) { return n == 5; })),
      rc::gen::set(&RecordDraw::status, inRange(0, 6)),
      rc::gen::set(&RecordDraw::number, inRange(0, 8)));
  return rc::gen::mapcat(inRange<std::size_t>(0, 4), [one](std::size_t size) {
    return rc::gen::container<std::vector<RecordDraw>>(size, one);
  });
}

WebhookUpdate make_mark(std::uint64_t subject, int status, int number) {
  const auto* const name = std::vector{"applied", "ignored",  "dead",
                                       "parked",  "retrying", "received"}[std::size_t(status)];
  auto made = settled(subject, name);
  made.attempts = number;
  made.error = number % 2 == 0 ? "" : "error " + std::to_string(number);
  if (number > 4) made.payment = payment_id(std::uint64_t(number) - 4);
  if (status > 2) made.due = at(number);
  return made;
}

Record make_record(const RecordDraw& draw, std::uint64_t& serial) {
  const auto owner = tenant(draw.rival ? "rival" : "acme");
  const auto cursor = static_cast<std::uint64_t>(draw.number);
  switch (draw.kind) {
    case 0: {
      auto made = webhook(draw.subject, owner);
      if (draw.subject == 4) made.row.provider = "paypal";
      return made;
    }
    case 1:
      return make_mark(draw.subject, draw.status, draw.number);
    case 2:
      return WebhookReplayed{owner, webhook_id(draw.subject), at(draw.number)};
    case 3: {
      auto made = endpoint(draw.subject, owner);
      made.row.enabled = draw.status > 0;
      made.row.types = std::vector<std::string>(std::size_t(draw.status) / 2, "payment.*");
      return made;
    }
    case 4:
      return EndpointGone{owner, endpoint_id(draw.subject)};
    case 5:
      return CursorMoved{endpoint_id(draw.subject), cursor};
    case 6: {
      auto made =
          delivery(draw.subject, cursor + 1,
                   std::vector{"pending", "delivered", "failed"}[std::size_t(draw.status) / 2]);
      made.row.attempts = draw.status;
      if (draw.status == 0) made.row.next_attempt_at = at(draw.number);
      if (draw.status % 2 == 1) made.cursor = cursor;
      return made;
    }
    case 7:
      return audit(++serial, owner);
    default:
      return announced(++serial, owner);
  }
}

std::string everything_outside_payments(Reader& reader) {
  std::ostringstream out;
  for (const auto* owner : {"acme", "rival"}) show_tenant(out, reader, tenant(owner));
  show_all(out, reader.endpoints(std::nullopt));
  show_all(out, reader.due_webhooks("stripe", at(5), 100));
  show_all(out, reader.due_webhooks("stripe", at(100), 2));
  for (std::uint64_t number = 1; number <= subjects; ++number) {
    if (const auto row = reader.webhook(tenant(), webhook_id(number)).value()) show(out, *row);
    show_all(out, reader.deliveries({.endpoint = endpoint_id(number), .status = "failed"}));
    show_all(out, reader.deliveries({.endpoint = endpoint_id(number), .before = 5, .limit = 2}));
    show_all(out, reader.deliveries_after(endpoint_id(number), 2));
  }
  return out.str();
}

}  // namespace cambist::storage::testing

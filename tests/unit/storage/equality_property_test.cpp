// Any sequence of entries gives the same answers and leaves the same things to see in every store.
#include <map>
#include <ostream>
#include <sstream>

#include <rapidcheck/gtest.h>

#include "storage/memory/store.hpp"
#include "storage/sqlite/store.hpp"
#include "tests/unit/storage/random_records.hpp"

namespace cambist::storage::testing {

/// One random entry, an append or records, as small numbers that shrink well.
struct Draw {
  std::uint64_t payment = 1;
  bool rival = false;
  int stale = 0;  // 0 mostly: the right version
  std::size_t events = 1;
  int key = 0;  // 0 none, 1 claim, 2 answer, 3 release
  int key_name = 0;
  int timer = 0;  // 0 untouched, 1 cleared, else due then
  int status = 0;
  int reference = 0;
  bool open = false;
  int operations = 0;
  int postings = 0;
  std::uint64_t webhook = 0;  // 0 none, else marked
  int brought = 0;            // events for merchants, tasks and audit rows
  bool is_records = false;
  std::vector<RecordDraw> records;
  bool last_of_batch = false;
};

void showValue(const Draw& d, std::ostream& out) {
  if (d.is_records) {
    out << "{records";
    for (const auto& record : d.records) showValue(record, out << ' ');
    out << (d.last_of_batch ? ", end of batch" : "") << "}";
    return;
  }
  out << "{payment " << d.payment << (d.rival ? " of rival" : "") << ", stale " << d.stale
      << ", events " << d.events << ", key " << d.key << '/' << d.key_name << ", timer " << d.timer
      << ", status " << d.status << ", reference " << d.reference << ", open " << d.open
      << ", operations " << d.operations << ", postings " << d.postings << ", webhook " << d.webhook
      << ", brought " << d.brought << (d.last_of_batch ? ", end of batch" : "") << "}";
}

namespace {

rc::Gen<Draw> draws() {
  using rc::gen::inRange;
  return rc::gen::build<Draw>(
      rc::gen::set(&Draw::payment, inRange<std::uint64_t>(1, 5)),
      rc::gen::set(&Draw::rival, rc::gen::map(inRange(0, 8), [](int n) { return n == 7; })),
      rc::gen::set(&Draw::stale,
                   rc::gen::map(inRange(0, 10), [](int n) { return n < 8    ? 0
                                                                   : n == 8 ? 1
                                                                            : -1; })),
      rc::gen::set(&Draw::events, inRange<std::size_t>(0, 4)),
      rc::gen::set(&Draw::key, inRange(0, 4)), rc::gen::set(&Draw::key_name, inRange(0, 3)),
      rc::gen::set(&Draw::timer, inRange(0, 6)), rc::gen::set(&Draw::status, inRange(0, 3)),
      rc::gen::set(&Draw::reference, inRange(0, 3)), rc::gen::set(&Draw::open),
      rc::gen::set(&Draw::operations, inRange(0, 3)), rc::gen::set(&Draw::postings, inRange(0, 3)),
      rc::gen::set(&Draw::webhook,
                   rc::gen::map(inRange<std::uint64_t>(0, 10),
                                [](std::uint64_t n) { return n > 4 ? std::uint64_t{0} : n; })),
      rc::gen::set(&Draw::brought, inRange(0, 3)), rc::gen::set(&Draw::is_records),
      rc::gen::set(&Draw::records, record_draws()), rc::gen::set(&Draw::last_of_batch));
}

std::string key_name(int number) {
  return "key-" + std::to_string(number);
}

KeyChange key_change(const Draw& draw) {
  const auto name = key_name(draw.key_name);
  switch (draw.key) {
    case 1:
      return claim(name, at(10 + draw.status));
    case 2:
      return KeyAnswer{name, 200 + draw.status, "body-" + std::to_string(draw.reference)};
    case 3:
      return KeyRelease{name};
    default:
      return std::monostate{};
  }
}

void bring(Append& made, const Draw& draw, std::uint64_t& serial) {
  for (int i = 0; i < draw.brought; ++i) {
    made.outbox.push_back(outgoing(++serial));
    made.tasks.push_back(task(draw.payment, draw.status == 0 ? "open" : "resolved"));
    made.audit.push_back(audit(++serial));
  }
  if (draw.webhook != 0) made.webhook = make_mark(draw.webhook, draw.status, draw.timer);
}

Append make_append(const Draw& draw, std::uint64_t version, std::uint64_t& serial) {
  const auto expected =
      draw.stale < 0 && version == 0 ? 9 : version + static_cast<unsigned>(draw.stale);
  auto made =
      step(payment_id(draw.payment), expected, draw.events, tenant(draw.rival ? "rival" : "acme"));
  made.row.status =
      std::vector{"processing", "captured", "failed"}[static_cast<unsigned>(draw.status)];
  made.row.reference = draw.reference == 0 ? "" : "order-" + std::to_string(draw.reference);
  made.row.customer_id = draw.reference == 2 ? "cus_1" : "";
  made.row.created_at = at(static_cast<std::int64_t>(draw.payment));
  made.row.open = draw.open;
  made.key = key_change(draw);
  for (int i = 0; i < draw.operations; ++i) {
    made.operations.push_back(
        operation(static_cast<std::uint64_t>(draw.status + i), made.row.status));
  }
  for (int i = 0; i < draw.postings; ++i) {
    made.ledger.push_back({operation_id(1), "account-" + std::to_string(i), usd(draw.timer - 3)});
  }
  if (draw.timer == 1) made.timer = TimerChange{};
  if (draw.timer > 1) made.timer = TimerChange{at(draw.timer), key_name(draw.status)};
  made.row.provider_payment_id = draw.reference == 1 ? "" : "pi_" + std::to_string(draw.status);
  bring(made, draw, serial);
  return made;
}

Entry make_entry(const Draw& draw, std::uint64_t version, std::uint64_t& serial) {
  if (!draw.is_records) return make_append(draw, version, serial);
  Records made;
  for (const auto& record : draw.records) made.rows.push_back(make_record(record, serial));
  return made;
}

std::string shown(const AppendResult& result) {
  if (const auto* done = std::get_if<Appended>(&result)) return std::to_string(done->version);
  if (const auto* taken = std::get_if<DuplicateKey>(&result)) return taken->payment.to_string();
  if (const auto* error = std::get_if<Error>(&result)) return error->detail;
  if (std::holds_alternative<AlreadyThere>(result)) return "already there";
  return "conflict";
}

void show(std::ostream& out, const PaymentRow& row) {
  out << row.id.to_string() << ' ' << row.tenant.value << ' ' << row.version << ' ' << row.status
      << ' ' << to_decimal(row.amount) << ' ' << row.provider << ' ' << row.reference << ' '
      << row.customer_id << ' ' << row.open << ' ' << to_rfc3339(row.updated_at) << row.json
      << '\n';
}

/// Everything a reader can see, as text.
std::string everything(Reader& reader) {
  std::ostringstream out;
  for (std::uint64_t number = 1; number <= 4; ++number) {
    const auto id = payment_id(number);
    for (const auto& [sequence, event] : reader.events(id).value()) {
      out << sequence << event.id.to_string() << event.type << event.json << '\n';
    }
    for (const auto& row : reader.operations(id).value()) {
      out << row.id.to_string() << row.status << row.attempts << row.idempotency_key << '\n';
    }
    for (const auto& row : reader.ledger(id).value()) {
      out << row.account << to_decimal(row.amount) << '\n';
    }
  }
  for (const auto* owner : {"acme", "rival"}) {
    for (const PaymentQuery& query :
         {PaymentQuery{.tenant = tenant(owner)},
          PaymentQuery{.tenant = tenant(owner), .status = "captured"},
          PaymentQuery{.tenant = tenant(owner), .reference = "order-2"},
          PaymentQuery{.tenant = tenant(owner), .status = "failed", .customer_id = "cus_1"},
          PaymentQuery{.tenant = tenant(owner), .created_from = at(2), .created_to = at(4)},
          PaymentQuery{.tenant = tenant(owner), .before = payment_id(3), .limit = 1}}) {
      for (const auto& row : reader.payments(query).value()) show(out, row);
      out << "--\n";
    }
    for (int number = 0; number < 3; ++number) {
      if (const auto key = reader.key(tenant(owner), key_name(number)).value()) {
        out << key->key << key->payment.to_string() << key->completed << key->status << key->body
            << to_rfc3339(key->expires_at) << '\n';
      }
    }
    for (const auto& balance : reader.balances(tenant(owner)).value()) {
      out << balance.account << to_decimal(balance.amount) << '\n';
    }
  }
  for (const auto& list :
       {reader.open_payments(std::nullopt, 100).value(), reader.due_timers(at(4), 100).value()}) {
    for (const auto& timer : list) {
      out << timer.tenant.value << timer.payment.to_string() << to_rfc3339(timer.due) << timer.kind
          << '\n';
    }
  }
  for (const auto* name : {"pi_0", "pi_1", "pi_2"}) {
    const auto found = reader.payment_at_provider("stripe", name).value();
    out << (found ? found->to_string() : "-") << '\n';
  }
  return out.str() + everything_outside_payments(reader);
}

void compare_with_memory(const std::unique_ptr<Store>& tested) {
  const auto steps = *rc::gen::container<std::vector<Draw>>(draws());
  const auto model = memory::make();
  const auto model_journal = model->open_journal();
  const auto tested_journal = tested->open_journal();
  const auto model_reader = model->open_reader();
  const auto tested_reader = tested->open_reader();

  std::map<std::uint64_t, std::uint64_t> versions;
  std::vector<Entry> batch;
  std::uint64_t serial = 0;
  std::size_t appended = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& draw = steps[i];
    batch.push_back(make_entry(draw, versions[draw.payment], serial));
    if (!draw.is_records && draw.stale == 0) versions[draw.payment] += draw.events;
    if (!draw.last_of_batch && i + 1 < steps.size()) continue;
    const auto expected = model_journal->write(batch);
    const auto actual = tested_journal->write(batch);
    RC_ASSERT(actual.size() == expected.size());
    for (std::size_t k = 0; k < batch.size(); ++k) {
      RC_ASSERT(shown(actual[k]) == shown(expected[k]));
      appended += std::holds_alternative<Appended>(actual[k]) ? 1 : 0;
    }
    batch.clear();
    RC_ASSERT(everything(*tested_reader) == everything(*model_reader));
    for (std::uint64_t number = 1; number <= 4; ++number) {
      versions[number] = model_reader->events(payment_id(number)).value().size();
    }
  }
  const auto limit = steps.size() % 3;
  RC_ASSERT(tested_journal->expire_keys(at(11), limit).value() ==
            model_journal->expire_keys(at(11), limit).value());
  RC_ASSERT(everything(*tested_reader) == everything(*model_reader));
  RC_ASSERT(tested_journal->forget(at(104), limit + 1).value() ==
            model_journal->forget(at(104), limit + 1).value());
  RC_ASSERT(everything(*tested_reader) == everything(*model_reader));
  RC_CLASSIFY(appended > 10, "more than ten appended");
}

RC_GTEST_PROP(StoreEquality, RandomEntriesLookTheSameInSqliteAsInMemory, ()) {
  const TempDir dir{fast_place()};
  compare_with_memory(std::move(sqlite::open(dir.path()).value()));
}

RC_GTEST_PROP(StoreEquality, RandomEntriesLookTheSameInPostgresAsInMemory, ()) {
  compare_with_memory(std::move(postgres::open(fresh_postgres()).value()));
}

}  // namespace
}  // namespace cambist::storage::testing

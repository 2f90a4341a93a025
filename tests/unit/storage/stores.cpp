#include "tests/unit/storage/stores.hpp"

#include <atomic>
#include <cstdlib>
#include <stdexcept>

#include <unistd.h>

#include "storage/memory/store.hpp"
#include "storage/postgres/store.hpp"
#include "storage/sqlite/store.hpp"
#include "tests/support/postgres_cluster.hpp"

namespace cambist::storage::testing {

TempDir::TempDir(const std::filesystem::path& below) {
  auto pattern = (below / "cambist-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path fast_place() {
  const std::filesystem::path shared{"/dev/shm"};
  return ::access(shared.c_str(), W_OK) == 0 ? shared : std::filesystem::temp_directory_path();
}

namespace {

/// The name of a schema that nobody else has.
std::string make_schema(const std::string& database) {
  static std::atomic<int> last{0};
  const auto name = "store_" + std::to_string(++last);
  test::PostgresSession{database}.run("CREATE SCHEMA " + name);
  return name;
}

}  // namespace

postgres::Options fresh_postgres() {
  // One database for the process, gone at its end, and a schema for each store: making a schema is
  // ten times cheaper than making a database.
  static const test::TestDatabase database;
  postgres::Options options;
  options.url = database.url();
  options.url += options.url.find('?') == std::string::npos ? '?' : '&';
  options.url += "options=-csearch_path%3D" + make_schema(database.url());
  return options;
}

std::vector<StoreKind> store_kinds() {
  return {
      {"memory", [](const TempDir&) { return memory::make(); }},
      {"sqlite",
       [](const TempDir& dir) { return std::move(sqlite::open(dir.path() / "data").value()); }},
      {"postgres",
       [](const TempDir&) { return std::move(postgres::open(fresh_postgres()).value()); }},
  };
}

StoreTest::StoreTest()
    : store_(GetParam().open(dir_)),
      journal_(store_->open_journal()),
      reader_(store_->open_reader()) {}

AppendResult StoreTest::append(const Append& one) {
  return append_all({one}).front();
}

std::vector<AppendResult> StoreTest::append_all(const std::vector<Append>& batch) {
  auto results = journal_->append(batch);
  if (results.size() != batch.size()) throw std::runtime_error("a result per append");
  return results;
}

AppendResult StoreTest::record(std::vector<Record> rows) {
  return write({Records{std::move(rows)}}).front();
}

std::vector<AppendResult> StoreTest::write(const std::vector<Entry>& batch) {
  auto results = journal_->write(batch);
  if (results.size() != batch.size()) throw std::runtime_error("a result per entry");
  return results;
}

namespace {

Uuid uuid(std::uint64_t number) {
  Uuid bytes{};
  bytes[6] = 0x70;
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[8 + i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
  }
  return bytes;
}

}  // namespace

PaymentId payment_id(std::uint64_t number) {
  return PaymentId{uuid(number)};
}
OperationId operation_id(std::uint64_t number) {
  return OperationId{uuid(number)};
}
EventId event_id(std::uint64_t number) {
  return EventId{uuid(number)};
}
WebhookId webhook_id(std::uint64_t number) {
  return WebhookId{uuid(number)};
}
EndpointId endpoint_id(std::uint64_t number) {
  return EndpointId{uuid(number)};
}
TaskId task_id(std::uint64_t number) {
  return TaskId{uuid(number)};
}
AuditId audit_id(std::uint64_t number) {
  return AuditId{uuid(number)};
}
TimePoint at(std::int64_t seconds) {
  return TimePoint{std::chrono::seconds{seconds}};
}
Money usd(std::int64_t minor) {
  return Money{minor, *Currency::parse("USD")};
}
TenantId tenant(std::string name) {
  return TenantId{std::move(name)};
}

EventRow event(std::uint64_t number, std::string json) {
  return EventRow{.id = event_id(number),
                  .at = at(static_cast<std::int64_t>(number)),
                  .type = "payment_created",
                  .schema_version = 1,
                  .json = std::move(json)};
}

Append step(PaymentId payment, std::uint64_t version, std::size_t count, TenantId owner) {
  Append made;
  made.tenant = owner;
  made.payment = payment;
  made.expected_version = version;
  for (std::size_t i = 0; i < count; ++i) made.events.push_back(event(version + i + 1));
  made.row.id = payment;
  made.row.tenant = owner;
  made.row.version = version + count;
  made.row.status = "processing";
  made.row.amount = usd(1000);
  made.row.provider = "stripe";
  made.row.created_at = at(1);
  made.row.updated_at = at(static_cast<std::int64_t>(version + count));
  made.row.json = "{\"version\":" + std::to_string(version + count) + "}";
  return made;
}

KeyClaim claim(std::string key, TimePoint expires_at) {
  return KeyClaim{std::move(key), sha256("a request"), at(1), expires_at};
}

OperationRow operation(std::uint64_t number, std::string status) {
  return OperationRow{.id = operation_id(number),
                      .kind = "charge",
                      .status = std::move(status),
                      .amount = usd(1000),
                      .attempts = 1,
                      .idempotency_key = "op-key-" + std::to_string(number),
                      .provider_object = "",
                      .started_at = at(static_cast<std::int64_t>(number))};
}

WebhookReceived webhook(std::uint64_t number, TenantId owner) {
  const auto time = at(static_cast<std::int64_t>(number));
  WebhookRow row;
  row.id = webhook_id(number);
  row.tenant = std::move(owner);
  row.provider = "stripe";
  row.event = "evt_" + std::to_string(number);
  row.type = "charge.succeeded";
  row.created_at = time;
  row.received_at = time;
  row.due = time;
  row.body = "{\"number\":" + std::to_string(number) + "}";
  return {row};
}

WebhookUpdate settled(std::uint64_t number, std::string status) {
  return {.id = webhook_id(number),
          .status = std::move(status),
          .attempts = 1,
          .at = at(static_cast<std::int64_t>(number) + 100)};
}

WebhookUpdate waiting(std::uint64_t number, std::string status, TimePoint due) {
  auto update = settled(number, std::move(status));
  update.due = due;
  return update;
}

EndpointPut endpoint(std::uint64_t number, TenantId owner) {
  EndpointRow row;
  row.id = endpoint_id(number);
  row.tenant = std::move(owner);
  row.url = "https://merchant.example/" + std::to_string(number);
  row.secret = "whsec_" + std::to_string(number);
  row.created_at = at(1);
  row.updated_at = at(1);
  return {row};
}

DeliveryPut delivery(std::uint64_t endpoint, std::uint64_t position, std::string status) {
  DeliveryRow row;
  row.endpoint = endpoint_id(endpoint);
  row.position = position;
  row.event = event_id(position);
  row.type = "payment.captured";
  row.payment = payment_id(1);
  row.status = std::move(status);
  row.updated_at = at(static_cast<std::int64_t>(position));
  return {row};
}

OutboxRow outgoing(std::uint64_t number) {
  return {.id = event_id(number),
          .type = "payment.captured",
          .sequence = number,
          .at = at(static_cast<std::int64_t>(number)),
          .json = "{\"id\":" + std::to_string(number) + "}"};
}

Announced announced(std::uint64_t number, TenantId owner) {
  return {std::move(owner), outgoing(number)};
}

TaskRow task(std::uint64_t number, std::string status) {
  return {.id = task_id(number),
          .kind = "unknown_outcome",
          .status = std::move(status),
          .operation = operation_id(number),
          .operation_kind = "charge",
          .amount = usd(1000),
          .provider = "stripe",
          .created_at = at(static_cast<std::int64_t>(number))};
}

AuditRow audit(std::uint64_t number, TenantId owner) {
  return {.id = audit_id(number),
          .tenant = std::move(owner),
          .at = at(static_cast<std::int64_t>(number)),
          .actor = "key_1",
          .action = "task.resolve",
          .object = "task_1",
          .detail = "{}",
          .request_id = "req_1"};
}

bool is_appended(const AppendResult& result, std::uint64_t version) {
  const auto* done = std::get_if<Appended>(&result);
  return done != nullptr && done->version == version;
}

bool is_conflict(const AppendResult& result) {
  return std::holds_alternative<Conflict>(result);
}

bool is_duplicate_of(const AppendResult& result, PaymentId payment) {
  const auto* duplicate = std::get_if<DuplicateKey>(&result);
  return duplicate != nullptr && duplicate->payment == payment;
}

bool is_there_already(const AppendResult& result) {
  return std::holds_alternative<AlreadyThere>(result);
}

bool is_error(const AppendResult& result, ErrorCode code) {
  const auto* error = std::get_if<Error>(&result);
  return error != nullptr && error->code == code;
}

}  // namespace cambist::storage::testing

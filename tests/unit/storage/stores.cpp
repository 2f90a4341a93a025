#include "tests/unit/storage/stores.hpp"

#include <cstdlib>
#include <stdexcept>

#include <unistd.h>

#include "storage/memory/store.hpp"
#include "storage/sqlite/store.hpp"

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

std::vector<StoreKind> store_kinds() {
  return {
      {"memory", [](const TempDir&) { return memory::make(); }},
      {"sqlite",
       [](const TempDir& dir) { return std::move(sqlite::open(dir.path() / "data").value()); }},
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

bool is_error(const AppendResult& result, ErrorCode code) {
  const auto* error = std::get_if<Error>(&result);
  return error != nullptr && error->code == code;
}

}  // namespace cambist::storage::testing

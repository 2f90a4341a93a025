// The stores under the conformance suite, and builders for what is written into them.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/postgres/store.hpp"
#include "storage/store.hpp"

namespace cambist::storage::testing {

/// A folder that goes when its owner goes.
class TempDir {
 public:
  explicit TempDir(const std::filesystem::path& below = std::filesystem::temp_directory_path());
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// Where files live in memory and a sync costs nothing, if the machine has such a place: for tests
/// that open many stores and whose question is not durability.
[[nodiscard]] std::filesystem::path fast_place();

/// An empty schema of the tests' PostgreSQL server, of which nobody else knows.
[[nodiscard]] postgres::Options fresh_postgres();

/// One store to test. A further store is one more line in stores.cpp.
struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<Store>(const TempDir&)> open;
};
/// The name alone: test names must not change from run to run.
inline void PrintTo(const StoreKind& kind, std::ostream* out) {
  *out << kind.name;
}
[[nodiscard]] std::vector<StoreKind> store_kinds();

/// Opens the store of the parameter, its journal and one reader.
class StoreTest : public ::testing::TestWithParam<StoreKind> {
 protected:
  StoreTest();
  AppendResult append(const Append& one);
  std::vector<AppendResult> append_all(const std::vector<Append>& batch);
  /// One entry of these rows.
  AppendResult record(std::vector<Record> rows);
  std::vector<AppendResult> write(const std::vector<Entry>& batch);

  TempDir dir_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Reader> reader_;
};

#define CAMBIST_EACH_STORE(suite)                                                         \
  INSTANTIATE_TEST_SUITE_P(Store, suite,                                                  \
                           ::testing::ValuesIn(cambist::storage::testing::store_kinds()), \
                           [](const auto& kind) { return kind.param.name; })

// --- builders: ids sort by their number
// ---------------------------------------------------------------------

[[nodiscard]] PaymentId payment_id(std::uint64_t number);
[[nodiscard]] OperationId operation_id(std::uint64_t number);
[[nodiscard]] EventId event_id(std::uint64_t number);
[[nodiscard]] TimePoint at(std::int64_t seconds);
[[nodiscard]] Money usd(std::int64_t minor);
[[nodiscard]] TenantId tenant(std::string name = "acme");
[[nodiscard]] EventRow event(std::uint64_t number, std::string json = "{}");
/// `count` events for `payment` after `version`, and a row that fits.
[[nodiscard]] Append step(PaymentId payment, std::uint64_t version, std::size_t count = 1,
                          TenantId owner = tenant());
[[nodiscard]] KeyClaim claim(std::string key, TimePoint expires_at = at(1000));
[[nodiscard]] OperationRow operation(std::uint64_t number, std::string status = "pending");
[[nodiscard]] WebhookId webhook_id(std::uint64_t number);
[[nodiscard]] EndpointId endpoint_id(std::uint64_t number);
[[nodiscard]] TaskId task_id(std::uint64_t number);
[[nodiscard]] AuditId audit_id(std::uint64_t number);
/// Received and due at its number.
[[nodiscard]] WebhookReceived webhook(std::uint64_t number, TenantId owner = tenant());
/// What became of it, at its number plus 100.
[[nodiscard]] WebhookUpdate settled(std::uint64_t number, std::string status = "applied");
[[nodiscard]] WebhookUpdate waiting(std::uint64_t number, std::string status, TimePoint due);
[[nodiscard]] EndpointPut endpoint(std::uint64_t number, TenantId owner = tenant());
[[nodiscard]] DeliveryPut delivery(std::uint64_t endpoint, std::uint64_t position,
                                   std::string status = "pending");
[[nodiscard]] OutboxRow outgoing(std::uint64_t number);
[[nodiscard]] Announced announced(std::uint64_t number, TenantId owner = tenant());
[[nodiscard]] TaskRow task(std::uint64_t number, std::string status = "open");
[[nodiscard]] AuditRow audit(std::uint64_t number, TenantId owner = tenant());

[[nodiscard]] bool is_appended(const AppendResult& result, std::uint64_t version);
[[nodiscard]] bool is_conflict(const AppendResult& result);
[[nodiscard]] bool is_duplicate_of(const AppendResult& result, PaymentId payment);
[[nodiscard]] bool is_there_already(const AppendResult& result);
[[nodiscard]] bool is_error(const AppendResult& result, ErrorCode code);

}  // namespace cambist::storage::testing

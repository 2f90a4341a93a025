#include "storage/postgres/store.hpp"

#include "storage/postgres/journal.hpp"
#include "storage/postgres/migrations.hpp"
#include "storage/postgres/reader.hpp"

namespace cambist::storage::postgres {
namespace {

constexpr const char* put_tenant =
    "INSERT INTO tenants (id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
constexpr const char* put_key = R"(
  INSERT INTO api_keys (id, tenant, hash, created_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (id) DO UPDATE SET tenant = excluded.tenant, hash = excluded.hash,
    created_at = excluded.created_at)";

class PostgresStore final : public Store {
 public:
  explicit PostgresStore(std::shared_ptr<Core> core) : core_(std::move(core)) {}

  std::unique_ptr<Journal> open_journal() override { return make_journal(core_); }
  std::unique_ptr<Reader> open_reader() override { return make_reader(*core_); }

  Result<void> put_api_key(const ApiKeyRow& key) override {
    Connection connection{core_->options};
    auto failure = connection.open();
    if (!failure) {
      connection.send(put_tenant, Parameters{key.tenant, key.created_at});
      connection.send(put_key, Parameters{key.id, key.tenant, key.hash, key.created_at});
      failure = connection.finish();
    }
    if (failure) return unavailable("cannot store an API key", *failure);
    return {};
  }

 private:
  std::shared_ptr<Core> core_;
};

}  // namespace

Result<std::unique_ptr<Store>> open(const Options& options) {
  auto migrations = apply_migrations(options, embedded_migrations());
  if (!migrations) return migrations.error();
  return std::unique_ptr<Store>{std::make_unique<PostgresStore>(std::make_shared<Core>(options))};
}

Result<std::vector<Migration>> migrate(const Options& options) {
  return apply_migrations(options, embedded_migrations());
}

}  // namespace cambist::storage::postgres

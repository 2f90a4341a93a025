#include "storage/sqlite/store.hpp"

#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "storage/sqlite/core.hpp"
#include "storage/sqlite/journal.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/reader.hpp"

namespace cambist::storage::sqlite {
namespace {

constexpr const char* put_tenant =
    "INSERT INTO tenants (id, created_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
constexpr const char* put_key =
    "INSERT OR REPLACE INTO api_keys (id, tenant, hash, created_at) VALUES (?1, ?2, ?3, ?4)";

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(std::shared_ptr<Core> core) : core_(std::move(core)) {}

  std::unique_ptr<Journal> open_journal() override { return make_journal(core_); }
  std::unique_ptr<Reader> open_reader() override { return make_reader(core_); }

  Result<void> put_api_key(const ApiKeyRow& key) override {
    const std::lock_guard lock{core_->mutex};
    auto& writer = core_->writer;
    int code = writer.execute("BEGIN IMMEDIATE");
    if (code == SQLITE_OK) {
      code = writer.prepare(put_tenant).run(key.tenant, key.created_at).finish();
    }
    if (code == SQLITE_OK) {
      code = writer.prepare(put_key).run(key.id, key.tenant, key.hash, key.created_at).finish();
    }
    if (code == SQLITE_OK) code = writer.execute("COMMIT");
    if (code == SQLITE_OK) return {};
    writer.rollback();
    return unavailable("cannot store an API key", code);
  }

 private:
  std::shared_ptr<Core> core_;
};

/// Makes the names in `directory` durable: a file can be synced and still be lost with its name.
void sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

/// Errors: unavailable.
std::optional<Error> make_directory(const std::filesystem::path& directory) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (fs::create_directories(directory, failed)) {
    // Payments are nobody else's business on this machine.
    fs::permissions(directory, fs::perms::owner_all, failed);
    sync_directory(fs::absolute(directory).parent_path());
  }
  if (!failed && fs::is_directory(directory, failed)) return std::nullopt;
  return Error{ErrorCode::unavailable,
               "data directory " + directory.string() + " cannot be made: " + failed.message()};
}

struct Opened {
  std::shared_ptr<Core> core;
  std::vector<Migration> migrations;
};

Result<Opened> open_core(const std::filesystem::path& directory) {
  if (auto error = make_directory(directory)) return *std::move(error);
  auto lock = LockFile::take(directory);
  if (!lock) return lock.error();
  const auto file = std::filesystem::absolute(directory) / "cambist.db";
  auto database = Database::open(file, Access::write);
  if (!database) return database.error();
  auto migrations = apply_migrations(*database, embedded_migrations());
  if (!migrations) return migrations.error();
  sync_directory(directory);
  return Opened{std::make_shared<Core>(*std::move(lock), *std::move(database), file),
                *std::move(migrations)};
}

}  // namespace

Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory) {
  auto opened = open_core(directory);
  if (!opened) return opened.error();
  return std::unique_ptr<Store>{std::make_unique<SqliteStore>(std::move(opened->core))};
}

Result<std::vector<Migration>> migrate(const std::filesystem::path& directory) {
  auto opened = open_core(directory);
  if (!opened) return opened.error();
  return std::move(opened->migrations);
}

}  // namespace cambist::storage::sqlite

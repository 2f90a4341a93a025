// What the measurements of the stores have in common: a store on a real disk, ids like the real
// ones, and a small payment.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "storage/postgres/store.hpp"
#include "storage/sqlite/store.hpp"

namespace cambist::storage::bench {

/// Ids like the real ones: they grow with time and end randomly.
class Source {
 public:
  Source() = default;
  /// For a database that holds what an earlier run has left: ids that it did not use.
  explicit Source(TimePoint start)
      : state_(static_cast<std::uint64_t>(to_micros(start))), now_(start) {}
  Random random() {
    return [this] { return state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL; };
  }
  TimePoint next() { return now_ += std::chrono::microseconds{50}; }

 private:
  std::uint64_t state_ = 20261121;
  TimePoint now_{std::chrono::seconds{1'795'000'000}};
};

/// The database that CAMBIST_BENCH_DATABASE names, an empty one; nullptr when it names none. What
/// a run leaves there, the next one has beside its own.
inline const char* bench_database() {
  return std::getenv("CAMBIST_BENCH_DATABASE");
}

/// PostgreSQL with its journal.
class Server {
 public:
  Server() : store_(std::move(postgres::open({.url = bench_database()}).value())) {}
  Journal& journal() { return *journal_; }
  static Source source() {
    return Source{std::chrono::floor<Duration>(std::chrono::system_clock::now())};
  }

 private:
  std::unique_ptr<Store> store_;
  std::unique_ptr<Journal> journal_ = store_->open_journal();
};

class Disk {
 public:
  Disk() {
    // CAMBIST_BENCH_DIR picks the disk; a tmpfs would measure no sync at all.
    const char* chosen = std::getenv("CAMBIST_BENCH_DIR");
    auto pattern =
        (std::filesystem::path{chosen != nullptr ? chosen : "."} / "bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder to measure in");
    path_ = pattern;
    open();
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  ~Disk() {
    close();
    std::filesystem::remove_all(path_);
  }
  void open() {
    store_ = std::move(sqlite::open(path_).value());
    journal_ = store_->open_journal();
    reader_ = store_->open_reader();
  }
  void close() {
    reader_.reset();
    journal_.reset();
    store_.reset();
  }
  static Source source() { return {}; }
  Journal& journal() { return *journal_; }
  Reader& reader() { return *reader_; }

 private:
  std::filesystem::path path_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Reader> reader_;
};

inline PaymentRow payment_row(PaymentId id, TimePoint now, std::string status) {
  return {.id = id,
          .tenant = default_tenant(),
          .version = 0,
          .status = std::move(status),
          .amount = Money{1000, *Currency::parse("USD")},
          .captured_minor = 0,
          .refunded_minor = 0,
          .provider = "stripe",
          .provider_payment_id = "pi_3MtwBwLkdIwHu7ix28a3tqPa",
          .reference = "order-" + std::to_string(to_micros(now)),
          .customer_id = "cus_" + std::to_string(to_micros(now) % 1000),
          .open = false,
          .created_at = now,
          .updated_at = now,
          .json = std::string(700, 'p')};
}

}  // namespace cambist::storage::bench

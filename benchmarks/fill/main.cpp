// cambist-fill: puts payments into a store, for measurements of what many of them cost.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

#include "benchmarks/fill/life.hpp"
#include "benchmarks/fill/steps.hpp"
#include "storage/postgres/store.hpp"
#include "storage/sqlite/store.hpp"

namespace cambist::fill {
namespace {

constexpr std::size_t batch_size = 2'000;

struct Order {
  std::string data;
  std::string database;
  std::string kind = "captured";
  std::string provider = "bench";
  std::uint64_t payments = 1'000;
  std::uint64_t first = 0;
  std::size_t journal_batch = 0;  // measure the journal with such batches instead of filling
  double seconds = 5;
  double age_h = 1;  // the oldest was created so long ago
};

Result<std::unique_ptr<storage::Store>> open_store(const Order& order) {
  if (order.database.empty()) return storage::sqlite::open(order.data);
  storage::postgres::Options options;
  options.url = order.database;
  options.statement_deadline = std::chrono::minutes{1};
  return storage::postgres::open(options);
}

/// When payment `n` of `order` was created: in order, up to a minute ago.
class Calendar {
 public:
  Calendar(const Order& order, TimePoint now)
      : from_(now - std::chrono::duration_cast<Duration>(
                        std::chrono::duration<double, std::ratio<3600>>{order.age_h})),
        step_((now - std::chrono::minutes{1} - from_) /
              static_cast<std::int64_t>(std::max<std::uint64_t>(order.payments, 1))) {}
  [[nodiscard]] TimePoint at(std::uint64_t n) const {
    return from_ + step_ * static_cast<std::int64_t>(n);
  }

 private:
  TimePoint from_;
  Duration step_;
};

void commit(storage::Journal& journal, const std::vector<storage::Append>& batch) {
  for (const auto& result : journal.append(batch)) {
    if (std::holds_alternative<storage::Appended>(result)) continue;
    const auto* error = std::get_if<Error>(&result);
    throw std::runtime_error(error != nullptr ? error->detail : "is there already; use --first");
  }
}

int measure(storage::Journal& journal, const Order& order) {
  const auto run = run_journal(journal, order.journal_batch,
                               std::chrono::duration<double>{order.seconds}, order.first + 1);
  const double inside = run.inside.count();
  const auto each = [](std::uint64_t a, std::uint64_t b) {
    return static_cast<double>(a) / static_cast<double>(b);
  };
  std::cout << R"({"batch":)" << order.journal_batch << R"(,"rows_s":)"
            << static_cast<double>(run.rows) / inside << R"(,"appends_s":)"
            << static_cast<double>(run.appends) / inside << R"(,"commits_s":)"
            << static_cast<double>(run.commits) / inside << R"(,"rows_per_commit":)"
            << each(run.rows, run.commits) << R"(,"rows_per_append":)"
            << each(run.rows, run.appends) << "}\n";
  return 0;
}

int run(const Order& order) {
  const auto began = std::chrono::steady_clock::now();
  auto store = open_store(order);
  if (!store) throw std::runtime_error(store.error().detail);
  const auto journal = (*store)->open_journal();
  if (order.journal_batch > 0) return measure(*journal, order);
  const TimePoint now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const Calendar calendar{order, now};
  Source source{20261126 + order.first};
  const Life life{order.kind == "open"         ? Kind::open
                  : order.kind == "authorized" ? Kind::authorized
                                               : Kind::captured,
                  order.provider, Money{1'999, *Currency::parse("EUR")}};
  std::vector<storage::Append> batch;
  for (std::uint64_t n = 0; n < order.payments; ++n) {
    batch.push_back(live(life, order.first + n, calendar.at(n), source.random()));
    if (batch.size() == batch_size || n + 1 == order.payments) {
      commit(*journal, batch);
      batch.clear();
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << R"({"payments":)" << order.payments << R"(,"seconds":)" << took.count() << "}\n";
  return 0;
}

}  // namespace
}  // namespace cambist::fill

int main(int argc, char** argv) {
  cambist::fill::Order order;
  CLI::App app{"cambist-fill: puts payments into a store, as the runtime would have left them",
               "cambist-fill"};
  app.add_option("--data", order.data, "folder of the embedded store");
  app.add_option("--database", order.database, "URL of a PostgreSQL database instead");
  app.add_option("--payments", order.payments, "how many")->capture_default_str();
  app.add_option("--first", order.first, "number of the first: another for each call");
  app.add_option("--kind", order.kind, "captured, authorized, or open (sent and never answered)")
      ->check(CLI::IsMember({"captured", "authorized", "open"}))
      ->capture_default_str();
  app.add_option("--provider", order.provider, "of the payments")->capture_default_str();
  app.add_option("--age-h", order.age_h, "hours since the oldest was created")
      ->check(CLI::Range(0.1, 8'760.0))
      ->capture_default_str();
  app.add_option("--journal", order.journal_batch,
                 "measure the journal instead: batches with a step of so many payments each");
  app.add_option("--seconds", order.seconds, "of it, inside the journal")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (order.data.empty() == order.database.empty()) {
    std::cerr << "cambist-fill: one of --data and --database is wanted\n";
    return 2;
  }
  try {
    return cambist::fill::run(order);
  } catch (const std::exception& error) {
    std::cerr << "cambist-fill: " << error.what() << '\n';
    return 1;
  }
}

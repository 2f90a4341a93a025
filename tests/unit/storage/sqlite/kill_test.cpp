// kill -9 at any moment: what was acknowledged is there, and what is there is whole.
#include <map>
#include <random>

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include "storage/sqlite/store.hpp"
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

constexpr std::uint64_t payments = 20;

/// Said by the child after an append has returned.
struct Acknowledged {
  std::uint64_t payment;
  std::uint64_t version;
};

std::uint64_t event_number(std::uint64_t payment, std::uint64_t sequence) {
  return payment * 1'000'000 + sequence;
}

Append next_step(std::uint64_t number, std::uint64_t version) {
  auto made = step(payment_id(number), version, 1 + version % 3);
  for (std::size_t i = 0; i < made.events.size(); ++i) {
    made.events[i].id = event_id(event_number(number, version + i + 1));
    made.events[i].json = std::string(300, 'j');
  }
  made.row.open = true;
  const auto sequence = version + made.events.size();
  made.outbox = {{.id = event_id(event_number(number, sequence)),
                  .type = "payment.changed",
                  .sequence = sequence}};
  made.ledger = {{operation_id(number), "merchant:payable", usd(-7)},
                 {operation_id(number), "provider:stripe:receivable", usd(7)}};
  return made;
}

/// Appends batches for ever; never returns.
[[noreturn]] void write_until_killed(const std::filesystem::path& directory, int pipe,
                                     unsigned seed) {
  const auto store = std::move(sqlite::open(directory).value());
  const auto journal = store->open_journal();
  const auto reader = store->open_reader();
  std::map<std::uint64_t, std::uint64_t> versions;
  for (std::uint64_t number = 1; number <= payments; ++number) {
    versions[number] = reader->events(payment_id(number)).value().size();
  }
  std::mt19937 random{seed};
  for (;;) {
    std::vector<Append> batch;
    std::vector<Acknowledged> promised;
    const auto size = 1 + random() % 12;
    for (unsigned i = 0; i < size; ++i) {
      const auto number = 1 + random() % payments;
      batch.push_back(next_step(number, versions[number]));
      versions[number] += batch.back().events.size();
      promised.push_back({number, versions[number]});
    }
    for (const auto& result : journal->append(batch)) {
      if (!std::holds_alternative<Appended>(result)) ::_exit(1);
    }
    const auto bytes = promised.size() * sizeof(Acknowledged);
    if (::write(pipe, promised.data(), bytes) != static_cast<ssize_t>(bytes)) ::_exit(2);
  }
}

/// Reads until the pipe's writer is dead; kills it after `enough` acknowledgements.
void collect(int pipe, pid_t child, unsigned enough,
             std::map<std::uint64_t, std::uint64_t>& acked) {
  Acknowledged one{};
  for (unsigned seen = 0; ::read(pipe, &one, sizeof one) == sizeof one; ++seen) {
    acked[one.payment] = std::max(acked[one.payment], one.version);
    if (seen == enough) ::kill(child, SIGKILL);
  }
}

TEST(SqliteKill, EveryAcknowledgedAppendSurvivesAndNothingIsHalf) {
  const TempDir dir;
  std::map<std::uint64_t, std::uint64_t> acked;
  std::mt19937 random{20261121};
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const auto seed = static_cast<unsigned>(random());
    const pid_t child = ::fork();
    if (child == 0) write_until_killed(dir.path(), ends[1], seed);
    ::close(ends[1]);
    collect(ends[0], child, static_cast<unsigned>(random() % 600), acked);
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself, status " << status;

    const auto store = std::move(sqlite::open(dir.path()).value());
    const auto reader = store->open_reader();
    for (const auto& [number, version] : acked) {
      const auto events = reader->events(payment_id(number)).value();
      EXPECT_GE(events.size(), version) << "payment " << number << ", round " << round;
      for (std::size_t i = 0; i < events.size(); ++i) {
        ASSERT_EQ(events[i].sequence, i + 1);
        ASSERT_EQ(events[i].event.id, event_id(event_number(number, i + 1)));
      }
      const auto row = reader->payment(tenant(), payment_id(number)).value();
      ASSERT_TRUE(row);
      EXPECT_EQ(row->version, events.size());
    }
    std::map<PaymentId, std::uint64_t> told;
    for (const auto& [position, row] : reader->outbox(tenant(), 0, 1'000'000).value()) {
      told[row.payment] = row.sequence;
    }
    for (const auto& [payment, sequence] : told) {
      EXPECT_EQ(sequence, reader->events(payment).value().size());
    }
    std::int64_t sum = 0;
    for (const auto& balance : reader->balances(tenant()).value()) sum += balance.amount.minor;
    EXPECT_EQ(sum, 0);
  }
  EXPECT_EQ(acked.size(), payments);
}

}  // namespace
}  // namespace cambist::storage::testing

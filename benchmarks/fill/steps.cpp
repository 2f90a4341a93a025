#include "benchmarks/fill/steps.hpp"

#include <array>
#include <stdexcept>

#include "actors/payment/record.hpp"
#include "benchmarks/fill/life.hpp"
#include "benchmarks/fill/told.hpp"
#include "protocols/api/answers.hpp"

namespace cambist::fill {
namespace {

constexpr std::size_t steps = 4;
constexpr auto key_lifetime = std::chrono::hours{24 * 7};

/// One life as its four appends.
std::array<storage::Append, steps> lived(std::uint64_t number, TimePoint now,
                                         const Random& random) {
  Told told;
  std::array<storage::Append, steps> made;
  payment::Payment before;
  std::size_t known = 0;
  const auto record = [&](std::size_t step, storage::KeyChange key) {
    const std::span<const payment::Event> news{told.events.begin() + static_cast<long>(known),
                                               told.events.end()};
    made[step] = actors::live::make_append(before, told.payment, news, told.policy, random,
                                           std::move(key), api::render(told.payment));
    known = told.events.size();
    before = told.payment;
  };
  const auto key = "steps-" + std::to_string(number);
  const auto claim = [&](const char* what) {
    return storage::KeyClaim{key + what, {}, now, now + key_lifetime};
  };
  const auto answer = [&](const char* what, int status) {
    return storage::KeyAnswer{key + what, status, api::render(told.payment)};
  };
  told.tell(payment::Create{PaymentId::make(now, random), default_tenant(),
                            details_of("bench", key, {1'999, *Currency::parse("EUR")}),
                            OperationId::make(now, random)},
            now);
  record(0, claim("-create"));
  told.approve(now);
  record(1, answer("-create", 201));
  told.tell(payment::Capture{std::nullopt, true, OperationId::make(now, random)}, now);
  record(2, claim("-capture"));
  told.approve(now);
  record(3, answer("-capture", 200));
  return made;
}

}  // namespace

std::uint64_t rows_of(const storage::Append& append) {
  const bool key = !std::holds_alternative<std::monostate>(append.key);
  return append.events.size() + (append.events.empty() ? 0U : 1U) + append.operations.size() +
         (key ? 1U : 0U) + append.ledger.size() + (append.timer ? 1U : 0U) + append.outbox.size() +
         append.tasks.size() + append.audit.size();
}

JournalRun run_journal(storage::Journal& journal, std::size_t batch,
                       std::chrono::duration<double> for_so_long, std::uint64_t seed) {
  JournalRun run;
  Source source{seed};
  const auto random = source.random();
  std::uint64_t number = seed << 32U;
  while (run.inside < for_so_long) {
    std::array<std::vector<storage::Append>, steps> batches;
    const TimePoint now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    for (std::size_t i = 0; i < batch; ++i) {
      auto life = lived(number++, now, random);
      for (std::size_t step = 0; step < steps; ++step) {
        run.rows += rows_of(life[step]);
        batches[step].push_back(std::move(life[step]));
      }
    }
    for (const auto& appends : batches) {
      const std::vector<storage::Entry> entries(appends.begin(), appends.end());
      const auto began = std::chrono::steady_clock::now();
      const auto results = journal.write(entries);
      run.inside += std::chrono::steady_clock::now() - began;
      ++run.commits;
      run.appends += results.size();
      for (const auto& result : results) {
        if (!std::holds_alternative<storage::Appended>(result))
          throw std::runtime_error("the journal refused a step");
      }
    }
  }
  return run;
}

}  // namespace cambist::fill

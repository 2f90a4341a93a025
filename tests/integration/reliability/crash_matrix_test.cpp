// The crash matrix: at every named place, under every operation, the server dies as in a crash and
// comes back; then the store, the ledgers and the merchant are compared with what was promised.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/integration/reliability/crash_row.hpp"
#include "tests/integration/reliability/payer_operations.hpp"

namespace cambist::test {
namespace {

/// Shape: `n` is the hit that kills.
struct Place {
  const char* name;
  int n = 1;
  [[nodiscard]] std::string text() const {
    return n == 1 ? std::string{name} : std::string{name} + ":" + std::to_string(n);
  }
};

const std::vector<Place> places{
    {"payment.before_intent"},
    {"payment.intent_durable"},
    {"payment.before_call"},
    {"payment.before_call", 2},
    {"payment.answer_received"},
    {"payment.answer_received", 2},
    {"payment.verdict_durable"},
    {"payment.verdict_durable", 2},
    {"payment.client_answered"},
    {"journal.before_batch"},
    {"journal.before_batch", 2},
    {"journal.batch_written"},
    {"journal.batch_written", 2},
    {"journal.answered"},
    {"journal.answered", 2},
    {"store.before_commit"},
    {"store.before_commit", 2},
    {"store.committed"},
    {"store.committed", 2},
    {"provider.before_send"},
    {"provider.before_send", 2},
    {"provider.answered"},
    {"provider.answered", 2},
    {"payment.loaded"},
    {"webhook.verified"},
    {"webhook.stored"},
    {"webhook.answered"},
    {"webhook.before_apply"},
    {"webhook.applied"},
    {"timer.due"},
    {"timer.woken"},
    {"timer.durable"},
    {"outbox.before_send"},
    {"outbox.answered"},
    {"outbox.marked"},
    {"endpoint.stored"},
};

/// Where operations must come by: were they not killed there, the matrix would prove less than it
/// shows.
const std::set<std::string> at_the_provider{"authorize", "charge", "capture", "void", "refund"};
const std::map<std::string, std::set<std::string>> on_the_path{
    {"payment.before_intent", at_the_provider},
    {"payment.intent_durable", at_the_provider},
    {"payment.before_call", at_the_provider},
    {"payment.answer_received", at_the_provider},
    {"payment.verdict_durable", at_the_provider},
    {"payment.client_answered", at_the_provider},
    {"journal.before_batch", at_the_provider},
    {"journal.batch_written", at_the_provider},
    {"store.before_commit", at_the_provider},
    {"store.before_commit:2", at_the_provider},
    {"store.committed", at_the_provider},
    {"store.committed:2", at_the_provider},
    {"provider.before_send", at_the_provider},
    {"provider.answered", at_the_provider},
    {"webhook.verified", {"webhook in"}},
    {"webhook.stored", {"webhook in"}},
    {"webhook.answered", {"webhook in"}},
    {"webhook.before_apply", {"webhook in"}},
    {"outbox.before_send", {"event out"}},
    {"outbox.answered", {"event out"}},
    {"timer.due", {"timer"}},
    {"timer.woken", {"timer"}},
    {"timer.durable", {"timer"}},
};

/// At providers of the payer: the places where a payment comes by there. The schedule of captures
/// and the making of endpoints are Stripe's columns.
std::vector<Place> places_of(const std::vector<Operation>& columns) {
  auto all = places;
  if (columns.front().provider == "stripe") return all;
  const auto provider = columns.front().provider;
  std::erase_if(all, [&provider](const Place& place) {
    const std::string_view name{place.name};
    if (name == "endpoint.stored") return true;
    // M-Pesa's payers are faster than any timer, and Tanzania's than a payment is put away.
    if (provider != "paypal" && name.starts_with("timer.")) return true;
    return provider == "mpesa_openapi_tz" && name == "payment.loaded";
  });
  return all;
}

/// What must die at a place: whatever a client asks for where all of that come by.
std::set<std::string> on_the_path_of(const std::string& place,
                                     const std::vector<Operation>& columns) {
  const auto found = on_the_path.find(place);
  if (found == on_the_path.end()) return {};
  if (columns.front().provider == "stripe" || found->second != at_the_provider)
    return found->second;
  std::set<std::string> asked_for;
  for (const auto& operation : columns) {
    const bool by_the_clock = operation.name == "inquiry" || operation.name == "timer";
    if (operation.request && !by_the_clock) asked_for.insert(operation.name);
  }
  return asked_for;
}

std::vector<Operation> stripe_deaths() {
  return {authorize(), charge(),     capture(),   cancel(),           refund(),
          inquiry(),   webhook_in(), event_out(), scheduled_capture()};
}

class CrashMatrix : public testing::TestWithParam<StoreKind> {};
INSTANTIATE_TEST_SUITE_P(Stores, CrashMatrix, every_store(), name_of_store);

/// Dies at every place under every operation.
void play(const std::vector<Operation>& columns, StoreKind store, unsigned threads) {
  std::vector<std::string> titles;
  for (const auto& operation : columns) titles.push_back(operation.name);
  std::vector<std::string> names;
  for (const auto& place : places_of(columns)) names.push_back(place.text());

  std::vector<std::vector<CrashCell>> results(names.size());
  in_parallel(names.size(), threads,
              [&](std::size_t i) { results[i] = die_at(names[i], columns, store); });

  std::vector<std::vector<std::string>> table;
  std::size_t deaths = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    table.emplace_back();
    bool reached = false;
    const auto must_die = on_the_path_of(names[i], columns);
    for (std::size_t j = 0; j < columns.size(); ++j) {
      const auto& cell = results[i][j];
      reached = reached || cell.died;
      deaths += cell.died ? 1 : 0;
      table[i].push_back(!cell.wrong.empty() ? "FAIL"
                         : cell.waits        ? "people"
                         : cell.died         ? "ok"
                                             : "-");
      for (const auto& what : cell.wrong)
        ADD_FAILURE() << names[i] << " x " << titles[j] << ": " << what;
      if (must_die.contains(titles[j]))
        EXPECT_TRUE(cell.died) << names[i] << " is not on the path of " << titles[j];
    }
    EXPECT_TRUE(reached) << names[i] << ": no operation comes by, so nothing is proven there";
  }
  print_table(columns.front().provider, titles, names, table);
  std::printf("%zu deaths at %zu places\n", deaths, names.size());
}

TEST_P(CrashMatrix, AtEveryPlaceUnderEveryOperationThePromisesHold) {
  play(stripe_deaths(), GetParam(), 3);
}

// What the providers differ in does not reach the store: one kind of it is enough.
TEST(CrashMatrixOfPayers, AtEveryPlaceOfAPaymentAtPayPalThePromisesHold) {
  play(paypal_deaths(), StoreKind::sqlite, 3);
}

TEST(CrashMatrixOfPayers, AtEveryPlaceOfAPaymentByMPesaInTanzaniaThePromisesHold) {
  play(mpesa_deaths("mpesa_openapi_tz"), StoreKind::sqlite, 3);
}

// Most of it is waiting for payers.
TEST(CrashMatrixOfPayers, AtEveryPlaceOfAPaymentByMPesaInKenyaThePromisesHold) {
  play(mpesa_deaths("mpesa_daraja"), StoreKind::sqlite, 6);
}

}  // namespace
}  // namespace cambist::test

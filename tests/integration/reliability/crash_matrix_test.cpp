// The crash matrix: at every named place, under every operation, the server dies as in a crash and
// comes back; then the store, the ledgers and the merchant are compared with what was promised.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/integration/reliability/payer_operations.hpp"
#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

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
  const bool asks_by_timer = columns.front().provider == "paypal";
  std::erase_if(all, [asks_by_timer](const Place& place) {
    const std::string_view name{place.name};
    return name == "endpoint.stored" || (!asks_by_timer && name.starts_with("timer."));
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
    if (operation.request && operation.name != "inquiry") asked_for.insert(operation.name);
  }
  return asked_for;
}

/// What never arrived at a blind provider waits for people. That long nothing must happen, which is
/// longer than any emulated payer takes.
constexpr auto blind_for = 5s;

std::vector<Operation> stripe_deaths() {
  return {authorize(), charge(),     capture(),   cancel(),           refund(),
          inquiry(),   webhook_in(), event_out(), scheduled_capture()};
}

/// A webhook that came while the server was down comes again after half a minute.
constexpr auto settled_within = 60s;

struct Cell {
  std::string payment;
  bool died = false;
  bool waits = false;
  std::vector<std::string> wrong;
};

/// One place under every operation, over one data folder and one provider.
class Row {
 public:
  Row(std::string place, const std::vector<Operation>& operations, StoreKind store)
      : place_(std::move(place)),
        operations_(operations),
        scene_(options_of(operations.front().provider, store)),
        cells(operations.size()) {}

  void run() {
    try {
      scene_.start();
      scene_.make_endpoint("shop");
      for (at_ = 0; at_ < operations_.size(); ++at_) guarded_cell();
      finish();
    } catch (const std::exception& error) {
      wrong(error.what());
    }
  }

 private:
  static SceneOptions options_of(const std::string& provider, StoreKind store) {
    SceneOptions options;
    options.store = store;
    if (provider != "stripe") options.provider = provider;
    return options;
  }

  std::string place_;
  const std::vector<Operation>& operations_;
  Scene scene_;
  std::size_t at_ = 0;
  bool waits_ = false;  // a payment waits for people
  std::vector<Promised> promises_{};

 public:
  std::vector<Cell> cells;

 private:
  Cell& cell() { return cells[std::min(at_, cells.size() - 1)]; }
  void wrong(std::string what) { cell().wrong.push_back(std::move(what)); }
  void remember(const ApiResponse& answer) {
    if (answer.status >= 200 && answer.status < 300) promises_.push_back(promised(answer.json()));
  }

  /// One cell that cannot be played costs only itself.
  void guarded_cell() {
    try {
      run_cell();
    } catch (const std::exception& error) {
      wrong(error.what());
      scene_.disarm();
    }
  }

  void run_cell() {
    const auto& operation = operations_[at_];
    if (scene_.dead(0ms)) scene_.start();
    if (!scene_.webhooks_done(10s)) wrong("webhooks of the cell before are not worked on");
    if (operation.prepare) cell().payment = operation.prepare(scene_);
    const auto request = operation.request ? operation.request(scene_, cell().payment) : Request{};
    const auto object = operation.provoke ? object_of(cell().payment) : std::string{};
    scene_.arm(place_);
    ApiResponse first;
    if (operation.request) first = scene_.send(request);
    if (operation.provoke) operation.provoke(scene_, object);
    remember(first);
    // Either it dies, or it comes to its end without having come by.
    const bool answered = first.status != 0 || !operation.request;
    const bool ended =
        eventually(20s, [&] { return scene_.dead(0ms) || (answered && done(first)); });
    if (!ended) wrong("neither death nor an end; it is " + scene_.status_of(cell().payment));
    cell().died = scene_.dead(100ms);  // some places come behind the end
    scene_.disarm();
    // It may just have read its order.
    if (scene_.dead(50ms)) {
      cell().died = true;
      scene_.start();
    }
    if (operation.blind && cell().died && never_arrived(request)) {
      waits_ = cell().waits = true;
      return;
    }
    if (operation.request) repeat(request, first);
    if (operation.carry_on) carry_on();
    settle();
    if (operation.undo) operation.undo(scene_);
  }

  /// Nobody can know whether the provider got it: it is honestly unknown and not sent again.
  bool never_arrived(const Request& request) {
    ApiResponse answer;
    (void)eventually(20s, [&] {
      answer = scene_.send(request);
      return answer.status >= 200 && answer.status < 300;
    });
    if (answer.status != 202) return false;
    remember(answer);
    cell().payment = std::string{answer.json().at("id").as_string()};
    return !eventually(blind_for, [&] {
      return scene_.status_of(cell().payment) != "processing" ||
             scene_.effects_of(cell().payment).size() >= operations_[at_].effects.size();
    });
  }

  /// The payer's turn has come, and he takes it.
  void carry_on() {
    const auto& payment = cell().payment;
    if (!eventually(20s, [&] { return scene_.status_of(payment) == "requires_action"; }))
      return wrong("the payer's turn does not come; it is " + scene_.status_of(payment));
    operations_[at_].carry_on(scene_, payment);
  }

  /// The provider's own id of a payment; empty before there is one.
  std::string object_of(const std::string& payment) {
    if (payment.empty()) return {};
    const auto shown = scene_.client().get("/api/v1/payments/" + payment).json();
    return std::string{shown.at("provider_payment_id").as_string()};
  }

  /// Whether the operation is over and everybody has been told.
  bool done(const ApiResponse& first) {
    if (cell().payment.empty() && first.status >= 200 && first.status < 300)
      cell().payment = std::string{first.json().at("id").as_string()};
    if (cell().payment.empty()) return false;
    if (operations_[at_].carry_on) return scene_.status_of(cell().payment) == "requires_action";
    return is_over();
  }
  bool is_over() {
    const auto& operation = operations_[at_];
    return scene_.status_of(cell().payment) == operation.ends_as &&
           (!operation.arrived || operation.arrived(scene_, cell().payment)) &&
           merchant_knows(scene_, cell().payment, operation.told);
  }

  /// The request named a time that has passed meanwhile.
  static bool passed(const ApiResponse& answer) {
    if (answer.status != 400) return false;
    const auto problem = answer.json();
    const auto* field = problem.as_object().if_contains("field");
    return field != nullptr && *field == "capture_at";
  }

  /// The client asks again with the same key: the same answer, or "not yet" and then the same.
  void repeat(const Request& request, const ApiResponse& first) {
    const auto answer = scene_.insist(request, [&](const ApiResponse& odd) {
      wrong("a repeated request was answered " + std::to_string(odd.status) + " " + odd.body);
    });
    remember(answer);
    if (passed(answer) && first.status == 0 && cell().payment.empty()) {
      // Nothing had happened, and by now its time is over: the client asks for a later one.
      return repeat(operations_[at_].request(scene_, {}), first);
    }
    if (answer.status < 200 || answer.status >= 300)
      return wrong("a repeated request ended with " + std::to_string(answer.status) + " " +
                   answer.body);
    const bool first_was_final = first.status == 200 || first.status == 201;
    if (first_was_final && (first.status != answer.status || first.body != answer.body))
      wrong("a repeated request has another answer: " + first.body + " then " + answer.body);
    const auto again = scene_.send(request);
    if (again.status != answer.status || again.body != answer.body)
      wrong("the third answer is not the second: " + answer.body + " then " + again.body);
    const std::string id{answer.json().at("id").as_string()};
    if (!cell().payment.empty() && cell().payment != id)
      wrong("another payment answers: " + cell().payment + " then " + id);
    cell().payment = id;
  }

  void settle() {
    const auto& operation = operations_[at_];
    const auto& payment = cell().payment;
    if (!eventually(settled_within, [&] { return is_over(); }))
      return wrong("it does not come to its end; it is " + scene_.status_of(payment) + ": " +
                   scene_.client().get("/api/v1/payments/" + payment + "/events").body);
    const auto effects = effects_by_payment(scene_.effects_of(payment))[payment];
    for (auto& what :
         disagreements(scene_.client().get("/api/v1/payments/" + payment).json(), effects))
      wrong(std::move(what));
    if (effects.kinds != operation.effects) {
      std::string kinds;
      for (const auto& kind : effects.kinds) kinds += " " + kind;
      wrong("the provider's effects are" + kinds);
    }
  }

  /// The server ends in order, and everything of the row is judged at once.
  void finish() {
    if (!scene_.stop_at_rest()) wrong("the server does not end in order");
    auto evidence = scene_.evidence(promises_);
    evidence.settled = !waits_;  // what waits for people is open
    for (const auto& violation : violations(evidence)) {
      const auto mine = std::find_if(cells.begin(), cells.end(), [&](const Cell& one) {
        return one.payment == violation.payment;
      });
      (mine == cells.end() ? cells.back() : *mine).wrong.push_back(to_string(violation));
    }
  }
};

class CrashMatrix : public testing::TestWithParam<StoreKind> {};
INSTANTIATE_TEST_SUITE_P(Stores, CrashMatrix, every_store(), name_of_store);

/// Dies at every place under every operation.
void play(const std::vector<Operation>& columns, StoreKind store, unsigned threads) {
  std::vector<std::string> titles;
  for (const auto& operation : columns) titles.push_back(operation.name);
  std::vector<std::string> names;
  for (const auto& place : places_of(columns)) names.push_back(place.text());

  std::vector<std::vector<Cell>> results(names.size());
  in_parallel(names.size(), threads, [&](std::size_t i) {
    Row row{names[i], columns, store};
    row.run();
    results[i] = std::move(row.cells);
  });

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

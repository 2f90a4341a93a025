#include "tests/integration/reliability/fault_row.hpp"

#include <algorithm>
#include <set>

#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using Cell = FaultCell;
using Steady = std::chrono::steady_clock;

/// What the issue allows after the provider is back.
constexpr auto settled_within = 60s;

/// With these the effect has happened although nobody heard of it: it must be found.
const std::set<std::string> takes_effect{"timeout_after", "reset_mid_body", "http_500_after",
                                         "slow",          "truncated_json", "wrong_type"};

/// Without an answer, and without a word from the payer's phone, nobody knows, and nothing may be
/// sent again: it waits for people. That long nothing must happen, which is longer than any
/// emulated payer takes.
constexpr auto blind_for = 4s;

/// `slow` is slower than the server waits.
std::string rule(const std::string& call, const std::string& fault) {
  return "{" + call + R"(,"fault":")" + fault + "\"" +
         (fault == "slow" ? R"(,"delay_ms":600)" : "") + "}";
}

SceneOptions broken(const std::string& provider) {
  SceneOptions options;
  options.program = CAMBIST_BINARY;
  // What is not heard must be asked for; but of M-Pesa's results some are told to callbacks alone.
  options.webhooks = provider.starts_with("mpesa");
  if (provider != "stripe") options.provider = provider;
  options.environment = {
      {"CAMBIST_SERVER_REQUEST_DEADLINE_MS", "1200"},
      {variable_of(provider, "CALL_TIMEOUT_MS"), "250"},
      {variable_of(provider, "BREAKER_CONSECUTIVE_FAILURES_MAX"), "5"},
      {variable_of(provider, "BREAKER_WINDOW_CALLS_MIN"), "20"},
      {variable_of(provider, "BREAKER_OPEN_MIN_MS"), "200"},
      {variable_of(provider, "BREAKER_OPEN_MAX_MS"), "500"},
  };
  return options;
}

/// One fault at every operation, one after the other, at a provider of its own.
class Row {
 public:
  Row(std::string fault, const std::vector<Operation>& operations)
      : cells(operations.size()),
        fault_(std::move(fault)),
        operations_(operations),
        scene_(broken(operations.front().provider)) {}

  void run() {
    try {
      scene_.start();
      for (at_ = 0; at_ < operations_.size(); ++at_) run_cell();
      if (!scene_.stop()) wrong("the server does not end in order");
      auto evidence = scene_.evidence(promises_);
      evidence.settled = !waits_;  // what waits for people is open
      for (const auto& violation : violations(evidence)) {
        const auto mine = std::find_if(cells.begin(), cells.end(), [&](const Cell& one) {
          return one.payment == violation.payment;
        });
        (mine == cells.end() ? cells.back() : *mine).wrong.push_back(to_string(violation));
      }
    } catch (const std::exception& error) {
      wrong(error.what());
    }
  }

  std::vector<Cell> cells;

 private:
  const Operation& operation() const { return operations_[at_]; }
  Cell& cell() { return cells[std::min(at_, cells.size() - 1)]; }
  void wrong(std::string what) { cell().wrong.push_back(std::move(what)); }
  void remember(const ApiResponse& answer) {
    if (answer.status >= 200 && answer.status < 300) promises_.push_back(promised(answer.json()));
  }

  void run_cell() {
    if (operation().prepare) cell().payment = prepare();
    const auto request = operation().request(scene_, cell().payment);
    break_provider();
    const auto first = scene_.send(request);
    remember(first);
    if (first.status == 0) wrong("no answer");
    if (cell().payment.empty()) cell().payment = payment_in(first);
    if (cell().payment.empty()) return wrong("no payment: " + first.body);
    if (first.status == 202) refuse_conflicts();
    if (operation().meanwhile) operation().meanwhile(scene_);
    if (operation().provider != "stripe") must_have_met_it();
    scene_.sandbox().faults(R"({"rules":[]})");
    const auto back = Steady::now();
    if (operation().blind && never_arrived(first)) return wait_for_people();
    if (!wait_until_settled(scene_.client(), {cell().payment}, settled_within))
      return wrong("not settled: " +
                   scene_.client().get("/api/v1/payments/" + cell().payment + "/events").body);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - back);
    repeat(request, first);
    const auto now = scene_.status_of(cell().payment);
    if (operation().carry_on && now != operation().ends_as && now != "failed")
      operation().carry_on(scene_, cell().payment);
    judge(took);
  }

  /// A cell whose fault nobody met would prove nothing.
  void must_have_met_it() {
    const auto shown = scene_.sandbox().client().get("/sandbox/faults").json();
    for (const auto& one : shown.at("rules").as_array()) {
      if (one.at("fired").to_number<int>() == 0)
        wrong("a fault was not met: " + boost::json::serialize(one));
    }
  }

  [[nodiscard]] bool never_arrived(const ApiResponse& first) const {
    return first.status == 202 && !takes_effect.contains(fault_);
  }

  /// It is honestly unknown, and it is not sent again.
  void wait_for_people() {
    const auto before = scene_.effects_of(cell().payment).size();
    const bool changed = eventually(blind_for, [&] {
      return scene_.status_of(cell().payment) != "processing" ||
             scene_.effects_of(cell().payment).size() != before;
    });
    if (changed)
      wrong("nobody can know what became of it, and it is " + scene_.status_of(cell().payment));
    if (before + 1 != operation().effects.size()) wrong("it never arrived, but has an effect");
    waits_ = true;
    cell().mark = "waits for people";
  }

  /// The circuit breaker may still be open from the cell before.
  std::string prepare() {
    std::string payment;
    if (!eventually(20s, [&] {
          try {
            payment = operation().prepare(scene_);
          } catch (const std::exception&) {
          }
          return !payment.empty();
        }))
      throw std::runtime_error("the provider does not come back");
    return payment;
  }

  void break_provider() {
    const auto rules =
        (operation().loses.empty()
             ? std::string{}
             : "{" + operation().loses + R"(,"fault":"reset_mid_body","count":1},)") +
        rule(operation().fault_at, fault_);
    if (!operation().prepare) (void)make_until_closed();
    if (operation().cold) {
      if (!scene_.stop()) wrong("the server does not end in order");
      scene_.start();
    }
    scene_.sandbox().faults(R"({"rules":[)" + rules + "]}");
  }
  /// So that the fault, and not the breaker, is what the operation meets.
  std::string make_until_closed() {
    std::string payment;
    const auto other = std::find_if(operations_.begin(), operations_.end(),
                                    [](const Operation& one) { return bool{one.prepare}; });
    (void)eventually(20s, [&] {
      try {
        payment = other->prepare(scene_);
      } catch (const std::exception&) {
      }
      return !payment.empty();
    });
    return payment;
  }

  static std::string payment_in(const ApiResponse& answer) {
    const auto body = answer.json();
    if (!body.is_object()) return {};
    const auto& members = body.as_object();
    if (const auto* id = members.if_contains("id")) return std::string{id->as_string()};
    const auto* payment = members.if_contains("payment");
    return payment && payment->is_object() ? std::string{payment->at("id").as_string()}
                                           : std::string{};
  }

  /// Nobody knows what became of it: reads work, and whatever would contradict it waits.
  void refuse_conflicts() {
    const auto target = "/api/v1/payments/" + cell().payment;
    for (const char* what : {"/capture", "/cancel", "/refund"}) {
      const auto answer = scene_.client().post(target + what, "{}", scene_.fresh_key());
      if (scene_.status_of(cell().payment) != "processing") return;  // it was settled meanwhile
      if (answer.status != 409)
        wrong(std::string{what} + " while unknown was answered " + std::to_string(answer.status) +
              " " + answer.body);
      if (http::find(answer.headers, "Retry-After") == nullptr)
        wrong(std::string{what} + " while unknown: no Retry-After");
      ++cell().conflicts;
    }
  }

  /// The same answer again, unless the first was "surely not processed": then the key is free, and
  /// the request is made anew.
  void repeat(const Request& request, const ApiResponse& first) {
    const bool refused = first.status == 503;
    // A refusal of what the payer has come back for ends the payment: nothing is left to confirm.
    if (refused && operation().prepare && scene_.status_of(cell().payment) == "failed") {
      const auto again = scene_.send(request);
      if (again.status != 409)
        wrong("a payment that is over was answered " + std::to_string(again.status));
      cell().mark = "refused, ";
      return;
    }
    const auto answer = scene_.insist(request, [&](const ApiResponse& odd) {
      if (!refused || odd.status != 503)
        wrong("a repeated request was answered " + std::to_string(odd.status) + " " + odd.body);
    });
    remember(answer);
    if (!refused) {
      if (first.status != 202 && (first.status != answer.status || first.body != answer.body))
        wrong("a repeated request has another answer: " + first.body + " then " + answer.body);
      return;
    }
    cell().mark = "refused, ";
    agree(cell().payment);
    if (answer.status >= 200 && answer.status < 300) cell().payment = payment_in(answer);
  }

  /// The payment as it is shown, after it was compared with the provider's ledger.
  boost::json::value agree(const std::string& payment) {
    auto shown = scene_.client().get("/api/v1/payments/" + payment).json();
    const auto effects = effects_by_payment(scene_.effects_of(payment))[payment];
    for (auto& what : disagreements(shown, effects)) wrong(std::move(what));
    return shown;
  }

  void judge(std::chrono::milliseconds took) {
    const auto shown = agree(cell().payment);
    const auto effects = effects_by_payment(scene_.effects_of(cell().payment))[cell().payment];
    const bool done = shown.at("status").as_string() == operation().ends_as;
    if (done && effects.kinds != operation().effects) wrong("done, but with other effects");
    if (!done && effects.kinds.size() + 1 != operation().effects.size())
      wrong("not done, but with an effect");
    if (!done && (takes_effect.contains(fault_) || operation().name == "inquire"))
      wrong("it was done at the provider and is " + std::string{shown.at("status").as_string()});
    cell().mark += (done ? "done " : "undone ") + std::to_string(took.count()) + "ms";
  }

  std::string fault_;
  const std::vector<Operation>& operations_;
  Scene scene_;
  std::size_t at_ = 0;
  bool waits_ = false;  // a payment waits for people
  std::vector<Promised> promises_{};
};

}  // namespace

std::vector<FaultCell> meet(const std::string& fault, const std::vector<Operation>& operations) {
  Row row{fault, operations};
  row.run();
  return std::move(row.cells);
}

}  // namespace cambist::test

#include "tests/integration/reliability/crash_row.hpp"

#include <algorithm>

#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using Cell = CrashCell;

/// What never arrived at a blind provider waits for people. That long nothing must happen, which is
/// longer than any emulated payer takes.
constexpr auto blind_for = 5s;

/// A webhook that came while the server was down comes again after half a minute.
constexpr auto settled_within = 60s;

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

  /// Nobody can know whether the provider got it: it is honestly unknown and not sent again, and a
  /// repeated request is told that the first is not done.
  bool never_arrived(const Request& request) {
    ApiResponse answer;
    (void)eventually(20s, [&] {
      answer = scene_.send(request);
      return answer.status == 409 || (answer.status >= 200 && answer.status < 300);
    });
    if (answer.status != 202 && answer.status != 409) return false;
    auto& payment = cell().payment;
    if (payment.empty()) {
      const auto newest = scene_.client().get("/api/v1/payments?limit=1").json();
      payment = std::string{newest.at("data").as_array().at(0).at("id").as_string()};
    }
    return !eventually(blind_for, [&] {
      return scene_.status_of(payment) != "processing" ||
             scene_.effects_of(payment).size() >= operations_[at_].effects.size();
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
    const bool prepared = bool{operations_[at_].prepare};
    if (passed(answer) && first.status == 0 && (prepared || cell().payment.empty())) {
      // Nothing had happened, and by now its time is over: the client asks for a later one.
      return repeat(operations_[at_].request(scene_, cell().payment), first);
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

}  // namespace

std::vector<CrashCell> die_at(const std::string& place, const std::vector<Operation>& operations,
                              StoreKind store) {
  Row row{place, operations, store};
  row.run();
  return std::move(row.cells);
}

}  // namespace cambist::test

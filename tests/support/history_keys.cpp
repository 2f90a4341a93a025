// I8: the same key and the same request, the same answer; another request is refused.
//
// What is kept under a key is the answer of what it began. A request that was refused before
// anything began left no trace, and may be answered differently the next time; one that an outage
// stopped (503) has given its key back.
#include <algorithm>
#include <utility>

#include "tests/support/history_index.hpp"

namespace cambist::test::history {
namespace {

using payment::OperationStatus;

/// The final word on a request, as it is kept under its key.
bool settled(const ClientCall& call) {
  if (!call.answered || !begins_something(call)) return false;
  const bool with_payment = call.body.find(R"("payment":{"id":)") != std::string::npos;
  return call.status == 200 || call.status == 201 || call.status == 402 ||
         ((call.status == 422 || call.status == 424) && with_payment);
}

/// Nothing was said of the request itself.
bool says_nothing(const ClientCall& call) {
  return !call.answered || call.status == 0 || call.status == 401 || call.status == 429 ||
         call.status >= 500;
}

class Keys {
 public:
  Keys(const Index& index, const HistoryRules& rules, std::vector<Violation>& found)
      : index_(index), rules_(rules), found_(found) {}

  void run() {
    for (const auto& [key, calls] : index_.by_key()) {
      began_once(key);
      answered_alike(calls);
      explained(calls);
    }
  }

 private:
  void say(const ClientCall& call, std::string what) {
    found_.push_back(
        {"I8", call.payment, name_of(call) + " with the key " + call.key + std::move(what)});
  }

  bool far_apart(TimePoint a, TimePoint b) const {
    if (a == TimePoint{} || b == TimePoint{}) return false;
    return (a < b ? b - a : a - b) >= rules_.key_lifetime;
  }

  /// Whether some client was answered 202 with the payment that it began.
  bool was_told(const std::string& key, const Begun& begun) const {
    const auto calls = index_.by_key().find(key);
    if (calls == index_.by_key().end()) return false;
    return std::any_of(calls->second.begin(), calls->second.end(), [&](const ClientCall* call) {
      return call->kind == "create" && call->answered && call->status == 202 &&
             call->body.find(begun.payment) != std::string::npos;
    });
  }

  /// A key begins one operation. Only one that was surely not done may have another after it.
  void began_once(const std::string& key) {
    const Begun* first = nullptr;
    for (const auto* begun : index_.begun_with_key(key)) {
      if (end_of(*begun) == OperationStatus::refused && !was_told(key, *begun)) continue;
      if (first != nullptr && !far_apart(first->at, begun->at))
        found_.push_back(
            {"I8", begun->payment, "the key " + key + " began more than one operation"});
      first = begun;
    }
  }

  /// `calls` in the order of asking.
  void answered_alike(const std::vector<const ClientCall*>& calls) {
    const ClientCall* first = nullptr;
    for (const auto* call : calls) {
      if (settled(*call) && (first == nullptr || far_apart(first->asked_at, call->asked_at)))
        first = call;
      if (first == nullptr || first == call || says_nothing(*call) || !begins_something(*call))
        continue;
      const bool same = call->fingerprint == first->fingerprint;
      if (settled(*call)) {
        if (!same) {
          say(*call, " was answered, and another request with it too");
        } else if (call->status != first->status || call->body != first->body) {
          say(*call, " was answered otherwise than the one before");
        }
        continue;
      }
      if (call->asked <= *first->answered) continue;  // at the same time
      if (same && call->status == 202) continue;      // it is to look again
      const auto code = code_of(*call);
      if (same) {
        say(*call, " was answered " + std::to_string(call->status) + " " + code +
                       ", though its answer had been given");
      } else if (call->status != 400 && call->status != 404 && code != "idempotency_key_reused") {
        say(*call, " was answered " + std::to_string(call->status) + " " + code +
                       ", though another request had used it");
      }
    }
  }

  void explained(const std::vector<const ClientCall*>& calls) {
    for (const auto* call : calls) {
      if (!call->answered) continue;
      const auto code = code_of(*call);
      const bool reused = code == "idempotency_key_reused";
      if (!reused && code != "idempotency_in_progress") continue;
      bool other = false;
      for (const auto* one : calls) {
        other = other || (one != call && one->asked < *call->answered &&
                          (!reused || one->fingerprint != call->fingerprint));
      }
      if (!other) say(*call, " was refused (" + code + "), and no other request has it");
    }
  }

  const Index& index_;
  const HistoryRules& rules_;
  std::vector<Violation>& found_;
};

}  // namespace

void judge_keys(const Index& index, const HistoryRules& rules, std::vector<Violation>& found) {
  Keys{index, rules, found}.run();
}

}  // namespace cambist::test::history

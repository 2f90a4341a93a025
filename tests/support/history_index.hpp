// The two sides of a history, ready to be compared: how each payment was, version by version, and
// what each call was shown of it. Only history*.cpp include this.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/support/history.hpp"

namespace cambist::test::history {

/// Versions that the API shows alike.
struct Span {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// A payment as its events make it. Shape: `versions[v]` is the payment after `v` events.
struct Life {
  std::vector<payment::Event> events;
  std::vector<payment::Payment> versions;
  std::unordered_map<std::string, Span> shown;
};

/// Where a client's command stands in a stream: an operation that started, or was taken up again.
/// Shape: the command was decided at `before`; `version` is the first that shows it.
struct Begun {
  std::string payment;
  const Life* life = nullptr;
  std::uint64_t before = 0;
  std::uint64_t version = 0;
  TimePoint at{};
  payment::Origin origin;
  payment::Operation operation;
  bool confirm = false;
};

/// What a call was shown of a payment. Shape: `json` and `payment` are empty when of none;
/// `span` is empty when the payment never was so.
struct Sight {
  std::string_view json;
  std::string payment;
  const Life* life = nullptr;
  std::optional<Span> span;
};

class Index {
 public:
  Index(const std::vector<ClientCall>& calls, const Books& books);
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  [[nodiscard]] const std::vector<ClientCall>& calls() const { return calls_; }
  [[nodiscard]] const Sight& sight(std::size_t call) const { return sights_[call]; }
  [[nodiscard]] const std::vector<Begun>& begun() const { return begun_; }
  /// Nullptr when the payment is not there, or its events are not understood.
  [[nodiscard]] const Life* life(const std::string& payment) const;
  [[nodiscard]] std::vector<const Begun*> begun_with_key(const std::string& key) const;
  [[nodiscard]] std::vector<const Begun*> begun_by_request(const std::string& request_id) const;
  [[nodiscard]] std::size_t calls_with_request(const std::string& request_id) const;
  /// By key, in the order of asking.
  [[nodiscard]] const std::map<std::string, std::vector<const ClientCall*>>& by_key() const {
    return by_key_;
  }
  /// The version that an answer had shown to somebody before `position`: whoever asks then cannot
  /// be shown less. Zero: none.
  [[nodiscard]] std::uint64_t seen_before(const std::string& payment, std::uint64_t position) const;

 private:
  void add_life(const std::string& id, const StoredPayment& stored);
  void look(const ClientCall& call);

  const std::vector<ClientCall>& calls_;
  std::map<std::string, Life> lives_;
  std::vector<Begun> begun_;
  std::unordered_map<std::string, std::vector<std::size_t>> begun_by_key_;
  std::unordered_map<std::string, std::vector<std::size_t>> begun_by_request_;
  std::unordered_map<std::string, std::size_t> requests_;
  std::map<std::string, std::vector<const ClientCall*>> by_key_;
  std::vector<Sight> sights_;
  // By payment: positions of answers and the least version that had been shown by then, growing.
  std::unordered_map<std::string, std::vector<std::pair<std::uint64_t, std::uint64_t>>> seen_;
};

/// The problem's code; empty in any other body.
[[nodiscard]] std::string code_of(const ClientCall& call);
[[nodiscard]] std::string detail_of(const ClientCall& call);
/// Whether `kind` is a command that begins an operation or takes one up.
[[nodiscard]] bool begins_something(const ClientCall& call);
/// "refund req_…", for sentences.
[[nodiscard]] std::string name_of(const ClientCall& call);
/// How the operation ended, or stands.
[[nodiscard]] payment::OperationStatus end_of(const Begun& begun);

// --- the parts, in files of their own
/// I2 and I5: what commands left, and why others were refused.
void judge_commands(const Index& index, const HistoryRules& rules, std::vector<Violation>& found);
/// I8: keys.
void judge_keys(const Index& index, const HistoryRules& rules, std::vector<Violation>& found);

}  // namespace cambist::test::history

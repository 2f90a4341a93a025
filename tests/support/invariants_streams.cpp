// I5 and I7: the event streams, folded again by the machine itself, against what reads are shown.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "protocols/api/answers.hpp"
#include "protocols/payment/announce.hpp"
#include "protocols/payment/codec.hpp"
#include "protocols/payment/ledger.hpp"
#include "tests/support/invariants.hpp"

namespace cambist::test {
namespace {

using payment::Status;

/// From one settled status to the next; `processing` and `pending` in between are left out.
const std::map<Status, std::set<Status>> allowed{
    {Status::pending,
     {Status::requires_action, Status::authorized, Status::captured, Status::failed}},
    {Status::requires_action,
     {Status::authorized, Status::captured, Status::failed, Status::voided, Status::expired}},
    {Status::authorized,
     {Status::partially_captured, Status::captured, Status::voided, Status::expired}},
    {Status::partially_captured, {Status::captured, Status::partially_refunded, Status::refunded}},
    {Status::captured, {Status::partially_refunded, Status::refunded}},
    {Status::partially_refunded, {Status::refunded}},
};

bool settled(Status status) {
  return status != Status::processing && status != Status::pending;
}

/// One payment's stream from its first event on.
class Fold {
 public:
  Fold(const std::string& id, const StoredPayment& stored,
       const std::vector<storage::StoredOutbox>& outbox, std::vector<Violation>& found)
      : id_(id), stored_(stored), outbox_(outbox), found_(found) {}

  void run(bool all_settled) {
    for (const auto& [sequence, row] : stored_.events) {
      if (sequence != ++seen_) {
        say("I5", "event " + std::to_string(seen_) + " is missing or there twice");
        seen_ = sequence;
      }
      if (!ids_.insert(row.id).second) say("I5", "two events have the id " + row.id.to_string());
      auto fact = payment::decode(row.type, row.schema_version, row.json);
      if (!fact) return say("I5", "event " + std::to_string(sequence) + " is not understood");
      take({row.at, std::move(*fact)});
    }
    compare_row();
    compare_ledger();
    compare_outbox();
    see_to_wakes(all_settled);
  }

 private:
  void say(const char* invariant, std::string what) {
    found_.push_back({invariant, id_, std::move(what)});
  }

  void take(const payment::Event& event) {
    const auto before = payment_;
    for (const auto& posting : payment::postings(before, event))
      ++postings_[{posting.account, std::string{posting.amount.currency.code()},
                   posting.amount.minor}];
    payment_ = payment::evolve(std::move(payment_), event);
    const auto status = payment::status_of(payment_);
    told(before, event);
    // The one way back: a bank undoes a refund that it had called done.
    const bool undone = std::holds_alternative<payment::RefundReversed>(event.fact);
    undone_ = undone_ || undone;  // another refund may hide it until it is settled
    if (!undone && payment::is_terminal(before) && status != payment::status_of(before))
      say("I5", "it left " + std::string{payment::to_string(payment::status_of(before))} +
                    ", which is an end");
    if (!settled(status) || status == last_) return;
    if (!std::exchange(undone_, false) && !may_follow(last_, status))
      say("I5", "it went from " + std::string{payment::to_string(last_)} + " to " +
                    std::string{payment::to_string(status)});
    last_ = status;
  }

  /// What merchants must hear of it, in this order.
  void told(const payment::Payment& before, const payment::Event& event) {
    for (auto& one : payment::announcements(before, event, payment_))
      announced_.push_back({std::move(one.type), std::move(one.json), payment_.version});
  }

  /// The outbox tells what happened: all of it, once each, in order.
  void compare_outbox() {
    std::vector<Told> kept;
    for (const auto& [position, row] : outbox_) {
      kept.push_back({row.type, row.json, row.sequence});
    }
    if (kept.size() != announced_.size())
      say("I10", "its events tell merchants " + std::to_string(announced_.size()) +
                     " things, the outbox has " + std::to_string(kept.size()));
    for (std::size_t i = 0; i < std::min(kept.size(), announced_.size()); ++i) {
      if (!(kept[i] == announced_[i]))
        return say("I10", "the outbox has " + kept[i].type + " where its events tell " +
                              announced_[i].type);
    }
  }

  /// What reads are shown is the fold of the events, to the letter.
  void compare_row() {
    const auto& row = stored_.row;
    if (row.version != stored_.events.size() || row.version != payment_.version)
      say("I5", "its version is " + std::to_string(row.version) + ", its events are " +
                    std::to_string(stored_.events.size()));
    const std::string status{payment::to_string(payment::status_of(payment_))};
    if (row.status != status) say("I5", "it shows " + row.status + ", its events say " + status);
    if (row.json != api::render(payment_))
      say("I5", "what the API shows is not what its events say");
    if (row.captured_minor != payment::captured(payment_).minor ||
        row.refunded_minor != payment::refunded(payment_).minor)
      say("I5", "its sums are not those of its events");
    if (row.open != (payment::running(payment_) != nullptr))
      say("I5", row.open ? "it is marked open and is not" : "it is open and not marked so");
  }

  /// The postings that were kept are those that the events make, no more and no fewer.
  void compare_ledger() {
    auto kept = postings_;
    for (const auto& entry : stored_.ledger)
      --kept[{entry.account, std::string{entry.amount.currency.code()}, entry.amount.minor}];
    for (const auto& [posting, count] : kept) {
      if (count != 0)
        say("I4", std::to_string(count) + " postings too few on " + std::get<0>(posting) + " of " +
                      std::to_string(std::get<2>(posting)));
    }
  }

  void see_to_wakes(bool all_settled) {
    const bool owed = payment::wake_at(payment_, payment::Policy{}).has_value();
    if (owed && !stored_.due) say("I7", "something is owed, and no timer will wake it");
    if (!owed && stored_.due) say("I7", "a timer is set, and nothing is owed");
    if (all_settled && payment_.version > 0 &&
        payment::status_of(payment_) == payment::Status::processing)
      say("I7", "it is still processing");
  }

  const std::string& id_;
  const StoredPayment& stored_;
  const std::vector<storage::StoredOutbox>& outbox_;  // of this payment
  std::vector<Violation>& found_;
  payment::Payment payment_{};
  std::uint64_t seen_ = 0;
  Status last_ = Status::pending;
  bool undone_ = false;
  std::set<EventId> ids_;
  struct Told {
    std::string type;
    std::string json;
    std::uint64_t sequence = 0;
    friend bool operator==(const Told&, const Told&) = default;
  };
  std::vector<Told> announced_;
  std::map<std::tuple<std::string, std::string, std::int64_t>, int> postings_;
};

}  // namespace

bool may_follow(payment::Status from, payment::Status to) {
  const auto next = allowed.find(from);
  return next != allowed.end() && next->second.contains(to);
}

std::optional<payment::Payment> folded(const StoredPayment& stored) {
  payment::Payment payment;
  for (const auto& [sequence, row] : stored.events) {
    auto fact = payment::decode(row.type, row.schema_version, row.json);
    if (!fact) return std::nullopt;
    payment = payment::evolve(std::move(payment), {row.at, std::move(*fact)});
  }
  return payment;
}

void judge_streams(const Evidence& evidence, std::vector<Violation>& found) {
  std::map<std::string, std::vector<storage::StoredOutbox>> outbox;
  for (const auto& one : evidence.books.outbox) outbox[one.row.payment.to_string()].push_back(one);
  for (const auto& [id, stored] : evidence.books.payments)
    Fold{id, stored, outbox[id], found}.run(evidence.settled);
}

}  // namespace cambist::test

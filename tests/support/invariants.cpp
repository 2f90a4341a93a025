#include "tests/support/invariants.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "protocols/payment/codec.hpp"
#include "protocols/provider/adapter.hpp"
#include "tests/support/effect_keys.hpp"
#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

/// What came by itself, and is nobody's yet: people have been called about it.
std::int64_t unapplied_of(const payment::Payment& payment) {
  return payment.transfers ? payment.transfers->unapplied_minor : 0;
}
std::int64_t unapplied(const StoredPayment& stored) {
  const auto payment = folded(stored);
  return payment ? unapplied_of(*payment) : 0;
}

std::string text(std::int64_t minor) {
  return std::to_string(minor);
}

/// What an operation may book at the provider. The last capture of several gives the rest back.
bool may_book(const std::string& operation, const std::string& kind) {
  return operation == kind || (operation == "capture" && kind == "void");
}

/// The ledger's times are cut to milliseconds; this is the last instant it can mean.
TimePoint booked_at(const boost::json::value& effect) {
  return parse_rfc3339(effect.at("at").as_string()).value() + std::chrono::milliseconds{1};
}

/// Somebody did it at the provider's own pages: no operation of ours, and no key.
bool by_dashboard(const boost::json::value& effect) {
  const auto* by = effect.as_object().if_contains("by");
  return by != nullptr && *by == "dashboard";
}

class Judge {
 public:
  Judge(const Evidence& evidence, std::vector<Violation>& found)
      : evidence_(evidence), found_(found) {
    for (const auto& effect : with_payments(evidence.books, evidence.effects)) {
      effects_[std::string{effect.at("payment").as_string()}].push_back(effect);
    }
  }

  void run() {
    promises();
    phantoms();
    for (const auto& [id, payment] : evidence_.books.payments) {
      if (payment.row.open && !evidence_.settled) continue;  // its last word is not spoken
      operations(id, payment);
      money(id, payment);
    }
  }

 private:
  void say(const char* invariant, const std::string& payment, std::string what) {
    found_.push_back({invariant, payment, std::move(what)});
  }

  void promises() {
    for (const auto& promise : evidence_.promises) {
      const auto at = evidence_.books.payments.find(promise.payment);
      if (at == evidence_.books.payments.end()) {
        say("I2", promise.payment, "a client was told of it, and it is not there");
        continue;
      }
      const auto& row = at->second.row;
      if (!(row.amount == promise.amount))
        say("I2", promise.payment, "its amount is not the one that the client was told");
      if (!row.open && (row.captured_minor < promise.captured_minor ||
                        row.refunded_minor + reversed(at->second) < promise.refunded_minor))
        say("I2", promise.payment, "a client was told of more money moved than it has");
    }
  }

  /// Whether nothing of it was captured for as long as a hold lives at most.
  bool lapsed(const std::string& id, TimePoint until) {
    constexpr auto lives = std::chrono::hours{24 * 7 - 1};
    const auto& effects = effects_of(id);
    return !has(id, "capture") &&
           std::all_of(effects.begin(), effects.end(), [&](const boost::json::value& effect) {
             return booked_at(effect) + lives <= until;
           });
  }

  /// What refunds that had succeeded have given back again: the bank refused them later.
  static std::int64_t reversed(const StoredPayment& payment) {
    std::int64_t sum = 0;
    for (const auto& [sequence, row] : payment.events) {
      if (row.type != "refund_reversed") continue;
      const auto fact = payment::decode(row.type, row.schema_version, row.json);
      if (fact) sum += std::get<payment::RefundReversed>(*fact).amount.minor;
    }
    return sum;
  }

  void phantoms() {
    for (const auto& [id, effects] : effects_) {
      const auto at = evidence_.books.payments.find(id);
      for (const auto& effect : effects) {
        const std::string key{effect.at("idempotency_key").as_string()};
        if (by_dashboard(effect)) continue;
        const std::string kind{effect.at("kind").as_string()};
        if (at == evidence_.books.payments.end()) {
          say("I3", id, "the provider booked a " + kind + ", and there is no such payment");
          continue;
        }
        const auto* operation = owner_of(at->second, effect);
        if (operation == nullptr) {
          say("I3", id,
              "the provider booked a " + kind + " with the key " + key + " of no operation");
        } else if (!may_book(operation->kind, kind)) {
          say("I3", id, "the provider booked a " + kind + " for a " + operation->kind);
        } else if (booked_at(effect) + evidence_.clock_slack < operation->started_at) {
          say("I3", id, "the provider booked a " + kind + " before it was durable here");
        }
      }
    }
  }

  void operations(const std::string& id, const StoredPayment& payment) {
    for (const auto& operation : payment.operations) {
      std::size_t effects = 0;
      std::size_t standing = 0;  // those that the provider has not taken back
      bool adopted = false;      // it found that somebody had done the same without us
      for (const auto& effect : effects_of(id)) {
        adopted =
            adopted || (by_dashboard(effect) && effect.at("kind").as_string() == operation.kind);
        if (effect.at("kind").as_string() != operation.kind ||
            owner_of(payment, effect) != &operation)
          continue;
        ++effects;
        if (!effect.as_object().contains("taken_back")) ++standing;
      }
      const std::string name = operation.kind + " " + operation.id.to_string();
      if (effects > 1) say("I1", id, name + " has " + std::to_string(effects) + " effects");
      // A payment that still waits for its payer holds no money, nor does one whose hold has
      // lapsed: giving it up moves nothing.
      const bool nothing_held =
          operation.kind == "void" &&
          (!has(id, "authorize") || (went_on(payment) && !held_before(id, operation.started_at)) ||
           lapsed(id, payment.row.updated_at));
      if (operation.status == "succeeded" && effects == 0 && !adopted && !nothing_held)
        say("I7", id, name + " is taken for done, and the provider knows nothing of it");
      // A hold that was given back is none: somebody may have released it before we could ask, or
      // time has.
      const bool released = (operation.kind == "authorize" &&
                             (has(id, "void") || lapsed(id, payment.row.updated_at))) ||
                            unapplied(payment) > 0;  // it came when nobody waited for it any more
      if ((operation.status == "declined" || operation.status == "refused") && standing > 0 &&
          !released)
        say("I7", id,
            name + " is taken for " + operation.status + ", and the provider has done it");
    }
  }

  /// It was tried at more than one provider.
  static bool went_on(const StoredPayment& payment) {
    return std::count_if(payment.operations.begin(), payment.operations.end(),
                         [](const auto& one) { return one.kind == "authorize"; }) > 1;
  }

  /// An attempt that is fenced before the next provider is tried has held nothing.
  bool held_before(const std::string& id, TimePoint at) {
    const auto& effects = effects_of(id);
    return std::any_of(effects.begin(), effects.end(), [&](const boost::json::value& effect) {
      return effect.at("kind").as_string() == "authorize" &&
             booked_at(effect) <= at + evidence_.clock_slack;
    });
  }

  bool has(const std::string& id, std::string_view kind) {
    const auto& effects = effects_of(id);
    return std::any_of(effects.begin(), effects.end(), [kind](const boost::json::value& effect) {
      return effect.at("kind").as_string() == kind;
    });
  }

  void money(const std::string& id, const StoredPayment& payment) {
    boost::json::array mine;
    for (const auto& effect : effects_of(id)) mine.push_back(effect);
    const auto sums = effects_by_payment(mine)[id];
    const auto& row = payment.row;
    if (row.captured_minor + unapplied(payment) != sums.captured)
      say("I4", id,
          "captured " + text(row.captured_minor) + ", the provider says " + text(sums.captured));
    if (row.refunded_minor != sums.refunded)
      say("I4", id,
          "refunded " + text(row.refunded_minor) + ", the provider says " + text(sums.refunded));
    if (row.captured_minor > row.amount.minor) say("I4", id, "more captured than authorized");
    if (row.refunded_minor > row.captured_minor) say("I4", id, "more refunded than captured");
    std::map<std::string, std::int64_t> sum;
    for (const auto& posting : payment.ledger)
      sum[std::string{posting.amount.currency.code()}] += posting.amount.minor;
    for (const auto& [currency, minor] : sum) {
      if (minor != 0) say("I4", id, "its postings in " + currency + " leave " + text(minor));
    }
  }

  const std::vector<boost::json::value>& effects_of(const std::string& id) { return effects_[id]; }

  const Evidence& evidence_;
  std::vector<Violation>& found_;
  std::map<std::string, std::vector<boost::json::value>> effects_;
};

/// The trial balance: every currency sums to nothing, and what the provider owes is what it took in
/// less what it gave back.
void judge_balances(const Evidence& evidence, std::vector<Violation>& found) {
  std::map<std::string, std::int64_t> sums;
  std::map<std::string, std::int64_t> receivable;
  for (const auto& balance : evidence.books.balances) {
    const std::string currency{balance.amount.currency.code()};
    sums[currency] += balance.amount.minor;
    if (balance.account.ends_with(":receivable")) receivable[currency] += balance.amount.minor;
  }
  for (const auto& [currency, minor] : sums) {
    if (minor != 0)
      found.push_back({"I4", "", "the ledger in " + currency + " is off by " + text(minor)});
  }
  std::map<std::string, std::int64_t> moved;
  for (const auto& [id, stored] : evidence.books.payments) {
    const auto payment = folded(stored);
    if (!payment) continue;
    const auto disputed = payment::disputed(*payment).minor;
    moved[std::string{stored.row.amount.currency.code()}] +=
        stored.row.captured_minor - stored.row.refunded_minor - disputed + unapplied_of(*payment);
    if (stored.row.refunded_minor + disputed > stored.row.captured_minor)
      found.push_back({"I4", id, "more refunded and disputed than captured"});
  }
  for (const auto& [currency, minor] : moved) {
    if (minor != receivable[currency])
      found.push_back({"I4", "",
                       "the payments in " + currency + " have moved " + text(minor) +
                           ", the ledger says " + text(receivable[currency])});
  }
}

}  // namespace

Promised promised(const boost::json::value& payment) {
  const auto currency = Currency::parse(payment.at("amount").at("currency").as_string()).value();
  return {std::string{payment.at("id").as_string()},
          {minor_of(payment.at("amount")), currency},
          minor_of(payment.at("captured")),
          minor_of(payment.at("refunded"))};
}

std::string to_string(const Violation& violation) {
  return violation.invariant + (violation.payment.empty() ? "" : " " + violation.payment) + ": " +
         violation.what;
}

std::vector<Violation> violations(const Evidence& evidence) {
  std::vector<Violation> found;
  judge_effects(evidence, found);
  judge_streams(evidence, found);
  judge_events(evidence, found);
  return found;
}

void judge_effects(const Evidence& evidence, std::vector<Violation>& found) {
  Judge{evidence, found}.run();
  judge_balances(evidence, found);
}

}  // namespace cambist::test

// The promises of design.md as a judge: given what the store holds, what the provider's own ledger
// says, and what clients and merchants were told, every promise that is broken is a sentence.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "protocols/payment/payment.hpp"
#include "tests/support/books.hpp"

namespace cambist::test {

/// What a client was told with a 2xx about a payment: it must be there, and money only grows.
struct Promised {
  std::string payment;
  Money amount;
  std::int64_t captured_minor = 0;
  std::int64_t refunded_minor = 0;
};
/// From the payment in an answer's body.
[[nodiscard]] Promised promised(const boost::json::value& payment);

/// One request that reached a merchant's endpoint, verified, in the order of arrival.
/// Shape: `taken` says that it was answered with a 2xx.
struct Received {
  std::string endpoint;
  std::string id;
  std::string type;
  std::string payment;
  std::uint64_t sequence = 0;
  std::string body;
  bool taken = true;
};

/// Shape: `effects` as in `GET /sandbox/ledger`; those that somebody made at the provider's
/// dashboard say so. `forged` are provider event ids that never may be stored. `settled`: nothing
/// is under way any more, so nothing may be open or undelivered. `clock_slack`: how far the wall
/// clock was set back and forth meanwhile; times that differ by less tell nothing.
struct Evidence {
  Books books;
  boost::json::array effects;
  std::vector<Promised> promises{};
  std::vector<Received> received{};
  std::set<std::string> forged{};
  bool settled = true;
  Duration clock_slack{};
};

/// Shape: `invariant` is "I1" to "I10"; `payment` is empty where it concerns no single one.
struct Violation {
  std::string invariant;
  std::string payment;
  std::string what;
};
[[nodiscard]] std::string to_string(const Violation& violation);

/// Empty when every promise is kept.
[[nodiscard]] std::vector<Violation> violations(const Evidence& evidence);

/// Whether a payment may go from one settled status to another; `processing` in between is left
/// out.
[[nodiscard]] bool may_follow(payment::Status from, payment::Status to);

/// The payment as its events make it; nullopt when one is not understood.
[[nodiscard]] std::optional<payment::Payment> folded(const StoredPayment& stored);

// --- the parts, in files of their own
// -------------------------------------------------------------

/// I1 to I4: effects, promises, phantoms, money.
void judge_effects(const Evidence& evidence, std::vector<Violation>& found);
/// I5 and I7: streams, transitions, what is open and who wakes it.
void judge_streams(const Evidence& evidence, std::vector<Violation>& found);
/// I6 and I10: webhooks in, events out.
void judge_events(const Evidence& evidence, std::vector<Violation>& found);

}  // namespace cambist::test

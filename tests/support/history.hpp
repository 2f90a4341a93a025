// What clients saw of each payment, judged against its durable event stream: every answer must be
// what some version of the payment was, in an order that fits the clients' own, and every command
// must have had the effect that its answer says. The payment machine is the sequential
// specification. Part of the judge in invariants.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/core/digest.hpp"
#include "protocols/payment/machine.hpp"
#include "tests/support/invariants.hpp"

namespace cambist::test {

/// One request as its client saw it.
/// Shape: `asked` and `answered` are positions in one total order of all that clients did and saw;
///        `answered` nullopt: no answer (abandoned, connection lost, server died). `payment` is
///        empty for a create. `kind` is "create", "capture", "cancel", "refund", "confirm" or
///        "read"; any other is only looked at for what it was shown. `replayed` is
///        "Idempotent-Replayed". `asked_at` and `answered_at` are by the server's clock, and left
///        at the epoch where that clock may jump.
struct ClientCall {
  std::string payment{};
  std::string kind{};
  std::optional<payment::Command> command{};  // none for reads
  std::string key{};                          // empty: none
  Sha256 fingerprint{};
  std::string request_id{};  // empty: not known; one that several calls carry proves less
  std::uint64_t asked = 0;
  std::optional<std::uint64_t> answered{};
  int status = 0;
  std::string body{};
  bool replayed = false;
  TimePoint asked_at{};
  TimePoint answered_at{};
};

struct HistoryRules {
  payment::Policy policy{};
  Duration key_lifetime = std::chrono::hours{24 * 7};  // then a key may be new
  // Every request of every client is among the calls: what began without one is a phantom.
  bool all_clients = true;
  // The gateway answers 202 with the payment as it stands when its payment says nothing in time;
  // whether a command on it was taken, that does not tell. The actors themselves know.
  bool taken_on_202 = true;
};

/// I1, I2, I3, I5 and I8 as clients see them. Judges with the machine itself, while planted faults
/// are asleep.
void judge_history(const std::vector<ClientCall>& calls, const Books& books,
                   std::vector<Violation>& found, const HistoryRules& rules = {});

}  // namespace cambist::test

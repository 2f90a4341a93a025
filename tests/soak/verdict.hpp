// The judgement: everything that is known of the run, put before the one judge of the promises, and
// the judge himself put to the test with what he has just read.
#pragma once

#include <string>
#include <vector>

#include "tests/soak/tally.hpp"

namespace cambist::soak {

/// Shape: `stories` are the lives of the first payments that something is wrong with. `blind` are
/// spoilt evidences that the judge did not see through: his silence means nothing then.
struct Verdict {
  std::vector<test::Violation> violations;
  std::vector<std::string> stories;
  std::vector<std::string> blind;
  std::size_t payments = 0;
  std::size_t effects = 0;
  std::size_t webhooks = 0;
  std::size_t events = 0;
  std::size_t arrivals = 0;
  std::chrono::duration<double> read_in{};
  std::chrono::duration<double> judged_in{};
  [[nodiscard]] bool clean() const { return violations.empty() && blind.empty(); }
};

/// Violations that mean money or a payment went missing (I2), or that something happened twice (I1;
/// I6 where it speaks of twice).
[[nodiscard]] std::size_t lost(const Verdict& verdict);
[[nodiscard]] std::size_t doubled(const Verdict& verdict);

/// `more` are contradictions that clients saw. Forged webhooks are known by their ids.
[[nodiscard]] Verdict judge(test::Evidence evidence, std::vector<test::Violation> more);

/// Spoils a small part of the evidence in several ways, one after the other; those that are not
/// found, by name.
[[nodiscard]] std::vector<std::string> blind_spots(const test::Evidence& evidence);

}  // namespace cambist::soak

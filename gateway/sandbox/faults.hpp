// The fault switches: rules that say which calls of which provider go wrong, and how.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "protocols/core/error.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox {

/// The operations of a payment by our own names; a provider's call is one of these or none.
enum class Operation : std::uint8_t {
  authorize,
  charge,
  capture,
  void_authorization,
  refund,
  inquire,
  token,
  webhook
};

enum class Fault : std::uint8_t {
  timeout_before,  // no answer ever, no effect
  timeout_after,   // the effect, then no answer ever
  reset_before,    // connection reset, no effect
  reset_mid_body,  // the effect, then a reset inside the answer
  http_500,        // the provider's own 500, no effect
  http_500_after,  // the effect, then the provider's own 500
  http_502_html,   // a gateway's HTML page, no effect
  http_503,        // with Retry-After, no effect
  http_429,        // rate limited, no effect
  slow,            // the right answer, late
  truncated_json,  // the effect, then half an answer
  wrong_type,      // the effect, then JSON whose members have other types than documented
  duplicate,       // this and all below: webhooks only
  reorder,
  delay,
  drop,
  forge,
};

/// What a rule is matched against.
/// Shape: `prepares` is a call that comes before the one with the effect (creating a payment
/// without
///        confirming it), `commits` the one with the effect; a call can be both. `replayed` is a
///        call whose answer is stored already.
struct FaultCall {
  std::string_view provider;
  Operation operation = Operation::inquire;
  bool prepares = false;
  bool commits = true;
  bool replayed = false;
};

struct Hit {
  Fault fault = Fault::slow;
  std::chrono::milliseconds delay{0};
};

/// Rules in the order they were given: the first that matches and fires is the one that counts.
class Faults {
 public:
  explicit Faults(std::vector<std::string> providers) : providers_(std::move(providers)) {}

  /// Replaces all rules by those of a `PUT /sandbox/faults` body.
  /// Errors: malformed_json or invalid_request with `field`; the rules stay as they were.
  [[nodiscard]] Result<void> replace(std::string_view json);
  /// The rules with what is left of their counts.
  [[nodiscard]] boost::json::object show() const;
  void clear() noexcept { rules_.clear(); }
  /// Takes one from the first rule that fires. One draw of `random` per rule with a probability.
  [[nodiscard]] std::optional<Hit> take(const FaultCall& call, const Random& random);

 private:
  struct Rule {
    std::string provider;
    std::optional<Operation> operation;  // none: any but webhooks
    Fault fault = Fault::slow;
    bool on_create = false;
    std::optional<std::int64_t> remaining;  // none: for ever
    std::optional<double> probability;
    std::chrono::milliseconds delay{0};
    std::int64_t fired = 0;
  };
  [[nodiscard]] Result<Rule> read_rule(const boost::json::value& value,
                                       const std::string& path) const;
  [[nodiscard]] static bool matches(const Rule& rule, const FaultCall& call) noexcept;

  std::vector<std::string> providers_;
  std::vector<Rule> rules_;
};

}  // namespace cambist::gateway::sandbox

// Which provider takes a payment, which ones come next, and why: worked out from settings and from
// what is known of the providers at this moment. Pure, so that the same question has the same
// answer whether somebody pays or only asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/core/error.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::routing {

/// What one payment may amount to, in one currency; an end that is not set is open.
struct Limit {
  Currency currency;
  std::optional<std::int64_t> min_minor{};
  std::optional<std::int64_t> max_minor{};
  friend bool operator==(const Limit&, const Limit&) = default;
};

/// A provider account as operators have set it up.
/// Shape: an empty list takes all. `priority`: the lower comes first. `place` is its place in the
///        registry, and breaks ties.
struct Account {
  std::string provider;
  bool enabled = true;
  int priority = 100;
  std::size_t place = 0;
  std::vector<std::string> tenants{};
  std::vector<std::string> currencies{};    // ISO 4217
  std::vector<std::string> countries{};     // ISO 3166 alpha-2
  std::vector<std::string> method_types{};  // "card", "mobile_money", …
  std::vector<std::string> features{};      // names of provider::Feature
  std::vector<Limit> limits{};              // none of a currency: any amount of it
  std::vector<std::string> lacks{};         // features that its adapter has not
  friend bool operator==(const Account&, const Account&) = default;
};

/// What is asked for.
/// Shape: `provider` is the one that the request names, or empty; `country` the payer's, or empty
///        when nobody said; `features` names of provider::Feature.
struct Wish {
  TenantId tenant;
  Money amount;
  std::string method_type;
  std::vector<std::string> features{};
  std::string country{};
  std::string provider{};
};

/// What is known of a provider now.
struct Present {
  bool open = false;                      // its circuit turns calls away
  bool held = false;                      // until an operator says otherwise
  std::optional<TimePoint> open_until{};  // or until then
  bool busy = false;                      // too many calls wait for it
  std::optional<Error> objection{};       // its adapter cannot take this payment
};
struct Candidate {
  Account account;
  Present present{};
};

/// Why a provider was taken or not, in words for people.
struct Considered {
  std::string provider;
  bool chosen = false;
  std::string reason;
  friend bool operator==(const Considered&, const Considered&) = default;
};

/// Shape: `order` holds the chosen one and then those that take over when it surely has not
///        processed the payment, empty when none will do. `considered` holds every candidate once,
///        in order of priority. `objection` is set when nothing but one adapter's objection stood
///        in the way: it says best what is wrong with the request.
struct Plan {
  std::vector<std::string> order{};
  std::vector<Considered> considered{};
  std::optional<Error> objection{};
  friend bool operator==(const Plan&, const Plan&) = default;
};

/// Total. A provider that the request names is taken alone, if it suits, whatever its circuit says.
/// Where all that suit are turned away, the first is chosen all the same: its call tells so.
[[nodiscard]] Plan plan(std::vector<Candidate> candidates, const Wish& wish);

/// The refusal of a request that no provider takes.
[[nodiscard]] Error refusal(const Plan& plan, const Wish& wish);

/// What settings leave open is what the adapter says it can do.
[[nodiscard]] Account with_capabilities(Account account, const provider::Capabilities& can);

}  // namespace cambist::routing

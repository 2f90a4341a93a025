#include "protocols/routing/plan.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace cambist::routing {
namespace {

bool names(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool lists(const std::vector<std::string>& list, std::string_view name) {
  return list.empty() || names(list, name);
}

/// "1.00 to 5000.00 USD", "at most 5000.00 USD"
std::string text_of(const Limit& limit) {
  const auto decimal = [&](std::int64_t minor) { return to_decimal(Money{minor, limit.currency}); };
  const std::string code{limit.currency.code()};
  if (limit.min_minor && limit.max_minor)
    return decimal(*limit.min_minor) + " to " + decimal(*limit.max_minor) + " " + code;
  if (limit.min_minor) return "at least " + decimal(*limit.min_minor) + " " + code;
  return "at most " + decimal(limit.max_minor.value_or(0)) + " " + code;
}

bool within(const Limit& limit, std::int64_t minor) {
  return (!limit.min_minor || minor >= *limit.min_minor) &&
         (!limit.max_minor || minor <= *limit.max_minor);
}

/// Why the account does not take what is wished for; empty when it does.
std::string against(const Account& account, const Wish& wish) {
  if (!account.enabled) return "switched off";
  if (!lists(account.tenants, wish.tenant.value)) return "is not for this tenant";
  if (!lists(account.method_types, wish.method_type))
    return "does not take payment methods of type " + wish.method_type;
  if (!lists(account.currencies, wish.amount.currency.code()))
    return "does not take " + std::string{wish.amount.currency.code()};
  if (!wish.country.empty() && !lists(account.countries, wish.country))
    return "does not take payers in " + wish.country;
  for (const Limit& limit : account.limits) {
    if (limit.currency == wish.amount.currency && !within(limit, wish.amount.minor))
      return "takes " + text_of(limit);
  }
  for (const std::string& feature : wish.features) {
    if (names(account.lacks, feature)) return "cannot do this: " + feature;
    if (!lists(account.features, feature)) return "is not used for this: " + feature;
  }
  return {};
}

/// Why a call would be turned away now; empty when it would not.
std::string turned_away(const Present& present) {
  if (present.held) return "circuit held open by an operator";
  if (present.open)
    return present.open_until ? "circuit open until " + to_rfc3339(*present.open_until)
                              : "circuit open";
  if (present.busy) return "too many calls wait for it";
  return {};
}

class Planner {
 public:
  Planner(const std::vector<Candidate>& candidates, const Wish& wish)
      : candidates_(candidates), wish_(wish), plan_{} {}

  Plan run() {
    for (const Candidate& candidate : candidates_) look_at(candidate);
    choose();
    if (plan_.order.empty()) plan_.objection = best_objection();
    return std::move(plan_);
  }

 private:
  void look_at(const Candidate& candidate) {
    const Account& account = candidate.account;
    const auto& objection = candidate.present.objection;
    Considered entry{account.provider, false, {}};
    if (!wish_.provider.empty() && account.provider != wish_.provider) {
      entry.reason = "the request names another provider";
    } else {
      entry.reason = against(account, wish_);
      if (account.enabled) asked_.push_back(objection);
      if (entry.reason.empty() && objection) {
        objecting_.push_back(objection);
        entry.reason = objection->detail;
      }
      if (entry.reason.empty()) suitable_.push_back(plan_.considered.size());
    }
    plan_.considered.push_back(std::move(entry));
  }

  /// What one adapter says against the request is told as it is when the request is a matter of
  /// that provider alone: the only one that settings allow, or the only one there is.
  [[nodiscard]] std::optional<Error> best_objection() const {
    if (objecting_.size() == 1) return objecting_.front();
    if (objecting_.empty() && asked_.size() == 1) return asked_.front();
    return std::nullopt;
  }

  void choose() {
    std::vector<std::size_t> away;
    for (const std::size_t at : suitable_) {
      const std::string why = turned_away(candidates_[at].present);
      if (why.empty() || !wish_.provider.empty()) {
        take(at, why);
      } else {
        plan_.considered[at].reason = "skipped: " + why;
        away.push_back(at);
      }
    }
    if (plan_.order.empty() && !away.empty())
      take(away.front(), turned_away(candidates_[away.front()].present));
  }

  void take(std::size_t at, const std::string& although) {
    Considered& entry = plan_.considered[at];
    const std::string priority = "priority " + std::to_string(candidates_[at].account.priority);
    entry.chosen = plan_.order.empty();
    entry.reason = !entry.chosen             ? "next: " + priority
                   : !wish_.provider.empty() ? "chosen: the request names it"
                                             : "chosen: first by " + priority;
    if (!although.empty()) entry.reason += ", although: " + although;
    plan_.order.push_back(entry.provider);
  }

  const std::vector<Candidate>& candidates_;
  const Wish& wish_;
  Plan plan_;
  std::vector<std::size_t> suitable_{};
  std::vector<std::optional<Error>> asked_{};      // of all that are switched on and may be meant
  std::vector<std::optional<Error>> objecting_{};  // of those that settings would allow
};

}  // namespace

Plan plan(std::vector<Candidate> candidates, const Wish& wish) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    const auto key = [](const Account& account) {
      return std::tie(account.priority, account.place, account.provider);
    };
    return key(a.account) < key(b.account);
  });
  return Planner{candidates, wish}.run();
}

Error refusal(const Plan& plan, const Wish& wish) {
  if (plan.objection) return *plan.objection;
  std::string reasons;
  for (const Considered& entry : plan.considered) {
    if (!wish.provider.empty() && entry.provider != wish.provider) continue;
    reasons += (reasons.empty() ? "" : "; ") + entry.provider + ": " + entry.reason;
  }
  if (reasons.empty()) {
    return {ErrorCode::invalid_request, "There is no such provider.", "provider"};
  }
  return {ErrorCode::unsupported_by_provider, "No provider takes this payment (" + reasons + ").",
          "provider"};
}

Account with_capabilities(Account account, const provider::Capabilities& can) {
  if (account.currencies.empty()) account.currencies = can.currencies;
  if (account.countries.empty()) account.countries = can.countries;
  if (account.method_types.empty()) account.method_types = can.method_types;
  for (const provider::Feature feature : provider::features) {
    if (!provider::offers(can, feature)) account.lacks.emplace_back(to_string(feature));
  }
  return account;
}

}  // namespace cambist::routing

#include "actors/payment/routes.hpp"

#include <algorithm>
#include <utility>

namespace cambist::actors::live {

Routes::Routes(const std::vector<routing::Account>& accounts, Adapters adapters, AllVitals vitals)
    : adapters_(std::move(adapters)), vitals_(std::move(vitals)) {
  for (routing::Account account : accounts) {
    const auto adapter = adapters_.find(account.provider);
    if (adapter == adapters_.end()) {
      account.enabled = false;
    } else {
      account = routing::with_capabilities(std::move(account), adapter->second->capabilities());
    }
    accounts_.push_back(std::move(account));
  }
  for (const auto& [name, adapter] : adapters_) {
    const bool named = std::any_of(accounts_.begin(), accounts_.end(),
                                   [&](const auto& account) { return account.provider == name; });
    if (named) continue;
    routing::Account account;
    account.provider = name;
    account.place = accounts_.size();
    accounts_.push_back(routing::with_capabilities(std::move(account), adapter->capabilities()));
  }
}

routing::Plan Routes::plan(const payment::Create& create, TimePoint now) const {
  const provider::Call call = payment::opening_call(create, now);
  std::vector<routing::Candidate> candidates;
  candidates.reserve(accounts_.size());
  for (const routing::Account& account : accounts_)
    candidates.push_back({account, present(account.provider, call, now)});
  return routing::plan(std::move(candidates), wish_of(create));
}

routing::Present Routes::present(const std::string& provider, const provider::Call& call,
                                 TimePoint now) const {
  routing::Present present;
  if (const auto adapter = adapters_.find(provider); adapter != adapters_.end()) {
    if (const auto checked = adapter->second->check(call); !checked)
      present.objection = checked.error();
  }
  const auto vitals = vitals_.find(provider);
  if (vitals == vitals_.end()) return present;
  ProviderHealth health;
  vitals->second->read(health);
  present.held = health.held;
  // A circuit whose time is over lets the next call try: were it passed over, it would never close.
  const bool over = health.open_until && *health.open_until <= now;
  present.open = health.breaker == "open" && (health.held || !over);
  if (present.open) present.open_until = health.open_until;
  present.busy = vitals->second->busy().has_value();
  return present;
}

routing::Wish wish_of(const payment::Create& create) {
  const payment::Details& details = create.details;
  routing::Wish wish;
  wish.tenant = create.tenant;
  wish.amount = details.amount;
  wish.method_type = details.method.type;
  wish.features = details.required_features;
  if (details.capture == payment::CaptureMethod::manual)
    wish.features.emplace_back(to_string(provider::Feature::authorization));
  wish.provider = details.provider;
  if (const auto country = details.method.fields.find("country");
      country != details.method.fields.end()) {
    wish.country = country->second;
  }
  return wish;
}

void follow(const routing::Plan& plan, payment::Create& create) {
  if (plan.order.empty()) return;
  create.details.provider = plan.order.front();
  create.details.alternatives.assign(plan.order.begin() + 1, plan.order.end());
  create.considered = plan.considered;
}

}  // namespace cambist::actors::live

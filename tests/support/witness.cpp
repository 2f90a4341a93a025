#include "tests/support/witness.hpp"

#include <set>

#include "protocols/core/money.hpp"

namespace cambist::test {

std::int64_t minor_of(const boost::json::value& money) {
  const auto currency = Currency::parse(money.at("currency").as_string()).value();
  return parse_money(money.at("value").as_string(), currency).value().minor;
}

std::map<std::string, Effects> effects_by_payment(const boost::json::array& ledger) {
  std::map<std::string, Effects> found;
  std::map<std::string, std::set<std::string>> keys;
  for (const auto& effect : ledger) {
    const std::string payment{effect.at("payment").as_string()};
    const std::string kind{effect.at("kind").as_string()};
    const std::string key{effect.at("idempotency_key").as_string()};
    auto& effects = found[payment];
    effects.kinds.push_back(kind);
    const auto minor = minor_of(effect.at("amount"));
    if (kind == "authorize") effects.authorized += minor;
    if (kind == "charge" || kind == "capture") effects.captured += minor;
    // A refund that its bank refused later has moved nothing in the end.
    const bool stands = !effect.as_object().contains("taken_back");
    if (kind == "refund" && stands) effects.refunded += minor;
    if (kind == "void") ++effects.voids;
    if (!key.empty() && !keys[payment].insert(key).second) effects.doubled.push_back(key);
  }
  return found;
}

std::vector<std::string> disagreements(const boost::json::value& payment, const Effects& effects) {
  std::vector<std::string> found;
  const std::string id{payment.at("id").as_string()};
  const std::string status{payment.at("status").as_string()};
  const auto amount = minor_of(payment.at("amount"));
  const auto captured = minor_of(payment.at("captured"));
  const auto refunded = minor_of(payment.at("refunded"));
  const auto say = [&](const std::string& what) {
    found.push_back(id + " (" + status + "): " + what);
  };
  for (const auto& key : effects.doubled) say("two effects with the key " + key);
  if (captured != effects.captured) {
    say("captured " + std::to_string(captured) + ", the provider says " +
        std::to_string(effects.captured));
  }
  if (refunded != effects.refunded) {
    say("refunded " + std::to_string(refunded) + ", the provider says " +
        std::to_string(effects.refunded));
  }
  std::size_t starts = 0;
  for (const auto& kind : effects.kinds) starts += kind == "authorize" || kind == "charge" ? 1 : 0;
  if (starts > 1) say("authorized or charged " + std::to_string(starts) + " times");
  const bool started = status != "failed" && status != "processing" && status != "pending" &&
                       status != "requires_action";
  if (started && starts != 1) say("no authorization at the provider");
  if (status == "failed" && starts != 0) say("failed here, but authorized at the provider");
  if ((status == "voided") != (effects.voids == 1))
    say("voids at the provider: " + std::to_string(effects.voids));
  if (effects.captured > amount || effects.refunded > effects.captured)
    say("more moved than allowed");
  return found;
}

}  // namespace cambist::test

// Who judges the judge: what he found nothing wrong with is spoilt, and he must say so. A verdict
// of nothing lost and nothing doubled is worth what this shows.
#include <algorithm>
#include <functional>
#include <set>

#include "tests/soak/verdict.hpp"

namespace cambist::soak {
namespace {

constexpr std::size_t part_max = 20;  // payments of the part that is spoilt

/// A part of the evidence that stands alone: some promised payments that money moved for, with all
/// that belongs to them. The trial balance does not fit it; nobody asks for that here.
test::Evidence part_of(const test::Evidence& all) {
  test::Evidence part;
  part.settled = all.settled;
  std::set<std::string> chosen;
  for (const auto& promise : all.promises) {
    const auto at = all.books.payments.find(promise.payment);
    if (at == all.books.payments.end() || at->second.row.captured_minor == 0) continue;
    part.promises.push_back(promise);
    part.books.payments.insert(*at);
    if (chosen.insert(promise.payment).second && chosen.size() == part_max) break;
  }
  for (const auto& effect : all.effects) {
    if (chosen.contains(std::string{effect.at("payment").as_string()}))
      part.effects.push_back(effect);
  }
  for (const auto& row : all.books.outbox) {
    if (chosen.contains(row.row.payment.to_string())) part.books.outbox.push_back(row);
  }
  for (const auto& webhook : all.books.webhooks) {
    if (webhook.payment && chosen.contains(webhook.payment->to_string()))
      part.books.webhooks.push_back(webhook);
  }
  return part;
}

bool finds(const test::Evidence& evidence, const std::string& invariant,
           const std::string& payment) {
  const auto found = test::violations(evidence);
  return std::any_of(found.begin(), found.end(), [&](const test::Violation& violation) {
    return violation.invariant == invariant && violation.payment == payment;
  });
}

/// Shape: `payment` names the one that is spoilt.
struct Spoiling {
  const char* name;
  const char* invariant;
  std::function<void(test::Evidence&, const std::string& payment)> spoil;
};

boost::json::array::iterator effect_of(test::Evidence& evidence, const std::string& payment) {
  return std::find_if(evidence.effects.begin(), evidence.effects.end(), [&](const auto& effect) {
    return effect.at("payment").as_string() == payment;
  });
}

const std::vector<Spoiling>& spoilings() {
  static const std::vector<Spoiling> all{
      {"a payment is missing", "I2",
       [](test::Evidence& evidence, const std::string& payment) {
         evidence.books.payments.erase(payment);
       }},
      {"an effect is there twice", "I1",
       [](test::Evidence& evidence, const std::string& payment) {
         evidence.effects.push_back(boost::json::value(*effect_of(evidence, payment)));
       }},
      {"an effect is missing", "I7",
       [](test::Evidence& evidence, const std::string& payment) {
         evidence.effects.erase(effect_of(evidence, payment));
       }},
      {"an event is missing", "I5",
       [](test::Evidence& evidence, const std::string& payment) {
         evidence.books.payments.at(payment).events.pop_back();
       }},
      {"a posting is missing", "I4",
       [](test::Evidence& evidence, const std::string& payment) {
         evidence.books.payments.at(payment).ledger.pop_back();
       }},
      {"an announcement is there twice", "I10",
       [](test::Evidence& evidence, const std::string& payment) {
         const auto& rows = evidence.books.outbox;
         const auto at = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
           return row.row.payment.to_string() == payment;
         });
         evidence.books.outbox.push_back(*at);
       }},
  };
  return all;
}

}  // namespace

std::vector<std::string> blind_spots(const test::Evidence& evidence) {
  const auto part = part_of(evidence);
  std::vector<std::string> blind;
  if (part.promises.empty()) return {"there is nothing that could be lost"};
  // The payments in turn, so that different kinds of them are tried.
  std::size_t turn = 0;
  for (const auto& [name, invariant, spoil] : spoilings()) {
    const auto& payment = part.promises[turn++ % part.promises.size()].payment;
    if (finds(part, invariant, payment)) continue;  // already wrong, and already said
    auto spoilt = part;
    try {
      spoil(spoilt, payment);
      if (!finds(spoilt, invariant, payment)) blind.emplace_back(name);
    } catch (const std::exception& error) {
      blind.push_back(std::string{name} + ": " + error.what());
    }
  }
  return blind;
}

}  // namespace cambist::soak

#include "tests/soak/verdict.hpp"

#include <algorithm>
#include <set>

#include "protocols/core/time.hpp"

namespace cambist::soak {
namespace {

constexpr std::size_t stories_max = 5;

std::string story(const test::Evidence& evidence, const std::string& id) {
  std::string text = id + "\n";
  const auto at = evidence.books.payments.find(id);
  if (at == evidence.books.payments.end()) return text + "  not in the store\n";
  text += "  row " + at->second.row.json + "\n";
  for (const auto& [sequence, row] : at->second.events)
    text += "  event " + std::to_string(sequence) + " " + to_rfc3339(row.at) + " " + row.type +
            " " + row.json + "\n";
  for (const auto& row : at->second.operations)
    text += "  operation " + row.id.to_string() + " " + row.kind + " " + row.status + " key " +
            row.idempotency_key + " " + to_rfc3339(row.started_at) + "\n";
  for (const auto& effect : evidence.effects) {
    if (effect.at("payment").as_string() == id)
      text += "  effect " + boost::json::serialize(effect) + "\n";
  }
  for (const auto& promise : evidence.promises) {
    if (promise.payment == id)
      text += "  told captured " + std::to_string(promise.captured_minor) + ", refunded " +
              std::to_string(promise.refunded_minor) + "\n";
  }
  for (const auto& webhook : evidence.books.webhooks) {
    if (webhook.payment && webhook.payment->to_string() == id)
      text += "  webhook " + webhook.event + " " + webhook.type + " " + webhook.status + "\n";
  }
  return text;
}

/// What the sandbox forges under an id of its own.
std::set<std::string> forged_in(const test::Books& books) {
  std::set<std::string> found;
  for (const auto& webhook : books.webhooks) {
    if (webhook.event.starts_with("evt_forged")) found.insert(webhook.event);
  }
  return found;
}

}  // namespace

std::size_t lost(const Verdict& verdict) {
  return static_cast<std::size_t>(
      std::count_if(verdict.violations.begin(), verdict.violations.end(),
                    [](const auto& violation) { return violation.invariant == "I2"; }));
}

std::size_t doubled(const Verdict& verdict) {
  return static_cast<std::size_t>(std::count_if(
      verdict.violations.begin(), verdict.violations.end(), [](const auto& violation) {
        return violation.invariant == "I1" ||
               (violation.invariant == "I6" && violation.what.find("twice") != std::string::npos);
      }));
}

Verdict judge(test::Evidence evidence, std::vector<test::Violation> more) {
  const auto began = Steady::now();
  evidence.forged.merge(forged_in(evidence.books));
  Verdict verdict;
  verdict.violations = test::violations(evidence);
  verdict.violations.insert(verdict.violations.end(), more.begin(), more.end());
  std::set<std::string> told;
  for (const auto& violation : verdict.violations) {
    if (violation.payment.empty() || told.size() == stories_max) continue;
    if (told.insert(violation.payment).second)
      verdict.stories.push_back(story(evidence, violation.payment));
  }
  verdict.blind = blind_spots(evidence);
  verdict.payments = evidence.books.payments.size();
  verdict.effects = evidence.effects.size();
  verdict.webhooks = evidence.books.webhooks.size();
  verdict.events = evidence.books.outbox.size();
  verdict.arrivals = evidence.received.size();
  verdict.judged_in = Steady::now() - began;
  return verdict;
}

}  // namespace cambist::soak

// I6 and I10: webhooks that came in, events that went out.
#include <map>
#include <set>
#include <utility>

#include "protocols/payment/codec.hpp"
#include "tests/support/invariants.hpp"

namespace cambist::test {
namespace {

void judge_webhooks(const Evidence& evidence, std::vector<Violation>& found) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& webhook : evidence.books.webhooks) {
    const std::string payment = webhook.payment ? webhook.payment->to_string() : std::string{};
    const auto say = [&](const std::string& what) {
      found.push_back({"I6", payment, "webhook " + webhook.event + ": " + what});
    };
    if (!seen.insert({webhook.provider, webhook.event}).second) say("stored twice");
    if (evidence.forged.contains(webhook.event)) say("forged, and stored");
    if (webhook.status == "applied" && !webhook.payment) say("applied to no payment");
    const bool waits =
        webhook.status == "received" || webhook.status == "retrying" || webhook.status == "parked";
    if (waits && !webhook.due) say(webhook.status + ", and nothing will look at it again");
    if (!waits && webhook.due) say(webhook.status + ", and due again");
    if (evidence.settled && (webhook.status == "received" || webhook.status == "retrying"))
      say("not settled");
  }
}

/// The provider's event that a fact is the effect of, if it is one's.
std::string notice_in(const payment::Fact& fact) {
  return std::visit(
      [](const auto& one) {
        if constexpr (requires { one.notice; }) return one.notice;
        return std::string{};
      },
      fact);
}

/// What a webhook told was written in one step of one payment, and never again.
void judge_effects_of_webhooks(const Evidence& evidence, std::vector<Violation>& found) {
  std::map<std::string, const storage::WebhookRow*> stored;
  for (const auto& webhook : evidence.books.webhooks) stored[webhook.event] = &webhook;
  struct Place {
    std::string payment;
    std::uint64_t sequence = 0;
    TimePoint at;
  };
  std::map<std::string, Place> seen;
  for (const auto& [id, payment] : evidence.books.payments) {
    for (const auto& [sequence, row] : payment.events) {
      const auto fact = payment::decode(row.type, row.schema_version, row.json);
      const auto notice = fact ? notice_in(*fact) : std::string{};
      if (notice.empty()) continue;
      const auto [at, fresh] = seen.try_emplace(notice, Place{id, sequence, row.at});
      const bool same_step = at->second.payment == id && at->second.sequence + 1 == sequence &&
                             at->second.at == row.at;
      if (!fresh && !same_step)
        found.push_back({"I6", id, "webhook " + notice + " took effect twice"});
      at->second.sequence = sequence;
      const auto webhook = stored.find(notice);
      if (webhook == stored.end()) {
        found.push_back({"I6", id, "webhook " + notice + " took effect and is not stored"});
      } else if (webhook->second->status != "applied" && webhook->second->status != "received" &&
                 webhook->second->status != "ignored") {
        // After a replay it may be "received" or "ignored" again.
        found.push_back(
            {"I6", id, "webhook " + notice + " took effect and is " + webhook->second->status});
      }
    }
  }
}

/// Ids of the outbox: one for each thing that happened, growing with the payment.
void judge_outbox(const Evidence& evidence, std::vector<Violation>& found) {
  std::set<EventId> ids;
  std::map<std::string, std::uint64_t> last;
  for (const auto& [position, row] : evidence.books.outbox) {
    const auto payment = row.payment.empty() ? std::string{} : row.payment.to_string();
    const auto say = [&](const std::string& what) {
      found.push_back(
          {"I10", payment, "event " + row.id.to_string() + " (" + row.type + "): " + what});
    };
    if (!ids.insert(row.id).second) say("its id is there twice");
    if (payment.empty()) continue;
    const auto at = evidence.books.payments.find(payment);
    if (at == evidence.books.payments.end()) {
      say("its payment is not there");
    } else if (row.sequence > at->second.row.version) {
      say("it tells of a version that the payment does not have");
    }
    if (row.sequence < last[payment]) say("it stands behind a later one of its payment");
    last[payment] = row.sequence;
  }
}

/// What a merchant's endpoint got: the same id means the same body, and the first arrival of each
/// event comes in the order of its payment.
void judge_arrivals(const Evidence& evidence, std::vector<Violation>& found) {
  std::map<std::string, const storage::OutboxRow*> known;
  for (const auto& [position, row] : evidence.books.outbox) known[row.id.to_string()] = &row;
  std::map<std::pair<std::string, std::string>, const Received*> first;  // by endpoint and id
  std::map<std::pair<std::string, std::string>, std::uint64_t> last;     // by endpoint and payment
  for (const auto& arrival : evidence.received) {
    const auto say = [&](const std::string& what) {
      found.push_back(
          {"I10", arrival.payment,
           "event " + arrival.id + " (" + arrival.type + ") at " + arrival.endpoint + ": " + what});
    };
    if (!known.contains(arrival.id)) say("it is not in the outbox");
    const auto [at, fresh] = first.try_emplace({arrival.endpoint, arrival.id}, &arrival);
    if (!fresh) {
      if (at->second->body != arrival.body) say("a later delivery has another body");
      continue;
    }
    if (arrival.payment.empty()) continue;
    auto& sequence = last[{arrival.endpoint, arrival.payment}];
    if (arrival.sequence < sequence) say("it came behind a later one of its payment");
    sequence = std::max(sequence, arrival.sequence);
  }
}

bool wants(const storage::EndpointRow& endpoint, const std::string& type) {
  if (endpoint.types.empty()) return true;
  for (const auto& wanted : endpoint.types) {
    if (wanted == type) return true;
    if (wanted.ends_with(".*") && type.starts_with(wanted.substr(0, wanted.size() - 1)))
      return true;
  }
  return false;
}

/// Everything that happened after an endpoint was made has been taken by it.
void judge_completeness(const Evidence& evidence, std::vector<Violation>& found) {
  if (!evidence.settled) return;
  std::map<std::string, std::set<std::string>> taken;
  for (const auto& arrival : evidence.received) {
    if (arrival.taken) taken[arrival.endpoint].insert(arrival.id);
  }
  for (const auto& [endpoint, deliveries] : evidence.books.endpoints) {
    const auto name = endpoint.id.to_string();
    if (!endpoint.enabled) continue;
    for (const auto& [position, row] : evidence.books.outbox) {
      if (row.at < endpoint.created_at || !wants(endpoint, row.type)) continue;
      if (!taken[name].contains(row.id.to_string()))
        found.push_back(
            {"I10", row.payment.empty() ? std::string{} : row.payment.to_string(),
             "event " + row.id.to_string() + " (" + row.type + ") never reached " + name});
    }
    for (const auto& delivery : deliveries) {
      if (delivery.status == "pending")
        found.push_back({"I10",
                         delivery.payment.empty() ? std::string{} : delivery.payment.to_string(),
                         "a delivery to " + name + " is still pending"});
    }
  }
}

}  // namespace

void judge_events(const Evidence& evidence, std::vector<Violation>& found) {
  judge_webhooks(evidence, found);
  judge_effects_of_webhooks(evidence, found);
  judge_outbox(evidence, found);
  judge_arrivals(evidence, found);
  judge_completeness(evidence, found);
}

}  // namespace cambist::test

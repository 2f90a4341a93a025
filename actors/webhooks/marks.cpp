#include "actors/webhooks/marks.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

#include "protocols/core/digest.hpp"

namespace cambist::actors::webhooks {

std::optional<Duration> next_attempt(int attempts, const RetryPolicy& policy, double roll) {
  if (attempts >= policy.attempts_max || policy.delays.empty()) return std::nullopt;
  const auto index = static_cast<std::size_t>(std::max(attempts, 1) - 1);
  const Duration delay = policy.delays[std::min(index, policy.delays.size() - 1)];
  const double factor = 1.0 + (2.0 * roll - 1.0) * policy.jitter_percent / 100.0;
  return Duration{static_cast<Duration::rep>(static_cast<double>(delay.count()) * factor)};
}

storage::WebhookRow row_of(const provider::Notice& notice, std::string provider, std::string body,
                           WebhookId id, TimePoint now) {
  const bool irrelevant = std::holds_alternative<provider::Irrelevant>(notice.news);
  storage::WebhookRow row;
  row.id = id;
  row.tenant = default_tenant();  // accounts of providers belong to the installation
  row.provider = std::move(provider);
  row.event = notice.id;
  row.type = notice.type;
  row.livemode = notice.livemode;
  row.object = notice.object;
  row.created_at = notice.created_at;
  row.received_at = now;
  row.status = irrelevant ? "ignored" : "received";
  // Due at once: whoever comes after a crash finds it.
  if (irrelevant) {
    row.settled_at = now;
  } else {
    row.due = now;
  }
  if (const auto payment = PaymentId::parse(notice.payment)) row.payment = *payment;
  row.body_bytes = body.size();
  row.body = std::move(body);
  return row;
}

storage::WebhookRow row_of_unreadable(const Error& why, std::string provider, std::string path,
                                      std::string body, WebhookId id, TimePoint now) {
  storage::WebhookRow row;
  row.id = id;
  row.tenant = default_tenant();
  row.provider = std::move(provider);
  row.event = "unreadable:" + to_hex(sha256(path + "\n" + body)).substr(0, 32);
  row.type = "unreadable";
  row.received_at = now;
  row.status = "dead";
  row.error = why.field.empty() ? why.detail : why.field + " " + why.detail;
  row.settled_at = now;
  row.path = std::move(path);
  row.body_bytes = body.size();
  row.body = std::move(body);
  return row;
}

storage::WebhookUpdate after_failure(const storage::WebhookRow& row, std::string status,
                                     std::string error, const RetryPolicy& policy, TimePoint now,
                                     double roll) {
  storage::WebhookUpdate update;
  update.id = row.id;
  update.attempts = row.attempts + 1;
  update.payment = row.payment;
  update.error = std::move(error);
  update.at = now;
  if (const auto wait = next_attempt(update.attempts, policy, roll)) {
    update.status = std::move(status);
    update.due = now + *wait;
  } else {
    update.status = "dead";
  }
  return update;
}

}  // namespace cambist::actors::webhooks

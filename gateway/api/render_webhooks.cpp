#include "gateway/api/render_webhooks.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include <boost/json.hpp>

#include "gateway/api/render_parts.hpp"
#include "protocols/webhook/health.hpp"

namespace cambist::gateway {
namespace {

namespace json = boost::json;

json::object webhook_object(const storage::WebhookRow& row) {
  return {
      {"id", row.id.to_string()},
      {"provider", row.provider},
      {"event", row.event},
      {"type", row.type},
      {"livemode", row.livemode},
      {"object", text_or_null(row.object)},
      {"status", row.status},
      {"attempts", row.attempts},
      {"payment_id", row.payment ? json::value(row.payment->to_string()) : json::value(nullptr)},
      {"error", text_or_null(row.error)},
      {"created_at", to_rfc3339(row.created_at)},
      {"received_at", to_rfc3339(row.received_at)},
      {"next_attempt_at", time_or_null(row.due)},
      {"settled_at", time_or_null(row.settled_at)},
      {"body_bytes", row.body_bytes}};
}

struct Counts {
  std::uint64_t received = 0;
  webhook::ProcessingCounts worked_on{};
  std::optional<TimePoint> last{};
};

Counts counts_of(const std::vector<storage::WebhookCount>& all, const std::string& provider) {
  Counts counts;
  for (const auto& one : all) {
    if (one.provider != provider || one.count == 0) continue;
    counts.received += one.count;
    if (one.status == "applied") counts.worked_on.applied += one.count;
    if (one.status == "ignored") counts.worked_on.ignored += one.count;
    if (one.status == "retrying") counts.worked_on.retrying += one.count;
    if (one.status == "parked") counts.worked_on.parked += one.count;
    if (one.status == "dead") counts.worked_on.dead += one.count;
    counts.last = std::max(counts.last.value_or(one.last_received_at), one.last_received_at);
  }
  return counts;
}

// Plain digits: JSON libraries like to write 9.8E-1.
std::string rate_text(std::optional<double> rate) {
  if (!rate) return "null";
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.4f", *rate);
  return text.data();
}

std::string health_text(const std::string& provider, const Counts& all) {
  const webhook::ProcessingCounts& counts = all.worked_on;
  const auto health = webhook::health_of(counts);
  const json::object numbers{{"window_hours", health_window.count()},
                             {"received", all.received},
                             {"applied", counts.applied},
                             {"ignored", counts.ignored},
                             {"retrying", counts.retrying},
                             {"parked", counts.parked},
                             {"dead", counts.dead},
                             {"last_received_at", time_or_null(all.last)}};
  std::string text = R"({"provider":)" + json::serialize(json::value(provider));
  text += R"(,"status":")";
  text += webhook::to_string(health.value_or(webhook::Health::healthy));  // nothing went wrong
  text += R"(","success_rate":)" + rate_text(webhook::success_rate(counts));
  return text + "," + json::serialize(numbers).substr(1);
}

}  // namespace

std::string render_webhooks(const std::vector<storage::WebhookRow>& rows, const Page& page) {
  return render_rows(rows, page, webhook_object, [](const auto& row) { return row.id.bytes; });
}

std::string render_webhook(const storage::WebhookRow& row) {
  json::object shown = webhook_object(row);
  json::error_code broken;
  json::value payload = json::parse(row.body, broken);
  shown["payload"] = broken ? json::value(row.body) : std::move(payload);
  return json::serialize(shown);
}

std::string render_replayed(const actors::WebhooksReplayed& replayed) {
  json::array missing;
  for (const auto& id : replayed.missing) missing.emplace_back(id.to_string());
  return json::serialize(json::object{{"replayed", replayed.replayed},
                                      {"missing", std::move(missing)},
                                      {"has_more", replayed.more}});
}

std::string render_webhook_health(const std::vector<storage::WebhookCount>& counts,
                                  const std::vector<std::string>& providers) {
  std::string text = R"({"data":[)";
  for (const auto& provider : providers) {
    if (text.back() != '[') text += ',';
    text += health_text(provider, counts_of(counts, provider));
  }
  return text + "]}";
}

}  // namespace cambist::gateway

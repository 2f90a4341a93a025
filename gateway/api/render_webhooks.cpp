#include "gateway/api/render_webhooks.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include <boost/json.hpp>

#include "gateway/api/render_parts.hpp"

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
  std::uint64_t received = 0, waiting = 0, applied = 0, ignored = 0, retrying = 0, parked = 0,
                dead = 0;
  std::optional<TimePoint> last{};
};

Counts counts_of(const std::vector<storage::WebhookCount>& all, const std::string& provider) {
  Counts counts;
  for (const auto& one : all) {
    if (one.provider != provider || one.count == 0) continue;
    counts.received += one.count;
    if (one.status == "received") counts.waiting += one.count;
    if (one.status == "applied") counts.applied += one.count;
    if (one.status == "ignored") counts.ignored += one.count;
    if (one.status == "retrying") counts.retrying += one.count;
    if (one.status == "parked") counts.parked += one.count;
    if (one.status == "dead") counts.dead += one.count;
    counts.last = std::max(counts.last.value_or(one.last_received_at), one.last_received_at);
  }
  return counts;
}

// Four decimals, as plain digits: JSON libraries like to write 9.8E-1.
std::string share(std::uint64_t good, std::uint64_t all) {
  std::array<char, 16> text{};
  const std::uint64_t parts = (good * 10'000 + all / 2) / all;
  std::snprintf(text.data(), text.size(), "%u.%04u", static_cast<unsigned>(parts / 10'000),
                static_cast<unsigned>(parts % 10'000));
  return text.data();
}

// Source: the product's own scale: healthy from 98 %, degraded from 95 %.
std::string health_text(const std::string& provider, const Counts& counts) {
  const std::uint64_t good = counts.applied + counts.ignored;
  const std::uint64_t tried = counts.received - counts.waiting;  // those that were looked at
  const char* status = tried == 0 || good * 100 >= tried * 98 ? "healthy"
                       : good * 100 >= tried * 95             ? "degraded"
                                                              : "unhealthy";
  const json::object numbers{{"window_hours", health_window.count()},
                             {"received", counts.received},
                             {"applied", counts.applied},
                             {"ignored", counts.ignored},
                             {"retrying", counts.retrying},
                             {"parked", counts.parked},
                             {"dead", counts.dead},
                             {"last_received_at", time_or_null(counts.last)}};
  return R"({"provider":)" + json::serialize(json::value(provider)) + R"(,"status":")" + status +
         R"(","success_rate":)" + (tried == 0 ? std::string{"null"} : share(good, tried)) + "," +
         json::serialize(numbers).substr(1);
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

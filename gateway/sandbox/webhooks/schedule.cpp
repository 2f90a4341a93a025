#include "gateway/sandbox/webhooks/schedule.hpp"

#include <algorithm>
#include <array>

namespace cambist::gateway::sandbox::webhooks {
namespace {

// Source: facts/stripe.md section 10, "Delivery".
constexpr std::chrono::hours tried_for{3 * 24};
// Nobody may come after a letter that waits for others to go first.
constexpr std::chrono::seconds held_max{5};
// What a letter was held behind is to be on the wire before it.
constexpr std::chrono::milliseconds held_gap{20};

}  // namespace

std::chrono::seconds retry_delay(int attempts) noexcept {
  using std::chrono::seconds;
  constexpr std::array delays{seconds{1}, seconds{5}, seconds{30}, seconds{120}, seconds{600}};
  const auto index = static_cast<std::size_t>(std::max(attempts, 1) - 1);
  return index < delays.size() ? delays[index] : seconds{3'600};
}

void Schedule::post(Letter letter, TimePoint now) {
  const auto id = next_id_++;
  const bool forged = letter.forgery != Forgery::none;
  recent_.push_back({letter.event, letter.provider, letter.type, "pending", {}, now, 0, forged});
  if (recent_.size() > limits_.recent_max) recent_.pop_front();
  if (letter.dropped) {
    ++counts_.dropped;
    if (auto* report = report_of(id)) report->status = "dropped";
    return;
  }
  if (!forged) let_go_those_behind(letter.provider, now);
  make_room();
  Waiting waiting;
  waiting.posted = now;
  waiting.behind = letter.behind;
  const auto due = now + letter.delay + (letter.behind > 0 ? Duration{held_max} : Duration{0});
  bytes_ += letter.body.size();
  if (!forged) ++counts_.pending;
  if (letter.behind > 0) held_.insert(id);
  waiting.letter = std::make_shared<const Letter>(std::move(letter));
  make_due(id, waiting, due);
  waiting_.emplace(id, std::move(waiting));
}

void Schedule::let_go_those_behind(std::string_view provider, TimePoint now) {
  for (auto at = held_.begin(); at != held_.end();) {
    auto& waiting = waiting_.at(*at);
    if (waiting.letter->provider != provider || --waiting.behind > 0) {
      ++at;
      continue;
    }
    if (!waiting.on_wire) {
      due_.erase({waiting.due, *at});
      make_due(*at, waiting, std::min(waiting.due, now + waiting.letter->delay + held_gap));
    }
    at = held_.erase(at);
  }
}

void Schedule::make_due(std::uint64_t id, Waiting& waiting, TimePoint due) {
  waiting.due = due;
  due_.emplace(due, id);
}

std::optional<Schedule::Attempt> Schedule::take(TimePoint now) {
  const auto due = due_at();
  if (!due || *due > now) return std::nullopt;
  const auto id = due_.begin()->second;
  due_.erase(due_.begin());
  held_.erase(id);
  auto& waiting = waiting_.at(id);
  waiting.on_wire = true;
  ++waiting.attempts;
  ++on_wire_;
  ++(waiting.letter->forgery == Forgery::none ? counts_.sent : counts_.forged_sent);
  if (auto* report = report_of(id)) report->attempts = waiting.attempts;
  return Attempt{id, waiting.letter};
}

void Schedule::settle(std::uint64_t id, bool delivered, std::string result, TimePoint now) {
  const auto entry = waiting_.find(id);
  if (entry == waiting_.end()) return;  // forgotten by `clear` while it was on the wire
  auto& waiting = entry->second;
  waiting.on_wire = false;
  --on_wire_;
  if (auto* report = report_of(id)) report->result = std::move(result);
  if (waiting.letter->forgery != Forgery::none) {
    // A forger tries once.
    counts_.forged_accepted += delivered ? 1 : 0;
    return end(entry, delivered ? "accepted" : "refused");
  }
  if (delivered) {
    ++counts_.delivered;
    return end(entry, "delivered");
  }
  const auto again = now + retry_delay(waiting.attempts);
  if (again <= waiting.posted + tried_for) return make_due(id, waiting, again);
  ++counts_.failed;
  end(entry, "failed");
}

void Schedule::end(Entries::iterator entry, std::string_view status) {
  if (auto* report = report_of(entry->first)) report->status = status;
  const auto& letter = *entry->second.letter;
  if (letter.forgery == Forgery::none) --counts_.pending;
  bytes_ -= letter.body.size();
  held_.erase(entry->first);
  waiting_.erase(entry);
}

void Schedule::make_room() {
  while (waiting_.size() >= limits_.letters_max || bytes_ > limits_.bytes_max) {
    const auto oldest = std::find_if(waiting_.begin(), waiting_.end(),
                                     [](const auto& entry) { return !entry.second.on_wire; });
    if (oldest == waiting_.end()) return;
    due_.erase({oldest->second.due, oldest->first});
    if (oldest->second.letter->forgery == Forgery::none) {
      ++counts_.dropped;
      ++counts_.evicted;
    }
    end(oldest, "evicted");
  }
}

std::optional<TimePoint> Schedule::due_at() const {
  if (due_.empty() || on_wire_ >= limits_.in_flight_max) return std::nullopt;
  return due_.begin()->first;
}

Schedule::Report* Schedule::report_of(std::uint64_t id) noexcept {
  const auto oldest = next_id_ - recent_.size();
  return id < oldest ? nullptr : &recent_[static_cast<std::size_t>(id - oldest)];
}

boost::json::object Schedule::show() const {
  boost::json::array deliveries;
  for (auto report = recent_.rbegin(); report != recent_.rend(); ++report) {
    deliveries.push_back(boost::json::object{{"event", report->event},
                                             {"provider", report->provider},
                                             {"type", report->type},
                                             {"status", report->status},
                                             {"attempts", report->attempts},
                                             {"result", report->result},
                                             {"forged", report->forged},
                                             {"at", to_rfc3339(report->posted)}});
  }
  return boost::json::object{{"sent", counts_.sent},
                             {"delivered", counts_.delivered},
                             {"failed", counts_.failed},
                             {"pending", counts_.pending},
                             {"dropped", counts_.dropped},
                             {"evicted", counts_.evicted},
                             {"forged", boost::json::object{{"sent", counts_.forged_sent},
                                                            {"accepted", counts_.forged_accepted}}},
                             {"deliveries", std::move(deliveries)}};
}

void Schedule::clear() {
  waiting_.clear();
  due_.clear();
  held_.clear();
  recent_.clear();
  on_wire_ = 0;
  bytes_ = 0;
  counts_ = {};
}

}  // namespace cambist::gateway::sandbox::webhooks

#include "tests/simulation/trace.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <boost/core/demangle.hpp>

namespace cambist::sim {

void Trace::mix(std::string_view text) noexcept {
  for (const char c : text) mix(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
}

Trace::Entry& Trace::next_entry(Tick now) {
  Entry& entry = ring_[steps_ % kept];
  entry.at = now;
  entry.number = ++steps_;
  mix(static_cast<std::uint64_t>(now.count()));
  return entry;
}

void Trace::step(Tick now, const char* actor, std::uint64_t id, const std::type_info* message) {
  Entry& entry = next_entry(now);
  entry.actor = actor;
  entry.actor_id = id;
  entry.message = message;
  entry.text.clear();
  mix(id);
  mix(actor);
  if (message != nullptr) mix(message->name());
  if (out_ != nullptr) print(entry);
}

void Trace::note(Tick now, std::string_view what, std::string_view detail) {
  Entry& entry = next_entry(now);
  entry.actor = nullptr;
  entry.text.assign(what);
  if (!detail.empty()) entry.text.append(" ").append(detail);
  mix(entry.text);
  if (out_ != nullptr) print(entry);
  notes_.push_back(entry);
  if (notes_.size() > notes_kept) notes_.pop_front();
}

std::string Trace::last_of(std::string_view what) const {
  std::deque<const Entry*> found;
  for (const Entry& entry : notes_) {
    if (entry.text.find(what) == std::string::npos) continue;
    found.push_back(&entry);
    if (found.size() > kept) found.pop_front();
  }
  std::string text;
  for (const Entry* entry : found) text += in_words(*entry) + "\n";
  return text;
}

void Trace::print(const Entry& entry) const {
  fmt::print(out_, "{}\n", in_words(entry));
}

std::string Trace::in_words(const Entry& entry) {
  const double seconds = std::chrono::duration<double>(entry.at).count();
  if (entry.actor == nullptr)
    return fmt::format("{:>8} {:>14.6f}  * {}", entry.number, seconds, entry.text);
  auto message =
      entry.message == nullptr ? std::string{"?"} : boost::core::demangle(entry.message->name());
  constexpr std::string_view home = "cambist::actors::";
  for (auto at = message.find(home); at != std::string::npos; at = message.find(home))
    message.erase(at, home.size());
  return fmt::format("{:>8} {:>14.6f}    {}#{} <- {}", entry.number, seconds, entry.actor,
                     entry.actor_id, message);
}

std::string Trace::last() const {
  std::string text;
  const auto first = steps_ > kept ? steps_ - kept : 0;
  for (auto number = first; number < steps_; ++number)
    text += in_words(ring_[number % kept]) + "\n";
  return text;
}

}  // namespace cambist::sim

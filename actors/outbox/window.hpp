// What one endpoint has before it: the events read and not done, in order per payment, and how far
// everything is done. Pure; bounded, so that an endpoint that stands still costs no more than one
// page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "protocols/core/ids.hpp"
#include "protocols/core/time.hpp"

namespace cambist::actors::outbound {

enum class Stage : std::uint8_t {
  waiting,  // for its time, or for its payment's earlier event
  busy,     // its body is read, or it is under way
  saving,   // an attempt failed, and that is not durable yet
  marking,  // delivered, and that is not durable yet
  done,     // kept only while an earlier one is not
};

/// Shape: `body` is dropped after a failed attempt, and read again before the next.
struct Item {
  std::uint64_t position = 0;
  EventId event{};
  std::string type{};
  PaymentId payment{};
  std::string body{};
  int attempts = 0;
  TimePoint due{};
  Stage stage = Stage::waiting;
};

class Window {
 public:
  explicit Window(std::size_t max) : max_(max) {}

  /// Positions come in order; at most room() of them.
  void add(Item item);
  [[nodiscard]] Item* find(std::uint64_t position);
  /// The first that may be sent at `now`: due, and no earlier event of its payment is unfinished.
  /// An event without a payment waits for nobody.
  [[nodiscard]] Item* next(TimePoint now);
  /// When next() will find something, should nothing else happen; nullopt: not by time alone.
  [[nodiscard]] std::optional<TimePoint> due() const;
  /// It is durable that this one is done.
  void finish(std::uint64_t position);
  /// Up to here everything is durably delivered or not wanted, when `read_to` is how far was read.
  /// Shape: `marked` is written together with what this is for, and counts as done.
  [[nodiscard]] std::uint64_t done_up_to(std::uint64_t read_to, std::uint64_t marked = 0) const;
  /// Whatever waits, or was given up, is due now and counts its attempts from 0.
  void start_anew();

  [[nodiscard]] std::size_t room() const { return max_ - std::min(max_, items_.size()); }
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] std::size_t max() const { return max_; }
  [[nodiscard]] bool empty() const { return items_.empty(); }
  [[nodiscard]] std::size_t count(Stage stage) const;
  void clear() { items_.clear(); }

 private:
  template <class See>
  void heads(See see) const;

  std::size_t max_;
  std::map<std::uint64_t, Item> items_{};
};

}  // namespace cambist::actors::outbound

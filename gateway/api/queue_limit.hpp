// How many commands may wait for their intent to become durable: admission by bounded queue time.
// The limit follows what the journal can do, so that whoever is let in does not wait long, and the
// rest is told so at once.
#pragma once

#include <chrono>
#include <cstdint>

namespace cambist::gateway {

/// Source: README.md, decision 11.
struct QueuePolicy {
  std::chrono::nanoseconds target = std::chrono::milliseconds{50};     // of the least queue time
  std::chrono::nanoseconds interval = std::chrono::milliseconds{100};  // over which it is the least
  std::uint32_t limit_min = 16;
  std::uint32_t limit_first = 256;
  std::uint32_t limit_max = 4'096;
};

/// Not thread safe. Time is given: monotonic, from any origin.
class QueueLimit {
 public:
  explicit QueueLimit(QueuePolicy policy);

  /// A command, or a webhook, asks to be let in.
  [[nodiscard]] bool admit_command(std::chrono::nanoseconds now);
  /// A command on a payment that has begun: what is half done is finished before more is begun.
  [[nodiscard]] bool admit_next_command(std::chrono::nanoseconds now);
  [[nodiscard]] bool admit_webhook(std::chrono::nanoseconds now);
  /// The intent of some command is durable, so long after it set out.
  void durable(std::chrono::nanoseconds queued, std::chrono::nanoseconds now);
  /// A command that was let in is answered; `wrote`: its intent became durable.
  void command_left(bool wrote, std::chrono::nanoseconds now);
  /// A webhook that was let in is answered, so long after.
  void webhook_left(bool wrote, std::chrono::nanoseconds queued, std::chrono::nanoseconds now);

  [[nodiscard]] std::uint32_t limit() const noexcept { return limit_; }
  /// Commands let in whose intent is not durable yet, and webhooks let in.
  [[nodiscard]] std::uint32_t waiting() const noexcept { return waiting_ + webhooks_; }

  /// Webhooks have so many times the room: they are shed last. Payments that have begun come
  /// between.
  static constexpr std::uint32_t webhook_share = 4;
  static constexpr std::uint32_t begun_share = 2;

 private:
  [[nodiscard]] bool admit_command(std::uint32_t share, std::chrono::nanoseconds now);
  void look(std::chrono::nanoseconds now);
  void adapt();
  void sample(std::chrono::nanoseconds queued);

  QueuePolicy policy_;
  std::uint32_t limit_;
  std::uint32_t waiting_ = 0;  // commands before their intent is durable
  std::uint32_t running_ = 0;  // commands behind it
  std::uint32_t webhooks_ = 0;
  // This interval.
  std::chrono::nanoseconds ends_{0};
  std::chrono::nanoseconds least_{0};
  std::uint32_t samples_ = 0;
  std::uint32_t most_waiting_ = 0;
  std::uint32_t waiting_at_start_ = 0;
};

}  // namespace cambist::gateway

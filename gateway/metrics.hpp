// What is counted, as Prometheus wants it: base units, bounded label sets, one text for all.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/ports.hpp"

namespace cambist::gateway {

/// Thread safe.
class Metrics final : public actors::Telemetry {
 public:
  Metrics();
  ~Metrics() override;

  void payment_moved(std::string_view status, std::string_view provider) override;
  void operation_settled(std::string_view kind, std::string_view provider, std::string_view outcome,
                         Duration since_start) override;
  void failed_over(std::string_view from, std::string_view to) override;
  void late_success(std::string_view provider) override;
  void provider_called(std::string_view provider, std::string_view kind, std::string_view verdict,
                       Duration duration) override;
  void breaker_changed(std::string_view provider, int state) override;
  void journal_committed(std::size_t appends, Duration duration, bool ok) override;
  void actors_live(std::string_view kind, std::ptrdiff_t change) override;
  void queue_depth(std::string_view queue, std::size_t depth) override;
  void restarted(std::string_view kind) override;
  void timer_fired(std::string_view kind, Duration late) override;
  void unknown_resolved(std::string_view provider, std::string_view how,
                        Duration unknown_for) override;
  void tasks_open(std::ptrdiff_t change) override;
  void webhook_received(std::string_view provider, std::string_view outcome) override;
  void webhook_settled(std::string_view provider, std::string_view status,
                       Duration since_receipt) override;
  void delivery_attempted(std::string_view outcome, Duration duration) override;
  void intent_queued(Duration queued) override;

  /// Shows what a dashboard waits for before it has happened once: breakers closed, queues empty,
  /// no restarts.
  void begin(const std::vector<std::string>& providers);
  /// `route` is the template, never the path.
  void request_handled(std::string_view route, std::string_view method, int status,
                       Duration duration);
  void requests_in_flight(std::ptrdiff_t change);
  void card_data_refused();
  /// A request was turned away because too many wait; `what` is "command" or "webhook".
  void shed(std::string_view what);
  /// `hear` is called with every intent that became durable. Before any actor runs.
  void on_intent(std::function<void(Duration queued)> hear);

  /// The text exposition format 0.0.4, with the process's own metrics.
  [[nodiscard]] std::string text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cambist::gateway

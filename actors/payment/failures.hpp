// How often the actors of payments have failed of late, and which payments are parked for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocols/core/ids.hpp"
#include "protocols/core/time.hpp"

namespace cambist::actors::live {

/// A payment that is served no more for a while, and why.
struct ParkedPayment {
  PaymentId payment;
  std::uint32_t failures = 0;
  std::string last_error{};
  TimePoint since{};
};

class Failures {
 public:
  /// `parked_for`: then it gets one more chance.
  Failures(std::uint32_t max, Duration window, Duration parked_for)
      : max_(max), window_(window), parked_for_(parked_for) {}

  /// A payment's actor has failed. True when this parks the payment.
  bool add(const PaymentId& payment, std::string error, TimePoint now);
  /// Ends the parking of those whose time is over: one more failure parks them again. True when the
  /// list has become shorter.
  bool release(TimePoint now);
  [[nodiscard]] bool parked(const PaymentId& payment) const { return parked_.contains(payment); }
  [[nodiscard]] std::size_t parked_count() const noexcept { return parked_.size(); }
  /// The newest first, at most `limit`.
  [[nodiscard]] std::vector<ParkedPayment> newest(std::size_t limit) const;

 private:
  static constexpr std::size_t remembered_max = 10'000;

  struct Recent {
    std::deque<TimePoint> times{};
    std::uint32_t before = 0;  // failures of earlier times: those that parked it
  };
  void forget(TimePoint now);

  std::uint32_t max_;
  Duration window_;
  Duration parked_for_;
  std::unordered_map<PaymentId, Recent> recent_{};
  std::unordered_map<PaymentId, std::uint64_t> parked_{};  // to its place in `order_`
  std::map<std::uint64_t, ParkedPayment> order_{};         // oldest first
  std::uint64_t parked_ever_ = 0;
};

}  // namespace cambist::actors::live

// What one client does with one payment, from the first request to the last: drawn from a seed, so
// that a run with the same seed sends the same requests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/soak/client.hpp"

namespace cambist::soak {

/// Who plays.
struct World {
  Asker& asker;
  Tally& tally;
  const test::Client& sandbox;  // its payers answer at the desk
};

class Journey {
 public:
  /// `number` makes its keys and references its own.
  Journey(World world, std::uint64_t seed, std::uint64_t number);
  void run();

 private:
  /// What is known of a payment: nothing that a client could not know.
  struct Known {
    std::string id;
    std::string status;
    std::int64_t amount = 0;
    std::int64_t captured = 0;
    std::string at_provider;
  };

  // Kinds of journeys.
  void declined();
  void payer_acts();
  void abandoned();
  void key_used_again();
  void asked_twice_at_once();
  void charged_at_once();
  void captured_later();

  // What follows an authorization.
  void capture_all(const Known& payment);
  void capture_in_parts(const Known& payment);
  void cancel(const Known& payment);
  void capture_against_cancel(const Known& payment);
  // What follows a charge.
  void refund(const Known& payment);
  void refund_twice_with_one_key(const Known& payment);
  void refund_twice_with_two_keys(const Known& payment);

  [[nodiscard]] Ask creation(const std::string& capture, const std::string& token = "pm_card_visa");
  [[nodiscard]] Ask command(const Known& payment, const std::string& what, std::int64_t minor,
                            const std::string& more = {});
  /// Asks for it until there is an answer; nullopt when it made no payment.
  [[nodiscard]] std::optional<Known> create(const Ask& ask);
  [[nodiscard]] std::optional<Known> accepted(const test::ApiResponse& answer,
                                              Steady::time_point sent);
  void act(const Ask& ask);
  /// Waits until the payment is neither `processing` nor `past`; it is given as last seen when that
  /// takes too long.
  [[nodiscard]] Known settled(Known payment, const std::string& past = "processing");
  void expect_same(const Ask& ask, const test::ApiResponse& one, const test::ApiResponse& other);

  [[nodiscard]] bool chance(unsigned percent) { return random_() % 100 < percent; }
  [[nodiscard]] std::string key(const char* what);

  World world_;
  Draws random_;
  std::uint64_t number_;
  std::string currency_;
  std::int64_t amount_;
  int keys_ = 0;
};

}  // namespace cambist::soak

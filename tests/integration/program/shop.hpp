// A merchant whose server runs with the emulators of all providers inside, the payers, and the
// witness.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "tests/support/service.hpp"

namespace cambist::test {

using Environment = std::map<std::string, std::string>;

/// The string behind `name`; empty when it is null.
[[nodiscard]] std::string text(const boost::json::value& object, const char* name);
/// {"amount": {"value": …, "currency": …}}, as captures and refunds take it.
[[nodiscard]] std::string money(const std::string& value, const std::string& currency);
/// A phone that nobody had before, in the international spelling: `begin`, a number, `end`.
[[nodiscard]] std::string new_phone(const std::string& begin, const std::string& end);

class Shop {
 public:
  explicit Shop(Environment environment = {});

  [[nodiscard]] const Client& client() const noexcept { return client_; }
  [[nodiscard]] const Client& sandbox() const noexcept { return sandbox_; }
  [[nodiscard]] ServerProcess& server() noexcept { return server_; }

  [[nodiscard]] ApiResponse pay(const std::string& body) const;
  [[nodiscard]] ApiResponse act(const std::string& id, const std::string& what,
                                const std::string& body = "{}") const;
  [[nodiscard]] boost::json::value payment(const std::string& id) const;
  [[nodiscard]] std::string status(const std::string& id) const;
  [[nodiscard]] std::string events(const std::string& id) const;
  /// Waits until the payment has this status; whether it came to that.
  [[nodiscard]] bool becomes(const std::string& id, const std::string& status,
                             std::chrono::milliseconds timeout = std::chrono::seconds{30}) const;

  /// "approve", "decline" or "ignore", by whoever pays `payment`.
  [[nodiscard]] ApiResponse payer(const boost::json::value& payment, const std::string& act) const;
  void faults(const std::string& rules_json) const;
  /// All effects; those of one payment, wherever. A bank knows references instead of payments.
  [[nodiscard]] boost::json::array ledger() const;
  [[nodiscard]] boost::json::array effects(const boost::json::value& payment) const;
  /// "stripe charge", … in order.
  [[nodiscard]] std::vector<std::string> story(const boost::json::value& payment) const;
  /// Tokens that the emulator of PayPal has issued: none, and PayPal was never called.
  [[nodiscard]] std::int64_t paypal_tokens() const;

 private:
  TemporaryFolder folder_;
  ServerProcess server_;
  Client client_;
  Client sandbox_;
};

}  // namespace cambist::test

// One customer's payment, from the application's side.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"
#include "tests/simulation/agenda.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/support/history.hpp"

namespace cambist::sim {

class World;

/// Lives as long as something of it is on the agenda.
class Shopper : public std::enable_shared_from_this<Shopper> {
 public:
  Shopper(World& world, std::uint64_t number);
  ~Shopper();
  Shopper(const Shopper&) = delete;
  Shopper& operator=(const Shopper&) = delete;

  void start();

 private:
  /// One request with everything that is asked again.
  struct Wish {
    std::string kind;    // as `test::ClientCall` names it
    std::string method;  // of HTTP
    std::string target;
    std::string body{};
    std::string key{};
    int tries = 1;
  };
  using Then = std::function<void(std::optional<http::Response>)>;

  void ask(Wish wish, Then then);
  void answered(test::ClientCall call, const std::optional<http::Response>& response);
  [[nodiscard]] bool wants_again(const Wish& wish, const std::optional<http::Response>& response);
  void later(Tick least, Tick most, std::function<void()> what);

  void choose_method();
  void by_phone_or_bank(std::uint64_t roll);
  void created(const std::optional<http::Response>& response);
  void try_key_again(const std::string& key);
  void go_on(const boost::json::object& payment);
  void with_payer(const boost::json::object& payment);
  void look(int times);
  void with_authorized();
  void with_captured();
  void command(const std::string& what, std::string body, Then then);
  void capture(std::optional<std::int64_t> minor, bool final_capture, Then then);
  void refund(std::optional<std::int64_t> minor, Then then);
  void cancel(Then then);
  void schedule_capture();
  Then and_go_on();

  [[nodiscard]] std::string money(std::int64_t minor) const;
  [[nodiscard]] std::string fresh_key();

  World& world_;
  Dice dice_;
  std::string name_;
  std::string provider_;   // empty: whoever routing finds
  std::string method_;     // as JSON
  bool holds_ = true;      // it can be authorized first
  std::int64_t unit_ = 1;  // the smallest amount that its provider takes
  Currency currency_;
  std::int64_t amount_ = 0;
  std::string payment_{};
  bool has_paid_ = false;
  int keys_ = 0;
  int requests_ = 0;
  int steps_ = 0;  // how often it has gone on: bounded
};

}  // namespace cambist::sim

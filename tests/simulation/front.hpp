// The network between the clients and the server.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/http/message.hpp"
#include "tests/simulation/agenda.hpp"
#include "tests/simulation/dice.hpp"

namespace cambist::sim {

class World;

/// A key of the default tenant.
inline constexpr std::string_view api_key = "sk_test_simulation_0123456789abcdefghijklmnop";

class Front {
 public:
  using Answered = std::function<void(std::optional<http::Response>)>;
  explicit Front(World& world);

  /// `answered` is called once; without a response when none has come within `patience`.
  void ask(http::Request request, const std::string& payment, Tick patience, Answered answered);
  [[nodiscard]] std::uint64_t asked() const noexcept { return asked_; }

 private:
  void arrive(const http::Request& request, const std::string& payment, const Answered& answered);

  World& world_;
  Dice dice_;
  std::uint64_t asked_ = 0;
};

/// A request of the API. Shape: `key` empty: without one.
[[nodiscard]] http::Request api_request(std::string_view method, std::string target,
                                        std::string body = {}, const std::string& key = {});

}  // namespace cambist::sim

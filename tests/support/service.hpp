// The real program as tests use it: the sandbox and the server as processes of their own, and a
// client.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "actors/ports.hpp"
#include "protocols/http/message.hpp"
#include "tests/support/process.hpp"

namespace cambist::test {

/// A status of 0 means: no answer.
struct ApiResponse {
  int status = 0;
  http::Headers headers;
  std::string body;
  [[nodiscard]] boost::json::value json() const;
};

/// A client of one server. Thread safe.
class Client {
 public:
  Client(std::string origin, std::string api_key);
  [[nodiscard]] ApiResponse get(const std::string& target) const;
  [[nodiscard]] ApiResponse post(const std::string& target, std::string body,
                                 const std::string& idempotency_key = {}) const;
  [[nodiscard]] ApiResponse send(std::string method, const std::string& target, std::string body,
                                 const http::Headers& headers) const;
  [[nodiscard]] const std::string& origin() const noexcept { return origin_; }

 private:
  std::string origin_;
  std::string api_key_;
  std::shared_ptr<actors::HttpClient> http_;
};

/// `cambist sandbox` on ports the system picks.
class SandboxProcess {
 public:
  /// `arguments` are added to the command line.
  explicit SandboxProcess(const std::vector<std::string>& arguments = {},
                          const std::map<std::string, std::string>& environment = {});
  [[nodiscard]] const std::string& origin() const noexcept { return origin_; }
  [[nodiscard]] const Client& client() const noexcept { return *client_; }
  /// The effects of `GET /sandbox/ledger`.
  [[nodiscard]] boost::json::array ledger() const;
  void faults(const std::string& rules_json) const;
  [[nodiscard]] Process& process() noexcept { return *process_; }

 private:
  std::unique_ptr<Process> process_;
  std::string origin_;
  std::unique_ptr<Client> client_;  // a client has a thread: one for all calls
};

/// `cambist serve` on a port the system picks (or `listen`), over `data`. `program` empty: the
/// product.
struct ServerOptions {
  std::string data;
  std::string stripe_base_url{};  // empty: the sandbox inside
  std::string api_key = "test-key-of-the-default-tenant";
  std::map<std::string, std::string> environment{};
  std::vector<std::string> arguments{};
  std::string log_file{};
  std::string listen = "127.0.0.1:0";
  std::string program{};
  std::string database{};  // an URL; empty: the store inside
};
/// The program that can be told to die at a failpoint.
[[nodiscard]] std::string crash_program();
/// A port that is free now, for a server that must come back at the same address.
[[nodiscard]] std::uint16_t free_port();

class ServerProcess {
 public:
  /// Waits until it serves. Throws with its stderr when it does not within 30 s.
  explicit ServerProcess(ServerOptions options);
  [[nodiscard]] const std::string& origin() const noexcept { return origin_; }
  [[nodiscard]] const std::string& sandbox_origin() const noexcept { return sandbox_origin_; }
  [[nodiscard]] Client client() const { return {origin_, options_.api_key}; }
  [[nodiscard]] Process& process() noexcept { return *process_; }
  /// Resident memory in bytes.
  [[nodiscard]] std::size_t resident_bytes() const;

 private:
  ServerOptions options_;
  std::unique_ptr<Process> process_;
  std::string origin_;
  std::string sandbox_origin_;
};

/// Asks `condition` again and again until it holds or `timeout` is over.
template <class F>
[[nodiscard]] bool eventually(std::chrono::milliseconds timeout, F condition);

/// Waits until no payment of the list is `processing`.
[[nodiscard]] bool wait_until_settled(const Client& client, const std::vector<std::string>& ids,
                                      std::chrono::milliseconds timeout);

/// A pause between two looks at a condition that another process brings about.
void poll_pause();

template <class F>
bool eventually(std::chrono::milliseconds timeout, F condition) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  do {
    if (condition()) return true;
    poll_pause();
  } while (std::chrono::steady_clock::now() < deadline);
  return condition();
}

}  // namespace cambist::test

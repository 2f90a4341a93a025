// One connection to an origin, plain or TLS. Every operation calls back once, on the I/O thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/error_code.hpp>

#include "protocols/http/url.hpp"

namespace cambist::gateway::outbound {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

class Link : public std::enable_shared_from_this<Link> {
 public:
  using Done = std::function<void(boost::system::error_code, std::size_t)>;

  explicit Link(boost::asio::io_context& io) : socket_(io) {}

  void connect(const Endpoints& endpoints, Done done);
  /// Verifies the chain and the host's name; tells the name (SNI).
  void handshake(boost::asio::ssl::context& context, const http::Origin& origin, Done done);
  void write(std::string_view bytes, Done done);
  /// What was read stays in `received()` until the next read.
  void read(Done done);
  [[nodiscard]] std::string_view received(std::size_t n) const noexcept {
    return {buffer_->data(), n};
  }
  /// Whether an idle connection can carry a request: open at both ends, with nothing unread.
  [[nodiscard]] bool is_quiet();
  [[nodiscard]] bool is_tls() const noexcept { return tls_.has_value(); }
  /// Gives the read buffer back while the connection is idle.
  void rest() noexcept { buffer_.reset(); }
  void close() noexcept;

 private:
  using Buffer = std::array<char, 16 * 1024>;

  boost::asio::ip::tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
  std::unique_ptr<Buffer> buffer_;
};

/// TLS 1.2 at least, peers verified against `ca_file`; without one nobody is trusted yet.
/// Errors: invalid_request when `ca_file` cannot be read.
[[nodiscard]] Result<void> prepare(boost::asio::ssl::context& context, const std::string& ca_file);
/// Reads the system's roots, which takes some tens of milliseconds.
void trust_the_system(boost::asio::ssl::context& context);

}  // namespace cambist::gateway::outbound

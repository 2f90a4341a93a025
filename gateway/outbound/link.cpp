#include "gateway/outbound/link.hpp"

#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>

namespace cambist::gateway::outbound {

namespace asio = boost::asio;
using boost::system::error_code;

void Link::connect(const Endpoints& endpoints, Done done) {
  // The range connect moves through must outlive it.
  const auto range = std::make_shared<const Endpoints>(endpoints);
  asio::async_connect(socket_, *range,
                      [self = shared_from_this(), range, done = std::move(done)](
                          error_code error, const asio::ip::tcp::endpoint&) {
                        if (!error) {
                          error_code ignored;
                          self->socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
                        }
                        done(error, 0);
                      });
}

void Link::handshake(asio::ssl::context& context, const http::Origin& origin, Done done) {
  tls_.emplace(socket_, context);
  error_code error;
  tls_->set_verify_mode(asio::ssl::verify_peer, error);
  if (!error) tls_->set_verify_callback(asio::ssl::host_name_verification{origin.host}, error);
  error_code not_an_address;
  asio::ip::make_address(origin.host, not_an_address);
  const bool named =
      !not_an_address || SSL_set_tlsext_host_name(tls_->native_handle(), origin.host.c_str()) == 1;
  if (error || !named) return done(asio::error::invalid_argument, 0);
  tls_->async_handshake(
      asio::ssl::stream_base::client,
      [self = shared_from_this(), done = std::move(done)](error_code failed) { done(failed, 0); });
}

void Link::write(std::string_view bytes, Done done) {
  auto finish = [self = shared_from_this(), done = std::move(done)](
                    error_code error, std::size_t n) { done(error, n); };
  const asio::const_buffer buffer{bytes.data(), bytes.size()};
  if (tls_) {
    asio::async_write(*tls_, buffer, std::move(finish));
  } else {
    asio::async_write(socket_, buffer, std::move(finish));
  }
}

void Link::read(Done done) {
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<Buffer>();
  auto finish = [self = shared_from_this(), done = std::move(done)](
                    error_code error, std::size_t n) { done(error, n); };
  if (tls_) {
    tls_->async_read_some(asio::buffer(*buffer_), std::move(finish));
  } else {
    socket_.async_read_some(asio::buffer(*buffer_), std::move(finish));
  }
}

bool Link::is_quiet() {
  if (!socket_.is_open()) return false;
  if (tls_ && SSL_has_pending(tls_->native_handle()) != 0) return false;
  char byte = 0;
  const auto n = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void Link::close() noexcept {
  error_code ignored;
  socket_.close(ignored);
}

Result<void> prepare(asio::ssl::context& context, const std::string& ca_file) {
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  error_code error;
  context.set_verify_mode(asio::ssl::verify_peer, error);
  if (!ca_file.empty()) context.load_verify_file(ca_file, error);
  ERR_clear_error();
  if (error)
    return Error{ErrorCode::invalid_request, "the CA file cannot be read: " + error.message(),
                 "ca_file"};
  return {};
}

void trust_the_system(asio::ssl::context& context) {
  error_code error;
  context.set_default_verify_paths(error);
  ERR_clear_error();
  if (error) spdlog::error("outgoing TLS: the system's roots: {}", error.message());
}

}  // namespace cambist::gateway::outbound

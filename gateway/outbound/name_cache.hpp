// Names to addresses, without blocking the I/O thread, remembered for a short while.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "gateway/outbound/client.hpp"
#include "gateway/outbound/link.hpp"

namespace cambist::gateway::outbound {

/// Questions for the same name that come while it is being asked share the answer.
class NameCache {
 public:
  /// Empty: the name has no address, or nobody could be asked.
  using Found = std::function<void(const Endpoints&)>;

  /// `resolve` empty: the system's resolver is asked.
  explicit NameCache(boost::asio::io_context& io, Resolve resolve = {})
      : resolver_(io), resolve_(std::move(resolve)) {}
  void find(const std::string& host, std::uint16_t port, Found found);

  static constexpr std::chrono::seconds fresh_for{30};
  static constexpr std::size_t entries_max = 1'024;

 private:
  using Clock = std::chrono::steady_clock;
  using Key = std::pair<std::string, std::uint16_t>;
  struct Entry {
    Endpoints endpoints;
    Clock::time_point fresh_until{};
    std::vector<Found> asking;  // not empty while the resolver works
  };
  void ask(const Key& key);
  void answered(const Key& key, Endpoints endpoints);
  void forget_the_stale();

  boost::asio::ip::tcp::resolver resolver_;
  Resolve resolve_;
  std::map<Key, Entry> entries_;
};

}  // namespace cambist::gateway::outbound

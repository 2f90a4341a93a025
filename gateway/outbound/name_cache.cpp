#include "gateway/outbound/name_cache.hpp"

#include <boost/asio/ip/address.hpp>

namespace cambist::gateway::outbound {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

void NameCache::find(const std::string& host, std::uint16_t port, Found found) {
  error_code no_literal;
  if (const auto address = asio::ip::make_address(host, no_literal); !no_literal) {
    return found({tcp::endpoint{address, port}});
  }
  const Key key{host, port};
  forget_the_stale();
  auto& entry = entries_[key];
  if (!entry.endpoints.empty() && Clock::now() < entry.fresh_until)
    return found(Endpoints{entry.endpoints});
  entry.asking.push_back(std::move(found));
  if (entry.asking.size() > 1) return;
  ask(key);
}

void NameCache::ask(const Key& key) {
  if (resolve_) {
    return resolve_(key.first, [this, key](const std::vector<std::string>& addresses) {
      Endpoints endpoints;
      for (const auto& text : addresses) {
        error_code wrong;
        const auto address = asio::ip::make_address(text, wrong);
        if (!wrong) endpoints.emplace_back(address, key.second);
      }
      answered(key, std::move(endpoints));
    });
  }
  resolver_.async_resolve(key.first, std::to_string(key.second), tcp::resolver::numeric_service,
                          [this, key](error_code error, const tcp::resolver::results_type& found) {
                            Endpoints endpoints;
                            if (!error) {
                              for (const auto& one : found) endpoints.push_back(one.endpoint());
                            }
                            answered(key, std::move(endpoints));
                          });
}

void NameCache::answered(const Key& key, Endpoints endpoints) {
  auto& entry = entries_[key];
  entry.endpoints = endpoints;
  entry.fresh_until = Clock::now() + fresh_for;
  const auto asking = std::exchange(entry.asking, {});
  for (const auto& tell : asking) tell(endpoints);
}

void NameCache::forget_the_stale() {
  if (entries_.size() < entries_max) return;
  const auto now = Clock::now();
  std::erase_if(entries_, [&](const auto& item) {
    return item.second.asking.empty() && item.second.fresh_until <= now;
  });
}

}  // namespace cambist::gateway::outbound

#include "gateway/cli/doctor.hpp"

#include <sys/resource.h>

#include <boost/json.hpp>
#include <ostream>

#include "gateway/cli/http_call.hpp"
#include "gateway/inbound/server.hpp"

namespace cambist::gateway::cli {
namespace {

// A connection takes one descriptor on each side; below this the limits on connections cannot be
// kept.
constexpr rlim_t descriptors_min = 4'096;

/// Listens and stops again: the address is free and ours to take.
Check listenable(const std::string& name, const std::string& address) {
  const auto server = inbound::Server::start(
      address, {}, [](http::Request, const inbound::Responder&) {},
      [](int status, const Error&) {
        return http::Response{status, {}, {}};
      },
      1);
  return server ? Check{name, true, address + " is free"}
                : Check{name, false, server.error().detail};
}

Check descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const bool enough = limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= descriptors_min;
  return {
      "file descriptors", enough,
      "the limit is " + std::to_string(limit.rlim_cur) +
          (enough ? ""
                  : ", below " + std::to_string(descriptors_min) + ": raise it with ulimit -n")};
}

Check reachable(const std::string& name, const std::string& url, actors::HttpClient& client) {
  const auto peer = parse_peer(url);
  if (!peer) return {name, false, peer.error().detail};
  const auto answer =
      call(client, {"GET", peer->origin, peer->prefix + "/", {}, {}, {}}, std::chrono::seconds{5});
  if (!answer) return {name, false, answer.error().detail};
  return {name, true, peer->origin + " answers"};
}

}  // namespace

std::vector<Check> examine(const config::Settings& settings, actors::HttpClient& client,
                           const std::function<Result<void>()>& open_store) {
  std::vector<Check> checks;
  const auto opened = open_store();
  checks.push_back(opened ? Check{"store", true, "opens and is at this version's schema"}
                          : Check{"store", false, opened.error().detail});
  checks.push_back(listenable("listen", settings.server.listen));
  if (settings.sandbox.enabled)
    checks.push_back(listenable("sandbox listen", settings.sandbox.listen));
  checks.push_back(descriptors());
  for (const auto& [name, provider] : settings.providers) {
    const auto url = provider.settings.values.find("base_url");
    if (url != provider.settings.values.end())
      checks.push_back(reachable("provider " + name, url->second, client));
  }
  return checks;
}

int report(const std::vector<Check>& checks, bool json, std::ostream& out) {
  bool all = true;
  boost::json::array list;
  for (const auto& check : checks) {
    all = all && check.passed;
    if (json) {
      list.push_back({{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
    } else {
      out << (check.passed ? "ok    " : "WRONG ") << check.name << ": " << check.detail << '\n';
    }
  }
  if (json)
    out << boost::json::serialize(boost::json::object{{"passed", all}, {"checks", list}}) << '\n';
  return all ? 0 : 1;
}

}  // namespace cambist::gateway::cli

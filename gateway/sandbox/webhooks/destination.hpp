// Where webhooks go and what they are signed with; a letter becomes a request here.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/sandbox/webhooks/letter.hpp"
#include "protocols/core/error.hpp"
#include "protocols/core/secret.hpp"
#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::sandbox::webhooks {

/// A provider's secrets as a setting writes them: one, or several with commas while they rotate.
using Secrets = std::map<std::string, Secret, std::less<>>;

/// Letters of `provider` go to `origin` + `path` + "/" + provider. One without secrets sends
/// nothing.
struct Destination {
  std::string origin;
  std::string path;
  std::map<std::string, std::vector<Secret>, std::less<>> secrets;
};

/// The only secret that a letter of `Forgery::wrong_secret` is sealed with. Providers that sign with
/// a key instead of the secret know a forger by it.
constexpr std::string_view forgers_secret = "whsec_nobody_shares_this_one";

/// Reads "http[s]://HOST[:PORT][/path]".
/// Errors: invalid_request.
[[nodiscard]] Result<Destination> read_destination(std::string_view url, const Secrets& secrets);

/// The request of one attempt at `now`: every attempt has a time and a signature of its own.
/// Shape: `destination` has secrets for the letter's provider, unless the letter has a URL.
[[nodiscard]] http::Request seal(const Letter& letter, const Destination& destination,
                                 TimePoint now);

}  // namespace cambist::gateway::sandbox::webhooks

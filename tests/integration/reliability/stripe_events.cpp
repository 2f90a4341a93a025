#include "tests/integration/reliability/stripe_events.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "protocols/core/digest.hpp"
#include "tests/support/process.hpp"

namespace cambist::test {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

const std::filesystem::path sdk_folder =
    std::filesystem::path{CAMBIST_SOURCE_DIR} / "tests/integration/sdk";

std::string contents(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  return text.str();
}

/// Runs a command in the SDK's folder; the shell only changes the folder.
void run_in_sdk_folder(const std::vector<std::string>& command,
                       const std::map<std::string, std::string>& environment,
                       const std::string& log) {
  std::vector<std::string> arguments{"sh", "-c", R"(cd "$1" && shift && exec "$@" >&2)", "sh",
                                     sdk_folder.string()};
  arguments.insert(arguments.end(), command.begin(), command.end());
  Process process{arguments, environment, log};
  if (process.wait(300s) != 0) throw std::runtime_error(command.front() + ":\n" + contents(log));
}

}  // namespace

std::string stripe_signature(std::string_view body, std::chrono::seconds at,
                             std::string_view secret) {
  const auto time = std::to_string(at.count());
  const auto signed_text = time + "." + std::string{body};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(),
       digest.data(), &size);
  return "t=" + time +
         ",v1=" + to_hex(std::string_view{reinterpret_cast<const char*>(digest.data()), size});
}

std::chrono::seconds now_in_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
}

ApiResponse post_webhook(const Client& client, const std::string& body,
                         const std::string& signature) {
  return client.send("POST", "/api/v1/webhooks/stripe", body,
                     {{"Content-Type", "application/json"},
                      {"Stripe-Signature",
                       signature.empty() ? stripe_signature(body, now_in_seconds()) : signature},
                      {"Authorization", "none"}});
}

std::vector<std::string> emulated_events(const SandboxProcess& sandbox) {
  std::vector<std::string> events;
  std::string after;
  for (bool more = true; more;) {
    const auto answer = sandbox.client().get("/stripe/v1/events?limit=100" + after);
    if (answer.status != 200) throw std::runtime_error("no events: " + answer.body);
    const auto page = answer.json();
    for (const auto& event : page.at("data").as_array()) events.push_back(json::serialize(event));
    more = page.at("has_more").as_bool();
    if (!events.empty()) after = "&starting_after=" + event_id(events.back());
  }
  std::reverse(events.begin(), events.end());
  return events;
}

std::string event_id(const std::string& body) {
  return std::string{json::parse(body).at("id").as_string()};
}

std::vector<std::string> sdk_signatures(const std::vector<std::string>& bodies) {
  const TemporaryFolder folder;
  const auto log = folder.path() + "/sdk.log";
  if (!std::filesystem::exists(sdk_folder / "node_modules/stripe/package.json")) {
    run_in_sdk_folder({"npm", "ci"}, {{"CI", "1"}}, log);
  }
  json::array list;
  for (const auto& body : bodies) list.emplace_back(body);
  const auto in = folder.path() + "/bodies.json";
  const auto out = folder.path() + "/signatures.json";
  std::ofstream{in} << json::serialize(list);
  run_in_sdk_folder({"node", "sign_webhooks.mjs", in, out},
                    {{"CAMBIST_WEBHOOK_SECRET", webhook_secret}}, log);
  std::vector<std::string> signatures;
  const auto made = json::parse(contents(out));
  for (const auto& one : made.as_array()) signatures.emplace_back(one.as_string());
  return signatures;
}

}  // namespace cambist::test

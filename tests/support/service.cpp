#include "tests/support/service.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "gateway/cli/http_call.hpp"
#include "gateway/outbound/client.hpp"

namespace cambist::test {
namespace {

constexpr auto start_timeout = std::chrono::seconds{30};
constexpr auto call_timeout = std::chrono::seconds{15};

/// The sandbox's ledger after a long run is larger than any answer of a provider.
gateway::outbound::ClientLimits limits() {
  gateway::outbound::ClientLimits limits;
  limits.response_bytes = 512 * 1024 * 1024;
  return limits;
}

/// Reads "  NAME  VALUE …" lines of the banner until `last` was seen.
std::map<std::string, std::string> read_banner(Process& process, const std::string& last) {
  std::map<std::string, std::string> found;
  while (auto line = process.line(start_timeout)) {
    std::istringstream words{*line};
    std::string name, value;
    words >> name >> value;
    found[name] = value;
    if (name == last) return found;
  }
  throw std::runtime_error("the program ended or stayed silent before it said \"" + last + "\"");
}

}  // namespace

boost::json::value ApiResponse::json() const {
  boost::system::error_code wrong;
  auto value = boost::json::parse(body, wrong);
  return wrong ? boost::json::value{} : value;
}

Client::Client(std::string origin, std::string api_key)
    : origin_(std::move(origin)),
      api_key_(std::move(api_key)),
      http_(gateway::outbound::make_client(limits())) {}

ApiResponse Client::get(const std::string& target) const {
  return send("GET", target, {}, {});
}

ApiResponse Client::post(const std::string& target, std::string body,
                         const std::string& idempotency_key) const {
  http::Headers headers{{"Content-Type", "application/json"}};
  if (!idempotency_key.empty()) headers.push_back({"Idempotency-Key", idempotency_key});
  return send("POST", target, std::move(body), headers);
}

ApiResponse Client::send(std::string method, const std::string& target, std::string body,
                         const http::Headers& headers) const {
  http::Request request{std::move(method), origin_, target, headers, std::move(body), {}};
  if (!api_key_.empty() && http::find(headers, "Authorization") == nullptr) {
    request.headers.push_back({"Authorization", "Bearer " + api_key_});
  }
  auto response = gateway::cli::call(*http_, std::move(request), call_timeout);
  if (!response) return {0, {}, response.error().detail};
  return {response->status, std::move(response->headers), std::move(response->body)};
}

SandboxProcess::SandboxProcess(const std::vector<std::string>& arguments,
                               const std::map<std::string, std::string>& environment) {
  std::vector<std::string> line{CAMBIST_BINARY, "sandbox", "--listen", "127.0.0.1:0"};
  line.insert(line.end(), arguments.begin(), arguments.end());
  process_ = std::make_unique<Process>(std::move(line), environment);
  origin_ = read_banner(*process_, "sandbox").at("sandbox");
  client_ = std::make_unique<Client>(origin_, "sk_test_sandbox");
}

boost::json::array SandboxProcess::ledger() const {
  const auto answer = client().get("/sandbox/ledger");
  if (answer.status != 200) throw std::runtime_error("no ledger: " + answer.body);
  return answer.json().at("effects").as_array();
}

void SandboxProcess::faults(const std::string& rules_json) const {
  const auto answer =
      client().send("PUT", "/sandbox/faults", rules_json, {{"Content-Type", "application/json"}});
  if (answer.status >= 300)
    throw std::runtime_error("the sandbox refused the faults: " + answer.body);
}

std::string crash_program() {
  return CAMBIST_CRASH_BINARY;
}

std::uint16_t free_port() {
  // Below the range from which the system takes the ports of outgoing connections: one of those
  // must not stand there while the server is down.
  std::mt19937 random{std::random_device{}()};
  for (int tries = 0; tries < 100; ++tries) {
    const auto port = static_cast<std::uint16_t>(20'000 + random() % 10'000);
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const bool free =
        probe >= 0 && bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    if (probe >= 0) close(probe);
    if (free) return port;
  }
  throw std::runtime_error("no free port");
}

ServerProcess::ServerProcess(ServerOptions options) : options_(std::move(options)) {
  const std::string program = options_.program.empty() ? CAMBIST_BINARY : options_.program;
  std::vector<std::string> arguments{program,         "serve",  "--listen",
                                     options_.listen, "--data", options_.data};
  auto environment = options_.environment;
  environment["CAMBIST_API_KEY"] = options_.api_key;
  if (options_.stripe_base_url.empty()) {
    arguments.insert(arguments.end(), {"--sandbox-listen", "127.0.0.1:0"});
  } else {
    arguments.push_back("--no-sandbox");
    environment["CAMBIST_STRIPE_BASE_URL"] = options_.stripe_base_url;
    environment["CAMBIST_STRIPE_SECRET_KEY"] = "sk_test_of_the_tests";
    environment.emplace("CAMBIST_SANDBOX_SECRETS", "true");  // a sandbox runs, but not inside
  }
  if (!options_.database.empty())
    arguments.insert(arguments.end(), {"--database", options_.database});
  arguments.insert(arguments.end(), options_.arguments.begin(), options_.arguments.end());
  const auto log = options_.log_file.empty() ? options_.data + "/server.log" : options_.log_file;
  process_ = std::make_unique<Process>(std::move(arguments), environment, log);
  try {
    auto banner = read_banner(*process_, "API");
    origin_ = banner.at("API");
    sandbox_origin_ = banner["sandbox"];
  } catch (const std::exception& error) {
    std::ifstream in{log};
    std::stringstream text;
    text << in.rdbuf();
    throw std::runtime_error(std::string{error.what()} + "; its log: " + text.str());
  }
}

std::size_t ServerProcess::resident_bytes() const {
  std::ifstream in{"/proc/" + std::to_string(process_->pid()) + "/statm"};
  std::size_t total = 0, resident = 0;
  in >> total >> resident;
  return resident * 4096;
}

bool wait_until_settled(const Client& client, const std::vector<std::string>& ids,
                        std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (const auto& id : ids) {
    for (;;) {
      const auto answer = client.get("/api/v1/payments/" + id);
      if (answer.status == 404) break;
      if (answer.status == 200 && answer.json().at("status").as_string() != "processing") break;
      if (std::chrono::steady_clock::now() > deadline) return false;
      poll_pause();
    }
  }
  return true;
}

void poll_pause() {
  std::this_thread::sleep_for(std::chrono::milliseconds{5});
}

}  // namespace cambist::test

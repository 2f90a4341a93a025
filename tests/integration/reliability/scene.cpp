#include "tests/integration/reliability/scene.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/integration/reliability/stripe_events.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

const std::map<std::string, std::string> short_settings{
    {"CAMBIST_LIMITS_WRITES_PER_S", "100000"},
    {"CAMBIST_LIMITS_WRITES_BURST", "100000"},
    {"CAMBIST_LIMITS_READS_PER_S", "100000"},
    {"CAMBIST_LIMITS_READS_BURST", "100000"},
    {"CAMBIST_RUNTIME_IDLE_MAX_MS", "40"},
    {"CAMBIST_RUNTIME_TIMER_POLL_MS", "25"},
    {"CAMBIST_SERVER_REQUEST_DEADLINE_MS", "2000"},
    {"CAMBIST_PAYMENTS_INQUIRY_DELAYS_MS", "150,200,200,200"},
    {"CAMBIST_PAYMENTS_INQUIRY_DELAY_MAX_MS", "400"},
    {"CAMBIST_PAYMENTS_REPEAT_DELAY_MIN_MS", "20"},
    {"CAMBIST_PAYMENTS_REPEAT_DELAY_MAX_MS", "50"},
    {"CAMBIST_WEBHOOKS_ALLOW_LOOPBACK", "true"},
    {"CAMBIST_WEBHOOKS_RETRY_DELAYS_MS", "100,200,400,800,1600"},
    {"CAMBIST_STRIPE_CALL_TIMEOUT_MS", "500"},
    {"CAMBIST_STRIPE_BREAKER_CONSECUTIVE_FAILURES_MAX", "1000"},
    {"CAMBIST_STRIPE_BREAKER_WINDOW_CALLS_MIN", "100000"},
};

/// What Stripe has above, for another provider. A base URL on loopback brings the rest with
/// CAMBIST_SANDBOX_SECRETS: the keys and secrets that the sandbox goes with.
std::map<std::string, std::string> settings_at(const std::string& sandbox,
                                               const std::string& provider) {
  std::map<std::string, std::string> made{
      {variable_of(provider, "BASE_URL"), sandbox + "/" + provider},
      {variable_of(provider, "CALL_TIMEOUT_MS"), "500"},
      {variable_of(provider, "BREAKER_CONSECUTIVE_FAILURES_MAX"), "1000"},
      {variable_of(provider, "BREAKER_WINDOW_CALLS_MIN"), "100000"},
  };
  // The emulator takes sessions at once.
  if (provider == "mpesa_openapi_tz") made[variable_of(provider, "SESSION_WARMUP_S")] = "0";
  return made;
}

std::vector<std::string> sandbox_arguments(const SceneOptions& options, const std::string& origin) {
  if (!options.webhooks) return {};
  return {"--webhooks", origin + "/api/v1/webhooks"};
}

}  // namespace

Scene::Scene(SceneOptions options)
    : order_file_(folder_.path() + "/failpoint"),
      port_(free_port()),
      origin_("http://127.0.0.1:" + std::to_string(port_)),
      sandbox_(sandbox_arguments(options, origin_),
               {{"CAMBIST_STRIPE_WEBHOOK_SECRET", webhook_secret}}) {
  options_.data = folder_.path() + "/data";
  std::filesystem::create_directory(options_.data);
  if (options.database.empty()) {
    store_ = std::make_unique<TestStore>(options.store, options_.data);
    books_ = store_->where();
    options_.database = store_->database();
  } else {
    options_.database = options.database;
    books_ = options.books;
  }
  options_.stripe_base_url = sandbox_.origin() + "/stripe";
  options_.environment = std::move(options.environment);
  options_.environment.insert(short_settings.begin(), short_settings.end());
  if (!options.provider.empty())
    options_.environment.merge(settings_at(sandbox_.origin(), options.provider));
  options_.environment["CAMBIST_STRIPE_WEBHOOK_SECRET"] = webhook_secret;
  options_.environment["CAMBIST_FAILPOINT_FILE"] = order_file_;
  options_.listen = "127.0.0.1:" + std::to_string(port_);
  options_.program = options.program.empty() ? crash_program() : std::move(options.program);
  options_.log_file = folder_.path() + "/server.log";
}

void Scene::start() {
  server_ = std::make_unique<ServerProcess>(options_);
  client_ = std::make_unique<Client>(origin_, options_.api_key);
}

bool Scene::stop() {
  server_->process().signal(SIGTERM);
  return server_->process().wait(40s) == 0;
}

void Scene::kill() {
  server_->process().signal(SIGKILL);
  if (!dead(10s)) throw std::runtime_error("the server does not die");
}

bool Scene::dead(std::chrono::milliseconds timeout) {
  return server_->process().wait(timeout).has_value();
}

void Scene::arm(const std::string& failpoint) {
  // Moved into place as a whole: the server reads it at any moment.
  const auto fresh = order_file_ + ".new";
  std::ofstream{fresh} << failpoint << ' ' << ++orders_ << '\n';
  std::filesystem::rename(fresh, order_file_);
}

void Scene::disarm() {
  std::filesystem::remove(order_file_);
}

ApiResponse Scene::send(const Request& request) const {
  return client().post(request.target, request.body, request.key);
}

/// A disk that stalls for more than a second, and a machine on which nothing comes to its turn
/// within the request's deadline, are told as such: all ask for the same request again.
static bool is_store_slow(const ApiResponse& answer) {
  return answer.status == 503 &&
         (answer.body.find("the payment store cannot be written now") != std::string::npos ||
          answer.body.find("the request could not be taken yet") != std::string::npos ||
          answer.body.find("nothing can be said of the request yet") != std::string::npos);
}

ApiResponse Scene::insist(const Request& request,
                          const std::function<void(const ApiResponse&)>& odd) const {
  ApiResponse answer;
  const bool final = eventually(20s, [&] {
    answer = send(request);
    if (answer.status == 409 || answer.status == 202 || is_store_slow(answer)) return false;
    if (answer.status == 0 || answer.status == 429 || answer.status >= 500) {
      odd(answer);
      return false;
    }
    return true;
  });
  if (!final) odd(answer);
  return answer;
}

std::string Scene::fresh_key() {
  return "key-" + std::to_string(++keys_);
}

std::string Scene::status_of(const std::string& payment) const {
  const auto answer = client().get("/api/v1/payments/" + payment);
  if (answer.status != 200) return std::to_string(answer.status);
  return std::string{answer.json().at("status").as_string()};
}

boost::json::array Scene::effects_of(const std::string& payment) const {
  const auto answer = sandbox_.client().get("/sandbox/ledger?payment=" + payment);
  if (answer.status != 200) throw std::runtime_error("no ledger: " + answer.body);
  return answer.json().at("effects").as_array();
}

std::string Scene::make_endpoint(const std::string& name) {
  const auto made = client().post(
      "/api/v1/webhook-endpoints",
      boost::json::serialize(boost::json::object{{"url", merchant_.url(name)}}), fresh_key());
  if (made.status != 201) throw std::runtime_error("no endpoint: " + made.body);
  std::string id{made.json().at("id").as_string()};
  merchant_.knows(name, id, std::string{made.json().at("secret").as_string()});
  return id;
}

bool Scene::webhooks_done(std::chrono::milliseconds timeout) const {
  return eventually(timeout, [&] {
    for (const char* status : {"received", "retrying", "parked"}) {
      const auto answer =
          client().get(std::string{"/api/v1/webhooks/events?limit=1&status="} + status);
      if (answer.status != 200 || !answer.json().at("data").as_array().empty()) return false;
    }
    return true;
  });
}

bool Scene::stop_at_rest() {
  if (!webhooks_done(20s)) return false;
  sandbox_.process().signal(SIGSTOP);
  const bool ended = webhooks_done(20s) && stop();
  sandbox_.process().signal(SIGCONT);
  return ended;
}

Evidence Scene::evidence(std::vector<Promised> promises) const {
  Evidence evidence{read_books(books_), sandbox_.ledger()};
  evidence.promises = std::move(promises);
  evidence.received = merchant_.received();
  return evidence;
}

std::string variable_of(const std::string& provider, const std::string& name) {
  std::string made = "CAMBIST_" + provider + "_" + name;
  std::transform(made.begin(), made.end(), made.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return made;
}

void in_parallel(std::size_t count, unsigned threads,
                 const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> pool;
  for (unsigned i = 0; i < threads; ++i) {
    pool.emplace_back([&] {
      for (std::size_t at = next++; at < count; at = next++) work(at);
    });
  }
  for (auto& thread : pool) thread.join();
}

void print_table(const std::string& title, const std::vector<std::string>& columns,
                 const std::vector<std::string>& rows,
                 const std::vector<std::vector<std::string>>& cells) {
  std::size_t first = title.size();
  for (const auto& row : rows) first = std::max(first, row.size());
  std::string text = title + std::string(first - title.size(), ' ');
  for (const auto& column : columns) text += "  " + column;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text += "\n" + rows[r] + std::string(first - rows[r].size(), ' ');
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const auto& cell = cells[r][c];
      const auto width = columns[c].size();
      text += "  " + cell + std::string(cell.size() < width ? width - cell.size() : 0, ' ');
    }
  }
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
}

}  // namespace cambist::test

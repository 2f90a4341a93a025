#include "tests/soak/run.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/soak/drain.hpp"
#include "tests/soak/load.hpp"
#include "tests/soak/weather.hpp"
#include "tests/support/store_kind.hpp"

namespace cambist::soak {
namespace {

using namespace std::chrono_literals;

constexpr auto start_wait = 60s;
constexpr auto drain_wait = 12min;  // the provider's fifth try of a webhook comes 10 min later
constexpr auto stop_wait = 60s;
constexpr auto warm_after = 10s;  // caches are filled, connections are open
constexpr const char* api_key = "sk_test_of_the_soak";
constexpr const char* webhook_secret = "whsec_of_the_soak_0123456789abcdef";

/// What takes minutes takes seconds here, so that all of it happens between two kills. The rest is
/// as delivered.
const std::map<std::string, std::string> settings{
    {"CAMBIST_API_KEY", api_key},
    {"CAMBIST_STRIPE_WEBHOOK_SECRET", webhook_secret},
    {"CAMBIST_STRIPE_SECRET_KEY", "sk_test_of_the_soak"},
    {"CAMBIST_WEBHOOKS_ALLOW_LOOPBACK", "true"},
    {"CAMBIST_LOG_LEVEL", "warn"},
    // Clients, the provider and the merchant are one address here.
    {"CAMBIST_SERVER_CONNECTIONS_PER_ADDRESS_MAX", "4000"},
    {"CAMBIST_SERVER_REQUEST_DEADLINE_MS", "3000"},
    {"CAMBIST_RUNTIME_TIMER_POLL_MS", "100"},
    {"CAMBIST_PAYMENTS_INQUIRY_DELAYS_MS", "200,500,1000,2000"},
    {"CAMBIST_PAYMENTS_INQUIRY_DELAY_MAX_MS", "5000"},
    {"CAMBIST_PAYMENTS_CALL_GRACE_MS", "4000"},
    {"CAMBIST_WEBHOOKS_RETRY_DELAYS_MS", "500,1000,2000,4000,8000"},
    {"CAMBIST_STRIPE_CALL_TIMEOUT_MS", "1000"},
    {"CAMBIST_STRIPE_BREAKER_OPEN_MIN_MS", "1000"},
    {"CAMBIST_STRIPE_BREAKER_OPEN_MAX_MS", "4000"},
};

std::string make_endpoint(const test::Client& api, test::Merchant& merchant) {
  const auto made =
      api.post("/api/v1/webhook-endpoints",
               boost::json::serialize(boost::json::object{{"url", merchant.url("shop")}}), "shop");
  if (made.status != 201) throw std::runtime_error("no endpoint: " + made.body);
  const auto body = made.json();
  std::string id{body.at("id").as_string()};
  merchant.knows("shop", id, std::string{body.at("secret").as_string()});
  return id;
}

/// Lines of the log that say more than that something had to be done again.
std::size_t errors_in(const std::string& log) {
  std::ifstream in{log};
  std::size_t found = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.find(R"("level":"error")") != std::string::npos ||
        line.find(R"("level":"critical")") != std::string::npos) {
      if (++found <= 10) std::fprintf(stderr, "log: %s\n", line.c_str());
    }
  }
  return found;
}

std::uint64_t forgeries_accepted(const test::SandboxProcess& sandbox) {
  const auto shown = sandbox.client().get("/sandbox/webhooks").json();
  return shown.at("forged").at("accepted").to_number<std::uint64_t>();
}

void say(const char* what) {
  std::fprintf(stderr, "%s\n", what);
}

/// Everything that takes part, in the order in which it must come and go.
class Soak {
 public:
  Soak(const Options& options, const std::string& binary)
      : options_(options),
        data_(options.folder + "/data"),
        // Below the ports of outgoing connections: it must come back at the same address.
        address_("127.0.0.1:" + std::to_string(test::free_port())),
        store_(options.store, data_),
        sandbox_({"--webhooks", "http://" + address_ + "/api/v1/webhooks"},
                 {{"CAMBIST_STRIPE_WEBHOOK_SECRET", webhook_secret}}),
        merchant_(static_cast<unsigned>(options.seed)),
        keeper_(command(binary), tally_, doorway_),
        api_(keeper_.origin(), api_key) {
    merchant_.keep_digests();
  }

  Report run() {
    report_.options = options_;
    keeper_.start(start_wait);
    endpoint_ = make_endpoint(api_, merchant_);
    load();
    come_to_rest();
    say("the judge reads");
    const auto began = Steady::now();
    auto everything = evidence();
    const auto read_in = Steady::now() - began;
    report_.verdict = judge(std::move(everything), tally_.disagreements());
    report_.verdict.read_in = read_in;
    return std::move(report_);
  }

 private:
  Command command(const std::string& binary) const {
    Command command;
    command.arguments = {binary, "serve", "--listen", address_, "--data", data_, "--no-sandbox"};
    if (const auto database = store_.database(); !database.empty())
      command.arguments.insert(command.arguments.end(), {"--database", database});
    command.environment = settings;
    command.environment["CAMBIST_STRIPE_BASE_URL"] = sandbox_.origin() + "/stripe";
    command.environment["CAMBIST_SANDBOX_SECRETS"] = "true";
    command.log_file = options_.folder + "/server.log";
    command.origin = "http://" + address_;
    command.api_key = api_key;
    return command;
  }

  void load() {
    Asker asker{keeper_.origin(), api_key, tally_, doorway_};
    Gauge gauge{keeper_, tally_};
    Weather weather{sandbox_, merchant_, options_.seed + 1};
    Load load{{asker, tally_, sandbox_.client()}, {.rate = options_.rate, .seed = options_.seed}};
    keeper_.keep_until(Steady::now() + std::chrono::duration_cast<Steady::duration>(options_.time),
                       options_.kill_every, options_.seed + 2);
    weather.finish();
    gauge.finish();
    say("no more payments, no more faults");
    load.finish();
    report_.faults = weather.struck();
    report_.counts = tally_.counts();
    report_.growth = growth(gauge.samples(), warm_after, compared_at());
  }

  /// Lives are compared at an age that most of them reach.
  [[nodiscard]] std::chrono::duration<double> compared_at() const {
    return std::chrono::duration<double>{std::clamp(options_.kill_every.count() / 4, 1.0, 10.0)};
  }

  void come_to_rest() {
    const auto began = Steady::now();
    report_.unrest = drain({api_, sandbox_, merchant_, endpoint_}, drain_wait);
    report_.drained_in = Steady::now() - began;
    report_.forged_accepted = forgeries_accepted(sandbox_);
    const auto status = keeper_.stop(stop_wait);
    report_.lives = keeper_.lives();
    const auto problem = [&](std::string what) { report_.problems.push_back(std::move(what)); };
    if (status != 0)
      problem("the server ended with " + (status ? std::to_string(*status) : "nothing in time"));
    for (const auto& life : report_.lives) {
      if (life.died_by_itself)
        problem("the server died by itself with " + std::to_string(*life.died_by_itself));
    }
    if (report_.forged_accepted > 0)
      problem(std::to_string(report_.forged_accepted) + " forged webhooks were answered 2xx");
    if (merchant_.unverified() > 0)
      problem(std::to_string(merchant_.unverified()) + " events came with a wrong signature");
    if (report_.counts.gave_up > 0)
      problem(std::to_string(report_.counts.gave_up) + " requests were never answered");
    const auto errors = errors_in(options_.folder + "/server.log");
    if (errors > 0) problem(std::to_string(errors) + " errors in the log of the server");
  }

  [[nodiscard]] test::Evidence evidence() const {
    test::Evidence evidence{test::read_books(store_.where()), sandbox_.ledger()};
    evidence.promises = tally_.promises();
    evidence.received = merchant_.received();
    evidence.settled = report_.unrest.empty();
    return evidence;
  }

  Options options_;
  std::string data_;
  std::string address_;
  test::TestStore store_;
  test::SandboxProcess sandbox_;
  test::Merchant merchant_;
  Tally tally_;
  Doorway doorway_;
  Keeper keeper_;
  test::Client api_;
  std::string endpoint_;
  Report report_;
};

}  // namespace

Report run(const Options& options, const std::string& binary) {
  std::filesystem::create_directories(options.folder + "/data");
  return Soak{options, binary}.run();
}

}  // namespace cambist::soak

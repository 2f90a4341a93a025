#include "benchmarks/load/options.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <optional>

namespace cambist::load {
namespace {

constexpr auto about =
    R"(cambist-load: drives a payment server and says what a payment costs

Each payment is two requests: POST create, then POST capture, each with an idempotency key of its
own. {id} in paths, keys and bodies is the id that the generator made, {rid} the "id" of the answer
to the create. One line of JSON goes to stdout, a table to stderr.)";

constexpr auto footer = R"(examples:
  cambist-load --url http://127.0.0.1:8080 --connections 64 --seconds 10
  cambist-load --url http://127.0.0.1:8080 --rate 1000 --pid server=$(pidof cambist)
  cambist-load --url http://127.0.0.1:8080 --idle 10000 --seconds 30 --pid server=$(pidof cambist))";

/// As typed; the defaults speak to Cambist with the provider of the benchmarks.
struct Typed {
  std::string url = "http://127.0.0.1:8080";
  std::string path1 = "/api/v1/payments";
  std::string path2 = "/api/v1/payments/{rid}/capture";
  std::string key1 = "{id}-create";
  std::string key2 = "{id}-capture";
  std::string body1 =
      R"({"amount":{"value":"19.99","currency":"EUR"},"capture":"manual","provider":"bench",)"
      R"("reference":"{id}","payment_method":{"type":"card","token":"tok_bench"}})";
  std::string body2 = "{}";
  std::string ok1 = "\"authorized\"";
  std::string ok2 = "\"captured\"";
  std::string prefix;
  std::vector<std::string> headers{};
  std::vector<std::string> pids{};
  std::string metrics;
  bool only_create = false;
  double rate = 0;
  double seconds = 10;
  double warm = 2;
  std::size_t connections = 64;
  std::uint64_t payments = 0;
  std::int64_t patience_ms = 60'000;
  std::size_t idle = 0;
};

void declare(CLI::App& app, Typed& typed) {
  app.add_option("--url", typed.url, "the server")->capture_default_str();
  app.add_option("--connections,-c", typed.connections, "keep-alive connections")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--rate", typed.rate,
                 "open loop: so many payments are meant to start per second [closed loop]")
      ->check(CLI::Range(0.001, 1e7));
  app.add_option("--seconds,-d", typed.seconds, "length of the window that is measured")
      ->check(CLI::Range(0.1, 86'400.0))
      ->capture_default_str();
  app.add_option("--warm", typed.warm, "seconds before it")
      ->check(CLI::Range(0.0, 86'400.0))
      ->capture_default_str();
  app.add_option("--payments", typed.payments, "end after so many [as many as time allows]");
  app.add_option("--patience-ms", typed.patience_ms,
                 "open loop: an arrival without a connection is given up after so long")
      ->check(CLI::Range(1, 3'600'000))
      ->capture_default_str();
  app.add_option("--path1", typed.path1, "path of the create");
  app.add_option("--path2", typed.path2, "path of the capture");
  app.add_option("--key1", typed.key1, "idempotency key of the create");
  app.add_option("--key2", typed.key2, "idempotency key of the capture");
  app.add_option("--body1", typed.body1, "body of the create");
  app.add_option("--body2", typed.body2, "body of the capture");
  app.add_option("--ok1", typed.ok1, "what a good answer to the create holds");
  app.add_option("--ok2", typed.ok2, "what a good answer to the capture holds");
  app.add_flag("--only-create", typed.only_create, "no captures");
  app.add_option("--prefix", typed.prefix, "of the ids [made from time and process]");
  app.add_option(
      "--header", typed.headers,
      "NAME: VALUE in every request; repeatable [Authorization: Bearer $CAMBIST_API_KEY]");
  app.add_option("--pid", typed.pids,
                 "NAME=PID: reports CPU and memory of this process and its children; repeatable");
  app.add_option("--metrics", typed.metrics, "URL of the server's Prometheus text");
  app.add_option("--idle", typed.idle,
                 "only open so many connections and hold them, without a request");
}

std::optional<Watched> read_watched(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  char* end = nullptr;
  const long pid = std::strtol(text.c_str() + equals + 1, &end, 10);
  if (pid <= 0 || *end != '\0') return std::nullopt;
  return Watched{text.substr(0, equals), static_cast<pid_t>(pid)};
}

std::string made_prefix() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return "l" + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) +
         "x" + std::to_string(::getpid());
}

/// What is wrong, or nothing.
std::optional<std::string> read_watch(const Typed& typed, Watch& watch) {
  for (const auto& pid : typed.pids) {
    const auto watched = read_watched(pid);
    if (!watched) return "--pid " + pid + ": NAME=PID is wanted";
    watch.processes.push_back(*watched);
  }
  if (!typed.metrics.empty()) {
    watch.metrics = read_url(typed.metrics);
    if (!watch.metrics)
      return "--metrics " + typed.metrics + ": http://ADDRESS:PORT/PATH is wanted";
  }
  return std::nullopt;
}

Plan plan_of(Typed typed, Endpoint server, Watch watch) {
  Plan plan{
      .server = std::move(server),
      .create = {TextTemplate{typed.path1}, TextTemplate{typed.key1}, TextTemplate{typed.body1},
                 typed.ok1},
      .capture = {TextTemplate{typed.path2}, TextTemplate{typed.key2}, TextTemplate{typed.body2},
                  typed.ok2},
      .create_only = typed.only_create,
      .headers = std::move(typed.headers),
      .prefix = typed.prefix.empty() ? made_prefix() : typed.prefix,
      .rate = typed.rate,
      .connections = typed.connections,
      .warm = std::chrono::duration<double>{typed.warm},
      .seconds = std::chrono::duration<double>{typed.seconds},
      .payments = typed.payments,
      .patience = std::chrono::milliseconds{typed.patience_ms},
      .watch = std::move(watch),
  };
  const char* key = std::getenv("CAMBIST_API_KEY");
  if (plan.headers.empty() && key != nullptr && *key != '\0')
    plan.headers.push_back(std::string{"Authorization: Bearer "} + key);
  return plan;
}

}  // namespace

std::variant<Plan, IdlePlan, Ended> read_options(int argc, const char* const* argv) {
  Typed typed;
  CLI::App app{about, "cambist-load"};
  app.footer(footer);
  declare(app, typed);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Ended{0, app.help()};
  } catch (const CLI::ParseError& error) {
    return Ended{2, std::string{error.what()} + "\n"};
  }
  const auto url = read_url(typed.url);
  if (!url) return Ended{2, "--url " + typed.url + ": http://ADDRESS:PORT is wanted\n"};
  Watch watch;
  if (const auto wrong = read_watch(typed, watch)) return Ended{2, *wrong + "\n"};
  if (typed.idle > 0) {
    return IdlePlan{url->first, typed.idle, std::chrono::duration<double>{typed.seconds},
                    std::move(watch)};
  }
  return plan_of(std::move(typed), url->first, std::move(watch));
}

}  // namespace cambist::load

#include "gateway/sandbox/sandbox.hpp"

#include <algorithm>
#include <mutex>

#include "gateway/sandbox/desk.hpp"

namespace cambist::gateway::sandbox {
namespace {

// The address that the client itself used: it can be reached again. The characters of a host and
// port only, for the text goes into pages.
std::string url_from_host(const http::Request& request) {
  const auto* host = http::find(request.headers, "host");
  const bool plain = host != nullptr && std::all_of(host->begin(), host->end(), [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') ||
                              std::string_view{".:-[]"}.find(c) != std::string_view::npos;
                     });
  return "http://" + (plain ? *host : std::string{"127.0.0.1"});
}

// Kept alive by the handlers too, so that a server may outlive the Sandbox it was given.
struct State {
  State(Clock now, Random random, std::string public_url)
      : fixed_url{std::move(public_url)},
        world{std::move(now), std::move(random), fixed_url, {}, Faults{emulator_names()}},
        emulators{make_emulators(world)} {}

  Emulator* find(std::string_view name) {
    for (auto& emulator : emulators) {
      if (emulator->name() == name) return emulator.get();
    }
    return nullptr;
  }

  // `root` answers what belongs to neither the desk nor a named provider.
  inbound::Outgoing answer(const http::Request& request, Emulator* root) {
    const std::string_view target = request.target;
    const auto end = target.find_first_of("/?", 1);
    const auto first = target.empty()
                           ? std::string_view{}
                           : target.substr(1, end == std::string_view::npos ? end : end - 1);
    if (first == "sandbox") return {.response = serve_desk(desk, request)};
    const std::lock_guard lock{mutex};
    if (fixed_url.empty()) world.public_url = url_from_host(request);
    if (auto* emulator = find(first); emulator != nullptr) {
      const auto rest = target.substr(first.size() + 1);
      return emulator->handle(request, rest.starts_with('/') ? rest : std::string_view{"/"});
    }
    if (root != nullptr) return root->handle(request, target);
    return {.response = no_such_path()};
  }

  const std::string fixed_url;
  std::mutex mutex;  // guards everything below
  World world;
  std::vector<std::unique_ptr<Emulator>> emulators;
  Desk desk{mutex, world, emulators};
};

class SandboxImpl final : public Sandbox {
 public:
  SandboxImpl(Clock now, Random random, std::string public_url)
      : state_{std::make_shared<State>(std::move(now), std::move(random), std::move(public_url))} {}

  inbound::Handler handler() override {
    return [state = state_](http::Request request, const inbound::Responder& respond) {
      respond(state->answer(request, nullptr));
    };
  }

  inbound::Handler root_handler(std::string_view provider) override {
    auto* emulator = state_->find(provider);
    if (emulator == nullptr) return nullptr;
    return [state = state_, emulator](http::Request request, const inbound::Responder& respond) {
      respond(state->answer(request, emulator));
    };
  }

  std::vector<std::string> providers() const override { return emulator_names(); }

  void mail_to(std::shared_ptr<webhooks::Mailer> mailer) override {
    // The last mailer ends outside the lock: it may have a thread that waits for it.
    const std::lock_guard lock{state_->mutex};
    std::swap(state_->world.mailer, mailer);
  }

  std::optional<TimePoint> pass_time() override {
    const std::lock_guard lock{state_->mutex};
    std::optional<TimePoint> next;
    for (auto& emulator : state_->emulators) {
      const auto due = emulator->pass_time(state_->world.now());
      if (due && (!next || *due < *next)) next = due;
    }
    return next;
  }

 private:
  std::shared_ptr<State> state_;
};

}  // namespace

std::unique_ptr<Sandbox> Sandbox::make(Clock now, Random random, std::string public_url) {
  return std::make_unique<SandboxImpl>(std::move(now), std::move(random), std::move(public_url));
}

}  // namespace cambist::gateway::sandbox

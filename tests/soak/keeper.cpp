#include "tests/soak/keeper.hpp"

#include <algorithm>
#include <csignal>
#include <random>
#include <stdexcept>

namespace cambist::soak {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds death_wait = 10s;
constexpr Milliseconds start_wait = 60s;

Milliseconds since(Steady::time_point start) {
  return std::chrono::duration_cast<Milliseconds>(Steady::now() - start);
}

Milliseconds until(Steady::time_point end) {
  return std::max(std::chrono::ceil<Milliseconds>(end - Steady::now()), 0ms);
}

}  // namespace

Keeper::Keeper(Command command, Tally& tally, Doorway& doorway)
    : command_(std::move(command)),
      tally_(tally),
      doorway_(doorway),
      client_(command_.origin, command_.api_key) {}

void Keeper::start(Milliseconds timeout) {
  spawn();
  if (!ready_by(Steady::now() + timeout))
    throw std::runtime_error("the server does not get ready; its log: " + command_.log_file);
}

void Keeper::keep_until(Steady::time_point end, std::chrono::duration<double> kill_every,
                        std::uint64_t seed) {
  Draws random{seed};
  if (kill_every.count() <= 0) {
    while (!live_until(end)) spawn();
    return;
  }
  std::exponential_distribution<double> life{1 / kill_every.count()};
  for (;;) {
    const auto born = lives().back().started;
    const auto moment = born + std::chrono::duration_cast<Steady::duration>(
                                   std::chrono::duration<double>{life(random)});
    if (live_until(std::min(moment, end))) {
      if (moment >= end) break;
      kill();
    }
    spawn();
  }
  if (!ready_by(Steady::now() + start_wait))
    throw std::runtime_error("the server does not get ready; its log: " + command_.log_file);
}

std::optional<int> Keeper::stop(Milliseconds timeout) {
  process_->signal(SIGTERM);
  const auto status = process_->wait(timeout);
  if (status) bury(false, std::nullopt);
  return status;
}

Keeper::Running Keeper::running() const {
  const std::lock_guard lock{mutex_};
  if (!alive_) return {};
  return {process_->pid(), lives_.size() - 1, lives_.back().started};
}

std::vector<Life> Keeper::lives() const {
  const std::lock_guard lock{mutex_};
  return lives_;
}

void Keeper::spawn() {
  tally_.server_starts();
  auto process =
      std::make_unique<test::Process>(command_.arguments, command_.environment, command_.log_file);
  const std::lock_guard lock{mutex_};
  process_ = std::move(process);
  lives_.push_back({Steady::now()});
  alive_ = true;
}

bool Keeper::live_until(Steady::time_point moment) {
  (void)ready_by(moment);
  const auto ended = process_->wait(until(moment));
  if (ended) bury(false, *ended);
  return !ended;
}

bool Keeper::ready_by(Steady::time_point moment) {
  if (lives().back().ready) return true;
  // Clients may knock before it is ready; they only know that a process is there again.
  doorway_.open();
  while (Steady::now() < moment && !process_->wait(0ms)) {
    if (client_.get("/readyz").status == 200) {
      const std::lock_guard lock{mutex_};
      lives_.back().ready = since(lives_.back().started);
      return true;
    }
    test::poll_pause();
  }
  return false;
}

void Keeper::kill() {
  process_->signal(SIGKILL);
  if (!process_->wait(death_wait)) throw std::runtime_error("the server does not die");
  bury(true, std::nullopt);
}

void Keeper::bury(bool killed, std::optional<int> by_itself) {
  doorway_.close();
  const std::lock_guard lock{mutex_};
  alive_ = false;
  auto& life = lives_.back();
  life.killed = killed;
  life.died_by_itself = by_itself;
  if (const auto taken = tally_.first_taken())
    life.first_taken = std::chrono::duration_cast<Milliseconds>(*taken - life.started);
}

}  // namespace cambist::soak

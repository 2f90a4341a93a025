#include "tests/simulation/havoc.hpp"

#include <algorithm>
#include <array>

#include "tests/simulation/provider_side.hpp"
#include "tests/simulation/server.hpp"
#include "tests/simulation/world.hpp"

namespace cambist::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// How long whoever wants to kill an actor waits until it looks again for one that is about to run.
constexpr milliseconds kill_soon{200};
constexpr milliseconds kill_late{60'000};

}  // namespace

Havoc::Havoc(World& world) : world_(world), dice_(world.dice("havoc")), kill_patience_(kill_soon) {
  auto& troubles = *world.store_troubles;
  troubles.on_write = [this](std::span<const storage::Entry> batch) { return on_write(batch); };
  troubles.on_read = [this] {
    const bool refused = !world_.quiet() && dice_.chance(world_.profile.read_refused);
    if (refused) world_.fault(Fault::read_refused);
    return refused;
  };
  troubles.crash = [this] { world_.server->doom(); };
}

void Havoc::begin() {
  const Profile& profile = world_.profile;
  const auto plan = [this, &profile](std::uint32_t times, void (Havoc::*what)()) {
    for (; times > 0; --times) {
      const Tick wait{dice_.between(0, profile.span.count() * 11 / 10)};
      world_.stage.after(wait, [this, what] {
        if (!world_.quiet()) (this->*what)();
      });
    }
  };
  plan(profile.crashes, &Havoc::crash_some_time);
  plan(profile.absences, &Havoc::go_away);
  plan(profile.restarts, &Havoc::restart);
  plan(profile.stalls, &Havoc::stall);
  plan(profile.downs, &Havoc::go_down);
  plan(profile.kills, &Havoc::kill);
  plan(profile.throws, &Havoc::throw_somewhere);
  plan(profile.jumps, &Havoc::jump);
  for (auto times = profile.outages; times > 0; --times) {
    const Tick wait{dice_.between(0, profile.span.count())};
    world_.stage.after(
        wait, [this] { world_.provider->fail_for(milliseconds{dice_.between(3'000, 200'000)}); });
  }
}

void Havoc::one_more() {
  dice_.chance(500'000) ? stall() : kill();
}

// --- the process
// --------------------------------------------------------------------------------

void Havoc::crash_some_time() {
  if (!world_.server->up()) return;
  constexpr std::array<std::string_view, 6> statuses{
      "voided", "failed", "expired", "refunded", "partially_captured", "partially_refunded"};
  wanted_ = dice_.chance(500'000) ? dice_.pick<std::string_view>(statuses) : std::string_view{};
  switch (dice_.below(3)) {
    case 0:
      steps_left_ = dice_.below(200) + 1;
      return;
    case 1:
      in_commit_ = Fault::crash_before_commit;
      return;
    default:
      in_commit_ = Fault::crash_after_commit;
  }
}

void Havoc::step() {
  if (steps_left_ > 0 && --steps_left_ == 0 && !world_.quiet()) crash(Fault::crash);
}

void Havoc::crash(Fault how) {
  if (!world_.server->up()) return;
  if (how == Fault::crash) world_.fault(how);
  ++crashes_;
  world_.server->crash();
  // Most come back at once; some stay away long enough for everything to have moved on.
  const auto roll = dice_.below(20);
  start_again(roll == 0   ? Tick{minutes{dice_.between(5, 120)}}
              : roll < 10 ? Tick{milliseconds{dice_.between(50, 2'000)}}
                          : Tick{seconds{dice_.between(2, 40)}});
}

// Longer than any authorization lives.
void Havoc::go_away() {
  if (!world_.server->up()) return;
  world_.fault(Fault::crash);
  ++crashes_;
  world_.server->crash();
  start_again(hours{dice_.between(170, 200)});
}

void Havoc::restart() {
  if (!world_.server->up()) return;
  world_.fault(Fault::restart);
  world_.server->stop();
  start_again(milliseconds{dice_.between(20, 5'000)});
}

void Havoc::start_again(Tick after) {
  world_.stage.after(after, [this] {
    if (!world_.server->up()) world_.server->start();
  });
}

void Havoc::kill() {
  // The last five are not replaced: their end is that of the process.
  constexpr std::array<std::string_view, 20> kinds{
      "payment",        "payment",  "payment",  "payment",  "payment", "payment", "payment",
      "provider",       "provider", "delivery", "delivery", "reader",  "reader",  "scheduler",
      "webhook_stream", "journal",  "payments", "webhooks", "outbox",  "readers"};
  const auto kind = dice_.pick<std::string_view>(kinds);
  if (world_.stage.kill(kind)) {
    kill_patience_ = kill_soon;
    world_.stage.trace.note(world_.stage.tick(), "killed:", kind);
    return world_.fault(Fault::actor_killed);
  }
  // None of them is about to run: look again soon, and more rarely where days pass and nobody acts.
  world_.stage.after(milliseconds{dice_.between(1, kill_patience_.count())}, [this] {
    if (!world_.quiet()) kill();
  });
  kill_patience_ = std::min(kill_patience_ + kill_patience_ / 16, kill_late);
}

void Havoc::throw_somewhere() {
  if (world_.server->up())
    world_.server->teller().throw_after(static_cast<int>(dice_.between(1, 20)));
}

void Havoc::jump() {
  const auto by = milliseconds{dice_.between(-120'000, 120'000)};
  world_.stage.trace.note(world_.stage.tick(), "the clock jumps");
  world_.stage.jump(by);
  world_.fault(Fault::clock_jumped);
}

// --- the store
// ----------------------------------------------------------------------------------

void Havoc::stall() {
  if (!world_.server->up()) return;
  world_.fault(Fault::store_stalled);
  const bool journal = dice_.chance(700'000);
  world_.stage.freeze(journal ? "journal" : "reader", milliseconds{dice_.between(100, 15'000)});
  if (!journal || !dice_.chance(600'000)) return;
  // What a payment has written waits there while the next actor of it may write already.
  for (auto times = dice_.between(1, 6); times > 0; --times) {
    world_.stage.after(milliseconds{dice_.between(20, 4'000)}, [this] {
      if (world_.quiet()) return;
      world_.stage.kill_after_its_turn("payment");
      world_.fault(Fault::actor_killed);
    });
  }
}

void Havoc::go_down() {
  if (world_.store_troubles->down) return;
  world_.fault(Fault::store_down);
  world_.store_troubles->down = true;
  world_.stage.after(milliseconds{dice_.between(500, 30'000)},
                     [this] { world_.store_troubles->down = false; });
}

// Most commits are of payments that have just begun: a crash that is to meet others waits for them.
bool Havoc::is_wanted(std::span<const storage::Entry> batch) const {
  if (wanted_.empty() || world_.quiet()) return true;
  return std::any_of(batch.begin(), batch.end(), [this](const storage::Entry& entry) {
    const auto* append = std::get_if<storage::Append>(&entry);
    if (append == nullptr) return false;
    const auto row = *world_.reader().payment(default_tenant(), append->payment);
    return row && row->status == wanted_;
  });
}

std::optional<Fault> Havoc::on_write(std::span<const storage::Entry> batch) {
  std::optional<Fault> trouble;
  const Profile& profile = world_.profile;
  if (in_commit_ && is_wanted(batch)) {
    trouble = std::exchange(in_commit_, std::nullopt);
    if (world_.quiet()) trouble.reset();
  } else if (!world_.quiet() && dice_.chance(profile.append_refused)) {
    trouble = Fault::append_refused;
  } else if (!world_.quiet() && dice_.chance(profile.append_unanswered)) {
    trouble = Fault::append_unanswered;
  }
  if (!trouble) return trouble;
  bool counted = false;
  for (const auto& entry : batch) {
    const auto* append = std::get_if<storage::Append>(&entry);
    if (append == nullptr) continue;
    world_.fault(*trouble, append->payment.to_string());
    counted = true;
  }
  if (!counted) world_.fault(*trouble, "-");
  return trouble;
}

}  // namespace cambist::sim

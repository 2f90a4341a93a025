#include "tests/simulation/profile.hpp"

#include <array>

namespace cambist::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint32_t percent = 10'000;

std::uint32_t some(Dice& dice, std::uint32_t low, std::uint32_t high) {
  return static_cast<std::uint32_t>(dice.between(low, high));
}

// What happens on a good day too: a client that is gone, a webhook twice, a deployment.
Profile calm(Dice& dice) {
  Profile profile;
  profile.name = "calm";
  profile.call_fault = some(dice, 0, 1) * percent / 2;
  profile.client_lost = percent;
  profile.client_doubled = 2 * percent;
  profile.letter_fault = 3 * percent;
  profile.letter_lost = percent;
  profile.merchant_fails = 2 * percent;
  profile.restarts = 1;
  profile.dispute = percent;
  return profile;
}

void make_flaky(Profile& profile, Dice& dice) {
  profile.call_fault = some(dice, 3, 30) * percent;
  profile.call_doubled = some(dice, 0, 4) * percent;
  profile.call_late = some(dice, 0, 3) * percent;
}

void make_outages(Profile& profile, Dice& dice) {
  profile.outages = some(dice, 1, 3);
  profile.operations = some(dice, 0, 4);
  profile.call_fault = some(dice, 1, 4) * percent;
}

void make_storm(Profile& profile, Dice& dice) {
  profile.letter_fault = some(dice, 20, 70) * percent;
  profile.letter_lost = some(dice, 2, 20) * percent;
  profile.replays = some(dice, 1, 5);
  profile.dashboard = some(dice, 2, 8) * percent;
  profile.dispute = some(dice, 2, 8) * percent;
}

void make_crashes(Profile& profile, Dice& dice) {
  profile.crashes = some(dice, 4, 15);
  profile.kills = some(dice, 2, 12);
  profile.throws = some(dice, 0, 6);
  profile.jumps = some(dice, 0, 3);
  profile.absences = dice.chance(250'000) ? 1 : 0;
}

void make_slow_store(Profile& profile, Dice& dice) {
  profile.stalls = some(dice, 2, 10);
  profile.downs = some(dice, 0, 3);
  profile.append_refused = some(dice, 0, 4) * percent;
  profile.append_unanswered = some(dice, 0, 4) * percent;
  profile.read_refused = some(dice, 0, 3) * percent;
}

void make_clients_worse(Profile& profile, Dice& dice) {
  profile.client_lost = some(dice, 1, 12) * percent;
  profile.client_doubled = some(dice, 1, 10) * percent;
  profile.merchant_fails = some(dice, 1, 30) * percent;
}

// The same program with other settings is another program.
void draw_settings(Profile& profile, Dice& dice) {
  constexpr std::array polls{milliseconds{500}, milliseconds{5'000}, milliseconds{5'000},
                             milliseconds{10'000}};
  profile.timer_poll = dice.pick<milliseconds>(polls);
  constexpr std::array outbox{milliseconds{250}, milliseconds{2'000}, milliseconds{2'000},
                              milliseconds{5'000}};
  profile.outbox_poll = dice.pick<milliseconds>(outbox);
  profile.examine_every = dice.pick<milliseconds>(polls);
  constexpr std::array<Tick, 4> waits{seconds{20}, minutes{2}, minutes{20}, hours{24}};
  profile.action_wait = dice.pick<Tick>(waits);
  constexpr std::array<Tick, 3> inquiries{minutes{2}, minutes{10}, hours{1}};
  profile.inquiry_max = dice.pick<Tick>(inquiries);
  constexpr std::array<Tick, 4> unknowns{seconds{90}, minutes{10}, hours{1}, hours{24}};
  profile.unknown_max = dice.pick<Tick>(unknowns);
  constexpr std::array idles{milliseconds{1'000}, milliseconds{5'000}, milliseconds{60'000}};
  profile.idle_max = dice.pick<milliseconds>(idles);
  profile.narrow = dice.chance(200'000);
}

}  // namespace

Profile draw_profile(Dice& dice) {
  Profile profile = calm(dice);
  profile.payments = some(dice, 200, 280);
  profile.span = seconds{dice.between(20, 400)};
  draw_settings(profile, dice);
  if (dice.chance(500'000)) make_clients_worse(profile, dice);
  switch (dice.below(8)) {
    case 0:
      break;
    case 1:
      profile.name = "flaky provider";
      make_flaky(profile, dice);
      break;
    case 2:
      profile.name = "outage";
      make_outages(profile, dice);
      break;
    case 3:
      profile.name = "webhook storm";
      make_storm(profile, dice);
      break;
    case 4:
      profile.name = "crashing server";
      make_crashes(profile, dice);
      break;
    case 5:
      profile.name = "slow store";
      make_slow_store(profile, dice);
      break;
    default:
      profile.name = "everything at once";
      make_outages(profile, dice);
      make_flaky(profile, dice);
      make_storm(profile, dice);
      make_crashes(profile, dice);
      make_slow_store(profile, dice);
      make_clients_worse(profile, dice);
  }
  if (profile.absences > 0) profile.dashboard = 0;  // README.md, "What no world does", 5
  return profile;
}

}  // namespace cambist::sim

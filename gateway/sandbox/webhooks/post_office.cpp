#include "gateway/sandbox/webhooks/post_office.hpp"

namespace cambist::gateway::sandbox::webhooks {
namespace {

constexpr int copies_min = 2;
constexpr std::uint64_t copies_choices = 2;  // two or three
constexpr std::uint64_t behind_choices = 5;  // one to five

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// The worst lie is another amount: it is the first digit after "amount", or the first of all.
std::size_t place_to_change(const std::string& body) {
  const auto amount = body.find("\"amount\":");
  auto at = amount == std::string::npos ? 0 : amount;
  while (at < body.size() && !is_digit(body[at])) ++at;
  return at < body.size() ? at : 0;
}

Letter forged(const Letter& truth, const Random& random) {
  Letter lie = truth;
  const auto draw = random();
  // Where nothing is signed, a forger is who does not know the secret path.
  const bool changed = (draw & 1U) != 0 && !truth.secret_path;
  lie.forgery = changed ? Forgery::changed_body : Forgery::wrong_secret;
  // A known id could be taken for a duplicate and so never be looked at: half have one of their
  // own.
  if ((draw & 2U) != 0) {
    const auto at = lie.body.find(truth.event);
    lie.event = "evt_forged" + truth.event.substr(truth.event.find('_') + 1);
    if (at != std::string::npos) lie.body.replace(at, truth.event.size(), lie.event);
  }
  if (lie.forgery == Forgery::changed_body && !lie.body.empty()) {
    lie.forged_at = place_to_change(lie.body);
    const char was = lie.body[lie.forged_at];
    lie.forged_byte = was == '9' ? '8' : '9';
  }
  return lie;
}

}  // namespace

void post_event(World& world, Letter letter) {
  if (!world.mailer) return;
  const auto hit = world.faults.take(
      FaultCall{.provider = letter.provider, .operation = Operation::webhook}, world.random);
  if (hit) letter.delay = hit->delay;
  if (hit && hit->fault == Fault::drop) letter.dropped = true;
  if (hit && hit->fault == Fault::reorder)
    letter.behind = 1 + static_cast<int>(world.random() % behind_choices);
  if (hit && hit->fault == Fault::forge) world.mailer->post(forged(letter, world.random));
  if (hit && hit->fault == Fault::duplicate) {
    const auto more = copies_min - 1 + static_cast<int>(world.random() % copies_choices);
    for (int copy = 0; copy < more; ++copy) world.mailer->post(letter);
  }
  world.mailer->post(std::move(letter));
}

}  // namespace cambist::gateway::sandbox::webhooks

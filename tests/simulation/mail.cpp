#include "tests/simulation/mail.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/simulation/provider_side.hpp"
#include "tests/simulation/providers.hpp"
#include "tests/simulation/server.hpp"
#include "tests/simulation/world.hpp"

namespace cambist::sim {
namespace {

namespace hooks = gateway::sandbox::webhooks;
using std::chrono::milliseconds;
using std::chrono::seconds;

// The provider gives up an attempt after so long.
constexpr Tick attempt_max = seconds{10};

}  // namespace

class Mail::Box final : public hooks::Mailer {
 public:
  explicit Box(Mail& mail) : mail_(mail) {}
  void post(hooks::Letter letter) override { mail_.post(std::move(letter)); }
  void clear() override { mail_.schedule_.clear(); }
  boost::json::object show() const override { return mail_.schedule_.show(); }

 private:
  Mail& mail_;
};

Mail::Mail(World& world)
    : world_(world), dice_(world.dice("mail")), box_(std::make_shared<Box>(*this)) {
  auto read = hooks::read_destination("http://cambist.test/api/v1/webhooks", webhook_secrets());
  if (!read) throw std::runtime_error("no destination: " + read.error().detail);
  destination_ = std::move(*read);
}

Mail::~Mail() = default;

std::shared_ptr<hooks::Mailer> Mail::mailer() {
  return box_;
}

std::string Mail::payment_of(const Letter& letter) const {
  return world_.provider->payment_of(letter.body);
}

void Mail::post(Letter letter) {
  const std::string payment = payment_of(letter);
  if (letter.forgery != hooks::Forgery::none) {
    world_.fault(Fault::webhook_forged, payment);
    if (letter.event.starts_with("evt_forged")) forged_.insert(letter.event);
  } else if (!world_.quiet() && dice_.chance(world_.profile.letter_fault)) {
    switch (dice_.below(4)) {
      case 0:
        world_.fault(Fault::webhook_doubled, payment);
        for (auto more = dice_.between(1, 3); more > 0; --more)
          schedule_.post(letter, world_.stage.now());
        break;
      case 1:
        world_.fault(Fault::webhook_reordered, payment);
        letter.behind = static_cast<int>(dice_.between(1, 6));
        break;
      case 2:
        world_.fault(Fault::webhook_delayed, payment);
        letter.delay = milliseconds{dice_.between(100, 90'000)};
        break;
      default:
        world_.fault(Fault::webhook_dropped, payment);
        letter.dropped = true;
    }
  }
  schedule_.post(std::move(letter), world_.stage.now());
  look();
}

void Mail::look() {
  const auto due = schedule_.due_at();
  if (!due) return;
  const Tick wait = std::max<Tick>(*due - world_.stage.now(), milliseconds{1});
  const Tick at = world_.stage.tick() + wait;
  if (looks_at_ > world_.stage.tick() && looks_at_ <= at) return;
  looks_at_ = at;
  world_.stage.after(wait, [this, at] {
    if (looks_at_ != at) return;
    while (auto attempt = schedule_.take(world_.stage.now())) send(*attempt);
    look();
  });
}

void Mail::send(const hooks::Schedule::Attempt& attempt) {
  const bool forged = attempt.letter->forgery != hooks::Forgery::none;
  const bool lost = !world_.quiet() && dice_.chance(world_.profile.letter_lost);
  if (lost) world_.fault(Fault::webhook_lost, payment_of(*attempt.letter));
  const bool lost_before = lost && dice_.chance(500'000);
  ++under_way_;
  // Whoever answers first: the server, or the provider's patience.
  auto open = std::make_shared<bool>(true);
  const auto settle_once = [this, open, id = attempt.id](std::optional<int> status) {
    if (std::exchange(*open, false)) settle(id, status);
  };
  world_.stage.after(attempt_max, [settle_once] { settle_once(std::nullopt); });
  if (lost_before) return;
  world_.stage.after(milliseconds{dice_.between(1, 80)}, [this, forged, lost, settle_once,
                                                          letter = attempt.letter] {
    auto request = hooks::seal(*letter, destination_, world_.stage.now());
    request.origin.clear();
    request.peer = "198.51.100.7";
    world_.server->take(std::move(request), [this, forged, lost, settle_once,
                                             letter](std::optional<http::Response> response) {
      if (forged && response && response->status < 300)
        world_.broken("I6", payment_of(*letter), "a forged webhook was taken: " + letter->event);
      if (lost) return;
      world_.stage.after(milliseconds{dice_.between(1, 40)}, [settle_once, response] {
        settle_once(response ? std::optional{response->status} : std::nullopt);
      });
    });
  });
}

void Mail::settle(std::uint64_t id, std::optional<int> status) {
  --under_way_;
  const bool taken = status && *status >= 200 && *status < 300;
  schedule_.settle(id, taken, status ? std::to_string(*status) : "no answer", world_.stage.now());
  look();
}

}  // namespace cambist::sim

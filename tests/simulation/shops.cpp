#include "tests/simulation/shops.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json.hpp>

#include "protocols/webhook/standard.hpp"
#include "tests/simulation/server.hpp"
#include "tests/simulation/world.hpp"

namespace cambist::sim {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

/// Lives as long as something that it sent is on its way: longer than the process that sent it.
class Client final : public actors::HttpClient, public std::enable_shared_from_this<Client> {
 public:
  using Take = std::function<int(const http::Request&)>;
  using Mishap = std::function<bool(const http::Request&)>;
  Client(Stage& stage, Dice dice, Take take, Mishap mishap, std::shared_ptr<const Life> life)
      : stage_(stage),
        dice_(std::move(dice)),
        take_(std::move(take)),
        mishap_(std::move(mishap)),
        life_(std::move(life)) {}

  void send(http::Request request, milliseconds timeout,
            std::function<void(actors::HttpOutcome)> done) override {
    if (life_->over) return;
    // Late: whoever sent it has stopped waiting when it arrives.
    const bool late = mishap_(request);
    const Tick wait = late ? Tick{timeout} + milliseconds{dice_.between(-500, 20'000)}
                           : Tick{milliseconds{dice_.between(1, 50)}};
    const auto open = std::make_shared<bool>(true);
    const auto once = [open, done = std::move(done),
                       life = life_](const actors::HttpOutcome& outcome) {
      if (std::exchange(*open, false) && !life->over) done(outcome);
    };
    stage_.after(timeout, [once] {
      once(http::TransportFailure{http::FailurePhase::maybe_sent, "response_timeout"});
    });
    if (late && dice_.chance(500'000)) return;  // or never
    stage_.after(wait, [self = shared_from_this(), request = std::move(request), once] {
      self->arrive(request, once);
    });
  }

 private:
  void arrive(const http::Request& request,
              const std::function<void(const actors::HttpOutcome&)>& answer) {
    const int status = take_(request);
    // Somebody in between sent it twice, and drops the second answer.
    if (mishap_(request))
      stage_.after(milliseconds{dice_.between(1, 3'000)},
                   [self = shared_from_this(), request] { (void)self->take_(request); });
    if (status == 0) return;
    actors::HttpOutcome outcome = http::Response{status, {}, "thank you"};
    if (mishap_(request)) outcome = http::TransportFailure{http::FailurePhase::maybe_sent, "reset"};
    stage_.after(milliseconds{dice_.between(1, 50)}, [answer, outcome] { answer(outcome); });
  }

  Stage& stage_;
  Dice dice_;
  Take take_;
  Mishap mishap_;
  std::shared_ptr<const Life> life_;
};

std::string secret_number(unsigned char number) {
  std::array<std::uint8_t, 32> bytes{};
  bytes.fill(number);
  return webhook::make_secret(bytes);
}

}  // namespace

Shops::Shops(World& world) : world_(world), dice_(world.dice("shops")) {
  const auto count = static_cast<unsigned char>(dice_.between(1, 2));
  for (unsigned char number = 1; number <= count; ++number) {
    Shop shop;
    shop.id = EndpointId::make(world.stage.now(), [this] { return dice_.next(); });
    shop.url = "https://shop-" + std::to_string(number) + ".example/events";
    shop.secret = secret_number(number);
    shops_.push_back(std::move(shop));
  }
}

std::shared_ptr<actors::HttpClient> Shops::client(std::shared_ptr<const Life> life) {
  return std::make_shared<Client>(
      world_.stage, world_.dice("wire to shops " + std::to_string(++lives_)),
      [this](const http::Request& request) { return take(request); },
      [this](const http::Request& request) { return mishap(request); }, std::move(life));
}

void Shops::open() {
  for (const auto& shop : shops_) open(shop);
}

void Shops::open(Shop shop) {
  storage::EndpointRow row;
  row.id = shop.id;
  row.tenant = default_tenant();
  row.url = shop.url;
  row.secret = shop.secret;
  row.created_at = row.updated_at = world_.stage.now();
  actors::ChangeEndpoint change{row.tenant, actors::CreateEndpoint{row}, {}};
  change.audit = {AuditId::make(row.created_at, [this] { return dice_.next(); }),
                  row.tenant,
                  row.created_at,
                  "simulation",
                  "endpoint.create",
                  shop.url};
  world_.server->bridge().change_endpoint(std::move(change), [this](const auto& changed) {
    if (changed && !changed->error) ++opened_;
  });
}

void Shops::try_again() {
  if (!world_.server->up()) return;
  for (const auto& shop : shops_) {
    actors::UpdateEndpoint update;
    update.id = shop.id;
    update.enabled = true;
    update.description = "tried again at " + to_rfc3339(world_.stage.now());
    actors::ChangeEndpoint change{default_tenant(), std::move(update), {}};
    change.audit = {AuditId::make(world_.stage.now(), [this] { return dice_.next(); }),
                    default_tenant(),
                    world_.stage.now(),
                    "simulation",
                    "endpoint.update",
                    shop.url};
    world_.server->bridge().change_endpoint(std::move(change), [](const auto&) {});
  }
}

bool Shops::mishap(const http::Request& request) {
  if (world_.quiet() || !dice_.chance(world_.profile.merchant_fails / 6)) return false;
  world_.fault(Fault::merchant_wire, payment_in(request.body));
  return true;
}

int Shops::take(const http::Request& request) {
  const auto shop = std::find_if(shops_.begin(), shops_.end(), [&](const Shop& one) {
    return request.origin + request.target == one.url;
  });
  if (shop == shops_.end()) return 404;
  const std::array secrets{shop->secret};
  if (!webhook::verify(request.headers, request.body, secrets, world_.stage.now())) {
    world_.broken("I10", payment_in(request.body), "an event that its merchant cannot verify");
    return 401;
  }
  test::Received event;
  event.endpoint = shop->id.to_string();
  event.id = *http::find(request.headers, "webhook-id");
  event.body = request.body;
  const auto body = json::parse(request.body);
  event.type = std::string{body.at("type").as_string()};
  const auto& data = body.at("data").as_object();
  if (const auto* sequence = data.if_contains("sequence"))
    event.sequence = sequence->to_number<std::uint64_t>();
  if (const auto* payment = data.if_contains("payment_id"); payment && payment->is_string())
    event.payment = std::string{payment->as_string()};
  const bool fails = !world_.quiet() && dice_.chance(world_.profile.merchant_fails);
  event.taken = !fails;
  world_.stage.trace.note(world_.stage.tick(), fails ? "refused by" : "taken by",
                          shop->url + " " + event.type + " " + event.payment);
  if (fails) world_.fault(Fault::merchant_failed, event.payment);
  // One that fails may have taken it in, or not.
  if (!fails || dice_.chance(500'000)) received_.push_back(std::move(event));
  if (!fails) return 204;
  constexpr std::array failures{0, 500, 503, 429};
  return dice_.pick<int>(failures);
}

}  // namespace cambist::sim

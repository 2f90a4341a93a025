#include "tests/support/actor_merchant.hpp"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "protocols/webhook/standard.hpp"

namespace cambist::test {

/// Something that happens on the actor clock.
struct Elapsed {
  std::function<void()> what;
};

}  // namespace cambist::test

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(cambist::test::Elapsed)
namespace cambist::test {

inline std::string to_string(const Elapsed&) {
  return "Elapsed";
}

namespace {

using namespace storage;

class Clock final : public caf::event_based_actor {
 public:
  using caf::event_based_actor::event_based_actor;
  caf::behavior make_behavior() override {
    return {[](const Elapsed& elapsed) { elapsed.what(); }};
  }
};

class Asker final : public caf::event_based_actor {
 public:
  Asker(caf::actor_config& config, std::function<void(caf::event_based_actor*)> start)
      : caf::event_based_actor(config), start_(std::move(start)) {}
  caf::behavior make_behavior() override {
    start_(this);
    start_ = {};
    return {};
  }

 private:
  std::function<void(caf::event_based_actor*)> start_;
};

class TappedJournal final : public Journal {
 public:
  TappedJournal(std::unique_ptr<Journal> inner, std::shared_ptr<Tap> tap)
      : inner_(std::move(inner)), tap_(std::move(tap)) {
    tap_->journal = inner_.get();
  }
  ~TappedJournal() override { tap_->journal = nullptr; }
  std::vector<AppendResult> write(std::span<const Entry> batch) override {
    return inner_->write(batch);
  }
  Result<std::size_t> expire_keys(TimePoint now, std::size_t limit) override {
    return inner_->expire_keys(now, limit);
  }
  Result<std::size_t> forget(TimePoint before, std::size_t limit) override {
    return inner_->forget(before, limit);
  }
  Result<void> probe(storage::Probe how) override { return inner_->probe(how); }

 private:
  std::unique_ptr<Journal> inner_;
  std::shared_ptr<Tap> tap_;
};

class TappedStore final : public Store {
 public:
  TappedStore(std::shared_ptr<Store> inner, std::shared_ptr<Tap> tap)
      : inner_(std::move(inner)), tap_(std::move(tap)) {}
  std::unique_ptr<Journal> open_journal() override {
    return std::make_unique<TappedJournal>(inner_->open_journal(), tap_);
  }
  std::unique_ptr<Reader> open_reader() override { return inner_->open_reader(); }
  Result<void> put_api_key(const ApiKeyRow& key) override { return inner_->put_api_key(key); }

 private:
  std::shared_ptr<Store> inner_;
  std::shared_ptr<Tap> tap_;
};

}  // namespace

// --- Merchant
// ---------------------------------------------------------------------------------------

void Merchant::send(http::Request request, std::chrono::milliseconds timeout,
                    std::function<void(actors::HttpOutcome)> done) {
  Attempt attempt;
  attempt.url = request.origin + request.target;
  const auto* id = http::find(request.headers, "webhook-id");
  attempt.id = id ? *id : "";
  attempt.at = now();
  attempt.request = std::move(request);
  attempt.status = answer ? answer(attempt) : 200;
  in_flight_most = std::max(in_flight_most, ++in_flight);
  actors::HttpOutcome outcome = http::Response{attempt.status, headers, "a body of theirs"};
  const bool silent = attempt.status == 0;
  if (silent) {
    outcome = http::TransportFailure{http::FailurePhase::maybe_sent, "response_timeout"};
  }
  attempts.push_back(std::move(attempt));
  later(silent ? timeout : latency, [this, done = std::move(done), outcome = std::move(outcome)] {
    --in_flight;
    done(outcome);
  });
}

std::vector<Merchant::Attempt> Merchant::of(const std::string& url) const {
  std::vector<Attempt> found;
  std::copy_if(attempts.begin(), attempts.end(), std::back_inserter(found),
               [&](const Attempt& attempt) { return attempt.url == url; });
  return found;
}

std::vector<std::string> Merchant::consumed(const std::string& url) const {
  std::vector<std::string> order;
  std::set<std::string> seen;
  for (const Attempt& attempt : of(url)) {
    const bool ok = attempt.status >= 200 && attempt.status < 300;
    if (ok && seen.insert(attempt.id).second) order.push_back(attempt.id);
  }
  return order;
}

// --- MerchantWorld
// ----------------------------------------------------------------------------------

MerchantWorld::MerchantWorld(std::uint64_t seed, ActorWorld::Adjust adjust)
    : world(seed, [this, adjust = std::move(adjust)](actors::RuntimeParams& params) {
        params.store = std::make_shared<TappedStore>(params.store, tap);
        params.merchant_http = merchant;
        if (adjust) adjust(params);
      }) {
  clock_ = world.system().spawn<Clock>();
  merchant->later = [this](std::chrono::milliseconds wait, std::function<void()> what) {
    caf::delayed_anon_send(clock_, wait, Elapsed{std::move(what)});
  };
  merchant->now = [this] { return world.now(); };
  world.settle();
}

MerchantWorld::~MerchantWorld() {
  caf::anon_send_exit(clock_, caf::exit_reason::user_shutdown);
  clock_ = nullptr;
}

MerchantWorld::ChangedPtr MerchantWorld::change(Change what, TenantId tenant) {
  auto changed = std::make_shared<Changed>();
  actors::ChangeEndpoint message{std::move(tenant), std::move(what), {}};
  message.audit.actor = "somebody";
  world.system().spawn<Asker>([=, this](caf::event_based_actor* self) {
    self->request(world.runtime->outbox(), caf::infinite, message)
        .then([changed](actors::EndpointChanged& answer) { changed->answers.push_back(answer); },
              [changed, self](caf::error& error) {
                changed->errors.push_back(self->system().render(error));
              });
  });
  return changed;
}

EndpointId MerchantWorld::endpoint(const std::string& url, std::vector<std::string> types,
                                   TenantId tenant) {
  EndpointRow row;
  row.id = EndpointId::make(world.now(), [this] { return world.rng(); });
  row.tenant = tenant;
  row.url = url;
  row.types = std::move(types);
  row.secret = endpoint_secret();
  row.created_at = row.updated_at = world.now();
  const auto changed = change(actors::CreateEndpoint{row}, tenant);
  world.pass(std::chrono::milliseconds{10});
  EXPECT_TRUE(changed->ok());
  return row.id;
}

PaymentId MerchantWorld::payment(int number) const {
  return PaymentId::make(TimePoint{}, [number] { return static_cast<std::uint64_t>(number) + 1; });
}

std::string MerchantWorld::announce(int number, const std::string& type, TenantId tenant) {
  OutboxRow row;
  row.id = EventId::make(world.now(), [this] { return world.rng(); });
  row.type = type;
  row.payment = payment(number);
  row.at = world.now();
  row.json = R"({"type":")" + type + R"(","id":")" + row.id.to_string() + "\"}";
  if (tap->journal == nullptr) throw std::logic_error("nobody holds the journal");
  const std::vector<Entry> batch{Records{{Announced{tenant, row}}}};
  const auto results = tap->journal->write(batch);
  if (!std::holds_alternative<Appended>(results.at(0))) throw std::logic_error("not announced");
  return row.id.to_string();
}

EndpointRow MerchantWorld::row(const EndpointId& id) {
  for (auto& found : *world.reader().endpoints(std::nullopt)) {
    if (found.id == id) return found;
  }
  throw std::logic_error("no such endpoint");
}

std::vector<DeliveryRow> MerchantWorld::deliveries(const EndpointId& id) {
  auto rows = *world.reader().deliveries({.endpoint = id, .limit = 10'000});
  std::reverse(rows.begin(), rows.end());
  return rows;
}

std::vector<StoredOutbox> MerchantWorld::outbox(TenantId tenant) {
  return *world.reader().outbox(tenant, 0, 100'000);
}

void MerchantWorld::check_order(const std::string& url) {
  std::map<std::string, PaymentId> payments;
  std::map<PaymentId, std::vector<std::string>> expected;
  for (const auto& stored : outbox()) {
    payments[stored.row.id.to_string()] = stored.row.payment;
    expected[stored.row.payment].push_back(stored.row.id.to_string());
  }
  std::map<PaymentId, std::size_t> consumed;
  for (const auto& attempt : merchant->of(url)) {
    const PaymentId payment = payments.at(attempt.id);
    const auto& order = expected.at(payment);
    std::size_t& next = consumed[payment];
    const auto at =
        static_cast<std::size_t>(std::find(order.begin(), order.end(), attempt.id) - order.begin());
    EXPECT_LE(at, next) << attempt.id << " was sent before an earlier event was delivered";
    if (at == next && attempt.status >= 200 && attempt.status < 300) ++next;
  }
  for (const auto& [payment, order] : expected) {
    EXPECT_EQ(consumed[payment], order.size()) << "of " << payment.to_string();
  }
}

std::optional<actors::SupervisionNode> MerchantWorld::node(const std::string& name) {
  const std::function<std::optional<actors::SupervisionNode>(const actors::SupervisionNode&)> find =
      [&](const actors::SupervisionNode& at) -> std::optional<actors::SupervisionNode> {
    if (at.name == name) return at;
    for (const auto& child : at.children) {
      if (auto found = find(child)) return found;
    }
    return std::nullopt;
  };
  return find(world.tree());
}

std::string endpoint_secret(unsigned char n) {
  std::array<std::uint8_t, 32> bytes{};
  bytes.fill(n);
  return webhook::make_secret(bytes);
}

}  // namespace cambist::test

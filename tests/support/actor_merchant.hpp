// Merchants for the actor tests: the other end of their endpoints, with scripted answers, and a
// world around them in which events can be announced without a payment.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/ports.hpp"
#include "tests/support/actor_world.hpp"

namespace cambist::test {

/// All endpoints of all merchants, behind one HTTP client. Answers come on the actor clock.
class Merchant final : public actors::HttpClient {
 public:
  using Later = std::function<void(std::chrono::milliseconds, std::function<void()>)>;

  /// One attempt that arrived.
  struct Attempt {
    std::string url;
    std::string id;  // webhook-id
    TimePoint at;
    int status = 200;
    http::Request request;
  };

  void send(http::Request request, std::chrono::milliseconds timeout,
            std::function<void(actors::HttpOutcome)> done) override;

  /// What an attempt is answered; 0: with silence. Empty: always 200.
  std::function<int(const Attempt&)> answer{};
  http::Headers headers{};  // of every answer
  std::chrono::milliseconds latency{20};
  Later later{};
  Clock now{};

  std::vector<Attempt> attempts{};
  int in_flight = 0;
  int in_flight_most = 0;

  [[nodiscard]] std::vector<Attempt> of(const std::string& url) const;
  /// The ids that `url` has said 2xx to, as a consumer that deduplicates sees them.
  [[nodiscard]] std::vector<std::string> consumed(const std::string& url) const;
};

/// A second pair of hands on the journal that the tree owns.
struct Tap {
  storage::Journal* journal = nullptr;
};

class MerchantWorld {
 public:
  explicit MerchantWorld(std::uint64_t seed = 1, ActorWorld::Adjust adjust = {});
  ~MerchantWorld();
  MerchantWorld(const MerchantWorld&) = delete;
  MerchantWorld& operator=(const MerchantWorld&) = delete;

  struct Changed {
    std::vector<actors::EndpointChanged> answers{};
    std::vector<std::string> errors{};
    [[nodiscard]] bool ok() const { return answers.size() == 1 && !answers[0].error; }
    [[nodiscard]] ErrorCode code() const { return answers.at(0).error.value().code; }
  };
  using ChangedPtr = std::shared_ptr<Changed>;
  using Change = decltype(actors::ChangeEndpoint::change);
  ChangedPtr change(Change change, TenantId tenant = default_tenant());

  /// An endpoint at `url`, stored and running.
  EndpointId endpoint(const std::string& url, std::vector<std::string> types = {},
                      TenantId tenant = default_tenant());
  /// An event of one of a few payments, in the outbox from now on; its id.
  std::string announce(int payment, const std::string& type = "payment.captured",
                       TenantId tenant = default_tenant());
  [[nodiscard]] PaymentId payment(int number) const;

  [[nodiscard]] storage::EndpointRow row(const EndpointId& id);
  [[nodiscard]] std::vector<storage::DeliveryRow> deliveries(const EndpointId& id);
  /// Position, payment and id of every event, in order.
  [[nodiscard]] std::vector<storage::StoredOutbox> outbox(TenantId tenant = default_tenant());
  /// Every event reached `url`, and of no payment a later one was tried before an earlier one was
  /// consumed.
  void check_order(const std::string& url);
  [[nodiscard]] std::optional<actors::SupervisionNode> node(const std::string& name);

  std::shared_ptr<Merchant> merchant = std::make_shared<Merchant>();
  std::shared_ptr<Tap> tap = std::make_shared<Tap>();
  ActorWorld world;

 private:
  caf::actor clock_;
};

/// A secret that can sign; `n` makes different ones.
[[nodiscard]] std::string endpoint_secret(unsigned char n = 1);

}  // namespace cambist::test

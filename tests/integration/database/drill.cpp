#include "tests/integration/database/drill.hpp"

#include <gtest/gtest.h>

#include "tests/integration/reliability/operations.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto unready_max = 2'000ms;
constexpr auto back_max = 5'000ms;

SceneOptions options(const FaultProxy& proxy, const PostgresCluster& cluster,
                     const std::string& database) {
  SceneOptions options;
  options.program = CAMBIST_BINARY;
  options.database = proxy.url(cluster.url(database));
  options.books = cluster.url(database);
  return options;
}

std::string in_words(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

}  // namespace

Drill::Drill(std::string name, ClusterOptions cluster)
    : name_(std::move(name)),
      cluster_(std::move(cluster)),
      database_(cluster_.create_database()),
      proxy_(cluster_.port()),
      scene_(options(proxy_, cluster_, database_)) {
  scene_.start();
  scene_.make_endpoint("shop");
  watch_ = std::make_unique<ReadyWatch>(scene_.client().origin());
  shoppers_ = std::make_unique<Shoppers>(scene_, 4);
  if (!shoppers_->finish_more(20, 20s)) ADD_FAILURE() << "no work is done before the fault";
}

Drill::~Drill() = default;

void Drill::outage(const std::function<void()>& breaks, const std::function<void()>& heals) {
  breaks();
  const auto broken = Steady::now();
  const auto unready = watch_->until(false, broken, unready_max);
  EXPECT_LT(unready, unready_max) << "/readyz does not tell";
  // A stranger to the load: told at once, and told when to come again.
  const auto asked = Steady::now();
  const auto refused = scene_.send({"/api/v1/payments", payment_body("manual"), "of-the-outage"});
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - asked);
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_NE(http::find(refused.headers, "Retry-After"), nullptr);
  EXPECT_LT(waited, 1s);
  // It lasts: longer than the store's own deadline for one statement.
  const auto stays = Steady::now() + 7s;
  while (Steady::now() < stays) {
    if (watch_->ready()) {
      ADD_FAILURE() << "/readyz takes it back while the store is out of reach";
      break;
    }
    poll_pause();
  }
  heals();
  const auto healed = Steady::now();
  const auto ready = watch_->until(true, healed, back_max);
  EXPECT_LT(ready, back_max) << "/readyz does not come back";
  seen_ += "503 after " + in_words(unready) + ", ready again after " + in_words(ready) + ", ";
  expect_service(healed);
}

void Drill::trouble(const std::function<void()>& happens) {
  happens();
  expect_service(Steady::now());
}

void Drill::expect_service(Steady::time_point healed) {
  const bool served = eventually(back_max, [&] {
    return scene_.send({"/api/v1/payments", payment_body("automatic"), scene_.fresh_key()})
               .status == 201;
  });
  const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - healed);
  EXPECT_TRUE(served) << "no payment is taken";
  EXPECT_LT(time, back_max);
  seen_ += "a payment after " + in_words(time) + ", ";
  EXPECT_TRUE(shoppers_->finish_more(20, 30s)) << "the work does not go on";
}

void Drill::judge() {
  shoppers_->stop();
  for (const auto& what : shoppers_->wrong()) ADD_FAILURE() << what;
  for (const auto& [payment, last] : shoppers_->told()) {
    EXPECT_TRUE(eventually(30s, [&] { return merchant_knows(scene_, payment, last); }))
        << payment << ": the merchant does not hear of " << last;
    if (testing::Test::HasFailure()) break;
  }
  EXPECT_TRUE(eventually(30s, [&] {
    const auto open = scene_.client().get("/api/v1/payments?status=processing");
    return open.status == 200 && open.json().at("data").as_array().empty();
  }));
  watch_.reset();
  EXPECT_TRUE(scene_.stop_at_rest()) << "the server does not end in order";
  for (const auto& violation : violations(scene_.evidence(shoppers_->promises())))
    ADD_FAILURE() << to_string(violation);
  std::printf("%s: %s%zu payments, %zu answers of 503, longest request %s\n", name_.c_str(),
              seen_.c_str(), shoppers_->told().size(), shoppers_->refused(),
              in_words(shoppers_->longest()).c_str());
}

}  // namespace cambist::test

#include "benchmarks/fill/life.hpp"

#include "actors/payment/record.hpp"
#include "benchmarks/fill/told.hpp"
#include "protocols/api/answers.hpp"

namespace cambist::fill {
namespace {

constexpr auto answer_time = std::chrono::milliseconds{3};
constexpr auto key_lifetime = std::chrono::hours{24 * 7};

}  // namespace

Random Source::random() {
  return [this] { return state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL; };
}

storage::Append live(const Life& life, std::uint64_t number, TimePoint at, const Random& random) {
  auto details = details_of(life.provider, "fill-" + std::to_string(number), life.amount);
  details.customer_id = "customer-" + std::to_string(number % 10'000);

  Told told;
  told.tell(payment::Create{PaymentId::make(at, random), default_tenant(), std::move(details),
                            OperationId::make(at, random)},
            at);
  if (life.kind != Kind::open) told.approve(at + answer_time);
  if (life.kind == Kind::captured) {
    told.tell(payment::Capture{std::nullopt, true, OperationId::make(at, random)},
              at + 2 * answer_time);
    told.approve(at + 3 * answer_time);
  }
  const storage::KeyClaim key{"fill-" + std::to_string(number), {}, at, at + key_lifetime};
  return actors::live::make_append({}, told.payment, told.events, told.policy, random, key,
                                   api::render(told.payment));
}

}  // namespace cambist::fill

#include "benchmarks/fill/life.hpp"

#include <stdexcept>

#include "actors/payment/record.hpp"

namespace cambist::fill {
namespace {

constexpr auto answer_time = std::chrono::milliseconds{3};
constexpr auto key_lifetime = std::chrono::hours{24 * 7};

/// The payment as it is told, with all that was recorded.
struct Told {
  payment::Payment payment{};
  std::vector<payment::Event> events{};
  std::vector<payment::Effect> effects{};
  payment::Policy policy{};

  void tell(const payment::Command& command, TimePoint at) {
    auto decision = payment::decide(payment, command, policy, at, 0.5);
    if (!decision) throw std::logic_error("the machine refused: " + decision.error().detail);
    for (const auto& event : decision->events) {
      payment = payment::evolve(std::move(payment), event);
      events.push_back(event);
    }
    effects = std::move(decision->effects);
  }

  /// The provider says yes to the call that is owed.
  void approve(TimePoint at) {
    const auto& call = std::get<payment::CallProvider>(effects.front()).call;
    const payment::ProviderAnswered answer{
        .operation = call.operation,
        .attempt = call.attempt,
        .inquiry = false,
        .verdict = provider::Approved{.amount = call.amount,
                                      .provider_payment_id = "bench_" + payment.id.to_string(),
                                      .provider_object = {},
                                      .method = {"visa", "4242"}}};
    tell(answer, at);
  }
};

}  // namespace

Random Source::random() {
  return [this] { return state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL; };
}

storage::Append live(const Life& life, std::uint64_t number, TimePoint at, const Random& random) {
  payment::Details details;
  details.amount = life.amount;
  details.capture = payment::CaptureMethod::manual;
  details.provider = life.provider;
  details.method = {"card", "tok_bench", {}};
  details.reference = "fill-" + std::to_string(number);
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
  return actors::live::make_append({}, told.payment, told.events, told.policy, random, key);
}

}  // namespace cambist::fill

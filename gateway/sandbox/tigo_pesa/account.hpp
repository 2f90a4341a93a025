// What the emulated Tigo account holds, and what happens to it: pushes, payers, callbacks, refunds.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/sandbox/agenda.hpp"
#include "gateway/sandbox/emulator.hpp"
#include "gateway/sandbox/shelf.hpp"
#include "gateway/sandbox/tigo_pesa/script.hpp"

namespace cambist::gateway::sandbox::tigo_pesa {

enum class Status : std::uint8_t { typing, paid, failed };

/// One push. Shape: `id` is the ReferenceID, `receipt` Tigo's own id once it is paid, `payment`
/// what stood in Remarks; `refunded` in minor units.
struct Push {
  std::string id;
  std::string payment;
  Money amount;
  Status status = Status::typing;
  std::string receipt;
  Script script;
  TimePoint created;
  std::int64_t refunded = 0;
};

struct Token {
  std::string id;
  TimePoint ends;
};

/// A callback as it was sent.
struct Told {
  std::string id;
  std::string body;
};

class Account {
 public:
  explicit Account(World& world) : world_{world} {}

  /// A new bearer token.
  std::string let_in(std::chrono::seconds lifetime);
  [[nodiscard]] bool knows_token(std::string_view token);

  Push& ask(std::string id, std::string payment, Money amount, const Script& script);
  [[nodiscard]] Push* find(std::string_view id) { return pushes_.find(id); }
  /// The payer types the PIN, or does not. Nothing happens to one that does not wait.
  void pay(Push& push);
  void fail(Push& push, std::string_view description);
  /// Nobody acts any more: the prompt ends by time.
  void leave(Push& push) noexcept { push.script.will = Will::waits; }
  /// Whether a refund of that reference was made before.
  [[nodiscard]] bool knows_refund(std::string_view reference);
  /// The answer is the refund's receipt.
  std::string refund(Push& push, std::string reference, Money amount);

  std::optional<TimePoint> pass_time(TimePoint now);
  [[nodiscard]] std::optional<webhooks::Letter> letter(std::string_view event);
  void each_letter(const std::function<void(webhooks::Letter)>& take);
  void clear();

 private:
  struct Refund {
    std::string id;
  };
  void act(Push& push, TimePoint now);
  void tell(const Push& push, std::string_view description);
  std::string next_id(std::string_view kind);

  World& world_;
  Shelf<Push> pushes_{1'000'000};
  Shelf<Refund> refunds_{1'000'000};
  Shelf<Token> tokens_{10'000};
  Shelf<Told> told_{100'000};
  Agenda agenda_;
  std::uint64_t last_number_ = 0;
};

}  // namespace cambist::gateway::sandbox::tigo_pesa

// What the emulated Airtel account holds, and what happens to it: pushes, payers, callbacks,
// refunds.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/sandbox/agenda.hpp"
#include "gateway/sandbox/airtel_money/script.hpp"
#include "gateway/sandbox/emulator.hpp"
#include "gateway/sandbox/shelf.hpp"

namespace cambist::gateway::sandbox::airtel_money {

// What the portal shows; the sandbox's account is set up with it (Entry::sandbox).
constexpr std::string_view portal_key = "airtel-demo-private-key";

enum class Status : std::uint8_t { typing, ambiguous, paid, failed, expired };
/// "TIP", "TA", "TS", "TF", "TE".
[[nodiscard]] std::string_view to_string(Status status) noexcept;

/// One collection. Shape: `id` is the partner's transaction id, `money_id` Airtel's, once it is
/// paid; `code` why it failed.
struct Push {
  std::string id;
  std::string msisdn;
  Money amount;
  Status status = Status::typing;
  std::string_view code{};
  std::string money_id;
  Script script;
  TimePoint created;
  bool refunded = false;
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

  Push& ask(std::string id, std::string msisdn, Money amount);
  [[nodiscard]] Push* find(std::string_view id) { return pushes_.find(id); }
  [[nodiscard]] Push* find_paid(std::string_view money_id);
  /// The payer types the PIN, or does not. Nothing happens to one that does not wait.
  void pay(Push& push);
  void fail(Push& push, std::string_view code);
  /// Nobody acts any more: the prompt ends by time.
  void leave(Push& push) noexcept { push.script = Script{}; }
  /// All of it goes back. The answer is the refund's id.
  std::string refund(Push& push);

  std::optional<TimePoint> pass_time(TimePoint now);
  [[nodiscard]] std::optional<webhooks::Letter> letter(std::string_view event);
  void each_letter(const std::function<void(webhooks::Letter)>& take);
  void clear();

 private:
  void act(Push& push, TimePoint now);
  void tell(const Push& push);
  std::string next_id(std::string_view kind);
  void record(const Push& push, EffectKind kind, std::string_view detail, std::string_view key);

  World& world_;
  Shelf<Push> pushes_{1'000'000};
  Shelf<Token> tokens_{10'000};
  Shelf<Told> told_{100'000};
  std::map<std::string, std::string, std::less<>> by_money_id_;
  Agenda agenda_;
  std::uint64_t last_number_ = 0;
};

}  // namespace cambist::gateway::sandbox::airtel_money

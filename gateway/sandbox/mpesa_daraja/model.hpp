// What the emulated short code holds: prompts, commands, tokens, callbacks, and what is due.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "gateway/sandbox/emulator.hpp"
#include "gateway/sandbox/shelf.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {

constexpr std::string_view provider_name = "mpesa_daraja";

/// Our payment and operation as they travel in the callback URL.
struct Subject {
  std::string payment;
  std::string operation;
};

/// A prompt on a payer's phone. Shape: `id` is the CheckoutRequestID; `result` is empty while it
/// waits; amounts are whole shillings; `receipt` only once it is paid.
struct Prompt {
  std::string id;
  std::string merchant_request;
  std::string phone;
  std::int64_t amount = 0;
  std::int64_t given_back = 0;  // by reversals
  std::string callback_url;
  Subject subject;
  std::string result{};
  std::string receipt{};
  bool expired = false;  // its time is up, but an answer may still come
  TimePoint created{};
};

enum class CommandKind : std::uint8_t { reversal, b2c, status };

/// A command whose result comes later. Shape: `id` is the ConversationID, `about` a receipt or a
/// conversation, `result` empty until it is done.
struct Command {
  std::string id;
  std::string originator;
  CommandKind kind = CommandKind::reversal;
  std::string about{};
  std::string phone{};
  std::int64_t amount = 0;
  std::string result_url;
  std::string timeout_url;
  Subject subject;
  std::string result{};
  std::string receipt{};
};

/// A callback as it was sent. Shape: `type` is a literal.
struct Event {
  std::string id;
  std::string_view type;
  std::string body;
  std::string url;
};

struct Token {
  std::string id;
  TimePoint expires_at;
};

/// What time alone brings about.
struct Due {
  enum class What : std::uint8_t { prompt_expires, prompt_ends, prompt_is_paid, command_ends } what;
  std::string id;
  std::string result{};
};

/// The last prompt of a phone: another one comes too soon.
struct Recent {
  std::string prompt;
  std::int64_t amount = 0;
  TimePoint at;
};

/// Everything in the account. Bounds: the oldest objects go first.
struct Books {
  Shelf<Prompt> prompts{500'000};
  Shelf<Command> commands{200'000};
  Shelf<Event> events{50'000};
  Shelf<Token> tokens{1'000};
  std::unordered_map<std::string, std::string> by_receipt;     // the prompt
  std::unordered_map<std::string, std::string> by_payment;     // the last prompt
  std::unordered_map<std::string, std::string> by_originator;  // the command
  std::unordered_map<std::string, Recent> recent;              // by phone
  std::deque<std::pair<TimePoint, std::string>> recent_order;
  std::multimap<TimePoint, Due> due;
  std::uint64_t sequence = 0;

  void clear();
};

struct Bench {
  World& world;
  Books books{};
};

/// So much is kept to find a prompt by; beyond it the maps begin anew.
constexpr std::size_t found_by_max = 500'000;

/// `count` letters of `alphabet`.
[[nodiscard]] std::string random_text(Bench& bench, std::size_t count, std::string_view alphabet);
/// Ten upper-case letters and digits that no other transaction has.
[[nodiscard]] std::string make_receipt(Bench& bench);
/// "ws_CO_15012026103000" and nine digits.
[[nodiscard]] std::string make_checkout_id(Bench& bench, TimePoint now);
/// "AG_20260115_" and twenty digits and letters.
[[nodiscard]] std::string make_conversation_id(Bench& bench, TimePoint now);
/// "20260115103042": East Africa Time.
[[nodiscard]] std::string local_digits(TimePoint time);
[[nodiscard]] Money shillings(std::int64_t amount);
/// The segments "pay_…" and "op_…" of a URL's path, as far as it has them.
[[nodiscard]] Subject subject_of(std::string_view url);
/// Whether `phone` ends with the two digits that the README gives a meaning.
[[nodiscard]] bool ends_with(const std::string& phone, std::string_view digits) noexcept;

}  // namespace cambist::gateway::sandbox::mpesa_daraja

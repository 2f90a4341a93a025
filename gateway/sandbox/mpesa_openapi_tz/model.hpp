// What the emulated M-Pesa holds: transactions, sessions, and what it told.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "gateway/sandbox/emulator.hpp"
#include "gateway/sandbox/shelf.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox::mpesa_openapi_tz {

constexpr std::string_view provider_name = "mpesa_openapi_tz";

/// Source: README.md, "mpesa_openapi_tz".
constexpr std::chrono::seconds session_lifetime{3'600};
constexpr std::chrono::seconds session_warmup{30};
constexpr std::chrono::seconds prompt_lifetime{90};
constexpr std::chrono::seconds prompt_lifetime_long{600};
constexpr std::chrono::seconds slow_reversal_after{5};

enum class Kind : std::uint8_t { push, payout, reversal };
enum class Status : std::uint8_t { pending, completed, failed, cancelled, expired };
/// "Pending", "Completed", …
[[nodiscard]] std::string_view to_string(Status status) noexcept;

/// Shape: `id` is the caller's ThirdPartyConversationID, `conversation` M-Pesa's own, `receipt` the
///        TransactionID once money moved. `original` is the id of what a reversal reverses.
struct Transaction {
  std::string id;
  std::string conversation;
  std::string receipt{};
  Kind kind = Kind::push;
  Status status = Status::pending;
  std::int64_t shillings = 0;
  std::int64_t reversed = 0;
  std::string msisdn{};
  std::string original{};
  bool calls_back = true;  // of an application whose results come by callback
};

struct Session {
  std::string id;
  TimePoint usable_from;
  TimePoint ends;
};

/// A ciphertext that was opened before: opening one costs milliseconds.
struct Opened {
  std::string id;  // the bearer
  std::string text;
};

/// Another name of a transaction: its receipt, M-Pesa's conversation.
struct Alias {
  std::string id;
  std::string transaction;
};

struct Question {
  std::string id;
};

struct Event {
  std::string id;
  std::string body;
};

/// Bounds: the oldest go first.
struct Books {
  Shelf<Transaction> transactions{1'000'000};
  Shelf<Alias> receipts{1'000'000};
  Shelf<Alias> conversations{1'000'000};
  Shelf<Question> questions{1'000'000};
  Shelf<Session> sessions{10'000};
  Shelf<Opened> opened{1'000};
  Shelf<Event> events{100'000};
  std::multimap<TimePoint, std::string> due{};  // at most one for each transaction

  /// By any of its names.
  [[nodiscard]] Transaction* find(std::string_view name);
};

struct Bench {
  World& world;
  Books books{};
};

/// Letters and digits, never the same twice.
[[nodiscard]] std::string make_word(const Random& random, std::size_t size);

/// Keeps a new transaction and its names.
Transaction& keep(Bench& bench, Transaction transaction);

/// The money moves: into the ledger, with a receipt.
void complete(Bench& bench, Transaction& transaction);
/// It ends without money. `code` is what the callback says.
void end(Bench& bench, Transaction& transaction, Status status, std::string_view code);

/// The prompt's end by the payer.
void answer_prompt(Bench& bench, Transaction& transaction, bool accepted);

/// What is due: prompts end, slow reversals are done.
std::optional<TimePoint> settle_all(Bench& bench, TimePoint now);

/// Posts the result of `transaction` to the listener, when its application is called back.
void tell_result(Bench& bench, const Transaction& transaction, std::string_view code);
[[nodiscard]] webhooks::Letter letter_of(const Event& event);

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz

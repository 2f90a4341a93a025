// One line of a bank account in our words, wherever it came from: a callback, a statement in XML,
// a statement in CSV.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/error.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::bank {

/// What an entry does to the account.
enum class EntryKind : std::uint8_t {
  credit,    // money came in
  reversal,  // money that had come in was taken back
  returned,  // money that we had sent came back
  debit,     // money went out
};
/// "credit", "reversal", "returned", "debit".
[[nodiscard]] std::string_view to_string(EntryKind kind) noexcept;

/// Shape: `amount` is never negative: the kind says which way it went. `id` is the bank's own id of
/// the transaction, by which a callback and a statement are known to speak of the same; an entry
/// without one has an id made of what it says ("h-…"). `reference` is what stood where references
/// belong, or empty. `booked` false: the bank may still change its mind.
struct Credit {
  std::string id;
  EntryKind kind = EntryKind::credit;
  bool booked = true;
  std::string account{};
  Money amount{};
  TimePoint booked_at{};
  std::string reference{};
  std::string narrative{};
  std::string payer{};
  std::string payer_account{};
  std::string reason{};  // why it was returned, in the bank's code
  friend bool operator==(const Credit&, const Credit&) = default;
};

/// The id of the event that tells of a booked entry: a callback and a statement make the same one,
/// and a reversal, whose entry has the id of the credit, finds that credit's.
[[nodiscard]] std::string event_of(std::string_view transaction, EntryKind kind);

/// Ids of transactions: up to 64 printable characters without spaces.
[[nodiscard]] bool is_transaction_id(std::string_view text) noexcept;
/// The text without white space around it, and with one space for each run inside.
[[nodiscard]] std::string squeezed(std::string_view text);
/// Sees to it that each entry of one statement can be known again, whoever reads it how often.
/// Shape: an entry without an id gets a digest of all that it says, twins numbered. Of entries that
///        share an id but say different things, the second and later ones get "/2", "/3", ...: the
///        bank means two; one that is repeated word for word stays the same one.
void tell_apart(std::vector<Credit>& entries);

/// The beginning of a calendar day, "2026-01-15", where the bank is.
/// Errors: invalid_request when it is no date.
[[nodiscard]] Result<TimePoint> day_begins(std::string_view date, std::chrono::minutes utc_offset);

}  // namespace cambist::bank

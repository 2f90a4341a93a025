// The ledger of effects: what really happened at the emulated providers, kept apart from their
// objects, so that checks have an independent witness. Append only; compact, because load tests
// write hundreds of thousands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox {

enum class EffectKind : std::uint8_t { authorize, charge, capture, void_authorization, refund };
/// "authorize", "charge", "capture", "void", "refund".
[[nodiscard]] std::string_view to_string(EffectKind kind) noexcept;

/// One effect.
/// Shape: `object` is the provider's payment ("pi_…"), `detail` what the effect made or changed
/// there ("ch_…",
///        "re_…"), `payment` our payment id as it travelled. `provider` lives as long as the
///        program.
struct Effect {
  std::string_view provider;
  EffectKind kind = EffectKind::charge;
  std::string_view object;
  std::string_view detail;
  std::string_view payment;
  Money amount;
  std::string_view idempotency_key;
  TimePoint at;
  bool by_dashboard = false;  // by a person at the provider's own pages, past the API
};

class Ledger {
 public:
  /// About 200 bytes an effect. When it is full, emulators refuse calls that would have an effect:
  /// a witness that forgets is worse than none.
  static constexpr std::size_t effects_max = 2'000'000;

  [[nodiscard]] bool full() const noexcept { return entries_.size() >= effects_max; }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  /// The effect's position, for `take_back`.
  std::size_t add(const Effect& effect);
  /// The provider undid the effect by itself later (a refund that failed at the bank).
  void take_back(std::size_t position) noexcept { entries_[position].taken_back = true; }
  [[nodiscard]] Effect at(std::size_t position) const noexcept;
  [[nodiscard]] bool taken_back(std::size_t position) const noexcept {
    return entries_[position].taken_back;
  }
  /// Appends the JSON of one effect to `out`.
  void write_json(std::size_t position, std::string& out) const;
  void clear();

 private:
  struct Entry {
    std::string_view provider;
    std::int64_t minor;
    std::int64_t at_micros;
    Currency currency;
    EffectKind kind;
    bool taken_back = false;
    bool by_dashboard = false;
    std::uint8_t object_size;
    std::uint8_t detail_size;
    std::uint8_t payment_size;
    std::uint16_t key_size;
    std::string text;  // object, detail, payment and key, one after the other
  };
  std::vector<Entry> entries_;
};

}  // namespace cambist::gateway::sandbox

// What every provider emulator is given, and what it offers the sandbox in return.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/inbound/server.hpp"
#include "gateway/sandbox/faults.hpp"
#include "gateway/sandbox/ledger.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox {

/// Shared by all emulators of one sandbox. Whoever holds the sandbox's lock may use it.
struct World {
  Clock now;
  Random random;
  std::string public_url;
  Ledger ledger;
  Faults faults;
};

/// What the payer did, seen from outside (`/sandbox/payer/{provider}/{object}/…`).
enum class PayerAnswer { done, unknown_object, not_waiting };

/// One provider. Not thread safe: the sandbox calls it under its lock, and nothing here blocks.
class Emulator {
 public:
  Emulator() = default;
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;
  virtual ~Emulator() = default;

  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  /// For the index at `GET /sandbox`: "POST /v1/payment_intents", without the provider's prefix.
  [[nodiscard]] virtual std::vector<std::string> routes() const = 0;
  /// `target` is the request's target without the provider's prefix; it starts with '/'.
  [[nodiscard]] virtual inbound::Outgoing handle(const http::Request& request,
                                                 std::string_view target) = 0;
  /// The payer finishes (or refuses) what `object` is waiting for.
  [[nodiscard]] virtual PayerAnswer payer(std::string_view object, bool approve) = 0;
  virtual void reset() = 0;
};

}  // namespace cambist::gateway::sandbox

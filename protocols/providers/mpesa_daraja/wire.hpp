// Our ids, times and amounts as Daraja takes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"
#include "protocols/providers/mpesa_daraja/settings.hpp"

namespace cambist::mpesa_daraja {

[[nodiscard]] Currency kes();

/// Whole shillings.
/// Errors: unsupported_by_provider, field "amount.currency" or "amount.value"; invalid_request when
///         not positive.
[[nodiscard]] Result<std::int64_t> to_wire(const Money& money);

/// "20260115103000": East Africa Time, which has no summer time.
[[nodiscard]] std::string timestamp(TimePoint time);

/// base64(short code + passkey + timestamp).
/// Source: facts/mpesa.md A2, with its vector.
[[nodiscard]] Secret password(const AccountSettings& account, std::string_view timestamp);

/// What the payer sees as the account: the first 60 bits of the payment id's SHA-256 in base 32
/// (RFC 4648), 12 characters of A-Z and 2-7. A payment id does not fit into the field's 12
/// characters.
[[nodiscard]] std::string account_reference(const PaymentId& payment);

/// Up to `most` letters, digits and spaces of `text`, or `otherwise` when none is left.
[[nodiscard]] std::string plain_text(std::string_view text, std::size_t most,
                                     std::string_view otherwise);

/// What a URL that Daraja calls is about; the last part of its path.
enum class CallbackKind : std::uint8_t {
  prompt,         // nothing behind the ids: what became of a prompt
  result,         // what became of a reversal or a B2C payment
  timeout,        // it expired in Daraja's queue
  status,         // what a transaction status query found
  status_timeout  // that query expired
};

/// callback_url/callback_name/webhook_secret/payment/operation[/kind].
[[nodiscard]] std::string callback_url(const AccountSettings& account, const PaymentId& payment,
                                       const OperationId& operation, CallbackKind kind);

struct CallbackSubject {
  PaymentId payment;
  OperationId operation;
  CallbackKind kind = CallbackKind::prompt;
};
/// The reverse, for what follows the secret; nullopt for any other path.
[[nodiscard]] std::optional<CallbackSubject> read_callback_path(std::string_view path);

}  // namespace cambist::mpesa_daraja

// What Daraja's codes mean in the unified taxonomy.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/http/message.hpp"
#include "protocols/provider/verdict.hpp"
#include "protocols/providers/mpesa_daraja/settings.hpp"

namespace cambist::mpesa_daraja {

/// The decline that the result code of a prompt stands for; nullopt for a code that is not
/// documented, of which nobody knows whether money moved.
/// Source: facts/mpesa.md A5.
[[nodiscard]] std::optional<provider::Declined> decline_of(std::string_view result_code);

/// Whether a reversal or B2C payment with this result code surely moved nothing.
/// Source: facts/mpesa.md A7, and the limits of A5.
[[nodiscard]] bool is_failed_command(std::string_view result_code) noexcept;

/// What an answer says that is no acceptance.
enum class Trouble {
  invalid,        // the request itself
  configuration,  // credentials, path, account
  token,          // bad or expired
  busy,           // the payer's line is locked by another session: not processed
  throttled,      // spike arrest: not processed
  quota,          // not processed, and not soon
  processing,     // the transaction goes on
  duplicate,      // of our own OriginatorConversationID: it was sent before
  unknown
};

struct Problem {
  Trouble trouble = Trouble::unknown;
  std::string code{};  // Daraja's, or empty
};

/// Total: what is not documented is `unknown`.
/// Source: facts/mpesa.md A6, and A4 for 500.001.1001, which only its text tells apart.
[[nodiscard]] Problem problem_of(const AccountSettings& account, const http::Response& response);

}  // namespace cambist::mpesa_daraja

// From a response to a verdict. Total: whatever is not understood is Unknown.
#pragma once

#include <string_view>

#include "protocols/provider/adapter.hpp"
#include "protocols/providers/tigo_pesa/settings.hpp"

namespace cambist::tigo_pesa {

[[nodiscard]] provider::Verdict interpret_answer(const Account& account, const provider::Call& call,
                                                 const http::Response& response);

/// What a description in words means, by the account's list; `decline_code` is the word that was
/// found, or "failed": the text itself may hold anything.
[[nodiscard]] provider::Failure failure_in_words(const Account& account, std::string_view text);

}  // namespace cambist::tigo_pesa

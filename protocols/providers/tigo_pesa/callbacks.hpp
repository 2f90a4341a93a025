// What Tigo tells by itself: how a push ended. It cannot be asked, so that this is the only word.
#pragma once

#include <string>
#include <string_view>

#include "protocols/provider/notice.hpp"
#include "protocols/providers/tigo_pesa/settings.hpp"

namespace cambist::tigo_pesa {

/// Errors: invalid_request with the field, for what is no callback of a push.
[[nodiscard]] Result<provider::Notice> read_callback(const Account& account, std::string_view body);

/// "Received", whatever became of the payment.
[[nodiscard]] std::string acknowledge(const Account& account, std::string_view body);

}  // namespace cambist::tigo_pesa

#include "gateway/sandbox/mpesa_openapi_tz/codes.hpp"

#include <algorithm>
#include <array>

namespace cambist::gateway::sandbox::mpesa_openapi_tz {
namespace {

constexpr std::array codes{
    Code{"INS-1", 400, "Internal Error"},
    Code{"INS-0", 201, "Request processed successfully"},
    Code{"INS-6", 401, "Transaction Failed"},
    Code{"INS-9", 408, "Request timeout"},
    Code{"INS-10", 409, "Duplicate Transaction"},
    Code{"INS-13", 400, "Invalid Shortcode Used"},
    Code{"INS-15", 400, "Invalid Amount Used"},
    Code{"INS-17", 400, "Invalid Transaction Reference. Length Should Be Between 1 and 20."},
    Code{"INS-18", 400, "Invalid TransactionID Used"},
    Code{"INS-20", 400, "Not All Parameters Provided. Please try again."},
    Code{"INS-21", 400, "Parameter validations failed. Please try again."},
    Code{"INS-23", 400, "Transaction Not Found"},
    Code{"INS-26", 400, "Invalid Currency Used"},
    Code{"INS-28", 400, "Invalid ThirdPartyConversationID Used"},
    Code{"INS-30", 400, "Invalid Purchased Items Description Used"},
    Code{"INS-31", 400, "Invalid Payment Items Description Used"},
    Code{"INS-989", 400, "Session Creation Failed"},
    Code{"INS-990", 400, "Customer Transaction Value Limit Breached"},
    Code{"INS-998", 400, "Invalid Market"},
    Code{"INS-2006", 422, "Insufficient Balance"},
    Code{"INS-2051", 400, "MSISDN Invalid"},
};

}  // namespace

const Code& code_of(std::string_view code) noexcept {
  const auto* const found = std::find_if(codes.begin(), codes.end(),
                                         [code](const Code& row) { return row.code == code; });
  return found == codes.end() ? codes.front() : *found;
}

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz

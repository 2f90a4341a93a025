#include "protocols/providers/tigo_pesa/codes.hpp"

#include <algorithm>
#include <array>

namespace cambist::tigo_pesa {
namespace {

using provider::FailureCode;

struct Row {
  std::string_view code;
  Reading reading;
};

constexpr Reading nothing{};
constexpr Reading declined{Says::failed, FailureCode::card_declined};
constexpr Reading method{Says::failed, FailureCode::payment_method_invalid};
constexpr Reading told{Says::told, FailureCode::card_declined};
constexpr Reading wrong{Says::refused, FailureCode::invalid_request};
constexpr Reading account{Says::refused, FailureCode::configuration_error};

constexpr std::array rows{
    Row{"BILLER-18-3018-E", declined},  // limits
    Row{"BILLER-18-3019-E", declined},
    Row{"BILLER-18-3020-E", declined},
    Row{"BILLER-18-3021-E", account},
    Row{"BILLER-18-3022-E", account},
    Row{"BILLER-18-3040-E", account},
    Row{"BILLER-30-3030-E", declined},
    Row{"DebitMandate-10-1000-E", nothing},
    Row{"DebitMandate-10-2001-E", account},
    Row{"DebitMandate-10-2003-E", account},
    Row{"DebitMandate-10-3000-E", account},
    Row{"DebitMandate-10-2002-E", wrong},
    Row{"DebitMandate-10-2004-V", wrong},
    Row{"DebitMandate-10-2005-E", method},
    // The references that we make are valid: one that is not has been used, by a copy of this call.
    Row{"DebitMandate-10-2020-V", nothing},
    Row{"DebitMandate-10-2038-V", account},
    Row{"DebitMandate-10-5000-E", told},
    Row{"RefundTransaction-20-3039-E", declined},
};

}  // namespace

Reading reading_of(std::string_view code) noexcept {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [code](const Row& row) { return row.code == code; });
  return found == rows.end() ? nothing : found->reading;
}

}  // namespace cambist::tigo_pesa

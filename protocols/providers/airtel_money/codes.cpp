#include "protocols/providers/airtel_money/codes.hpp"

#include <algorithm>
#include <array>

namespace cambist::airtel_money {
namespace {

using provider::FailureCode;

struct Row {
  std::string_view code;
  Reading reading;
};

constexpr Reading nothing{};
constexpr Reading done{Says::done};
constexpr Reading pending{Says::pending};
constexpr Reading declined{Says::failed, FailureCode::card_declined};
constexpr Reading expired{Says::failed, FailureCode::timeout};
constexpr Reading funds{Says::failed, FailureCode::insufficient_funds};
constexpr Reading method{Says::failed, FailureCode::payment_method_invalid};
constexpr Reading wrong{Says::refused, FailureCode::invalid_request};
constexpr Reading account{Says::refused, FailureCode::configuration_error};
constexpr Reading not_found{Says::not_found};
constexpr Reading duplicate{Says::duplicate};

constexpr std::array rows{
    Row{"DP00800001000", pending},
    Row{"DP00800001001", done},
    Row{"DP00800001002", method},    // wrong PIN
    Row{"DP00800001003", declined},  // a limit
    Row{"DP00800001004", wrong},     // an amount below the least
    Row{"DP00800001005", expired},   // the PIN was not entered
    Row{"DP00800001006", pending},
    Row{"DP00800001007", funds},
    Row{"DP00800001008", declined},
    Row{"DP00800001009", declined},
    Row{"DP00800001010", declined},
    Row{"DP00800001024", pending},
    Row{"DP00800001025", not_found},
    Row{"DP00800001026", account},  // our signature
    Row{"DP00800001029", expired},  // the prompt expired
    Row{"DP00900001000", pending},
    Row{"DP00900001001", done},
    Row{"DP00900001003", declined},
    Row{"DP00900001004", declined},
    Row{"DP00900001005", declined},
    Row{"DP00900001006", pending},
    Row{"DP00900001007", funds},
    Row{"DP00900001009", declined},
    Row{"DP00900001010", declined},
    Row{"DP00900001011", duplicate},  // "similar transaction": perhaps our own
    Row{"DP00900001012", method},
    Row{"DP00900001013", declined},
    Row{"DP00900001014", pending},
    Row{"DP00900001015", not_found},
    Row{"DP00900001016", account},
    Row{"DP00900001017", duplicate},

    Row{"ESB000001", nothing},
    Row{"ESB000004", nothing},
    Row{"ESB000008", wrong},
    Row{"ESB000010", done},
    Row{"ESB000011", method},
    Row{"ESB000014", funds},
    Row{"ESB000033", declined},
    Row{"ESB000036", declined},
    Row{"ESB000039", pending},
    Row{"ESB000041", method},
    Row{"ESB000045", duplicate},

    Row{"ROUTER001", account},
    Row{"ROUTER005", account},
    Row{"ROUTER006", account},
    Row{"ROUTER112", method},
    Row{"ROUTER114", method},
    Row{"ROUTER115", method},
    Row{"ROUTER116", method},
    Row{"ROUTER117", pending},
    Row{"ROUTER119", account},
};

}  // namespace

Reading reading_of(std::string_view code) noexcept {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [code](const Row& row) { return row.code == code; });
  return found == rows.end() ? nothing : found->reading;
}

}  // namespace cambist::airtel_money

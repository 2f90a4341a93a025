#include "protocols/providers/mpesa_openapi_tz/codes.hpp"

#include <algorithm>
#include <array>

namespace cambist::mpesa_openapi_tz {
namespace {

struct Row {
  std::string_view code;
  Meaning meaning;
};

constexpr std::array rows{
    Row{"INS-0", Meaning::done},
    Row{"INS-1", Meaning::internal},
    Row{"INS-2", Meaning::session},  // "invalid API key"; only heard of beside a 401
    Row{"INS-6", Meaning::declined},
    Row{"INS-9", Meaning::no_answer},
    Row{"INS-10", Meaning::duplicate},
    Row{"INS-13", Meaning::configuration},    // service_provider_code
    Row{"INS-15", Meaning::request_invalid},  // amount
    Row{"INS-17", Meaning::request_invalid},  // reference
    Row{"INS-18", Meaning::request_invalid},  // transaction id
    Row{"INS-20", Meaning::request_invalid},  // a parameter is missing
    Row{"INS-21", Meaning::request_invalid},  // a parameter is invalid
    Row{"INS-23", Meaning::not_found},
    Row{"INS-26", Meaning::configuration},    // currency
    Row{"INS-28", Meaning::request_invalid},  // ThirdPartyConversationID
    Row{"INS-30", Meaning::request_invalid},  // PurchasedItemsDesc
    Row{"INS-31", Meaning::request_invalid},  // PaymentItemsDesc
    Row{"INS-35", Meaning::request_invalid},  // not ours to reverse
    Row{"INS-989", Meaning::session},
    Row{"INS-990", Meaning::limit},          // payer: value
    Row{"INS-991", Meaning::limit},          // payer: count
    Row{"INS-992", Meaning::limit},          // payer: several
    Row{"INS-993", Meaning::limit},          // ours: count
    Row{"INS-994", Meaning::limit},          // ours: value
    Row{"INS-995", Meaning::limit},          // ours: one payment
    Row{"INS-996", Meaning::configuration},  // outside the hours of use
    Row{"INS-997", Meaning::configuration},  // the API is switched off
    Row{"INS-998", Meaning::configuration},  // market
    Row{"INS-2006", Meaning::insufficient_funds},
    Row{"INS-2051", Meaning::payer_invalid},
};

}  // namespace

Meaning meaning_of(std::string_view code) noexcept {
  const auto* const found =
      std::find_if(rows.begin(), rows.end(), [code](const Row& row) { return row.code == code; });
  return found == rows.end() ? Meaning::unlisted : found->meaning;
}

}  // namespace cambist::mpesa_openapi_tz

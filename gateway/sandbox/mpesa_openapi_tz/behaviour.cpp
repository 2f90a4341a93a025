#include "gateway/sandbox/mpesa_openapi_tz/behaviour.hpp"

#include <array>
#include <utility>

namespace cambist::gateway::sandbox::mpesa_openapi_tz {
namespace {

constexpr std::array<std::pair<std::string_view, Behaviour>, 10> endings{{
    {"901", Behaviour::pays},
    {"902", Behaviour::refuses},
    {"903", Behaviour::has_no_money},
    {"904", Behaviour::never_answers},
    {"905", Behaviour::is_over_limit},
    {"906", Behaviour::has_no_wallet},
    {"907", Behaviour::pays_unheard},
    {"908", Behaviour::meets_an_error},
    {"909", Behaviour::keeps_prompt},
    {"910", Behaviour::reversed_slowly},
}};

}  // namespace

Behaviour behaviour_of(std::string_view msisdn) noexcept {
  for (const auto& [ending, behaviour] : endings) {
    if (msisdn.ends_with(ending)) return behaviour;
  }
  return Behaviour::waits;
}

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz

// Every emulator of this build: one line each.
#include <array>

#include "gateway/sandbox/airtel_money/emulator.hpp"
#include "gateway/sandbox/bank_transfer/emulator.hpp"
#include "gateway/sandbox/emulator.hpp"
#include "gateway/sandbox/mpesa_daraja/emulator.hpp"
#include "gateway/sandbox/mpesa_openapi_tz/emulator.hpp"
#include "gateway/sandbox/paypal/emulator.hpp"
#include "gateway/sandbox/stripe/emulator.hpp"
#include "gateway/sandbox/tigo_pesa/emulator.hpp"

namespace cambist::gateway::sandbox {
namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Emulator> (*make)(World& world);
};

constexpr std::array entries{
    Entry{"stripe", &stripe::make_emulator},
    Entry{"paypal", &paypal::make_emulator},
    Entry{"mpesa_daraja", &mpesa_daraja::make_emulator},
    Entry{"mpesa_openapi_tz", &mpesa_openapi_tz::make_emulator},
    Entry{"airtel_money", &airtel_money::make_emulator},
    Entry{"tigo_pesa", &tigo_pesa::make_emulator},
    Entry{"bank_transfer", &bank_transfer::make_emulator},
};

Error nothing_here() {
  return {ErrorCode::not_found, "this provider has nothing of that kind"};
}

}  // namespace

Result<boost::json::object> Emulator::open_dispute(const DisputeOrder&) {
  return nothing_here();
}

Result<boost::json::object> Emulator::close_dispute(std::string_view, bool) {
  return nothing_here();
}

void Emulator::list_disputes(std::string_view, boost::json::array&) {}

Result<void> Emulator::dashboard(std::string_view, DashboardAct, std::optional<Money>) {
  return nothing_here();
}

std::vector<std::unique_ptr<Emulator>> make_emulators(World& world) {
  std::vector<std::unique_ptr<Emulator>> made;
  for (const auto& entry : entries) made.push_back(entry.make(world));
  return made;
}

std::vector<std::string> emulator_names() {
  std::vector<std::string> names;
  for (const auto& entry : entries) names.emplace_back(entry.name);
  return names;
}

}  // namespace cambist::gateway::sandbox

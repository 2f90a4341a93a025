// Every provider this build knows: one line each.
#include <algorithm>

#include "protocols/provider/adapter.hpp"
#include "protocols/providers/airtel_money/adapter.hpp"
#include "protocols/providers/bank_transfer/adapter.hpp"
#include "protocols/providers/mpesa_daraja/adapter.hpp"
#include "protocols/providers/mpesa_openapi_tz/adapter.hpp"
#include "protocols/providers/paypal/adapter.hpp"
#include "protocols/providers/stripe/adapter.hpp"
#include "protocols/providers/tigo_pesa/adapter.hpp"

namespace cambist::provider {

const std::vector<Entry>& registry() {
  static const std::vector<Entry> entries{
      Entry{"stripe", &stripe::make_adapter, stripe::setting_names(), stripe::secret_names()},
      Entry{"paypal", &paypal::make_adapter, paypal::setting_names(), paypal::secret_names(),
            paypal::sandbox_settings()},
      Entry{"mpesa_daraja", &mpesa_daraja::make_adapter, mpesa_daraja::setting_names(),
            mpesa_daraja::secret_names(), mpesa_daraja::sandbox_settings()},
      Entry{"mpesa_openapi_tz", &mpesa_openapi_tz::make_adapter, mpesa_openapi_tz::setting_names(),
            mpesa_openapi_tz::secret_names(), mpesa_openapi_tz::sandbox_settings()},
      Entry{"airtel_money", &airtel_money::make_adapter, airtel_money::setting_names(),
            airtel_money::secret_names(), airtel_money::sandbox_settings()},
      Entry{"tigo_pesa", &tigo_pesa::make_adapter, tigo_pesa::setting_names(),
            tigo_pesa::secret_names(), tigo_pesa::sandbox_settings()},
      Entry{"bank_transfer", &bank_transfer::make_adapter, bank_transfer::setting_names(),
            bank_transfer::secret_names(), bank_transfer::sandbox_values()},
  };
  return entries;
}

const Entry* find_entry(std::string_view name) {
  const auto& entries = registry();
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [name](const Entry& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace cambist::provider

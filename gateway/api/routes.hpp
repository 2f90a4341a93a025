// One function per route. Each is called on an I/O thread, with the caller known and admitted, and
// answers its exchange sooner or later from any thread.
#pragma once

#include "gateway/api/exchange.hpp"

namespace cambist::gateway {

void perform_command(const ExchangePtr& exchange);  // every POST
void get_payment(const ExchangePtr& exchange);
void list_payments(const ExchangePtr& exchange);
void payment_events(const ExchangePtr& exchange);
void show_providers(const ExchangePtr& exchange);
void show_supervision(const ExchangePtr& exchange);
void livez(const ExchangePtr& exchange);
void readyz(const ExchangePtr& exchange);
void show_metrics(const ExchangePtr& exchange);
void show_openapi(const ExchangePtr& exchange);

/// openapi.json as it was when the program was built.
[[nodiscard]] std::string_view openapi_document() noexcept;

}  // namespace cambist::gateway

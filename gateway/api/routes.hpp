// One function per route. Each is called on an I/O thread, with the caller known and admitted, and
// answers its exchange sooner or later from any thread.
#pragma once

#include "gateway/api/exchange.hpp"

namespace cambist::gateway {

void perform_command(const ExchangePtr& exchange);  // every POST on payments
void get_payment(const ExchangePtr& exchange);
void list_payments(const ExchangePtr& exchange);
void payment_events(const ExchangePtr& exchange);

void explain_routing(const ExchangePtr& exchange);  // which provider, and why, without paying
void import_statement(const ExchangePtr& exchange);

void receive_webhook(const ExchangePtr& exchange);
void list_webhooks(const ExchangePtr& exchange);
void get_webhook(const ExchangePtr& exchange);
void replay_webhooks(const ExchangePtr& exchange);
void webhook_health(const ExchangePtr& exchange);

void create_endpoint(const ExchangePtr& exchange);
void list_endpoints(const ExchangePtr& exchange);
void get_endpoint(const ExchangePtr& exchange);
void update_endpoint(const ExchangePtr& exchange);
void delete_endpoint(const ExchangePtr& exchange);
void test_endpoint(const ExchangePtr& exchange);
void rotate_secret(const ExchangePtr& exchange);
void list_deliveries(const ExchangePtr& exchange);
void redeliver(const ExchangePtr& exchange);
void rewind_endpoint(const ExchangePtr& exchange);

void list_tasks(const ExchangePtr& exchange);
void get_task(const ExchangePtr& exchange);
void resolve_task(const ExchangePtr& exchange);
void list_audit(const ExchangePtr& exchange);
void operate_breaker(const ExchangePtr& exchange);

void show_providers(const ExchangePtr& exchange);
void show_supervision(const ExchangePtr& exchange);
void livez(const ExchangePtr& exchange);
void readyz(const ExchangePtr& exchange);
void show_metrics(const ExchangePtr& exchange);
void show_openapi(const ExchangePtr& exchange);

/// openapi.json as it was when the program was built.
[[nodiscard]] std::string_view openapi_document() noexcept;

}  // namespace cambist::gateway

// Merchants' endpoints for our events: what is asked about them.
#include <algorithm>
#include <functional>

#include "gateway/api/list_query.hpp"
#include "gateway/api/render_endpoints.hpp"
#include "gateway/api/routes.hpp"

namespace cambist::gateway {
namespace {

const Error slow_store{ErrorCode::unavailable, "the store did not answer in time"};
const Error no_endpoint{ErrorCode::not_found, "there is no such endpoint"};

// Calls `use` with the tenant's endpoint of the path, or refuses.
void with_endpoint(const ExchangePtr& exchange,
                   std::function<void(const storage::EndpointRow&)> use) {
  const auto id = EndpointId::parse(exchange->match.id);
  if (!id) return exchange->refuse(no_endpoint);
  exchange->give_up_after(exchange->core->params.read_deadline, slow_store);
  exchange->core->params.bridge->endpoints(
      exchange->principal.tenant,
      [exchange, id = *id, use = std::move(use)](Result<std::vector<storage::EndpointRow>> rows) {
        if (!rows) return exchange->refuse(rows.error());
        const auto found =
            std::find_if(rows->begin(), rows->end(), [&](const auto& row) { return row.id == id; });
        if (found == rows->end()) return exchange->refuse(no_endpoint);
        use(*found);
      });
}

bool is_delivery_status(std::string_view name) {
  return name == "pending" || name == "delivered" || name == "failed";
}

}  // namespace

void list_endpoints(const ExchangePtr& exchange) {
  auto page = read_page(*exchange,
                        [](std::string_view, const std::string&) -> Result<bool> { return false; });
  if (!page) return exchange->refuse(page.error());
  exchange->give_up_after(exchange->core->params.read_deadline, slow_store);
  exchange->core->params.bridge->endpoints(
      exchange->principal.tenant,
      [exchange, page = std::move(*page)](Result<std::vector<storage::EndpointRow>> rows) {
        if (!rows) return exchange->refuse(rows.error());
        // Newest first, as every list; a tenant has few of them, so a page is cut here.
        std::sort(rows->begin(), rows->end(),
                  [](const auto& a, const auto& b) { return b.id < a.id; });
        std::erase_if(*rows,
                      [&](const auto& row) { return page.last && row.id.bytes >= *page.last; });
        exchange->show(render_endpoints(*rows, page));
      });
}

void get_endpoint(const ExchangePtr& exchange) {
  with_endpoint(exchange, [exchange](const storage::EndpointRow& row) {
    exchange->show(render_endpoint(row));
  });
}

void list_deliveries(const ExchangePtr& exchange) {
  storage::DeliveryQuery query;
  auto page = read_page(*exchange,
                        [&query](std::string_view name, const std::string& value) -> Result<bool> {
                          if (name != "status") return false;
                          if (!is_delivery_status(value))
                            return wrong_parameter(name, "must be pending, delivered or failed");
                          query.status = value;
                          return true;
                        });
  if (!page) return exchange->refuse(page.error());
  if (page->last) query.before = position_of(*page->last);
  query.limit = page->limit + 1;
  // Deliveries do not know their tenant: the endpoint does.
  with_endpoint(exchange, [exchange, query = std::move(query),
                           page = std::move(*page)](const storage::EndpointRow& row) mutable {
    query.endpoint = row.id;
    exchange->core->params.bridge->deliveries(
        std::move(query), [exchange, page](Result<std::vector<storage::DeliveryRow>> rows) {
          if (!rows) return exchange->refuse(rows.error());
          exchange->show(render_deliveries(*rows, page));
        });
  });
}

}  // namespace cambist::gateway

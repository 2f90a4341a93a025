#include "gateway/sandbox/paypal/payer.hpp"

#include "gateway/sandbox/form.hpp"
#include "gateway/sandbox/paypal/amounts.hpp"
#include "gateway/sandbox/paypal/events.hpp"
#include "gateway/sandbox/paypal/render.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace {

// Everything that is put into a page is an id, an amount or a literal, so nothing needs escaping.
http::Response page(int status, const std::string& content) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Cache-Control", "no-store"},
                      {"Content-Security-Policy", "default-src 'none'; form-action *"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>PayPal "
      "(sandbox)</title></head><body>" +
      content + "</body></html>\n";
  return response;
}

std::string button(const std::string& url, std::string_view act, const Order& order,
                   std::string_view text) {
  return "<form method=\"post\" action=\"" + url + "/checkoutnow/" + std::string{act} +
         "?token=" + order.id + "\"><button>" + std::string{text} + "</button></form>";
}

http::Response question(const Bench& bench, const Order& order) {
  const auto url = api_url(bench);
  return page(200, "<h1>PayPal (sandbox)</h1><p>Order " + order.id + " of " +
                       to_value(order.amount) + " " + std::string{order.amount.currency.code()} +
                       "</p>" + button(url, "approve", order, "Approve") +
                       button(url, "decline", order, "Approve with a card that is declined") +
                       button(url, "cancel", order, "Cancel"));
}

http::Response back_to_shop(const Order& order, bool agreed) {
  const auto& base = agreed ? order.return_url : order.cancel_url;
  if (base.empty()) {
    return page(200, std::string{"<h1>"} + (agreed ? "Approved" : "Cancelled") +
                         "</h1><p>You can close this page.</p>");
  }
  const auto hash = base.find('#');
  std::string url = base.substr(0, hash);
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += "token=" + order.id;
  if (agreed) url += "&PayerID=QYR5Z8XDVJNXQ";
  if (hash != std::string::npos) url += base.substr(hash);
  auto response = page(302, "<p>Going back.</p>");
  response.headers.push_back({"Location", std::move(url)});
  return response;
}

}  // namespace

void approve(Bench& bench, Order& order, bool declines, TimePoint now) {
  order.status = OrderStatus::approved;
  order.declines = declines;
  order.updated = now;
  order.open_until = now + order_lifetime;
  bench.books.orders_due.push_back(Due{order.open_until, order.id});
  announce(bench, "CHECKOUT.ORDER.APPROVED", order);
}

http::Response checkout_page(Bench& bench, std::string_view method, std::string_view path,
                             std::string_view query, TimePoint now) {
  const auto form = Form::decode(query);
  const auto* token = form ? form->find("token") : nullptr;
  auto* order = token == nullptr ? nullptr : bench.books.orders.find(*token);
  const bool known = path.empty() || path == "/approve" || path == "/decline" || path == "/cancel";
  if (order == nullptr || !known) return page(404, "<h1>No such order</h1>");
  if (path.empty()) {
    if (method != "GET") return page(405, "<h1>Method not allowed</h1>");
    return order->waits_for_payer() ? question(bench, *order)
                                    : page(200, "<h1>Nothing to do here</h1>");
  }
  if (method != "POST") return page(405, "<h1>Method not allowed</h1>");
  if (order->expired) return page(200, "<h1>This order has expired</h1>");
  const bool agrees = path != "/cancel";
  // A second press (a reload) changes nothing and goes back to the shop all the same. Who cancels
  // may come again: the order stays open.
  if (agrees && order->waits_for_payer()) approve(bench, *order, path == "/decline", now);
  return back_to_shop(*order, agrees);
}

}  // namespace cambist::gateway::sandbox::paypal

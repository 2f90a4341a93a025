#include "gateway/sandbox/paypal/render.hpp"

#include "gateway/sandbox/paypal/amounts.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

constexpr std::string_view payer_id = "QYR5Z8XDVJNXQ";
constexpr std::string_view merchant_id = "MERCHANTSANDBX";

json::object link(std::string href, std::string_view rel, std::string_view method) {
  return json::object{{"href", std::move(href)}, {"rel", rel}, {"method", method}};
}

void put(json::object& shown, std::string_view name, std::string_view text) {
  if (!text.empty()) shown[name] = text;
}

json::object payer() {
  return json::object{{"name", json::object{{"given_name", "Sandbox"}, {"surname", "Payer"}}},
                      {"email_address", "payer@example.com"},
                      {"payer_id", payer_id},
                      {"address", json::object{{"country_code", "US"}}}};
}

json::object payee() {
  return json::object{{"email_address", "merchant@example.com"}, {"merchant_id", merchant_id}};
}

json::object protection() {
  return json::object{
      {"status", "ELIGIBLE"},
      {"dispute_categories", json::array{"ITEM_NOT_RECEIVED", "UNAUTHORIZED_TRANSACTION"}}};
}

template <class T>
json::array each(Bench& bench, Shelf<T>& shelf, const std::vector<std::string>& ids) {
  json::array list;
  for (const auto& id : ids) {
    if (const auto* object = shelf.find(id)) list.push_back(render(bench, *object));
  }
  return list;
}

json::object unit_of(Bench& bench, const Order& order) {
  json::object unit{{"reference_id", order.reference_id}};
  auto amount = render_money(order.amount);
  boost::system::error_code failed;
  // What was only checked and kept comes back as it was.
  if (auto extra = json::parse(order.extra.empty() ? "{}" : order.extra, failed);
      !failed && extra.is_object()) {
    for (auto& [name, value] : extra.get_object()) {
      if (name == "breakdown") {
        amount["breakdown"] = std::move(value);
      } else {
        unit[name] = std::move(value);
      }
    }
  }
  unit["amount"] = std::move(amount);
  unit["payee"] = payee();
  put(unit, "description", order.description);
  put(unit, "custom_id", order.custom_id);
  put(unit, "invoice_id", order.invoice_id);
  put(unit, "soft_descriptor", order.soft_descriptor);
  json::object payments;
  const auto add = [&payments](std::string_view name, json::array list) {
    if (!list.empty()) payments[name] = std::move(list);
  };
  add("authorizations", each(bench, bench.books.authorizations, order.authorizations));
  add("captures", each(bench, bench.books.captures, order.captures));
  add("refunds", each(bench, bench.books.refunds, order.refunds));
  if (!payments.empty()) unit["payments"] = std::move(payments);
  return unit;
}

json::array order_links(const Bench& bench, const Order& order) {
  const auto self = api_url(bench) + "/v2/checkout/orders/" + order.id;
  json::array links{link(self, "self", "GET")};
  if (order.waits_for_payer()) {
    links.push_back(
        link(payer_page(bench, order), order.wallet ? "payer-action" : "approve", "GET"));
    if (!order.wallet) links.push_back(link(self, "update", "PATCH"));
  }
  const bool open = order.status == OrderStatus::approved || order.waits_for_payer();
  if (open && (!order.wallet || order.status == OrderStatus::approved)) {
    const std::string verb = order.intent == Intent::capture ? "capture" : "authorize";
    links.push_back(link(self + "/" + verb, verb, "POST"));
  }
  return links;
}

json::object related(std::string_view order, std::string_view authorization,
                     std::string_view capture) {
  json::object ids;
  put(ids, "order_id", order);
  put(ids, "authorization_id", authorization);
  put(ids, "capture_id", capture);
  return json::object{{"related_ids", std::move(ids)}};
}

std::string order_url(const Bench& bench, const std::string& order) {
  return api_url(bench) + "/v2/checkout/orders/" + order;
}

std::string payment_url(const Bench& bench, std::string_view kind, const std::string& id) {
  return api_url(bench) + "/v2/payments/" + std::string{kind} + "/" + id;
}

std::string_view custom_of(Bench& bench, std::string_view order) {
  const auto* found = bench.books.orders.find(order);
  return found == nullptr ? std::string_view{} : std::string_view{found->custom_id};
}

}  // namespace

std::string api_url(const Bench& bench) {
  return bench.world.public_url + "/paypal";
}

std::string payer_page(const Bench& bench, const Order& order) {
  return api_url(bench) + "/checkoutnow?token=" + order.id;
}

std::string seconds_of(TimePoint time) {
  return to_rfc3339(time).substr(0, 19) + "Z";
}

json::object render_money(const Money& money) {
  return json::object{{"currency_code", money.currency.code()}, {"value", to_value(money)}};
}

json::object render(Bench& bench, const Order& order) {
  json::object shown{
      {"id", order.id}, {"intent", to_string(order.intent)}, {"status", to_string(order.status)}};
  const bool known =
      order.status == OrderStatus::approved || order.status == OrderStatus::completed;
  if (order.wallet || known) {
    json::object wallet;
    if (known) {
      wallet = json::object{{"email_address", "payer@example.com"},
                            {"account_id", payer_id},
                            {"account_status", "VERIFIED"},
                            {"name", json::object{{"given_name", "Sandbox"}, {"surname", "Payer"}}},
                            {"address", json::object{{"country_code", "US"}}}};
    }
    shown["payment_source"] = json::object{{"paypal", std::move(wallet)}};
  }
  if (known) shown["payer"] = payer();
  shown["purchase_units"] = json::array{unit_of(bench, order)};
  shown["create_time"] = seconds_of(order.created);
  shown["update_time"] = seconds_of(order.updated);
  shown["links"] = order_links(bench, order);
  return shown;
}

json::object render(Bench& bench, const Authorization& authorization) {
  json::object shown{{"id", authorization.id},
                     {"status", to_string(authorization.status)},
                     {"amount", render_money(authorization.amount)}};
  if (authorization.status == AuthorizationStatus::pending)
    shown["status_details"] = json::object{{"reason", "PENDING_REVIEW"}};
  if (authorization.status == AuthorizationStatus::denied)
    shown["status_details"] = json::object{{"reason", "DECLINED_BY_RISK_FRAUD_FILTERS"}};
  put(shown, "invoice_id", authorization.invoice_id);
  put(shown, "custom_id", custom_of(bench, authorization.order));
  shown["seller_protection"] = protection();
  shown["expiration_time"] = seconds_of(authorization.expires);
  shown["create_time"] = seconds_of(authorization.created);
  shown["update_time"] = seconds_of(authorization.updated);
  shown["payee"] = payee();
  shown["supplementary_data"] = related(authorization.order, {}, {});
  const auto self = payment_url(bench, "authorizations", authorization.id);
  json::array links{link(self, "self", "GET")};
  if (authorization.holds()) {
    links.push_back(link(self + "/capture", "capture", "POST"));
    links.push_back(link(self + "/void", "void", "POST"));
    links.push_back(link(self + "/reauthorize", "reauthorize", "POST"));
  }
  links.push_back(link(order_url(bench, authorization.order), "up", "GET"));
  shown["links"] = std::move(links);
  return shown;
}

json::object render(Bench& bench, const Capture& capture) {
  json::object shown{{"id", capture.id},
                     {"status", to_string(capture.status)},
                     {"amount", render_money(capture.amount)},
                     {"final_capture", capture.final_capture}};
  if (capture.status == CaptureStatus::pending)
    shown["status_details"] = json::object{{"reason", "PENDING_REVIEW"}};
  if (capture.status == CaptureStatus::declined)
    shown["status_details"] = json::object{{"reason", "DECLINED_BY_RISK_FRAUD_FILTERS"}};
  put(shown, "invoice_id", capture.invoice_id);
  put(shown, "custom_id", custom_of(bench, capture.order));
  shown["seller_protection"] = protection();
  if (capture.status != CaptureStatus::pending && capture.status != CaptureStatus::declined) {
    const auto fee = fee_of(capture.amount);
    shown["seller_receivable_breakdown"] = json::object{
        {"gross_amount", render_money(capture.amount)},
        {"paypal_fee", render_money(fee)},
        {"net_amount",
         render_money(Money{capture.amount.minor - fee.minor, capture.amount.currency})}};
  }
  shown["disbursement_mode"] = "INSTANT";
  shown["create_time"] = seconds_of(capture.created);
  shown["update_time"] = seconds_of(capture.updated);
  shown["payee"] = payee();
  shown["supplementary_data"] = related(capture.order, capture.authorization, {});
  const auto self = payment_url(bench, "captures", capture.id);
  shown["links"] =
      json::array{link(self, "self", "GET"), link(self + "/refund", "refund", "POST"),
                  link(capture.authorization.empty()
                           ? order_url(bench, capture.order)
                           : payment_url(bench, "authorizations", capture.authorization),
                       "up", "GET")};
  return shown;
}

json::object render(Bench& bench, const Refund& refund) {
  json::object shown{{"id", refund.id},
                     {"status", to_string(refund.status)},
                     {"amount", render_money(refund.amount)}};
  if (refund.status == RefundStatus::pending)
    shown["status_details"] = json::object{{"reason", "ECHECK"}};
  put(shown, "invoice_id", refund.invoice_id);
  put(shown, "custom_id",
      refund.custom_id.empty() ? custom_of(bench, refund.order) : refund.custom_id);
  put(shown, "note_to_payer", refund.note);
  const Money none{0, refund.amount.currency};
  shown["seller_payable_breakdown"] =
      json::object{{"gross_amount", render_money(refund.amount)},
                   {"paypal_fee", render_money(none)},
                   {"net_amount", render_money(refund.amount)},
                   {"total_refunded_amount",
                    render_money(Money{refund.refunded_before_minor + refund.amount.minor,
                                       refund.amount.currency})}};
  shown["create_time"] = seconds_of(refund.created);
  shown["update_time"] = seconds_of(refund.updated);
  shown["payer"] = payee();
  // The capture is named in this link and nowhere else.
  shown["links"] = json::array{link(payment_url(bench, "refunds", refund.id), "self", "GET"),
                               link(payment_url(bench, "captures", refund.capture), "up", "GET")};
  return shown;
}

json::object render(Bench& bench, const Dispute& dispute) {
  json::object transaction{{"seller_transaction_id", dispute.capture},
                           {"transaction_status", "COMPLETED"},
                           {"gross_amount", render_money(dispute.amount)},
                           {"seller_protection_eligible", true}};
  const auto* capture = bench.books.captures.find(dispute.capture);
  if (capture != nullptr) {
    transaction["gross_amount"] = render_money(capture->amount);
    transaction["create_time"] = seconds_of(capture->created);
    put(transaction, "invoice_number", capture->invoice_id);
  }
  put(transaction, "custom", custom_of(bench, dispute.order));
  const bool resolved = dispute.status == DisputeStatus::resolved;
  json::object shown{{"dispute_id", dispute.id},
                     {"create_time", seconds_of(dispute.created)},
                     {"update_time", seconds_of(dispute.updated)},
                     {"disputed_transactions", json::array{std::move(transaction)}},
                     {"reason", dispute.reason},
                     {"status", to_string(dispute.status)},
                     {"dispute_state", resolved ? "RESOLVED" : "REQUIRED_ACTION"},
                     {"dispute_amount", render_money(dispute.amount)},
                     {"dispute_life_cycle_stage", dispute.inquiry ? "INQUIRY" : "CHARGEBACK"},
                     {"dispute_channel", "INTERNAL"}};
  if (dispute.status == DisputeStatus::under_review) shown["dispute_state"] = "UNDER_PAYPAL_REVIEW";
  if (resolved) {
    const bool lost = dispute.outcome == "RESOLVED_BUYER_FAVOUR";
    shown["dispute_outcome"] =
        json::object{{"outcome_code", dispute.outcome},
                     {"amount_refunded",
                      render_money(lost ? dispute.amount : Money{0, dispute.amount.currency})}};
  } else {
    shown["seller_response_due_date"] = seconds_of(dispute.created + std::chrono::hours{9 * 24});
  }
  const auto self = api_url(bench) + "/v1/customer/disputes/" + dispute.id;
  json::array links{link(self, "self", "GET")};
  if (!resolved) {
    links.push_back(link(self + "/provide-evidence", "provide_evidence", "POST"));
    links.push_back(link(self + "/accept-claim", "accept_claim", "POST"));
    links.push_back(link(self + "/adjudicate", "adjudicate", "POST"));
  }
  shown["links"] = std::move(links);
  return shown;
}

}  // namespace cambist::gateway::sandbox::paypal

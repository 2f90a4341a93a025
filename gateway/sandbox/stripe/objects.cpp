// The smaller objects: charges, payment methods, customers, the balance.
#include <algorithm>

#include "gateway/sandbox/stripe/endpoints.hpp"
#include "gateway/sandbox/stripe/params.hpp"

namespace cambist::gateway::sandbox::stripe {

Outcome retrieve_charge(Bench& bench, const Call& call) {
  const auto* charge = bench.books.charges.find(call.id);
  if (charge == nullptr) return missing(404, "charge", call.id, "id");
  if (auto* intent = bench.books.intents.find(charge->intent))
    settle_time(bench, *intent, call.now);
  return render(bench, *charge, call.expand);
}

Outcome retrieve_payment_method(Bench&, const Call& call) {
  const auto* method = find_test_method(call.id);
  if (method == nullptr) return missing(404, "PaymentMethod", call.id, "payment_method");
  return render(*method);
}

Outcome create_customer(Bench& bench, const Call& call) {
  Params params{call.form};
  params.only({"email", "name", "description"});
  Customer customer;
  customer.email = params.text("email", 512).value_or("");
  customer.name = params.text("name", 256).value_or("");
  customer.description = params.text("description").value_or("");
  params.merge_metadata(customer.metadata);
  if (params.failure()) return *params.failure();
  customer.id = make_id("cus_", bench.world.random);
  customer.created = call.now;
  return render(bench.books.customers.add(std::move(customer)));
}

Outcome retrieve_customer(Bench& bench, const Call& call) {
  const auto* customer = bench.books.customers.find(call.id);
  if (customer == nullptr) return missing(404, "customer", call.id, "id");
  return render(*customer);
}

Outcome retrieve_balance(Bench& bench, const Call&) {
  boost::json::array available;
  boost::json::array pending;
  for (const auto& [code, amount] : bench.books.balance) {
    std::string currency = code;
    std::transform(currency.begin(), currency.end(), currency.begin(),
                   [](char c) { return static_cast<char>(c | 0x20); });
    available.push_back(boost::json::object{{"amount", 0}, {"currency", currency}});
    pending.push_back(boost::json::object{{"amount", amount}, {"currency", currency}});
  }
  return boost::json::object{{"object", "balance"},
                             {"available", std::move(available)},
                             {"livemode", false},
                             {"pending", std::move(pending)}};
}

}  // namespace cambist::gateway::sandbox::stripe

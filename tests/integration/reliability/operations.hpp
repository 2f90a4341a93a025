// The operations of the matrices: how each is prepared, what begins it, and where it must end.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/integration/reliability/scene.hpp"

namespace cambist::test {

/// Shape: `prepare` brings a payment to where the operation can begin and answers its id; without
/// one the operation makes the payment. `request` is what the client sends; without one `provoke`
/// lets somebody else begin at the provider's `object` (with a request: beside it, whatever becomes
/// of that), and `undo` clears up behind it. `arrived` is what must be true besides the status when
/// all is done; `told` is the last event that merchants get. `fault_at` is the call that the fault
/// matrix breaks, as a JSON object's first members, and `loses` one whose first answer is lost so
/// that there is something to ask about. `meanwhile` is awaited while the provider is broken.
/// `carry_on` is what the payer and the shop do once it is the payer's turn, until the payment has
/// come to its end. `cold`: the server has no access token when it begins. `blind`: this provider
/// can neither be asked about a call whose answer was lost, nor be sent it again.
struct Operation {
  std::string name;
  std::string ends_as;
  std::string told;
  std::vector<std::string> effects;
  std::function<std::string(Scene&)> prepare{};
  std::function<Request(Scene&, const std::string& payment)> request{};
  std::function<void(Scene&, const std::string& object)> provoke{};
  std::function<bool(Scene&, const std::string& payment)> arrived{};
  std::function<void(Scene&)> undo{};
  std::string provider = "stripe";
  std::string fault_at{};
  std::string loses{};
  std::function<void(Scene&)> meanwhile{};
  std::function<void(Scene&, const std::string& payment)> carry_on{};
  bool cold = false;
  bool blind = false;
};

/// A request on a payment, and one that makes a payment, each with a fresh key.
[[nodiscard]] Request on_payment(Scene& scene, const std::string& payment, const char* what,
                                 const char* body);
[[nodiscard]] Request create(Scene& scene, const std::string& body);

/// The body of a request that makes a payment of 20.00 USD. `more` are further members, each with
/// a comma in front.
[[nodiscard]] std::string payment_body(const std::string& capture, const std::string& more = {},
                                       const std::string& token = "pm_card_visa");
/// Makes a payment and answers its id; throws when that does not end as it should.
[[nodiscard]] std::string make_payment(Scene& scene, const std::string& capture);

[[nodiscard]] Operation authorize();
[[nodiscard]] Operation charge();
[[nodiscard]] Operation capture();
[[nodiscard]] Operation cancel();
[[nodiscard]] Operation refund();
/// A capture whose answer and webhooks are lost: it is asked about by durable timers, more than
/// once.
[[nodiscard]] Operation inquiry();
/// The payer approves at the provider: only its webhook tells us.
[[nodiscard]] Operation webhook_in();
/// A payment whose events must reach the merchant, and beside it another endpoint.
[[nodiscard]] Operation event_out();
/// An authorization that is captured by itself.
[[nodiscard]] Operation scheduled_capture();

/// Whether the merchant has taken an event of that type of a payment.
[[nodiscard]] bool merchant_knows(Scene& scene, const std::string& payment,
                                  const std::string& type);

}  // namespace cambist::test

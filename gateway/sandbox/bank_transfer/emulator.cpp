#include "gateway/sandbox/bank_transfer/emulator.hpp"

#include <algorithm>
#include <array>

#include "gateway/sandbox/bank_transfer/statement.hpp"
#include "gateway/sandbox/desk_answers.hpp"
#include "gateway/sandbox/distort.hpp"
#include "gateway/sandbox/form.hpp"
#include "gateway/sandbox/shelf.hpp"
#include "gateway/sandbox/stripe/signature.hpp"
#include "gateway/sandbox/webhooks/post_office.hpp"

namespace cambist::gateway::sandbox::bank_transfer {
namespace {

namespace json = boost::json;

constexpr std::size_t entries_max = 200'000;
constexpr std::chrono::milliseconds late_default{5'000};
constexpr std::array modes{"normal", "lost_callback",   "duplicate", "partial",
                           "over",   "wrong_reference", "late",      "returned"};

/// What a payer orders.
struct Order {
  std::string reference;
  Money amount;
  std::string payer;
  std::string mode;
  std::chrono::milliseconds delay{0};
};

Error wrong(std::string_view field, std::string detail) {
  return {ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

std::string text(const json::object& object, std::string_view name, std::string_view otherwise) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::string{otherwise};
  return std::string{value->get_string()}.substr(0, 140);
}

Result<Order> read_order(std::string_view body) {
  const auto object =
      read_object(body, {"reference", "amount", "currency", "payer", "mode", "delay_ms"});
  if (!object) return object.error();
  Order order;
  order.reference = text(*object, "reference", "");
  order.payer = text(*object, "payer", "ASHA JUMA");
  order.mode = text(*object, "mode", "normal");
  if (std::find(modes.begin(), modes.end(), order.mode) == modes.end())
    return wrong("mode",
                 "is none of normal, lost_callback, duplicate, partial, over, "
                 "wrong_reference, late and returned");
  const auto currency = Currency::parse(text(*object, "currency", "TZS"));
  if (!currency) return wrong("currency", "is no currency");
  const auto amount = parse_money(text(*object, "amount", ""), *currency);
  if (!amount || amount->minor <= 0) return wrong("amount", "must be an amount such as \"100.00\"");
  order.amount = *amount;
  if (const auto* delay = object->if_contains("delay_ms")) {
    if (!delay->is_int64() || delay->get_int64() < 0 || delay->get_int64() > 86'400'000)
      return wrong("delay_ms", "must be 0 to 86,400,000");
    order.delay = std::chrono::milliseconds{delay->get_int64()};
  }
  return order;
}

class Bank final : public Emulator {
 public:
  explicit Bank(World& world) : world_(world) {}

  std::string_view name() const noexcept override { return "bank_transfer"; }
  std::vector<std::string> routes() const override {
    return {"POST /pay", "GET /statement.xml?day=:day", "GET /statement.csv?day=:day"};
  }

  inbound::Outgoing handle(const http::Request& request, std::string_view target) override {
    const auto mark = target.find('?');
    const auto path = target.substr(0, mark);
    const auto query =
        mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    const bool pays = path == "/pay";
    if (!pays && path != "/statement.xml" && path != "/statement.csv")
      return {.response = no_such_path()};
    if (request.method != (pays ? "POST" : "GET"))
      return {.response = wrong_method(pays ? "POST" : "GET")};
    const auto hit = world_.faults.take(
        {.provider = name(), .operation = pays ? Operation::charge : Operation::inquire},
        world_.random);
    const Error closed{ErrorCode::unavailable, "the bank is closed"};
    if (hit && keeps_call_away(hit->fault))
      return keep_away(*hit, problem(503, "Service Unavailable", closed));
    const auto broken = [&] { return problem(500, "Internal Server Error", closed); };
    const bool refuses = hit && hit->fault == Fault::http_500;
    auto response = refuses ? broken() : pays ? pay(request.body) : statement(path, query);
    if (hit && hit->fault == Fault::http_500_after) response = broken();
    return hit ? distort(*hit, std::move(response))
               : inbound::Outgoing{.response = std::move(response)};
  }

  /// The bank does not know what is due, so the object says it: "{reference}:{amount}", for example
  /// "880000004225:450000.00".
  PayerAnswer payer(std::string_view object, PayerAct act) override {
    const auto colon = object.find(':');
    if (colon == std::string_view::npos) return PayerAnswer::unknown_object;
    const auto amount = parse_money(object.substr(colon + 1), Currency::parse("TZS").value());
    if (!amount || amount->minor <= 0) return PayerAnswer::unknown_object;
    if (act != PayerAct::approve) return PayerAnswer::done;  // whoever does not pay does nothing
    if (world_.ledger.full()) return PayerAnswer::not_waiting;
    execute({std::string{object.substr(0, colon)}, *amount, "ASHA JUMA", "normal"});
    return PayerAnswer::done;
  }

  void reset() override { entries_.clear(); }
  std::optional<TimePoint> pass_time(TimePoint) override { return std::nullopt; }
  std::optional<webhooks::Letter> event_letter(std::string_view event) override {
    const auto* entry = entries_.find(event);
    if (entry == nullptr) return std::nullopt;
    return letter_of(*entry);
  }
  void each_event(const std::function<void(webhooks::Letter)>& take) override {
    for (std::size_t i = 0; i < entries_.size(); ++i) take(letter_of(entries_.at(i)));
  }

 private:
  http::Response pay(std::string_view body) {
    const auto order = read_order(body);
    if (!order) return bad_request(order.error());
    if (world_.ledger.full())
      return problem(503, "Service Unavailable",
                     {ErrorCode::unavailable, "the sandbox's ledger is full; reset the sandbox"});
    json::array made;
    for (const auto& id : execute(*order)) made.emplace_back(id);
    return respond(200, json::serialize(json::object{{"transactions", std::move(made)}}));
  }

  /// The ids of what was booked.
  std::vector<std::string> execute(Order order) {
    if (order.mode == "partial")
      order.amount.minor = std::max<std::int64_t>(1, order.amount.minor / 2);
    if (order.mode == "over")
      order.amount.minor += std::max<std::int64_t>(1, order.amount.minor / 10);
    if (order.mode == "wrong_reference" && !order.reference.empty()) {
      char& last = order.reference.back();  // one digit is wrong: the check digits show it
      last = last == '9' ? '0' : static_cast<char>(last + 1);
    }
    const auto delay = order.mode != "late"       ? order.delay
                       : order.delay.count() == 0 ? late_default
                                                  : order.delay;
    std::vector<std::string> ids;
    const Entry& paid = book(order, false);
    ids.push_back(paid.id);
    if (order.mode != "lost_callback") {
      tell(paid, delay);
      if (order.mode == "duplicate") tell(paid, delay);
    }
    if (order.mode == "returned") {
      const Entry& back = book(order, true);
      ids.push_back(back.id);
      tell(back, delay);
    }
    return ids;
  }

  const Entry& book(const Order& order, bool reversal) {
    const auto now = world_.now();
    // Drawn, not counted: a bank never gives an id twice, whoever resets what.
    std::string id = std::to_string(world_.random() % 10'000'000'000ULL);
    id = "FT" + day_of(now).substr(2, 2) + std::string(10 - id.size(), '0') + id;
    const Entry& entry = entries_.add(
        {id, order.amount, now, order.reference, "RENT " + order.reference, order.payer, reversal});
    // What is taken back is money that moved too: the ledger takes the first effect back.
    if (reversal) {
      world_.ledger.take_back(last_effect_);
    } else {
      last_effect_ = world_.ledger.add({.provider = name(),
                                        .kind = EffectKind::charge,
                                        .object = entry.reference,
                                        .detail = entry.id,
                                        .payment = {},
                                        .amount = entry.amount,
                                        .idempotency_key = {},
                                        .at = now});
    }
    return entry;
  }

  static webhooks::Letter letter_of(const Entry& entry) {
    webhooks::Letter letter;
    letter.provider = "bank_transfer";
    letter.event = entry.id;
    letter.type = entry.reversal ? "reversal" : "credit";
    letter.body = to_callback(entry);
    letter.seal = [](std::string_view body, const std::vector<Secret>& secrets, TimePoint now) {
      std::vector<Secret> first;  // the bank knows one secret
      if (!secrets.empty()) first.push_back(secrets.front().clone());
      return http::Headers{{"X-Bank-Signature", stripe::signature(first, body, now)}};
    };
    return letter;
  }

  void tell(const Entry& entry, std::chrono::milliseconds delay) {
    auto letter = letter_of(entry);
    letter.delay = delay;
    webhooks::post_event(world_, std::move(letter));
  }

  http::Response statement(std::string_view path, std::string_view query) {
    const auto form = Form::decode(query);
    if (!form) return bad_request(form.error());
    const auto* day = form->find("day");
    std::vector<const Entry*> chosen;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& entry = entries_.at(i);
      if (day == nullptr || day->empty() || day_of(entry.booked_at) == *day)
        chosen.push_back(&entry);
    }
    if (path == "/statement.csv") return respond(200, to_csv(chosen), "text/csv");
    return respond(200, to_camt053(chosen, world_.now()), "application/xml");
  }

  World& world_;
  Shelf<Entry> entries_{entries_max};
  std::size_t last_effect_ = 0;
};

}  // namespace

std::unique_ptr<Emulator> make_emulator(World& world) {
  return std::make_unique<Bank>(world);
}

}  // namespace cambist::gateway::sandbox::bank_transfer

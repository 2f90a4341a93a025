#include "gateway/sandbox/mpesa_daraja/model.hpp"

#include <chrono>

namespace cambist::gateway::sandbox::mpesa_daraja {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

}  // namespace

void Books::clear() {
  prompts.clear();
  commands.clear();
  events.clear();
  tokens.clear();
  by_receipt.clear();
  by_payment.clear();
  by_originator.clear();
  recent.clear();
  recent_order.clear();
  due.clear();
  sequence = 0;
}

std::string random_text(Bench& bench, std::size_t count, std::string_view alphabet) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += alphabet[bench.world.random() % alphabet.size()];
  return text;
}

std::string make_receipt(Bench& bench) {
  std::string receipt;
  do {
    receipt = "U" + random_text(bench, 9, capitals);
  } while (bench.books.by_receipt.contains(receipt));
  return receipt;
}

std::string make_checkout_id(Bench& bench, TimePoint now) {
  const std::string time = local_digits(now);
  std::string id;
  do {
    id = "ws_CO_" + time.substr(6, 2) + time.substr(4, 2) + time.substr(0, 4) + time.substr(8) +
         random_text(bench, 9, digits);
  } while (bench.books.prompts.find(id) != nullptr);
  return id;
}

std::string make_conversation_id(Bench& bench, TimePoint now) {
  std::string id;
  do {
    id = "AG_" + local_digits(now).substr(0, 8) + "_" + random_text(bench, 20, "0123456789abcdef");
  } while (bench.books.commands.find(id) != nullptr);
  return id;
}

std::string local_digits(TimePoint time) {
  std::string made;
  for (const char c : to_rfc3339(time + std::chrono::hours{3})) {
    if (c == '.') break;
    if (c >= '0' && c <= '9') made += c;
  }
  return made;
}

Money shillings(std::int64_t amount) {
  return {amount * 100, Currency::parse("KES").value()};
}

Subject subject_of(std::string_view url) {
  Subject subject;
  while (!url.empty()) {
    const auto slash = url.find('/');
    const auto segment = url.substr(0, slash);
    if (segment.starts_with("pay_") && subject.payment.empty()) subject.payment = segment;
    if (segment.starts_with("op_") && subject.operation.empty()) subject.operation = segment;
    if (slash == std::string_view::npos) break;
    url.remove_prefix(slash + 1);
  }
  return subject;
}

bool ends_with(const std::string& phone, std::string_view wanted) noexcept {
  return phone.ends_with(wanted);
}

}  // namespace cambist::gateway::sandbox::mpesa_daraja

#include "gateway/sandbox/mpesa_openapi_tz/model.hpp"

#include <utility>

#include "gateway/sandbox/mpesa_openapi_tz/behaviour.hpp"
#include "protocols/providers/mpesa_openapi_tz/ids.hpp"

namespace cambist::gateway::sandbox::mpesa_openapi_tz {
namespace {

constexpr std::size_t receipt_size = 11;

Money in_tzs(std::int64_t shillings) {
  return {shillings * 100, Currency::parse("TZS").value()};
}

// The payment's id as it travelled in the conversation; empty for a stranger's.
std::string payment_of(const std::string& conversation) {
  const auto payment = cambist::mpesa_openapi_tz::payment_in(conversation);
  return payment ? payment->to_string() : std::string{};
}

void record(Bench& bench, const Transaction& transaction) {
  const bool reverses = transaction.kind == Kind::reversal;
  const std::string& object = reverses ? transaction.original : transaction.id;
  const std::string payment = payment_of(object);
  bench.world.ledger.add(
      Effect{.provider = provider_name,
             .kind = transaction.kind == Kind::push ? EffectKind::charge : EffectKind::refund,
             .object = object,
             .detail = transaction.receipt,
             .payment = payment,
             .amount = in_tzs(transaction.shillings),
             .idempotency_key = transaction.id,
             .at = bench.world.now()});
}

void pass(Bench& bench, Transaction& transaction) {
  if (transaction.status != Status::pending) return;
  if (transaction.kind == Kind::push) return end(bench, transaction, Status::expired, "INS-9");
  complete(bench, transaction);
}

}  // namespace

std::string_view to_string(Status status) noexcept {
  switch (status) {
    case Status::pending:
      return "Pending";
    case Status::completed:
      return "Completed";
    case Status::failed:
      return "Failed";
    case Status::cancelled:
      return "Cancelled";
    case Status::expired:
      return "Expired";
  }
  return "";
}

Transaction* Books::find(std::string_view name) {
  if (auto* own = transactions.find(name)) return own;
  for (auto* shelf : {&receipts, &conversations}) {
    if (const auto* alias = shelf->find(name)) return transactions.find(alias->transaction);
  }
  return nullptr;
}

std::string make_word(const Random& random, std::size_t size) {
  constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string made;
  while (made.size() < size) {
    auto bits = random();
    for (int i = 0; i < 8 && made.size() < size; ++i, bits >>= 8U)
      made += letters[(bits & 0xffU) % letters.size()];
  }
  return made;
}

Transaction& keep(Bench& bench, Transaction transaction) {
  transaction.conversation = make_word(bench.world.random, 32);
  bench.books.conversations.add({transaction.conversation, transaction.id});
  return bench.books.transactions.add(std::move(transaction));
}

void complete(Bench& bench, Transaction& transaction) {
  transaction.status = Status::completed;
  transaction.receipt = make_word(bench.world.random, receipt_size);
  bench.books.receipts.add({transaction.receipt, transaction.id});
  record(bench, transaction);
  tell_result(bench, transaction, "INS-0");
}

void end(Bench& bench, Transaction& transaction, Status status, std::string_view code) {
  transaction.status = status;
  tell_result(bench, transaction, code);
}

void answer_prompt(Bench& bench, Transaction& transaction, bool accepted) {
  if (!accepted) return end(bench, transaction, Status::cancelled, "INS-6");
  if (behaviour_of(transaction.msisdn) == Behaviour::has_no_money)
    return end(bench, transaction, Status::failed, "INS-2006");
  complete(bench, transaction);
}

std::optional<TimePoint> settle_all(Bench& bench, TimePoint now) {
  auto& due = bench.books.due;
  while (!due.empty() && due.begin()->first <= now) {
    const auto id = std::move(due.begin()->second);
    due.erase(due.begin());
    if (auto* transaction = bench.books.transactions.find(id)) pass(bench, *transaction);
  }
  return due.empty() ? std::nullopt : std::optional{due.begin()->first};
}

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz

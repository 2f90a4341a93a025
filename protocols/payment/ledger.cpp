#include "protocols/payment/ledger.hpp"

#include "protocols/core/overloaded.hpp"
#include "protocols/core/planted.hpp"
#include "protocols/payment/moves.hpp"

namespace cambist::payment {
namespace {

using provider::OperationKind;

/// Postings of one payment; every pair sums to zero.
class Book {
 public:
  explicit Book(const Payment& payment) : provider_("provider:" + payment.provider + ":") {}

  /// Moves `minor` from the credited to the debited account; nothing for zero.
  void hold(const Money& amount) { pair(provider_ + "held", "customer:held", amount); }
  void release(const Money& amount) { pair("customer:held", provider_ + "held", amount); }
  void receive(const Money& amount) { pair(provider_ + "receivable", "merchant:payable", amount); }
  void give_back(const Money& amount) {
    pair("merchant:payable", provider_ + "receivable", amount);
  }

  /// Money that came and is not yet, or never becomes, what a payment was due. Below zero: taken
  /// back.
  void take_in(const Money& amount) {
    if (amount.minor < 0)
      return pair("customer:unapplied", provider_ + "receivable",
                  Money{-amount.minor, amount.currency});
    pair(provider_ + "receivable", "customer:unapplied", amount);
  }
  void apply(const Money& amount) { pair("customer:unapplied", "merchant:payable", amount); }

  /// A refund that had been given back and failed.
  void keep(const Money& amount) { receive(amount); }
  void withdraw(const Money& amount) {
    pair("merchant:disputed", provider_ + "receivable", amount);
  }
  void reinstate(const Money& amount) {
    pair(provider_ + "receivable", "merchant:disputed", amount);
  }
  void lose(const Money& amount) { pair("merchant:payable", "merchant:disputed", amount); }

  std::vector<Posting> take() { return std::move(postings_); }

 private:
  void pair(std::string debit, std::string credit, const Money& amount) {
    if (amount.minor == 0) return;
    postings_.push_back({std::move(debit), amount});
    postings_.push_back({std::move(credit), Money{-amount.minor, amount.currency}});
  }

  std::string provider_;
  std::vector<Posting> postings_;
};

void approve(Book& book, const Payment& before, const Operation& operation, const Money& moved) {
  switch (operation.kind) {
    case OperationKind::authorize:
      return book.hold(operation.amount);
    case OperationKind::charge: {
      const Money applied = applied_by(before, moved);
      if (applied.minor == 0) return book.receive(moved);
      book.apply(applied);
      return book.receive(Money{moved.minor - applied.minor, moved.currency});
    }
    case OperationKind::capture: {
      const Money held = capturable(before);
      const bool last = operation.final_capture || moved.minor >= held.minor;
      book.release(last ? held : moved);
      if (moved.minor < held.minor && planted("ledger_posting_missing_in_partial_capture")) return;
      return book.receive(moved);
    }
    case OperationKind::void_authorization: {
      const auto* state = std::get_if<Voiding>(&before.state);
      // Nothing is held yet while the payer has not acted.
      if (state != nullptr && !state->awaiting) book.release(before.details.amount);
      return;
    }
    case OperationKind::refund:
      return book.give_back(moved);
  }
}

/// What is still held of an authorization is let go.
void end_authorization(Book& book, const Payment& before) {
  if (std::holds_alternative<Authorized>(before.state)) book.release(capturable(before));
}

}  // namespace

std::vector<Posting> postings(const Payment& before, const Event& event) {
  Book book{before};
  std::visit(Overloaded{
                 [&](const OperationApproved& f) {
                   const Operation* operation = running(before);
                   // Late money comes and goes beside the payment, and was never in its books.
                   if (std::holds_alternative<Compensating>(before.state)) return;
                   if (operation != nullptr && operation->id == f.operation)
                     approve(book, before, *operation, f.approved.amount);
                 },
                 [&](const AuthorizationExpired&) { end_authorization(book, before); },
                 [&](const AuthorizationEndedAtProvider&) { end_authorization(book, before); },
                 [&](const CapturedAtProvider& f) {
                   const Money received = received_by(before, f);
                   if (received.minor == 0) return;
                   end_authorization(book, before);
                   book.receive(received);
                 },
                 [&](const RefundedAtProvider& f) { book.give_back(refunded_by(before, f)); },
                 [&](const TransferReceived& f) { book.take_in(added_by(before, f)); },
                 [&](const RefundReversed& f) { book.keep(returned_by(before, f)); },
                 [&](const DisputeChanged& f) {
                   const DisputeMoves moves = moved_by(before, f);
                   book.withdraw(moves.taken);
                   book.reinstate(moves.returned);
                   book.lose(moves.lost);
                 },
                 [](const auto&) {},
             },
             event.fact);
  return book.take();
}

}  // namespace cambist::payment

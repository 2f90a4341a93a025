#include "protocols/providers/bank_transfer/adapter.hpp"

#include "protocols/bank/callback.hpp"
#include "protocols/bank/camt.hpp"
#include "protocols/bank/signature.hpp"
#include "protocols/core/json_text.hpp"
#include "protocols/providers/bank_transfer/instructions.hpp"
#include "protocols/providers/bank_transfer/settings.hpp"

namespace cambist::bank_transfer {
namespace {

using provider::Call;
using provider::OperationKind;

Result<void> refuse(ErrorCode code, std::string detail, std::string field) {
  return Error{code, std::move(detail), std::move(field)};
}

provider::TransferKind transfer_kind(bank::EntryKind kind) noexcept {
  if (kind == bank::EntryKind::reversal) return provider::TransferKind::reversal;
  if (kind == bank::EntryKind::returned) return provider::TransferKind::returned;
  return provider::TransferKind::credit;
}

class Adapter final : public provider::Adapter {
 public:
  explicit Adapter(AccountSettings account) : account_(std::move(account)) {
    capabilities_.manual_capture = false;
    capabilities_.partial_capture = false;
    capabilities_.webhooks = !account_.webhook_secret.reveal().empty();
    capabilities_.method_types = {"bank_transfer"};
  }

  std::string_view name() const noexcept override { return "bank_transfer"; }
  const provider::Capabilities& capabilities() const noexcept override { return capabilities_; }

  Result<void> check(const Call& call) const override {
    switch (call.kind) {
      case OperationKind::authorize:
      case OperationKind::capture:
        return refuse(ErrorCode::unsupported_by_provider,
                      "a bank transfer cannot be held: it is made, or it is not", "capture");
      case OperationKind::charge:
        if (call.method.type != "bank_transfer") {
          return refuse(ErrorCode::unsupported_by_provider,
                        "the payment method must be of type bank_transfer here",
                        "payment_method.type");
        }
        if (call.amount.currency != account_.currency) {
          return refuse(ErrorCode::unsupported_by_provider,
                        "the account is in " + std::string{account_.currency.code()},
                        "amount.currency");
        }
        return {};
      case OperationKind::void_authorization:
      case OperationKind::refund:
        return {};
    }
    return {};
  }

  /// Always: the bank is not asked for anything, it tells.
  std::optional<provider::Verdict> answer_locally(const Call& call) const override {
    const auto reference = bank::make_reference(call.payment, account_.collecting.shape);
    switch (call.kind) {
      case OperationKind::charge: {
        const TimePoint until = call.started_at + account_.expires_after;
        provider::ActionRequired required;
        required.action.type = "bank_transfer";
        required.action.instructions = instructions(account_, call.amount, reference, until);
        required.action.expires_at = until;
        required.provider_payment_id = reference;
        return required;
      }
      case OperationKind::void_authorization:
        // What nobody has been asked for can be given up by ourselves. Who pays all the same is
        // late, and the operators are told.
        return provider::Approved{call.amount, reference};
      case OperationKind::refund:
        return provider::Pending{reference,
                                 {},
                                 "The refund is a transfer of its own: send " +
                                     to_decimal(call.amount) + " " +
                                     std::string{call.amount.currency.code()} +
                                     " to the payer, then resolve this task."};
      case OperationKind::authorize:
      case OperationKind::capture:
        break;
    }
    return provider::Refused{{provider::FailureCode::invalid_request,
                              "A bank transfer cannot be authorized or captured.",
                              {}},
                             false,
                             false,
                             std::nullopt};
  }

  Result<http::Request> build(const Call&) const override {
    return Error{ErrorCode::internal, "a bank transfer needs no request"};
  }

  /// There is no request that anything could answer.
  provider::Verdict interpret(const Call&, const http::Response&) const override {
    return provider::Unknown{
        {provider::FailureCode::unknown, "A bank transfer needs no answer.", {}},
        false,
        std::nullopt};
  }

  std::string request_id(const http::Response&) const override { return {}; }

  Result<void> verify_webhook(const http::Request& request, TimePoint now) const override {
    if (account_.webhook_secret.empty())
      return Error{ErrorCode::not_found, "no webhook_secret is set for this account"};
    return bank::verify_signature(request, account_.webhook_secret, now);
  }

  /// The bank's id of the transaction is the event's too, so that what a callback and a statement
  /// both tell counts once.
  Result<provider::Notice> read_webhook(std::string_view body) const override {
    const auto entry = bank::read_callback(body);
    if (!entry) return entry.error();
    provider::Notice notice;
    notice.type = std::string{bank::to_string(entry->kind)} + (entry->booked ? "" : ".pending");
    // What is not booked yet comes again when it is.
    notice.id = bank::event_of(entry->booked ? entry->id : entry->id + ":pending", entry->kind);
    notice.created_at = entry->booked_at;
    notice.object = entry->id;
    if (!bank::concerns_us(*entry, account_.collecting)) return notice;  // Irrelevant
    notice.provider_payment_id =
        bank::reference_of(*entry, account_.collecting.shape).value_or(std::string{});
    notice.news = provider::TransferSeen{entry->amount, entry->id, transfer_kind(entry->kind),
                                         entry->booked_at, entry->payer};
    return notice;
  }

  std::string acknowledgement(std::string_view body) const override {
    const auto entry = bank::read_callback(body);
    std::string out;
    JsonObject object{out};
    object.string("status", "OK").string("receipt", entry ? entry->id : "").close();
    return out;
  }

  Result<std::vector<std::string>> split_statement(std::string_view content_type,
                                                   std::string_view text) const override {
    const auto kind = content_type.substr(0, content_type.find(';'));
    const bool xml = kind == "application/xml" || kind == "text/xml";
    if (!xml && kind != "text/csv") {
      return Error{ErrorCode::unsupported_by_provider,
                   "statements are taken as application/xml or text/csv", "content-type"};
    }
    const auto entries = xml ? bank::read_camt(text, account_.utc_offset)
                             : bank::read_csv(text, account_.csv, account_.utc_offset);
    if (!entries) return entries.error();
    std::vector<std::string> events;
    events.reserve(entries->size());
    for (const bank::Credit& entry : *entries) events.push_back(bank::write_callback(entry));
    return events;
  }

 private:
  AccountSettings account_;
  provider::Capabilities capabilities_;
};

}  // namespace

Result<std::shared_ptr<const provider::Adapter>> make_adapter(const provider::Settings& settings) {
  auto account = read_settings(settings);
  if (!account) return account.error();
  return std::shared_ptr<const provider::Adapter>{std::make_shared<Adapter>(std::move(*account))};
}

}  // namespace cambist::bank_transfer

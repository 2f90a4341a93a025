#include "protocols/payment/announce.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "protocols/core/json_text.hpp"
#include "protocols/core/overloaded.hpp"
#include "protocols/payment/decide.hpp"
#include "protocols/payment/moves.hpp"
#include "protocols/payment/shown.hpp"

namespace cambist::payment {
namespace {

using provider::OperationKind;

/// An event before it is written: its type, and what it has beside the payment, as the text of an
/// object.
struct Draft {
  std::string type;
  std::string more{};
};
using Drafts = std::vector<Draft>;

/// {"name": what `write` appends}
template <class Write>
std::string only(std::string_view name, Write write) {
  std::string text;
  JsonObject object{text};
  write(object.key(name));
  object.close();
  return text;
}

void show_refund(std::string& out, const OperationId& operation, const std::string& refund,
                 const Money& amount, const std::string& reason) {
  JsonObject object{out};
  if (operation.empty()) {
    object.null("operation_id");
  } else {
    show_id(object.key("operation_id"), operation);
  }
  object.string_or_null("provider_refund_id", refund);
  show_money(object.key("amount"), amount);
  object.string_or_null("reason", reason).close();
}

void show_refund(std::string& out, const Operation& operation) {
  show_refund(out, operation.id, operation.provider_object,
              operation.moved.value_or(operation.amount), operation.reason);
}

std::string refund_only(const OperationId& operation, const std::string& refund,
                        const Money& amount, const std::string& reason) {
  return only("refund",
              [&](std::string& out) { show_refund(out, operation, refund, amount, reason); });
}

std::string refund_only(const Operation& operation) {
  return only("refund", [&](std::string& out) { show_refund(out, operation); });
}

std::string task_only(const Operation& operation, std::string_view status,
                      const std::string& outcome, const std::string& reason) {
  return only("task", [&](std::string& out) {
    JsonObject object{out};
    object.string("id", task_of(operation.id).to_string())
        .string("kind", "unknown_outcome")
        .string("status", status);
    show_id(object.key("operation_id"), operation.id);
    object.string("operation", provider::to_string(operation.kind))
        .string_or_null("outcome", outcome)
        .string_or_null("reason", reason)
        .close();
  });
}

std::string task_only(const Attention& attention, std::string_view status,
                      const std::string& outcome, const std::string& reason) {
  return only("task", [&](std::string& out) {
    JsonObject object{out};
    object.string("id", attention.task.to_string())
        .string("kind", to_string(attention.kind))
        .string("status", status)
        .null("operation_id")
        .null("operation");
    show_money(object.key("amount"), attention.amount);
    object.string_or_null("outcome", outcome).string_or_null("reason", reason).close();
  });
}

const Operation* running_as(const Payment& payment, const OperationId& id) {
  const Operation* operation = running(payment);
  return operation != nullptr && operation->id == id ? operation : nullptr;
}

std::string type_of_money(const Payment& after) {
  return status_of(after) == Status::partially_captured ? "payment.partially_captured"
                                                        : "payment.captured";
}

std::string type_of_end(const Payment& after) {
  return std::holds_alternative<Expired>(after.state) ? "payment.expired" : "payment.canceled";
}

/// An authorization that ends after captures has been told of with them.
Drafts ended(const Payment& before, const Payment& after) {
  if (!std::holds_alternative<Authorized>(before.state)) return {};
  if (std::holds_alternative<Captured>(after.state)) return {};
  return {Draft{type_of_end(after)}};
}

Drafts started(const Operation& operation) {
  if (operation.kind != OperationKind::refund) return {};
  return {Draft{"refund.created", refund_only(operation)}};
}

Drafts approved(const Operation& operation, const Payment& after) {
  switch (operation.kind) {
    case OperationKind::authorize:
      return {Draft{"payment.authorized"}};
    case OperationKind::charge:
    case OperationKind::capture:
      return {Draft{type_of_money(after)}};
    case OperationKind::void_authorization:
      return {Draft{type_of_end(after)}};
    case OperationKind::refund:
      return {Draft{"refund.succeeded", refund_only(after.history.back())}};
  }
  return {};
}

/// A void that failed leaves everything as it was: nothing to tell.
Drafts failed(const Operation& operation, const provider::Failure& failure) {
  std::string more = only("failure", [&](std::string& out) { show_failure(out, failure); });
  switch (operation.kind) {
    case OperationKind::authorize:
    case OperationKind::charge:
      return {Draft{"payment.failed", std::move(more)}};
    case OperationKind::capture:
      return {Draft{"capture.failed", std::move(more)}};
    case OperationKind::refund:
      more.pop_back();
      more += R"(,"refund":)";
      show_refund(more, operation);
      return {Draft{"refund.failed", more + "}"}};
    case OperationKind::void_authorization:
      return {};
  }
  return {};
}

class Teller {
 public:
  Teller(const Payment& before, const Event& event, const Payment& after)
      : before_(before), event_(event), after_(after) {}

  Drafts operator()(const PaymentCreated&) const { return {Draft{"payment.created"}}; }
  Drafts operator()(const OperationStarted& f) const { return started(f.operation); }
  Drafts operator()(const StepCompleted&) const { return {}; }
  Drafts operator()(const OperationApproved& f) const {
    const Operation* operation = told_of(f.operation);
    return operation == nullptr ? Drafts{} : approved(*operation, after_);
  }
  Drafts operator()(const OperationDeclined& f) const {
    const Operation* operation = told_of(f.operation);
    return operation == nullptr ? Drafts{} : failed(*operation, f.declined.failure);
  }
  Drafts operator()(const OperationRefused& f) const {
    const Operation* operation = told_of(f.operation);
    // Only an outage on the way to a capture that is tried again: not worth a word.
    if (operation == nullptr || captures_again(before_, f, event_.at)) return {};
    return failed(*operation, f.refused.failure);
  }
  Drafts operator()(const AttemptFailed&) const { return {}; }
  Drafts operator()(const OperationPending&) const { return {}; }
  Drafts operator()(const ActionWasRequired& f) const {
    const auto* was = std::get_if<AwaitingAction>(&before_.state);
    if (running_as(before_, f.operation) == nullptr) return {};
    if (was != nullptr && was->action == f.required.action) return {};  // told before
    return {Draft{"payment.requires_action"}};
  }
  Drafts operator()(const ActionConfirmed&) const { return {}; }
  Drafts operator()(const AuthorizationExpired&) const { return ended(before_, after_); }
  Drafts operator()(const CaptureScheduled&) const { return {}; }
  Drafts operator()(const OperationEscalated& f) const {
    const Operation* operation = running_as(before_, f.operation);
    if (operation == nullptr) return {};
    return {Draft{"task.opened", task_only(*operation, "open", "", f.reason)}};
  }
  Drafts operator()(const OperatorDecided& f) const {
    const Operation* operation = running_as(before_, f.operation);
    if (operation == nullptr) return {};
    const std::string outcome = f.succeeded ? "succeeded" : "failed";
    return {Draft{"task.resolved", task_only(*operation, "resolved", outcome, f.reason)}};
  }
  Drafts operator()(const BreakerNoticed&) const { return {}; }
  Drafts operator()(const TransferReceived&) const { return {}; }
  Drafts operator()(const AttentionNeeded& f) const {
    return {Draft{"task.opened", task_only(*find_attention(after_, f.task), "open", "", f.detail)}};
  }
  Drafts operator()(const AttentionResolved& f) const {
    const Attention* attention = find_attention(before_, f.task);
    if (attention == nullptr || !attention->open) return {};
    return {Draft{"task.resolved", task_only(*attention, "resolved", "reviewed", f.reason)}};
  }
  Drafts operator()(const OutcomeReported&) const { return {}; }
  // Where a payment goes is in its timeline; merchants are told what it comes to.
  Drafts operator()(const Routed&) const { return {}; }
  Drafts operator()(const AttemptFenced&) const { return {}; }
  Drafts operator()(const FenceFailed&) const { return {}; }
  Drafts operator()(const FailedOver&) const { return {}; }
  Drafts operator()(const LateSuccess&) const { return {}; }
  Drafts operator()(const CompensationStarted&) const { return {}; }
  Drafts operator()(const AuthorizationEndedAtProvider&) const { return ended(before_, after_); }
  Drafts operator()(const CapturedAtProvider& f) const {
    if (received_by(before_, f).minor == 0) return {};
    return {Draft{type_of_money(after_)}};
  }
  Drafts operator()(const RefundedAtProvider& f) const {
    const Money moved = refunded_by(before_, f);
    if (moved.minor == 0) return {};
    return {Draft{"refund.succeeded", refund_only(f.operation, f.refund, moved, "")}};
  }
  Drafts operator()(const RefundReversed& f) const {
    const Money moved = returned_by(before_, f);
    if (moved.minor == 0) return {};  // it had never counted
    return {Draft{"refund.failed", refund_only(f.operation, f.refund, moved, f.reason)}};
  }
  Drafts operator()(const DisputeChanged& f) const {
    if (!moved_by(before_, f).forward) return {};
    const std::string status{
        f.status == provider::DisputeStatus::open ? "opened" : provider::to_string(f.status)};
    return {Draft{"dispute." + status, only("dispute", [&](std::string& out) {
                    show_dispute(out, find_dispute(after_, f.dispute));
                  })}};
  }

 private:
  /// The running operation, when what becomes of it is the merchant's affair: money that comes late
  /// and is returned is a task for the operators, and no capture, void or refund of the payment.
  [[nodiscard]] const Operation* told_of(const OperationId& id) const {
    if (std::holds_alternative<Compensating>(before_.state)) return nullptr;
    return running_as(before_, id);
  }

  const Payment& before_;
  const Event& event_;
  const Payment& after_;
};

void show_data(std::string& out, const Payment& payment, const Draft& draft) {
  JsonObject data{out};
  show_id(data.key("payment_id"), payment.id);
  data.string("status", to_string(status_of(payment)));
  show_money(data.key("amount"), payment.details.amount);
  show_money(data.key("captured"), captured(payment));
  show_money(data.key("refunded"), refunded(payment));
  data.string("provider", payment.provider)
      .string_or_null("provider_payment_id", payment.provider_payment_id)
      .string_or_null("reference", payment.details.reference)
      .string_or_null("customer_id", payment.details.customer_id);
  show_metadata(data.key("metadata"), payment.details.metadata);
  data.integer("sequence", static_cast<std::int64_t>(payment.version))
      .members_of(draft.more)
      .close();
}

std::string body_of(const Payment& after, const Event& event, const Draft& draft) {
  std::string text;
  text.reserve(768);
  JsonObject body{text};
  body.string("type", draft.type);
  show_time(body.key("timestamp"), event.at);
  show_data(body.key("data"), after, draft);
  body.close();
  return text;
}

}  // namespace

std::vector<Announcement> announcements(const Payment& before, const Event& event,
                                        const Payment& after) {
  Drafts drafts = std::visit(Teller{before, event, after}, event.fact);
  for (const Operation& operation : settled_tasks(before, after)) {
    drafts.push_back({"task.resolved", task_only(operation, "resolved", "settled",
                                                 "The provider has told what became of it.")});
  }
  std::vector<Announcement> told;
  for (Draft& draft : drafts) {
    std::string json = body_of(after, event, draft);
    told.push_back({std::move(draft.type), std::move(json)});
  }
  return told;
}

TaskId task_of(const OperationId& operation) {
  return TaskId{operation.bytes};
}

std::string decision_detail(const OperatorDecided& fact) {
  std::string text;
  JsonObject object{text};
  show_id(object.key("operation"), fact.operation);
  object.string("outcome", fact.succeeded ? "succeeded" : "failed")
      .string("reason", fact.reason)
      .close();
  return text;
}

std::string decision_detail(const AttentionResolved& fact) {
  std::string text;
  JsonObject object{text};
  object.string("outcome", "reviewed").string("reason", fact.reason).close();
  return text;
}

std::vector<Operation> settled_tasks(const Payment& before, const Payment& after) {
  std::vector<Operation> settled;
  for (std::size_t i = before.history.size(); i < after.history.size(); ++i) {
    if (after.history[i].escalated) settled.push_back(after.history[i]);
  }
  return settled;
}

}  // namespace cambist::payment

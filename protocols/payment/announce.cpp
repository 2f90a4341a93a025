#include "protocols/payment/announce.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "protocols/core/overloaded.hpp"
#include "protocols/payment/decide.hpp"
#include "protocols/payment/moves.hpp"
#include "protocols/payment/shown.hpp"

namespace cambist::payment {
namespace {

namespace json = boost::json;
using provider::OperationKind;

/// An event before it is written: its type, and what it has beside the payment.
struct Draft {
  std::string type;
  json::object more{};
};
using Drafts = std::vector<Draft>;

json::object refund_object(const OperationId& operation, const std::string& refund,
                           const Money& amount, const std::string& reason) {
  return {{"operation_id",
           operation.empty() ? json::value(nullptr) : json::value(operation.to_string())},
          {"provider_refund_id", shown_text(refund)},
          {"amount", shown_money(amount)},
          {"reason", shown_text(reason)}};
}

json::object refund_object(const Operation& operation) {
  return refund_object(operation.id, operation.provider_object,
                       operation.moved.value_or(operation.amount), operation.reason);
}

json::object task_object(const Operation& operation, std::string_view status,
                         const std::string& outcome, const std::string& reason) {
  return {{"id", task_of(operation.id).to_string()},
          {"kind", "unknown_outcome"},
          {"status", status},
          {"operation_id", operation.id.to_string()},
          {"operation", provider::to_string(operation.kind)},
          {"outcome", shown_text(outcome)},
          {"reason", shown_text(reason)}};
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
  return {Draft{"refund.created", {{"refund", refund_object(operation)}}}};
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
      return {Draft{"refund.succeeded", {{"refund", refund_object(after.history.back())}}}};
  }
  return {};
}

/// A void that failed leaves everything as it was: nothing to tell.
Drafts failed(const Operation& operation, const provider::Failure& failure) {
  json::object more{{"failure", shown_failure(failure)}};
  switch (operation.kind) {
    case OperationKind::authorize:
    case OperationKind::charge:
      return {Draft{"payment.failed", std::move(more)}};
    case OperationKind::capture:
      return {Draft{"capture.failed", std::move(more)}};
    case OperationKind::refund:
      more["refund"] = refund_object(operation);
      return {Draft{"refund.failed", std::move(more)}};
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
    const Operation* operation = running_as(before_, f.operation);
    return operation == nullptr ? Drafts{} : approved(*operation, after_);
  }
  Drafts operator()(const OperationDeclined& f) const {
    const Operation* operation = running_as(before_, f.operation);
    return operation == nullptr ? Drafts{} : failed(*operation, f.declined.failure);
  }
  Drafts operator()(const OperationRefused& f) const {
    const Operation* operation = running_as(before_, f.operation);
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
    return {Draft{"task.opened", {{"task", task_object(*operation, "open", "", f.reason)}}}};
  }
  Drafts operator()(const OperatorDecided& f) const {
    const Operation* operation = running_as(before_, f.operation);
    if (operation == nullptr) return {};
    const std::string outcome = f.succeeded ? "succeeded" : "failed";
    return {
        Draft{"task.resolved", {{"task", task_object(*operation, "resolved", outcome, f.reason)}}}};
  }
  Drafts operator()(const BreakerNoticed&) const { return {}; }
  Drafts operator()(const AuthorizationEndedAtProvider&) const { return ended(before_, after_); }
  Drafts operator()(const CapturedAtProvider& f) const {
    if (received_by(before_, f).minor == 0) return {};
    return {Draft{type_of_money(after_)}};
  }
  Drafts operator()(const RefundedAtProvider& f) const {
    const Money moved = refunded_by(before_, f);
    if (moved.minor == 0) return {};
    return {
        Draft{"refund.succeeded", {{"refund", refund_object(f.operation, f.refund, moved, "")}}}};
  }
  Drafts operator()(const RefundReversed& f) const {
    const Money moved = returned_by(before_, f);
    if (moved.minor == 0) return {};  // it had never counted
    return {Draft{"refund.failed",
                  {{"refund", refund_object(f.operation, f.refund, moved, f.reason)}}}};
  }
  Drafts operator()(const DisputeChanged& f) const {
    if (!moved_by(before_, f).forward) return {};
    const std::string status{
        f.status == provider::DisputeStatus::open ? "opened" : provider::to_string(f.status)};
    return {
        Draft{"dispute." + status, {{"dispute", shown_dispute(find_dispute(after_, f.dispute))}}}};
  }

 private:
  const Payment& before_;
  const Event& event_;
  const Payment& after_;
};

json::object payment_object(const Payment& payment) {
  return {{"payment_id", payment.id.to_string()},
          {"status", to_string(status_of(payment))},
          {"amount", shown_money(payment.details.amount)},
          {"captured", shown_money(captured(payment))},
          {"refunded", shown_money(refunded(payment))},
          {"provider", payment.details.provider},
          {"provider_payment_id", shown_text(payment.provider_payment_id)},
          {"reference", shown_text(payment.details.reference)},
          {"customer_id", shown_text(payment.details.customer_id)},
          {"metadata", shown_metadata(payment.details.metadata)},
          {"sequence", payment.version}};
}

}  // namespace

std::vector<Announcement> announcements(const Payment& before, const Event& event,
                                        const Payment& after) {
  Drafts drafts = std::visit(Teller{before, event, after}, event.fact);
  for (const Operation& operation : settled_tasks(before, after)) {
    drafts.push_back({"task.resolved",
                      {{"task", task_object(operation, "resolved", "settled",
                                            "The provider has told what became of it.")}}});
  }
  std::vector<Announcement> told;
  for (Draft& draft : drafts) {
    json::object data = payment_object(after);
    for (auto& part : draft.more) data[part.key()] = std::move(part.value());
    const json::object body{
        {"type", draft.type}, {"timestamp", to_rfc3339(event.at)}, {"data", std::move(data)}};
    told.push_back({std::move(draft.type), json::serialize(body)});
  }
  return told;
}

TaskId task_of(const OperationId& operation) {
  return TaskId{operation.bytes};
}

std::string decision_detail(const OperatorDecided& fact) {
  return json::serialize(json::object{{"operation", fact.operation.to_string()},
                                      {"outcome", fact.succeeded ? "succeeded" : "failed"},
                                      {"reason", fact.reason}});
}

std::vector<Operation> settled_tasks(const Payment& before, const Payment& after) {
  std::vector<Operation> settled;
  for (std::size_t i = before.history.size(); i < after.history.size(); ++i) {
    if (after.history[i].escalated) settled.push_back(after.history[i]);
  }
  return settled;
}

}  // namespace cambist::payment

// A fact as JSON. Fields that have their default are left out: an event is written once and kept
// for ever.
#include <string>
#include <utility>

#include "protocols/core/overloaded.hpp"
#include "protocols/payment/codec.hpp"
#include "protocols/payment/codec_fields.hpp"

namespace cambist::payment {
namespace {

using provider::to_string;

std::string write(const provider::Failure& failure) {
  return Writer{}
      .text("code", to_string(failure.code))
      .text("message", failure.message)
      .text("decline_code", failure.decline_code)
      .take();
}

std::string write(const provider::Exchange& exchange) {
  return Writer{}
      .text("method", exchange.method)
      .text("path", exchange.path)
      .number("status", exchange.status)
      .text("failure", exchange.failure)
      .text("request_id", exchange.request_id)
      .time("at", exchange.at)
      .number("duration_us", exchange.duration.count())
      .text("breaker", exchange.breaker)
      .take();
}

std::string write(const provider::MethodSummary& method) {
  return Writer{}.text("brand", method.brand).text("last4", method.last4).take();
}

std::string write(const provider::PaymentMethod& method) {
  std::string fields = "{";
  for (const auto& [name, value] : method.fields) {
    if (fields.size() > 1) fields += ',';
    append_json_string(fields, name);
    fields += ':';
    append_json_string(fields, value);
  }
  fields += '}';
  return Writer{}
      .text("type", method.type)
      .text("token", method.token)
      .nested("fields", std::move(fields))
      .take();
}

std::string write(const provider::Metadata& metadata) {
  std::string pairs = "[";
  for (const auto& [name, value] : metadata) {
    pairs += pairs.size() > 1 ? ",[" : "[";
    append_json_string(pairs, name);
    pairs += ',';
    append_json_string(pairs, value);
    pairs += ']';
  }
  return pairs + "]";
}

std::string write(const std::vector<std::string>& names) {
  std::string list = "[";
  for (const auto& name : names) {
    if (list.size() > 1) list += ',';
    append_json_string(list, name);
  }
  return list + "]";
}

std::string write(const std::vector<routing::Considered>& considered) {
  std::string list = "[";
  for (const auto& entry : considered) {
    if (list.size() > 1) list += ',';
    list += Writer{}
                .text("provider", entry.provider)
                .flag("chosen", entry.chosen)
                .text("reason", entry.reason)
                .take();
  }
  return list + "]";
}

std::string write(const Origin& origin) {
  return Writer{}.text("key", origin.key).text("request_id", origin.request_id).take();
}

std::string write(const Operation& operation) {
  Writer writer;
  writer.id("id", operation.id)
      .text("kind", to_string(operation.kind))
      .text("status", to_string(operation.status))
      .money("amount", operation.amount)
      .money("remaining", operation.remaining)
      .flag("final_capture", operation.final_capture)
      .text("idempotency_key", operation.idempotency_key)
      .text("provider_object", operation.provider_object)
      .text("reason", operation.reason)
      .number("step", operation.step)
      .number("attempts", operation.attempts, 1)
      .flag("inquire", operation.inquire)
      .flag("confirmed", operation.confirmed)
      .time("started_at", operation.started_at)
      .time("next_attempt_at", operation.next_attempt_at)
      .number("failures", operation.failures)
      .number("inquiries", operation.inquiries)
      .time("step_started_at", operation.step_started_at)
      .time("updated_at", operation.updated_at);
  writer.nested("origin", write(operation.origin));
  if (operation.failure) writer.nested("failure", write(*operation.failure));
  writer.flag("by_itself", operation.by_itself)
      .flag("escalated", operation.escalated)
      .time("unknown_since", operation.unknown_since)
      .time("resumed_at", operation.resumed_at);
  if (operation.escalation) {
    writer.nested("escalation", Writer{}
                                    .time("at", operation.escalation->at)
                                    .text("reason", operation.escalation->reason)
                                    .take());
  }
  if (operation.moved) writer.money("moved", *operation.moved);
  writer.text("provider", operation.provider)
      .text("provider_payment_id", operation.provider_payment_id)
      .flag("unfenced", operation.unfenced);
  return writer.take();
}

std::string write(const provider::NextAction& action) {
  return Writer{}
      .text("type", action.type)
      .text("url", action.url)
      .text("instructions", action.instructions)
      .time("expires_at", action.expires_at)
      .take();
}

// --- one per fact: its name, and its fields
// -------------------------------------------------------------------

std::string_view write(const PaymentCreated& fact, Writer& out) {
  const Details& details = fact.details;
  out.id("id", fact.id)
      .text("tenant", fact.tenant.value)
      .money("amount", details.amount)
      .text("capture", details.capture == CaptureMethod::manual ? "manual" : "automatic")
      .text("provider", details.provider)
      .nested("method", write(details.method))
      .text("customer_id", details.customer_id)
      .text("reference", details.reference)
      .text("description", details.description)
      .text("return_url", details.return_url)
      .list("metadata", write(details.metadata))
      .time("capture_at", details.capture_at)
      .list("alternatives", write(details.alternatives))
      .list("required_features", write(details.required_features));
  return "payment_created";
}

std::string_view write(const OperationStarted& fact, Writer& out) {
  out.nested("operation", write(fact.operation));
  return "operation_started";
}

std::string_view write(const StepCompleted& fact, Writer& out) {
  out.id("operation", fact.operation)
      .number("step", fact.step)
      .text("provider_payment_id", fact.provider_payment_id)
      .text("provider_object", fact.provider_object)
      .nested("exchange", write(fact.exchange));
  return "step_completed";
}

std::string_view write(const OperationApproved& fact, Writer& out) {
  const provider::Approved& approved = fact.approved;
  out.id("operation", fact.operation)
      .money("amount", approved.amount)
      .text("provider_payment_id", approved.provider_payment_id)
      .text("provider_object", approved.provider_object)
      .nested("method", write(approved.method))
      .time("authorization_expires_at", approved.authorization_expires_at)
      .nested("exchange", write(fact.exchange));
  return "operation_approved";
}

std::string_view write(const OperationDeclined& fact, Writer& out) {
  out.id("operation", fact.operation)
      .nested("failure", write(fact.declined.failure))
      .flag("soft", fact.declined.soft)
      .text("provider_payment_id", fact.declined.provider_payment_id)
      .nested("method", write(fact.declined.method))
      .nested("exchange", write(fact.exchange));
  return "operation_declined";
}

void write_refusal(const OperationId& operation, const provider::Refused& refused,
                   const provider::Exchange& exchange, Writer& out) {
  out.id("operation", operation)
      .nested("failure", write(refused.failure))
      .flag("outage", refused.outage)
      .flag("repeatable", refused.repeatable);
  if (refused.retry_after) {
    // Zero seconds is another thing than no word at all, so that nothing is left out here.
    out.number("retry_after_s", refused.retry_after->count(),
               std::numeric_limits<std::int64_t>::min());
  }
  out.nested("exchange", write(exchange));
}

std::string_view write(const OperationRefused& fact, Writer& out) {
  write_refusal(fact.operation, fact.refused, fact.exchange, out);
  return "operation_refused";
}

std::string_view write(const AttemptFailed& fact, Writer& out) {
  out.id("operation", fact.operation)
      .number("attempt", fact.attempt)
      .flag("unknown", fact.unknown)
      .flag("inquire", fact.inquire)
      .time("next_at", fact.next_at)
      .nested("failure", write(fact.failure))
      .nested("exchange", write(fact.exchange));
  return "attempt_failed";
}

std::string_view write(const OperationPending& fact, Writer& out) {
  out.id("operation", fact.operation)
      .text("provider_payment_id", fact.provider_payment_id)
      .text("provider_object", fact.provider_object)
      .time("next_at", fact.next_at)
      .nested("exchange", write(fact.exchange));
  return "operation_pending";
}

std::string_view write(const ActionWasRequired& fact, Writer& out) {
  out.id("operation", fact.operation)
      .nested("action", write(fact.required.action))
      .text("provider_payment_id", fact.required.provider_payment_id)
      .nested("method", write(fact.required.method))
      .nested("exchange", write(fact.exchange));
  if (fact.required.ask_after) out.number("ask_after_s", fact.required.ask_after->count(), -1);
  out.flag("not_withdrawable", !fact.required.withdrawable);
  return "action_was_required";
}

std::string_view write(const ActionConfirmed& fact, Writer& out) {
  out.id("operation", fact.operation).nested("origin", write(fact.origin));
  return "action_confirmed";
}

std::string_view write(const AuthorizationExpired&, Writer&) {
  return "authorization_expired";
}

std::string_view write(const CaptureScheduled& fact, Writer& out) {
  out.time("at", fact.at);
  return "capture_scheduled";
}

std::string_view write(const OperationEscalated& fact, Writer& out) {
  out.id("operation", fact.operation).text("reason", fact.reason);
  return "operation_escalated";
}

std::string_view write(const OperatorDecided& fact, Writer& out) {
  out.id("operation", fact.operation)
      .flag("succeeded", fact.succeeded)
      .text("reason", fact.reason)
      .text("by", fact.by);
  return "operator_decided";
}

std::string_view write(const BreakerNoticed& fact, Writer& out) {
  out.id("operation", fact.operation)
      .text("provider", fact.provider)
      .text("state", fact.state)
      .text("cause", fact.cause);
  return "breaker_noticed";
}

std::string_view write(const AuthorizationEndedAtProvider& fact, Writer& out) {
  out.flag("expired", fact.expired).text("notice", fact.notice);
  return "authorization_ended_at_provider";
}

std::string_view write(const CapturedAtProvider& fact, Writer& out) {
  out.money("total", fact.total).text("notice", fact.notice);
  return "captured_at_provider";
}

std::string_view write(const RefundedAtProvider& fact, Writer& out) {
  out.text("refund", fact.refund);
  if (!fact.operation.empty()) out.id("operation", fact.operation);
  out.money("amount", fact.amount).text("notice", fact.notice);
  return "refunded_at_provider";
}

std::string_view write(const RefundReversed& fact, Writer& out) {
  out.text("refund", fact.refund);
  if (!fact.operation.empty()) out.id("operation", fact.operation);
  out.money("amount", fact.amount).text("reason", fact.reason).text("notice", fact.notice);
  return "refund_reversed";
}

std::string_view write(const OutcomeReported& fact, Writer& out) {
  out.id("operation", fact.operation);
  if (fact.amount) out.money("amount", *fact.amount);
  out.text("provider_object", fact.provider_object)
      .text("notice", fact.notice)
      .text("provider_payment_id", fact.provider_payment_id);
  return "outcome_reported";
}

std::string_view write(const Routed& fact, Writer& out) {
  out.text("provider", fact.provider).list("considered", write(fact.considered));
  return "routed";
}

std::string_view write(const AttemptFenced& fact, Writer& out) {
  write_refusal(fact.operation, fact.refused, fact.exchange, out);
  out.nested("fence", write(fact.fence));
  return "attempt_fenced";
}

std::string_view write(const FenceFailed& fact, Writer& out) {
  out.id("operation", fact.operation)
      .nested("failure", write(fact.failure))
      .nested("exchange", write(fact.exchange));
  return "fence_failed";
}

std::string_view write(const FailedOver& fact, Writer& out) {
  write_refusal(fact.operation, fact.refused, fact.exchange, out);
  out.text("from", fact.from)
      .text("to", fact.to)
      .text("reason", fact.reason)
      .nested("next", write(fact.next));
  return "failed_over";
}

std::string_view write(const LateSuccess& fact, Writer& out) {
  out.id("operation", fact.operation)
      .text("provider", fact.provider)
      .text("provider_payment_id", fact.provider_payment_id)
      .money("amount", fact.amount)
      .flag("certain", fact.certain)
      .text("notice", fact.notice);
  return "late_success";
}

std::string_view write(const CompensationStarted& fact, Writer& out) {
  out.nested("operation", write(fact.operation));
  return "compensation_started";
}

std::string_view write(const TransferReceived& fact, Writer& out) {
  out.text("transfer", fact.transfer)
      .text("kind", to_string(fact.kind))
      .money("amount", fact.amount)
      .text("payer", fact.payer)
      .text("notice", fact.notice);
  return "transfer_received";
}

std::string_view write(const AttentionNeeded& fact, Writer& out) {
  out.id("task", fact.task)
      .text("kind", to_string(fact.kind))
      .money("amount", fact.amount)
      .text("detail", fact.detail)
      .text("transfer", fact.transfer);
  return "attention_needed";
}

std::string_view write(const AttentionResolved& fact, Writer& out) {
  out.id("task", fact.task).text("reason", fact.reason).text("by", fact.by);
  return "attention_resolved";
}

std::string_view write(const DisputeChanged& fact, Writer& out) {
  out.text("dispute", fact.dispute)
      .money("amount", fact.amount)
      .text("reason", fact.reason)
      .text("status", to_string(fact.status))
      .flag("inquiry", fact.inquiry)
      .time("evidence_due_by", fact.evidence_due_by)
      .text("notice", fact.notice);
  return "dispute_changed";
}

}  // namespace

EncodedEvent encode(const Fact& fact) {
  Writer out;
  EncodedEvent encoded;
  encoded.type = std::visit([&](const auto& f) { return write(f, out); }, fact);
  encoded.json = out.take();
  return encoded;
}

}  // namespace cambist::payment

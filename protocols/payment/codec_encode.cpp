// A fact as JSON. Fields that have their default are left out: an event is written once and kept
// for ever.
#include <array>
#include <utility>

#include "protocols/core/overloaded.hpp"
#include "protocols/payment/codec.hpp"
#include "protocols/payment/codec_fields.hpp"

namespace cambist::payment {
namespace {

using provider::to_string;

json::object write(const provider::Failure& failure, const json::storage_ptr& memory) {
  return Writer{memory}
      .text("code", to_string(failure.code))
      .text("message", failure.message)
      .text("decline_code", failure.decline_code)
      .take();
}

json::object write(const provider::Exchange& exchange, const json::storage_ptr& memory) {
  return Writer{memory}
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

json::object write(const provider::MethodSummary& method, const json::storage_ptr& memory) {
  return Writer{memory}.text("brand", method.brand).text("last4", method.last4).take();
}

json::object write(const provider::PaymentMethod& method, const json::storage_ptr& memory) {
  json::object fields(memory);
  for (const auto& [name, value] : method.fields) fields.emplace(name, value);
  return Writer{memory}
      .text("type", method.type)
      .text("token", method.token)
      .nested("fields", std::move(fields))
      .take();
}

json::array write(const provider::Metadata& metadata, const json::storage_ptr& memory) {
  json::array pairs(memory);
  for (const auto& [name, value] : metadata) pairs.emplace_back(json::array({name, value}, memory));
  return pairs;
}

json::object write(const Origin& origin, const json::storage_ptr& memory) {
  return Writer{memory}.text("key", origin.key).text("request_id", origin.request_id).take();
}

json::object write(const Operation& operation, const json::storage_ptr& memory) {
  Writer writer{memory};
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
  writer.nested("origin", write(operation.origin, memory));
  if (operation.failure) writer.nested("failure", write(*operation.failure, memory));
  writer.flag("by_itself", operation.by_itself)
      .flag("escalated", operation.escalated)
      .time("unknown_since", operation.unknown_since)
      .time("resumed_at", operation.resumed_at);
  if (operation.escalation) {
    writer.nested("escalation", Writer{memory}
                                    .time("at", operation.escalation->at)
                                    .text("reason", operation.escalation->reason)
                                    .take());
  }
  if (operation.moved) writer.money("moved", *operation.moved);
  return writer.take();
}

json::object write(const provider::NextAction& action, const json::storage_ptr& memory) {
  return Writer{memory}
      .text("type", action.type)
      .text("url", action.url)
      .text("instructions", action.instructions)
      .time("expires_at", action.expires_at)
      .take();
}

// --- one per fact: its name, and its fields
// -------------------------------------------------------------------

std::string_view write(const PaymentCreated& fact, Writer& out, const json::storage_ptr& memory) {
  const Details& details = fact.details;
  out.id("id", fact.id)
      .text("tenant", fact.tenant.value)
      .money("amount", details.amount)
      .text("capture", details.capture == CaptureMethod::manual ? "manual" : "automatic")
      .text("provider", details.provider)
      .nested("method", write(details.method, memory))
      .text("customer_id", details.customer_id)
      .text("reference", details.reference)
      .text("description", details.description)
      .text("return_url", details.return_url)
      .list("metadata", write(details.metadata, memory))
      .time("capture_at", details.capture_at);
  return "payment_created";
}

std::string_view write(const OperationStarted& fact, Writer& out, const json::storage_ptr& memory) {
  out.nested("operation", write(fact.operation, memory));
  return "operation_started";
}

std::string_view write(const StepCompleted& fact, Writer& out, const json::storage_ptr& memory) {
  out.id("operation", fact.operation)
      .number("step", fact.step)
      .text("provider_payment_id", fact.provider_payment_id)
      .nested("exchange", write(fact.exchange, memory));
  return "step_completed";
}

std::string_view write(const OperationApproved& fact, Writer& out,
                       const json::storage_ptr& memory) {
  const provider::Approved& approved = fact.approved;
  out.id("operation", fact.operation)
      .money("amount", approved.amount)
      .text("provider_payment_id", approved.provider_payment_id)
      .text("provider_object", approved.provider_object)
      .nested("method", write(approved.method, memory))
      .time("authorization_expires_at", approved.authorization_expires_at)
      .nested("exchange", write(fact.exchange, memory));
  return "operation_approved";
}

std::string_view write(const OperationDeclined& fact, Writer& out,
                       const json::storage_ptr& memory) {
  out.id("operation", fact.operation)
      .nested("failure", write(fact.declined.failure, memory))
      .flag("soft", fact.declined.soft)
      .text("provider_payment_id", fact.declined.provider_payment_id)
      .nested("method", write(fact.declined.method, memory))
      .nested("exchange", write(fact.exchange, memory));
  return "operation_declined";
}

std::string_view write(const OperationRefused& fact, Writer& out, const json::storage_ptr& memory) {
  out.id("operation", fact.operation)
      .nested("failure", write(fact.refused.failure, memory))
      .flag("outage", fact.refused.outage)
      .flag("repeatable", fact.refused.repeatable);
  if (fact.refused.retry_after) {
    // Zero seconds is another thing than no word at all, so that nothing is left out here.
    out.number("retry_after_s", fact.refused.retry_after->count(),
               std::numeric_limits<std::int64_t>::min());
  }
  out.nested("exchange", write(fact.exchange, memory));
  return "operation_refused";
}

std::string_view write(const AttemptFailed& fact, Writer& out, const json::storage_ptr& memory) {
  out.id("operation", fact.operation)
      .number("attempt", fact.attempt)
      .flag("unknown", fact.unknown)
      .flag("inquire", fact.inquire)
      .time("next_at", fact.next_at)
      .nested("failure", write(fact.failure, memory))
      .nested("exchange", write(fact.exchange, memory));
  return "attempt_failed";
}

std::string_view write(const OperationPending& fact, Writer& out, const json::storage_ptr& memory) {
  out.id("operation", fact.operation)
      .text("provider_payment_id", fact.provider_payment_id)
      .text("provider_object", fact.provider_object)
      .time("next_at", fact.next_at)
      .nested("exchange", write(fact.exchange, memory));
  return "operation_pending";
}

std::string_view write(const ActionWasRequired& fact, Writer& out,
                       const json::storage_ptr& memory) {
  out.id("operation", fact.operation)
      .nested("action", write(fact.required.action, memory))
      .text("provider_payment_id", fact.required.provider_payment_id)
      .nested("method", write(fact.required.method, memory))
      .nested("exchange", write(fact.exchange, memory));
  return "action_was_required";
}

std::string_view write(const ActionConfirmed& fact, Writer& out, const json::storage_ptr& memory) {
  out.id("operation", fact.operation).nested("origin", write(fact.origin, memory));
  return "action_confirmed";
}

std::string_view write(const AuthorizationExpired&, Writer&, const json::storage_ptr&) {
  return "authorization_expired";
}

std::string_view write(const CaptureScheduled& fact, Writer& out, const json::storage_ptr&) {
  out.time("at", fact.at);
  return "capture_scheduled";
}

std::string_view write(const OperationEscalated& fact, Writer& out, const json::storage_ptr&) {
  out.id("operation", fact.operation).text("reason", fact.reason);
  return "operation_escalated";
}

std::string_view write(const OperatorDecided& fact, Writer& out, const json::storage_ptr&) {
  out.id("operation", fact.operation)
      .flag("succeeded", fact.succeeded)
      .text("reason", fact.reason)
      .text("by", fact.by);
  return "operator_decided";
}

std::string_view write(const BreakerNoticed& fact, Writer& out, const json::storage_ptr&) {
  out.id("operation", fact.operation)
      .text("provider", fact.provider)
      .text("state", fact.state)
      .text("cause", fact.cause);
  return "breaker_noticed";
}

std::string_view write(const AuthorizationEndedAtProvider& fact, Writer& out,
                       const json::storage_ptr&) {
  out.flag("expired", fact.expired).text("notice", fact.notice);
  return "authorization_ended_at_provider";
}

std::string_view write(const CapturedAtProvider& fact, Writer& out, const json::storage_ptr&) {
  out.money("total", fact.total).text("notice", fact.notice);
  return "captured_at_provider";
}

std::string_view write(const RefundedAtProvider& fact, Writer& out, const json::storage_ptr&) {
  out.text("refund", fact.refund);
  if (!fact.operation.empty()) out.id("operation", fact.operation);
  out.money("amount", fact.amount).text("notice", fact.notice);
  return "refunded_at_provider";
}

std::string_view write(const RefundReversed& fact, Writer& out, const json::storage_ptr&) {
  out.text("refund", fact.refund);
  if (!fact.operation.empty()) out.id("operation", fact.operation);
  out.money("amount", fact.amount).text("reason", fact.reason).text("notice", fact.notice);
  return "refund_reversed";
}

std::string_view write(const DisputeChanged& fact, Writer& out, const json::storage_ptr&) {
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
  // An event rarely needs more: then no part of the tree is allocated on its own.
  std::array<unsigned char, 4096> buffer;
  json::monotonic_resource arena{buffer.data(), buffer.size()};
  const json::storage_ptr memory{&arena};
  Writer out{memory};
  EncodedEvent encoded;
  encoded.type = std::visit([&](const auto& f) { return write(f, out, memory); }, fact);
  encoded.json = json::serialize(out.take());
  return encoded;
}

}  // namespace cambist::payment

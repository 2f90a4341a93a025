// JSON as a fact. Strict: a field that is missing, wrong or not known makes the whole event
// unreadable, since a payment rebuilt from a guess would be worth nothing.
#include <array>
#include <utility>

#include "protocols/payment/codec.hpp"
#include "protocols/payment/codec_fields.hpp"

namespace cambist::payment {
namespace {

OperationId operation_of(Fields& f) {
  return f.id<OperationId>("operation");
}

std::optional<OperationStatus> parse_operation_status(std::string_view name) {
  for (const auto status :
       {OperationStatus::pending, OperationStatus::succeeded, OperationStatus::declined,
        OperationStatus::refused, OperationStatus::unknown}) {
    if (to_string(status) == name) return status;
  }
  return std::nullopt;
}

std::optional<CaptureMethod> parse_capture_method(std::string_view name) {
  if (name == "automatic") return CaptureMethod::automatic;
  if (name == "manual") return CaptureMethod::manual;
  return std::nullopt;
}

provider::Failure read_failure(Fields& f) {
  return {f.named("code", provider::failure_code), f.text("message"), f.text("decline_code")};
}

provider::Exchange read_exchange(Fields& f) {
  provider::Exchange exchange;
  exchange.method = f.text("method");
  exchange.path = f.text("path");
  exchange.status = f.small("status");
  exchange.failure = f.text("failure");
  exchange.request_id = f.text("request_id");
  exchange.at = f.time("at");
  exchange.duration = Duration{f.number("duration_us")};
  exchange.breaker = f.text("breaker");
  return exchange;
}

provider::Exchange exchange_of(Fields& f) {
  return f.nested("exchange", read_exchange);
}

provider::MethodSummary method_of(Fields& f) {
  return f.nested("method", [](Fields& m) {
    return provider::MethodSummary{m.text("brand"), m.text("last4")};
  });
}

provider::PaymentMethod read_payment_method(Fields& f) {
  provider::PaymentMethod method;
  method.type = f.text("type");
  method.token = f.text("token");
  for (const auto& [name, value] : f.object("fields")) {
    if (const auto* text = value.if_string()) {
      method.fields.emplace(name, std::string{text->data(), text->size()});
    } else {
      f.wrong("fields");
    }
  }
  return method;
}

provider::Metadata metadata_of(Fields& f) {
  provider::Metadata metadata;
  for (const auto& entry : f.array("metadata")) {
    const auto* pair = entry.if_array();
    if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string() ||
        !(*pair)[1].is_string()) {
      f.wrong("metadata");
      continue;
    }
    metadata.emplace_back(std::string{(*pair)[0].get_string()},
                          std::string{(*pair)[1].get_string()});
  }
  return metadata;
}

std::vector<std::string> names_of(Fields& f, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& entry : f.array(name)) {
    if (const auto* text = entry.if_string()) {
      names.emplace_back(text->data(), text->size());
    } else {
      f.wrong(name);
    }
  }
  return names;
}

std::vector<routing::Considered> considered_of(Fields& f) {
  std::vector<routing::Considered> considered;
  for (const auto& entry : f.array("considered")) {
    const auto* object = entry.if_object();
    if (object == nullptr) {
      f.wrong("considered");
      continue;
    }
    Fields inner{*object};
    considered.push_back({inner.text("provider"), inner.flag("chosen"), inner.text("reason")});
    if (!inner.finish().empty()) f.wrong("considered");
  }
  return considered;
}

Origin origin_of(Fields& f) {
  return f.nested("origin", [](Fields& o) { return Origin{o.text("key"), o.text("request_id")}; });
}

Operation read_operation(Fields& f) {
  Operation operation;
  operation.id = f.id<OperationId>("id");
  operation.kind = f.named("kind", provider::operation_kind);
  operation.status = f.named("status", parse_operation_status);
  operation.amount = f.money("amount");
  operation.remaining = f.money("remaining");
  operation.final_capture = f.flag("final_capture");
  operation.idempotency_key = f.text("idempotency_key");
  operation.provider_object = f.text("provider_object");
  operation.reason = f.text("reason");
  operation.step = f.small("step");
  operation.attempts = f.small("attempts", 1);
  operation.inquire = f.flag("inquire");
  operation.confirmed = f.flag("confirmed");
  operation.started_at = f.time("started_at");
  operation.next_attempt_at = f.time_if("next_attempt_at");
  operation.failures = f.small("failures");
  operation.inquiries = f.small("inquiries");
  operation.step_started_at = f.time("step_started_at");
  operation.updated_at = f.time("updated_at");
  operation.origin = origin_of(f);
  if (f.has("failure")) operation.failure = f.nested("failure", read_failure);
  operation.by_itself = f.flag("by_itself");
  operation.escalated = f.flag("escalated");
  if (f.has("escalation")) {
    operation.escalation = f.nested("escalation", [](Fields& e) {
      return Escalation{e.time("at"), e.text("reason")};
    });
  }
  operation.unknown_since = f.time_if("unknown_since");
  operation.resumed_at = f.time_if("resumed_at");
  if (f.has("moved")) operation.moved = f.money("moved");
  operation.provider = f.text("provider");
  operation.provider_payment_id = f.text("provider_payment_id");
  operation.unfenced = f.flag("unfenced");
  return operation;
}

std::string needed(Fields& f, std::string_view name) {
  std::string text = f.text(name);
  if (text.empty()) f.wrong(name);
  return text;
}

OperationId operation_if(Fields& f) {
  return f.has("operation") ? operation_of(f) : OperationId{};
}

std::optional<std::string> parse_breaker_state(std::string_view name) {
  if (name != "open" && name != "half_open" && name != "closed") return std::nullopt;
  return std::string{name};
}

provider::NextAction read_action(Fields& f) {
  return {f.text("type"), f.text("url"), f.text("instructions"), f.time_if("expires_at")};
}

// --- one per fact
// -----------------------------------------------------------------------------------------------

Fact read_payment_created(Fields& f) {
  PaymentCreated fact;
  fact.id = f.id<PaymentId>("id");
  fact.tenant = TenantId{f.text("tenant")};
  if (fact.tenant.value.empty()) f.wrong("tenant");
  Details& details = fact.details;
  details.amount = f.money("amount");
  details.capture = f.named("capture", parse_capture_method);
  details.provider = f.text("provider");
  details.method = f.nested("method", read_payment_method);
  details.customer_id = f.text("customer_id");
  details.reference = f.text("reference");
  details.description = f.text("description");
  details.return_url = f.text("return_url");
  details.metadata = metadata_of(f);
  details.capture_at = f.time_if("capture_at");
  details.alternatives = names_of(f, "alternatives");
  details.required_features = names_of(f, "required_features");
  return fact;
}

Fact read_operation_started(Fields& f) {
  return OperationStarted{f.nested("operation", read_operation)};
}

Fact read_step_completed(Fields& f) {
  return StepCompleted{operation_of(f), f.small("step"), f.text("provider_payment_id"),
                       exchange_of(f), f.text("provider_object")};
}

Fact read_operation_approved(Fields& f) {
  return OperationApproved{
      operation_of(f),
      {f.money("amount"), f.text("provider_payment_id"), f.text("provider_object"), method_of(f),
       f.time_if("authorization_expires_at")},
      exchange_of(f)};
}

Fact read_operation_declined(Fields& f) {
  return OperationDeclined{operation_of(f),
                           {f.nested("failure", read_failure), f.flag("soft"),
                            f.text("provider_payment_id"), method_of(f)},
                           exchange_of(f)};
}

provider::Refused refused_of(Fields& f) {
  provider::Refused refused{f.nested("failure", read_failure), f.flag("outage"),
                            f.flag("repeatable"), std::nullopt};
  if (f.has("retry_after_s")) refused.retry_after = std::chrono::seconds{f.number("retry_after_s")};
  return refused;
}

Fact read_operation_refused(Fields& f) {
  return OperationRefused{operation_of(f), refused_of(f), exchange_of(f)};
}

Fact read_attempt_failed(Fields& f) {
  return AttemptFailed{operation_of(f),   f.small("attempt"), f.flag("unknown"),
                       f.flag("inquire"), f.time("next_at"),  f.nested("failure", read_failure),
                       exchange_of(f)};
}

Fact read_operation_pending(Fields& f) {
  return OperationPending{operation_of(f), f.text("provider_payment_id"), f.text("provider_object"),
                          f.time("next_at"), exchange_of(f)};
}

Fact read_action_was_required(Fields& f) {
  ActionWasRequired fact{
      operation_of(f),
      {f.nested("action", read_action), f.text("provider_payment_id"), method_of(f)},
      exchange_of(f)};
  if (f.has("ask_after_s")) fact.required.ask_after = std::chrono::seconds{f.number("ask_after_s")};
  fact.required.withdrawable = !f.flag("not_withdrawable");
  return fact;
}

Fact read_action_confirmed(Fields& f) {
  return ActionConfirmed{operation_of(f), origin_of(f)};
}

Fact read_authorization_expired(Fields&) {
  return AuthorizationExpired{};
}

Fact read_capture_scheduled(Fields& f) {
  return CaptureScheduled{f.time_if("at")};
}

Fact read_operation_escalated(Fields& f) {
  return OperationEscalated{operation_of(f), f.text("reason")};
}

Fact read_operator_decided(Fields& f) {
  return OperatorDecided{operation_of(f), f.flag("succeeded"), f.text("reason"), f.text("by")};
}

Fact read_breaker_noticed(Fields& f) {
  return BreakerNoticed{operation_of(f), f.text("provider"), f.named("state", parse_breaker_state),
                        f.text("cause")};
}

Fact read_authorization_ended_at_provider(Fields& f) {
  return AuthorizationEndedAtProvider{f.flag("expired"), f.text("notice")};
}

Fact read_captured_at_provider(Fields& f) {
  return CapturedAtProvider{f.money("total"), f.text("notice")};
}

Fact read_refunded_at_provider(Fields& f) {
  return RefundedAtProvider{needed(f, "refund"), operation_if(f), f.money("amount"),
                            f.text("notice")};
}

Fact read_refund_reversed(Fields& f) {
  return RefundReversed{needed(f, "refund"), operation_if(f), f.money("amount"), f.text("reason"),
                        f.text("notice")};
}

Fact read_dispute_changed(Fields& f) {
  return DisputeChanged{needed(f, "dispute"), f.money("amount"),
                        f.text("reason"),     f.named("status", provider::dispute_status),
                        f.flag("inquiry"),    f.time_if("evidence_due_by"),
                        f.text("notice")};
}

Fact read_outcome_reported(Fields& f) {
  OutcomeReported fact{operation_of(f),
                       {},
                       f.text("provider_object"),
                       f.text("notice"),
                       f.text("provider_payment_id")};
  if (f.has("amount")) fact.amount = f.money("amount");
  return fact;
}

Fact read_routed(Fields& f) {
  return Routed{needed(f, "provider"), considered_of(f)};
}

Fact read_attempt_fenced(Fields& f) {
  return AttemptFenced{operation_of(f), refused_of(f), exchange_of(f),
                       f.nested("fence", read_operation)};
}

Fact read_fence_failed(Fields& f) {
  return FenceFailed{operation_of(f), f.nested("failure", read_failure), exchange_of(f)};
}

Fact read_failed_over(Fields& f) {
  return FailedOver{operation_of(f),
                    refused_of(f),
                    exchange_of(f),
                    needed(f, "from"),
                    needed(f, "to"),
                    f.text("reason"),
                    f.nested("next", read_operation)};
}

Fact read_late_success(Fields& f) {
  return LateSuccess{operation_of(f),   needed(f, "provider"), f.text("provider_payment_id"),
                     f.money("amount"), f.flag("certain"),     f.text("notice")};
}

Fact read_compensation_started(Fields& f) {
  return CompensationStarted{f.nested("operation", read_operation)};
}

Fact read_transfer_received(Fields& f) {
  return TransferReceived{needed(f, "transfer"), f.named("kind", provider::transfer_kind),
                          f.money("amount"), f.text("payer"), f.text("notice")};
}

Fact read_attention_needed(Fields& f) {
  return AttentionNeeded{f.id<TaskId>("task"), f.named("kind", attention_kind), f.money("amount"),
                         f.text("detail"), f.text("transfer")};
}

Fact read_attention_resolved(Fields& f) {
  return AttentionResolved{f.id<TaskId>("task"), f.text("reason"), f.text("by")};
}

struct Reader {
  std::string_view type;
  int version;
  Fact (*read)(Fields&);
};

// A changed shape gets a second line with the next version; the old line stays and reads into
// today's fact.
constexpr std::array readers{
    Reader{"payment_created", 1, &read_payment_created},
    Reader{"operation_started", 1, &read_operation_started},
    Reader{"step_completed", 1, &read_step_completed},
    Reader{"operation_approved", 1, &read_operation_approved},
    Reader{"operation_declined", 1, &read_operation_declined},
    Reader{"operation_refused", 1, &read_operation_refused},
    Reader{"attempt_failed", 1, &read_attempt_failed},
    Reader{"operation_pending", 1, &read_operation_pending},
    Reader{"action_was_required", 1, &read_action_was_required},
    Reader{"action_confirmed", 1, &read_action_confirmed},
    Reader{"authorization_expired", 1, &read_authorization_expired},
    Reader{"capture_scheduled", 1, &read_capture_scheduled},
    Reader{"operation_escalated", 1, &read_operation_escalated},
    Reader{"operator_decided", 1, &read_operator_decided},
    Reader{"breaker_noticed", 1, &read_breaker_noticed},
    Reader{"authorization_ended_at_provider", 1, &read_authorization_ended_at_provider},
    Reader{"captured_at_provider", 1, &read_captured_at_provider},
    Reader{"refunded_at_provider", 1, &read_refunded_at_provider},
    Reader{"refund_reversed", 1, &read_refund_reversed},
    Reader{"dispute_changed", 1, &read_dispute_changed},
    Reader{"outcome_reported", 1, &read_outcome_reported},
    Reader{"routed", 1, &read_routed},
    Reader{"attempt_fenced", 1, &read_attempt_fenced},
    Reader{"fence_failed", 1, &read_fence_failed},
    Reader{"failed_over", 1, &read_failed_over},
    Reader{"late_success", 1, &read_late_success},
    Reader{"compensation_started", 1, &read_compensation_started},
    Reader{"transfer_received", 1, &read_transfer_received},
    Reader{"attention_needed", 1, &read_attention_needed},
    Reader{"attention_resolved", 1, &read_attention_resolved},
};
static_assert(readers.size() == std::variant_size_v<Fact>, "each fact can be read back");

Error unreadable(std::string_view type, int version, std::string_view why) {
  return {ErrorCode::internal, "event " + std::string{type} + " v" + std::to_string(version) +
                                   " cannot be read: " + std::string{why}};
}

}  // namespace

Result<Fact> decode(std::string_view type, int version, std::string_view text) {
  for (const Reader& reader : readers) {
    if (reader.type != type || reader.version != version) continue;
    boost::system::error_code failed;
    const json::value value = json::parse(text, failed);
    if (failed) return unreadable(type, version, failed.message());
    const auto* object = value.if_object();
    if (object == nullptr) return unreadable(type, version, "not an object");
    Fields fields{*object};
    Fact fact = reader.read(fields);
    if (const auto wrong = fields.finish(); !wrong.empty()) return unreadable(type, version, wrong);
    return fact;
  }
  return unreadable(type, version, "the type or its version is not known");
}

}  // namespace cambist::payment

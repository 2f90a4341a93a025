#include "gateway/sandbox/faults.hpp"

#include <algorithm>
#include <array>

namespace cambist::gateway::sandbox {
namespace {

constexpr std::size_t rules_max = 1'000;
constexpr std::int64_t delay_ms_max = 600'000;
constexpr std::int64_t slow_ms_default = 1'000;

constexpr std::array<std::string_view, 8> operation_names{
    "authorize", "charge", "capture", "void", "refund", "inquire", "token", "webhook"};
constexpr std::array<std::string_view, 17> fault_names{
    "timeout_before", "timeout_after", "reset_before", "reset_mid_body", "http_500",
    "http_500_after", "http_502_html", "http_503",     "http_429",       "slow",
    "truncated_json", "wrong_type",    "duplicate",    "reorder",        "delay",
    "drop",           "forge"};

template <std::size_t N>
std::optional<std::size_t> index_of(const std::array<std::string_view, N>& names,
                                    std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

template <class Names>
std::string joined(const Names& names) {
  std::string text;
  for (const auto& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

Error wrong(const std::string& field, const std::string& expected) {
  return Error{ErrorCode::invalid_request, field + " must be " + expected, field};
}

constexpr bool is_webhook_fault(Fault fault) noexcept {
  return fault >= Fault::duplicate;
}

// A 500 is part of executing a call: one that is only replayed cannot meet it.
constexpr bool needs_execution(Fault fault) noexcept {
  return fault == Fault::http_500 || fault == Fault::http_500_after;
}

}  // namespace

Result<Faults::Rule> Faults::read_rule(const boost::json::value& value,
                                       const std::string& path) const {
  const auto* object = value.if_object();
  if (object == nullptr) return wrong(path, "an object");
  Rule rule;
  std::optional<Fault> fault;
  bool any_operation = false;
  for (const auto& [key, member] : *object) {
    const std::string field = path + "." + std::string{key};
    const auto* text = member.if_string();
    if (key == "provider") {
      const bool known = text != nullptr &&
                         (*text == "*" || std::find(providers_.begin(), providers_.end(),
                                                    std::string_view{*text}) != providers_.end());
      if (!known) return wrong(field, "\"*\" or one of " + joined(providers_));
      rule.provider = std::string{*text};
    } else if (key == "operation") {
      const auto found = text == nullptr ? std::nullopt : index_of(operation_names, *text);
      any_operation = text != nullptr && *text == "*";
      if (!found && !any_operation)
        return wrong(field, "\"*\" or one of " + joined(operation_names));
      if (found) rule.operation = static_cast<Operation>(*found);
    } else if (key == "fault") {
      const auto found = text == nullptr ? std::nullopt : index_of(fault_names, *text);
      if (!found) return wrong(field, "one of " + joined(fault_names));
      fault = static_cast<Fault>(*found);
    } else if (key == "step") {
      if (text == nullptr || (*text != "create" && *text != "confirm"))
        return wrong(field, "create or confirm");
      rule.on_create = *text == "create";
    } else if (key == "count") {
      const auto* count = member.if_int64();
      if (count == nullptr || *count < 1) return wrong(field, "a whole number of at least 1");
      rule.remaining = *count;
    } else if (key == "probability") {
      boost::system::error_code failed;
      const double probability = member.is_number() ? member.to_number<double>(failed) : 0.0;
      if (failed || !(probability > 0.0 && probability <= 1.0))
        return wrong(field, "a number above 0 and up to 1");
      rule.probability = probability;
    } else if (key == "delay_ms") {
      const auto* delay = member.if_int64();
      if (delay == nullptr || *delay < 0 || *delay > delay_ms_max) {
        return wrong(field,
                     "a whole number of milliseconds from 0 to " + std::to_string(delay_ms_max));
      }
      rule.delay = std::chrono::milliseconds{*delay};
    } else {
      return Error{ErrorCode::invalid_request,
                   field +
                       " is not known; a rule has provider, operation, fault, step, count, "
                       "probability, delay_ms",
                   field};
    }
  }
  if (rule.provider.empty()) return wrong(path + ".provider", "given");
  if (!rule.operation && !any_operation) return wrong(path + ".operation", "given");
  if (!fault) return wrong(path + ".fault", "given");
  if (is_webhook_fault(*fault) != (rule.operation == Operation::webhook)) {
    return wrong(path + ".fault", "one for webhooks exactly when the operation is webhook");
  }
  rule.fault = *fault;
  const bool waits = rule.fault == Fault::slow || rule.fault == Fault::delay;
  if (waits && !object->contains("delay_ms"))
    rule.delay = std::chrono::milliseconds{slow_ms_default};
  return rule;
}

Result<void> Faults::replace(std::string_view json) {
  boost::system::error_code failed;
  const auto document = boost::json::parse(json, failed);
  if (failed) return Error{ErrorCode::malformed_json, "the body is not JSON: " + failed.message()};
  const auto* object = document.if_object();
  if (object == nullptr) return wrong("body", "an object with \"rules\"");
  for (const auto& [key, member] : *object) {
    if (key != "rules")
      return Error{ErrorCode::invalid_request, std::string{key} + " is not known",
                   std::string{key}};
  }
  const auto* rules = object->if_contains("rules");
  if (rules == nullptr || !rules->is_array()) return wrong("rules", "an array");
  if (rules->as_array().size() > rules_max)
    return wrong("rules", "at most " + std::to_string(rules_max) + " rules");
  std::vector<Rule> read;
  for (const auto& value : rules->as_array()) {
    auto rule = read_rule(value, "rules[" + std::to_string(read.size()) + "]");
    if (!rule) return rule.error();
    read.push_back(std::move(*rule));
  }
  rules_ = std::move(read);
  return {};
}

boost::json::object Faults::show() const {
  boost::json::array rules;
  for (const auto& rule : rules_) {
    boost::json::object shown;
    shown["provider"] = rule.provider;
    shown["operation"] =
        rule.operation ? operation_names[static_cast<std::size_t>(*rule.operation)] : "*";
    shown["fault"] = fault_names[static_cast<std::size_t>(rule.fault)];
    if (rule.on_create) shown["step"] = "create";
    if (rule.remaining) shown["count"] = *rule.remaining;
    if (rule.probability) shown["probability"] = *rule.probability;
    if (rule.delay.count() > 0) shown["delay_ms"] = static_cast<std::int64_t>(rule.delay.count());
    shown["fired"] = rule.fired;
    rules.push_back(std::move(shown));
  }
  return boost::json::object{{"rules", std::move(rules)}};
}

bool Faults::matches(const Rule& rule, const FaultCall& call) noexcept {
  if (rule.remaining == 0) return false;
  if (rule.provider != "*" && rule.provider != call.provider) return false;
  if (rule.operation ? *rule.operation != call.operation : call.operation == Operation::webhook)
    return false;
  if (call.replayed && needs_execution(rule.fault)) return false;
  return rule.on_create ? call.prepares : call.commits;
}

std::optional<Hit> Faults::take(const FaultCall& call, const Random& random) {
  for (auto& rule : rules_) {
    if (!matches(rule, call)) continue;
    if (rule.probability) {
      constexpr double two_to_53 = 9007199254740992.0;
      if (static_cast<double>(random() >> 11U) / two_to_53 >= *rule.probability) continue;
    }
    if (rule.remaining) --*rule.remaining;
    ++rule.fired;
    return Hit{rule.fault, rule.delay};
  }
  return std::nullopt;
}

}  // namespace cambist::gateway::sandbox

// The names of operations as they stand in the API, the journal and the metrics.
#include <array>

#include "protocols/provider/adapter.hpp"
#include "protocols/provider/notice.hpp"

namespace cambist::provider {
namespace {

constexpr std::array kinds{OperationKind::authorize, OperationKind::charge, OperationKind::capture,
                           OperationKind::void_authorization, OperationKind::refund};

}  // namespace

std::string_view to_string(OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::authorize:
      return "authorize";
    case OperationKind::charge:
      return "charge";
    case OperationKind::capture:
      return "capture";
    case OperationKind::void_authorization:
      return "void";
    case OperationKind::refund:
      return "refund";
  }
  return "unknown";
}

std::optional<OperationKind> operation_kind(std::string_view name) noexcept {
  for (const OperationKind kind : kinds) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

std::string_view to_string(Feature feature) noexcept {
  switch (feature) {
    case Feature::authorization:
      return "authorization";
    case Feature::partial_capture:
      return "partial_capture";
    case Feature::multiple_captures:
      return "multiple_captures";
    case Feature::refunds:
      return "refunds";
    case Feature::partial_refunds:
      return "partial_refunds";
    case Feature::webhooks:
      return "webhooks";
  }
  return "unknown";
}

std::optional<Feature> feature(std::string_view name) noexcept {
  for (const Feature feature : features) {
    if (to_string(feature) == name) return feature;
  }
  return std::nullopt;
}

std::string feature_names() {
  std::string names;
  for (const Feature feature : features)
    names += (names.empty() ? "" : ", ") + std::string{to_string(feature)};
  return names;
}

bool offers(const Capabilities& can, Feature feature) noexcept {
  switch (feature) {
    case Feature::authorization:
      return can.manual_capture;
    case Feature::partial_capture:
      return can.partial_capture;
    case Feature::multiple_captures:
      return can.multiple_captures;
    case Feature::refunds:
      return can.refunds;
    case Feature::partial_refunds:
      return can.refunds && can.partial_refund;
    case Feature::webhooks:
      return can.webhooks;
  }
  return false;
}

std::string_view to_string(DisputeStatus status) noexcept {
  switch (status) {
    case DisputeStatus::open:
      return "open";
    case DisputeStatus::under_review:
      return "under_review";
    case DisputeStatus::won:
      return "won";
    case DisputeStatus::lost:
      return "lost";
  }
  return "unknown";
}

std::optional<DisputeStatus> dispute_status(std::string_view name) noexcept {
  for (const auto status : {DisputeStatus::open, DisputeStatus::under_review, DisputeStatus::won,
                            DisputeStatus::lost}) {
    if (to_string(status) == name) return status;
  }
  return std::nullopt;
}

std::string_view to_string(TransferKind kind) noexcept {
  switch (kind) {
    case TransferKind::credit:
      return "credit";
    case TransferKind::reversal:
      return "reversal";
    case TransferKind::returned:
      return "returned";
  }
  return "unknown";
}

std::optional<TransferKind> transfer_kind(std::string_view name) noexcept {
  for (const auto kind : {TransferKind::credit, TransferKind::reversal, TransferKind::returned}) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

}  // namespace cambist::provider

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

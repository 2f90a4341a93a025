// What the one writer remembers of the payments it has just written, so that the next step of a
// payment does not search for what the last one wrote. Right only as long as nothing is rolled
// back.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <unordered_map>

#include "storage/payment_rows.hpp"

namespace cambist::storage::sqlite {

/// What stands in the row of a payment and decides how its next step is written.
/// Shape: a payment that is not there has position 0 and version 0. `entries` counts its postings.
struct KnownPayment {
  TenantId tenant;
  std::int64_t position = 0;
  std::uint64_t version = 0;
  std::optional<TimePoint> due{};
  std::uint64_t entries = 0;
  // Columns that indexes hold.
  bool open = false;
  std::string status{};
  std::string provider{};
  std::string provider_payment_id{};
  std::string reference{};
  std::string customer_id{};
};

class KnownPayments {
 public:
  [[nodiscard]] KnownPayment* find(const TenantId& tenant, PaymentId id) noexcept {
    const auto found = known_.find(id);
    return found != known_.end() && found->second.tenant == tenant ? &found->second : nullptr;
  }
  KnownPayment& put(PaymentId id, KnownPayment known) {
    // When it is full it starts anew: rare, and the next steps of those in it cost one search more.
    if (known_.size() >= most) known_.clear();
    return known_.insert_or_assign(id, std::move(known)).first->second;
  }
  void clear() noexcept { known_.clear(); }

 private:
  // Several times what is usually between intent and outcome; less than 1 MB.
  static constexpr std::size_t most = 2048;

  struct ByRandomEnd {
    std::size_t operator()(PaymentId id) const noexcept {
      std::size_t end = 0;
      std::memcpy(&end, id.bytes.data() + id.bytes.size() - sizeof end, sizeof end);
      return end;
    }
  };
  std::unordered_map<PaymentId, KnownPayment, ByRandomEnd> known_;
};

}  // namespace cambist::storage::sqlite

// Some providers' captures belong to an authorization, and their refunds to a capture: which one a
// call is about. Looks at settled operations only, because those do not change while the call's own
// operation runs: the same call names the same objects whenever it is made again.
#include <algorithm>
#include <vector>

#include "protocols/payment/decide.hpp"

namespace cambist::payment {
namespace {

using provider::OperationKind;

struct Source {
  std::string object;
  std::int64_t left = 0;
};

bool took_money(const Operation& operation) noexcept {
  return operation.kind == OperationKind::charge || operation.kind == OperationKind::capture;
}

std::vector<Source>::iterator last_with(std::vector<Source>& sources, std::int64_t amount) {
  const auto found = std::find_if(sources.rbegin(), sources.rend(),
                                  [amount](const Source& source) { return source.left >= amount; });
  return found == sources.rend() ? sources.end() : std::prev(found.base());
}

std::string capture_for(const Payment& payment, const Operation& refund) {
  std::vector<Source> sources;
  for (const Operation& operation : payment.history) {
    if (operation.status != OperationStatus::succeeded || operation.provider != refund.provider)
      continue;
    const std::int64_t moved = operation.moved.value_or(operation.amount).minor;
    if (took_money(operation)) {
      sources.push_back({operation.provider_object, moved});
    } else if (operation.kind == OperationKind::refund) {
      if (const auto from = last_with(sources, moved); from != sources.end()) from->left -= moved;
    }
  }
  // With one capture there is nothing to choose, and the provider knows best what is left of it.
  if (sources.size() == 1) return sources.front().object;
  const auto from = last_with(sources, refund.amount.minor);
  return from == sources.end() ? std::string{} : from->object;
}

}  // namespace

void name_earlier_objects(const Payment& payment, const Operation& operation,
                          provider::Call& call) {
  const auto authorized =
      std::find_if(payment.history.begin(), payment.history.end(), [&](const Operation& settled) {
        return settled.kind == OperationKind::authorize &&
               settled.status == OperationStatus::succeeded &&
               settled.provider == operation.provider;
      });
  if (authorized != payment.history.end()) {
    call.authorization_object = authorized->provider_object;
    call.authorized_at = authorized->updated_at;
  }
  if (operation.kind == OperationKind::refund)
    call.capture_object = capture_for(payment, operation);
}

}  // namespace cambist::payment

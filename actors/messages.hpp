// Every message type and typed actor handle, in one place. All of them are local: none crosses a
// process.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "actors/gate.hpp"
#include "actors/health.hpp"
#include "actors/ports.hpp"
#include "actors/requests.hpp"
#include "protocols/api/answers.hpp"
#include "protocols/core/digest.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/payment/machine.hpp"
#include "protocols/provider/adapter.hpp"
#include "storage/store.hpp"

namespace cambist::actors {

/// What a client's request carries besides its command.
struct Context {
  TenantId tenant;
  std::string request_id;
  std::string key;  // idempotency key; empty: none
  Sha256 fingerprint{};
};

/// A client's command on one payment. The answer is ready to be sent: errors are answers too.
struct Perform {
  PaymentId payment;
  payment::Command command;
  Context context;
};
using Reply = api::Answer;

/// A verified webhook of a provider, for the payment it speaks of. `row` is what has been stored of
/// it.
struct Deliver {
  PaymentId payment;
  provider::Notice notice;
  storage::WebhookRow row;
};
/// What became of it. Shape: after `applied` and `ignored` the stored webhook is marked so; the
/// other three leave the mark to the sender.
struct Delivered {
  enum class Outcome : std::uint8_t {
    applied,          // it changed the payment, or made us ask the provider
    ignored,          // it told nothing new
    unknown_payment,  // no such payment (yet)
    later,            // cannot be told now; `detail` says why
    failed,           // the payment cannot be served; `detail` says why
  };
  Outcome outcome = Outcome::failed;
  std::string detail{};
};

/// A durable timer is due, or the process has just started: see to what is owed.
/// Shape: `ticket` is kept until the payment has done so; whoever wakes bounds its wakes with it.
struct Wake {
  PaymentId payment;
  Ticket ticket{};
};

// --- journal
// ------------------------------------------------------------------------------------------------
/// Shape: `ticket` is the sender's place at the journal's gate; see Gate. `sent` is when, by the
/// actor clock since its start; zero: not told.
struct Write {
  storage::Entry entry;
  Ticket ticket{};
  std::chrono::nanoseconds sent{};
};
struct Written {
  storage::AppendResult result;
};

// --- reads: one message for all; `run` gets the reader on the reader's own thread and may not keep
// it. Too many
// --- waiting reads, or a reader that fails, answer a caf::error
// ------------------------------------------------
struct Read {
  std::function<std::shared_ptr<void>(storage::Reader&)> run;
};
struct ReadDone {
  std::shared_ptr<void> value;
};

// --- provider
// -------------------------------------------------------------------------------------------------
struct CallRequest {
  provider::Call call;
};
struct CallAnswer {
  provider::Verdict verdict;
  provider::Exchange exchange;
};
struct ProviderQuery {};
/// A request to a provider that is no call of a payment: a certificate, a question about a webhook.
struct Fetch {
  std::string provider;
  http::Request request;
  bool with_token = false;
};
/// Shape: a failure with reason "no_token" when none could be got, or "pool_full".
struct Fetched {
  HttpOutcome outcome;
};
// --- supervision
// ------------------------------------------------------------------------------------------------
struct SupervisionQuery {};

using journal_actor = caf::typed_actor<caf::replies_to<Write>::with<Written>>;
using reader_actor = caf::typed_actor<caf::replies_to<Read>::with<ReadDone>>;
using payments_actor =
    caf::typed_actor<caf::replies_to<Perform>::with<Reply>,
                     caf::replies_to<Deliver>::with<Delivered>, caf::reacts_to<Wake>>;
using providers_actor = caf::typed_actor<caf::replies_to<ProviderQuery>::with<ProvidersHealth>,
                                         caf::replies_to<OperateBreaker>::with<BreakerOperated>,
                                         caf::replies_to<Fetch>::with<Fetched>>;
using webhooks_actor = caf::typed_actor<caf::replies_to<WebhookIn>::with<WebhookTaken>,
                                        caf::replies_to<ReplayWebhooks>::with<WebhooksReplayed>,
                                        caf::reacts_to<WebhooksDue>>;
using outbox_actor = caf::typed_actor<caf::replies_to<ChangeEndpoint>::with<EndpointChanged>,
                                      caf::reacts_to<OutboxGrew>>;
using supervision_actor =
    caf::typed_actor<caf::replies_to<SupervisionQuery>::with<SupervisionNode>>;

}  // namespace cambist::actors

/// Declares a message that never leaves the process. `room` is a namespace below cambist::actors.
#define CAMBIST_LOCAL_MESSAGE(type)                    \
  CAF_ALLOW_UNSAFE_MESSAGE_TYPE(cambist::actors::type) \
  namespace cambist::actors {                          \
  inline std::string to_string(const type&) {          \
    return #type;                                      \
  }                                                    \
  }
#define CAMBIST_LOCAL_MESSAGE_IN(room, type)                 \
  CAF_ALLOW_UNSAFE_MESSAGE_TYPE(cambist::actors::room::type) \
  namespace cambist::actors::room {                          \
  inline std::string to_string(const type&) {                \
    return #type;                                            \
  }                                                          \
  }
CAMBIST_LOCAL_MESSAGE(Perform)
CAMBIST_LOCAL_MESSAGE(Wake)
CAMBIST_LOCAL_MESSAGE(Deliver)
CAMBIST_LOCAL_MESSAGE(Delivered)
CAMBIST_LOCAL_MESSAGE(OperateBreaker)
CAMBIST_LOCAL_MESSAGE(BreakerOperated)
CAMBIST_LOCAL_MESSAGE(WebhookIn)
CAMBIST_LOCAL_MESSAGE(WebhookTaken)
CAMBIST_LOCAL_MESSAGE(WebhooksDue)
CAMBIST_LOCAL_MESSAGE(ReplayWebhooks)
CAMBIST_LOCAL_MESSAGE(WebhooksReplayed)
CAMBIST_LOCAL_MESSAGE(ChangeEndpoint)
CAMBIST_LOCAL_MESSAGE(EndpointChanged)
CAMBIST_LOCAL_MESSAGE(OutboxGrew)
CAMBIST_LOCAL_MESSAGE(Write)
CAMBIST_LOCAL_MESSAGE(Written)
CAMBIST_LOCAL_MESSAGE(Read)
CAMBIST_LOCAL_MESSAGE(ReadDone)
CAMBIST_LOCAL_MESSAGE(CallRequest)
CAMBIST_LOCAL_MESSAGE(CallAnswer)
CAMBIST_LOCAL_MESSAGE(ProviderQuery)
CAMBIST_LOCAL_MESSAGE(Fetch)
CAMBIST_LOCAL_MESSAGE(Fetched)
CAMBIST_LOCAL_MESSAGE(ProvidersHealth)
CAMBIST_LOCAL_MESSAGE(SupervisionQuery)
CAMBIST_LOCAL_MESSAGE(SupervisionNode)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(cambist::api::Answer)
namespace cambist::api {
inline std::string to_string(const Answer&) {
  return "Answer";
}
}  // namespace cambist::api

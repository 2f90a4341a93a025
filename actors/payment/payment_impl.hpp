// The payment actor's class. Only its own files include this: lifecycle.cpp (loading, timers,
// passivation, the end), commands.cpp (what clients want), notices.cpp (what providers tell by
// themselves), calls.cpp (what they answer, and what timers say), commits.cpp (writing).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/guarded.hpp"
#include "actors/payment/owner.hpp"
#include "actors/payment/payment_actor.hpp"
#include "actors/payment/replies.hpp"

namespace cambist::actors::live {

using ReplyPromise = caf::typed_response_promise<Reply>;
using DeliveredPromise = caf::typed_response_promise<Delivered>;
using Mono = std::chrono::nanoseconds;  // the actor clock, since its start

/// What a payment has to do, one after the other.
struct ClientWork {
  Perform perform;
  ReplyPromise promise;
  Mono arrived;
};
/// Shape: `asked` says that the provider has been asked because of it.
struct NoticeWork {
  Deliver notice;
  DeliveredPromise promise;
  bool asked = false;
};
struct VerdictWork {
  provider::Call call;
  CallAnswer answer;
};
struct WakeWork {
  Ticket ticket;
};
using Work = std::variant<ClientWork, NoticeWork, VerdictWork, WakeWork>;

/// The only writer of one payment. Parent: the directory, which rebuilds it from the journal at the
/// next command after it has failed. It does one thing at a time: while it reads or writes, work
/// waits in `inbox_`; while a provider is being called it goes on, so that conflicting commands are
/// answered meanwhile.
class PaymentActor final : public Guarded<payment_actor> {
 public:
  PaymentActor(caf::actor_config& config, std::shared_ptr<const PaymentParams> params,
               PaymentId payment, bool fresh, directory_actor directory);

 protected:
  behavior_type make_behavior() override;
  void stopped() override;

 private:
  /// A step on its way to the journal. The payment is not changed before it is durable.
  struct Commit {
    payment::Payment after;
    Owner owner;
    std::vector<payment::Event> events;
    std::vector<payment::Effect> effects;
    Outcome outcome;
    Owner answered;            // whose outcome it is
    bool by_operator = false;  // the operators' word on an operation that somebody else asked for
    std::ptrdiff_t tasks_change = 0;
    bool frees_key = false;
  };
  struct Waiter {
    ReplyPromise promise;
    Mono until;
  };
  struct Flight {
    provider::Call call;
    std::uint64_t serial = 0;
    Mono until;
  };
  struct Later {
    provider::Call call;
    Mono due;
  };

  // lifecycle.cpp
  void load();
  void loaded(const ReadDone& read);
  void accept(Work work);
  void pump();
  void next();         // the work at hand is done
  void settle_down();  // after each message: timers, passivation
  void tick();
  void retire();
  void end(const char* why);  // expected: the next activation reads the journal again
  [[nodiscard]] bool quiet() const;
  [[nodiscard]] Mono rest() const;  // how long it stays when nothing is to be done
  [[nodiscard]] Mono mono() const { return system().clock().now().time_since_epoch(); }
  void busy_for(std::chrono::milliseconds time) { busy_until_ = mono() + time; }

  // commands.cpp
  void handle(ClientWork& work);
  [[nodiscard]] std::optional<Error> choose_provider(payment::Create& create) const;
  [[nodiscard]] std::optional<Error> unsupported(const payment::Decision& decision) const;
  void refuse(const Error& error);
  void look_up_key(std::optional<Error> refusal);
  void key_found(const ReadDone& read);
  [[nodiscard]] ClientWork* client() { return std::get_if<ClientWork>(&*current_); }
  [[nodiscard]] const ClientWork* client() const { return std::get_if<ClientWork>(&*current_); }
  void answer_client(api::Answer answer);
  void answer_waiter(api::Answer answer);

  // notices.cpp
  void handle(NoticeWork& work);
  void leave_unsettled(const NoticeWork& work);
  void ask_first(NoticeWork& work, std::vector<payment::Effect>& effects);
  void mark(const char* status);
  [[nodiscard]] storage::WebhookUpdate mark_of(const char* status) const;
  void tell(Delivered::Outcome outcome, std::string detail = {});

  // calls.cpp
  void handle(VerdictWork& work);
  void handle(WakeWork& work);
  void run(std::vector<payment::Effect>& effects);
  void call(provider::Call call);
  void answered(std::uint64_t serial, CallAnswer answer);

  // commits.cpp
  void commit(payment::Decision decision, const Owner& owner, storage::KeyChange claim,
              std::optional<storage::WebhookUpdate> webhook = std::nullopt);
  void choose_ids(payment::Decision& decision) const;
  [[nodiscard]] bool perhaps_told() const;
  void write(storage::Append append);
  void written(Written& outcome);
  void committed();
  void answer_asker(Commit& step);
  void report(const payment::Payment& before, const Commit& commit);

  const std::shared_ptr<const PaymentParams> params_;
  const PaymentId id_;
  const directory_actor directory_;

  // What a payment at rest does not have is behind pointers: thousands of them wait at a time.
  payment::Payment payment_{};  // as the journal has it
  Owner owner_{};               // whose verdict the running operation's will be
  std::vector<std::unique_ptr<Work>> inbox_{};
  std::vector<NoticeWork> noticed_{};  // webhooks that wait for the provider's answer
  std::unique_ptr<Work> current_{};    // being worked on; who asked is answered even if it fails
  std::unique_ptr<Commit> commit_{};
  std::optional<Error> refusal_{};    // what the client is told when its key turns out to be free
  std::optional<Mono> busy_until_{};  // set while a read or a write is under way
  std::optional<Waiter> waiter_{};
  std::unique_ptr<Flight> flight_{};
  std::unique_ptr<Later> later_{};  // a call that may not go out yet
  Ticket wake_{};                   // kept until what the wake-up was for is done
  std::uint64_t received_ = 0;
  std::uint64_t asked_to_retire_at_ = UINT64_MAX;  // `received_` of the last Retire
  std::uint64_t flights_ = 0;
  Mono idle_since_{};
  std::optional<Mono> armed_for_{};
  std::uint64_t armed_serial_ = 0;
  bool told_ = false;  // the call under way was made because of a webhook
  bool draining_ = false;
  bool ending_ = false;
  bool fresh_;
};

}  // namespace cambist::actors::live

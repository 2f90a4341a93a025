// What a provider must be able to say. An adapter turns a call into a request and a response into a
// verdict; it never sends anything, reads no clock and keeps no state.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/core/error.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/secret.hpp"
#include "protocols/http/message.hpp"
#include "protocols/provider/notice.hpp"
#include "protocols/provider/verdict.hpp"

namespace cambist::provider {

/// The side effects a payment can have at a provider, and the question what became of one.
enum class OperationKind : std::uint8_t { authorize, charge, capture, void_authorization, refund };
/// "authorize", "charge", "capture", "void", "refund".
[[nodiscard]] std::string_view to_string(OperationKind kind) noexcept;
[[nodiscard]] std::optional<OperationKind> operation_kind(std::string_view name) noexcept;

/// What the payer pays with. `fields` holds what types other than tokens need, for example "phone".
struct PaymentMethod {
  std::string type;   // "card", "mobile_money", ...
  std::string token;  // the provider's reference, for example "pm_card_visa"
  std::map<std::string, std::string> fields{};
  friend bool operator==(const PaymentMethod&, const PaymentMethod&) = default;
};

using Metadata = std::vector<std::pair<std::string, std::string>>;

/// One operation as an adapter sees it. Everything that reaches the wire is in here, so that the
/// same call gives the same bytes whenever it is made again. Shape: `idempotency_key` is the
/// operation's own and never changes; an adapter with several steps derives
///        one key per step from it. `inquiry` asks what became of the operation instead of doing
///        it. `final_capture` false keeps the rest of the authorization open. `remaining` is, for a
///        capture or refund, what was capturable or refundable before it.
struct Call {
  OperationKind kind = OperationKind::charge;
  bool inquiry = false;
  int step = 0;
  int attempt = 1;
  OperationId operation;
  PaymentId payment;
  std::string idempotency_key;
  Money amount;
  Money remaining;
  bool final_capture = true;
  std::string provider_payment_id;
  std::string provider_object;
  Money captured;           // all that was taken so far
  TimePoint captured_at{};  // when the last of it was
  PaymentMethod method;
  std::string description;
  std::string reference;
  std::string return_url;
  std::string reason;
  bool confirmed = false;  // the payer has come back from an action (`/confirm`)
  bool repeat = false;     // an earlier call of this step settled nothing: paid from the budget
  TimePoint started_at{};  // the operation's beginning: all of the clock that an adapter may use
  std::string authorization_object{};        // the provider's id of the payment's authorization
  std::optional<TimePoint> authorized_at{};  // when that was given
  std::string capture_object{};  // for a refund: the provider's id of the charge or capture it is
                                 // taken from
};

/// An access token, or session, that all calls to a provider share until it ends.
/// Shape: `lifetime` counts from the answer on; `usable_after` is how long a fresh one is not taken
/// yet.
struct Token {
  Secret value;
  std::chrono::seconds lifetime{0};
  std::chrono::seconds usable_after{0};
};

/// What must be fetched before a webhook can be verified, or believed.
/// Shape: `keep` says that the answer is the same for every webhook that asks for the same target
///        (a certificate); `with_token` that the request wants the account's access token.
struct Evidence {
  http::Request request;
  bool keep = true;
  bool with_token = false;
};

/// What a provider can do at all; what it cannot is refused before any call.
struct Capabilities {
  bool manual_capture = true;
  bool partial_capture = true;
  bool multiple_captures = false;
  bool refunds = true;
  bool partial_refund = true;
  bool void_authorization = true;
  bool webhooks = true;  // it tells us what happens, and we can verify that
  std::vector<std::string> method_types;
  std::vector<std::string> currencies{};  // ISO 4217; empty: any, as far as `check` goes
  std::vector<std::string> countries{};   // ISO 3166 alpha-2 of payers; empty: any
};

/// What a payment may need of its provider later, so that it is not begun where it cannot be had.
enum class Feature : std::uint8_t {
  authorization,
  partial_capture,
  multiple_captures,
  refunds,
  partial_refunds,
  webhooks
};
inline constexpr std::array features{Feature::authorization,     Feature::partial_capture,
                                     Feature::multiple_captures, Feature::refunds,
                                     Feature::partial_refunds,   Feature::webhooks};
/// "authorization", "partial_capture", …
[[nodiscard]] std::string_view to_string(Feature feature) noexcept;
[[nodiscard]] std::optional<Feature> feature(std::string_view name) noexcept;
/// All of them, with commas between.
[[nodiscard]] std::string feature_names();
[[nodiscard]] bool offers(const Capabilities& can, Feature feature) noexcept;

class Adapter {
 public:
  Adapter() = default;
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;
  virtual ~Adapter() = default;

  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual const Capabilities& capabilities() const noexcept = 0;
  /// Refuses what the provider cannot do, before anything is written or sent.
  /// Errors: unsupported_by_provider or invalid_request, with the API field named.
  [[nodiscard]] virtual Result<void> check(const Call& call) const = 0;
  /// The request for this call; deterministic, so that a repeat sends the same bytes.
  [[nodiscard]] virtual Result<http::Request> build(const Call& call) const = 0;
  /// The verdict on a call that needs nobody's answer (a bank transfer is only announced to the
  /// payer): nothing is sent then. nullopt for every call that goes to the provider.
  [[nodiscard]] virtual std::optional<Verdict> answer_locally(const Call& call) const;
  /// Total: every response has a verdict.
  [[nodiscard]] virtual Verdict interpret(const Call& call,
                                          const http::Response& response) const = 0;
  /// The id under which the provider will know the payment, where it is ours to choose and
  /// callbacks name nothing else: it is durable before the call leaves. Empty where the provider
  /// chooses it.
  [[nodiscard]] virtual std::string provider_payment_id_for(const Call& call) const;
  /// The provider's own request id, for the timeline; empty when the answer has none.
  [[nodiscard]] virtual std::string request_id(const http::Response& response) const = 0;

  // --- access tokens, for providers that give them out
  // -----------------------------------------------------------------------------------------------

  /// Whether calls carry a token; if so `build` makes requests without one, and whoever sends them
  /// gets a token once for all calls and attaches it.
  [[nodiscard]] virtual bool needs_token() const noexcept { return false; }
  /// The request for a new token. Only asked of adapters that need one.
  [[nodiscard]] virtual Result<http::Request> build_token_request(TimePoint now) const;
  /// Errors: unauthenticated when our credentials were refused; unavailable for any other answer.
  [[nodiscard]] virtual Result<Token> read_token(const http::Response& response) const;
  /// "Authorization: Bearer ..." unless the provider wants something else.
  virtual void attach_token(http::Request& request, const Secret& token) const;
  /// Whether the call was refused for its token alone: a new one is got, and the call made again,
  /// once.
  [[nodiscard]] virtual bool token_refused(const http::Response& response) const;

  // --- webhooks
  // -----------------------------------------------------------------------------------------------

  /// Whether `request` was surely sent by the provider, and just now. Looks at nothing but its
  /// bytes and `now`. Errors: unauthenticated, without saying what was wrong with it; not_found
  /// when the account has no webhooks (no
  ///         secret to verify them with).
  [[nodiscard]] virtual Result<void> verify_webhook(const http::Request& request,
                                                    TimePoint now) const;
  /// What the body of a verified webhook says.
  /// Errors: invalid_request with the field, when it is not an event of this provider at all.
  [[nodiscard]] virtual Result<Notice> read_webhook(std::string_view body) const;

  /// What must be fetched before this webhook can be verified; nothing by default.
  /// Errors: unauthenticated when it cannot be genuine, whatever is fetched: nothing is then.
  [[nodiscard]] virtual Result<std::optional<Evidence>> evidence_for(
      const http::Request& webhook) const;
  /// `verify_webhook` with what was fetched for it. Errors: unavailable when the evidence cannot be
  /// used, so that the provider sends the webhook again.
  [[nodiscard]] virtual Result<void> verify_with(const http::Request& webhook,
                                                 const http::Response& evidence,
                                                 TimePoint now) const;
  /// What must be fetched before a webhook that is verified is believed, where its signature covers
  /// less than what it says: the thing itself, as the provider has it. Nothing by default.
  /// Errors: unauthenticated when what it claims cannot be asked about: it is not believed.
  [[nodiscard]] virtual Result<std::optional<Evidence>> confirmation_for(
      const http::Request& webhook) const;
  /// Whether that bears out what the webhook claims. Total: whatever was answered comes here.
  /// Errors: unauthenticated when it does not, as for any forged one; unavailable when the answer
  /// tells nothing, so that the provider sends the webhook again.
  [[nodiscard]] virtual Result<void> confirm_with(const http::Request& webhook,
                                                  const http::Response& answer) const;
  /// `read_webhook` for a provider whose callbacks say in their path what they are about.
  /// Shape: `path` is what followed the token in `/api/v1/webhooks/{provider}/{token}/{path}`.
  [[nodiscard]] virtual Result<Notice> read_webhook_at(std::string_view path,
                                                       std::string_view body) const;
  /// The JSON that the provider wants to be answered with once its webhook is durable; empty: it
  /// does not care.
  [[nodiscard]] virtual std::string acknowledgement(std::string_view body) const;

  // --- statements
  // -----------------------------------------------------------------------------------------------

  /// The events in a file that the provider gives to people, each as the body of a webhook that
  /// `read_webhook` takes, with the same id: what was told before is a duplicate.
  /// Errors: not_found when the provider has no such files; invalid_request when this is none.
  [[nodiscard]] virtual Result<std::vector<std::string>> split_statement(
      std::string_view content_type, std::string_view text) const;
};

/// The token in `/api/v1/webhooks/{provider}/{token}/{path}`, and the path behind it; empty where
/// there is none.
struct CallbackPath {
  std::string_view token;
  std::string_view path;
};
[[nodiscard]] CallbackPath callback_path(std::string_view target, std::string_view provider);

/// Settings of one provider account, as read from file or environment: CAMBIST_STRIPE_BASE_URL is
/// "base_url" of "stripe". Keys whose names end in "secret", "secret_key", "password" or "token"
/// are secrets.
struct Settings {
  std::map<std::string, std::string> values;
  std::map<std::string, Secret> secrets;
};

struct Entry {
  std::string_view name;
  /// Errors: invalid_request with `field` the setting that is missing or wrong.
  Result<std::shared_ptr<const Adapter>> (*make)(const Settings&);
  /// Setting names the provider knows; others are refused when the configuration is read.
  std::vector<std::string_view> settings;
  std::vector<std::string_view> secrets;
  /// Settings and secrets that the sandbox's emulator goes with, where nobody set them.
  std::vector<std::pair<std::string_view, std::string_view>> sandbox{};
};

/// Every provider this build knows, in the order of `protocols/providers/registry.cpp`.
[[nodiscard]] const std::vector<Entry>& registry();
[[nodiscard]] const Entry* find_entry(std::string_view name);

/// The verdict on a request that got no answer at all.
/// Source: facts/error-taxonomy.md section 4.
[[nodiscard]] Verdict verdict_without_answer(const http::TransportFailure& failure);

}  // namespace cambist::provider

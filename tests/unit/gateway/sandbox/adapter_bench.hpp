// An adapter and the emulator of its provider, face to face: what one writes the other must read.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "protocols/core/digest.hpp"
#include "protocols/provider/adapter.hpp"
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {

class Account {
 public:
  /// An account as the sandbox sets it up. `more` overrides settings.
  explicit Account(const std::string& name, std::map<std::string, std::string> more = {})
      : name_{name} {
    const auto* entry = provider::find_entry(name);
    provider::Settings settings{std::move(more), {}};
    settings.values["base_url"] = "http://127.0.0.1:8081/" + name;
    for (const auto& key : entry->secrets) {
      const std::string fallback = key == "webhook_secret" ? "whsec_sandbox" : "sk_test_sandbox";
      settings.secrets.emplace(key, Secret{fallback});
    }
    for (const auto& [key, value] : entry->sandbox) {
      const auto secret = settings.secrets.find(std::string{key});
      if (secret != settings.secrets.end()) {
        secret->second = Secret{std::string{value}};
      } else {
        settings.values.try_emplace(std::string{key}, value);
      }
    }
    adapter_ = entry->make(settings).value();
  }

  [[nodiscard]] const provider::Adapter& adapter() const { return *adapter_; }
  Desk& desk() { return desk_; }

  /// A charge from that phone; each has ids of its own.
  provider::Call charge(const std::string& phone, std::int64_t minor = 1'500'000) {
    provider::Call call;
    call.kind = provider::OperationKind::charge;
    const auto next = [this] { return ++draws_ * 0x9E3779B97F4A7C15ULL; };
    call.payment = PaymentId::make(desk_.now, next);
    call.operation = OperationId::make(desk_.now, next);
    call.idempotency_key = "k-" + std::to_string(draws_);
    call.amount = call.remaining = Money{minor, Currency::parse("TZS").value()};
    call.method = {"mobile_money", "", {{"phone", phone}}};
    call.reference = "Rent 7";
    call.started_at = desk_.now;
    return call;
  }

  /// Gets a token if there is none yet.
  void let_in() {
    if (!adapter_->needs_token() || !token_.empty()) return;
    const auto answer = desk_.send(adapter_->build_token_request(desk_.now).value());
    auto token = adapter_->read_token(answer.outgoing.response);
    if (token) token_ = std::move(token->value);
  }
  void forget_token() { token_ = Secret{}; }

  Answer send(const provider::Call& call) {
    let_in();
    return send(adapter_->build(call).value());
  }
  /// With the token, if there is one.
  Answer send(http::Request request) {
    adapter_->attach_token(request, token_);
    return desk_.send(std::move(request));
  }
  provider::Verdict verdict(const provider::Call& call) {
    const auto answer = send(call);
    return adapter_->interpret(call, answer.outgoing.response);
  }
  std::string outcome(const provider::Call& call) {
    return std::string{provider::name_of(verdict(call))};
  }
  provider::Verdict ask(provider::Call call) {
    call.inquiry = true;
    return verdict(call);
  }

  void wait(std::chrono::seconds time) {
    desk_.now += time;
    (void)desk_.sandbox()->pass_time();
  }
  Answer payer(const std::string& object, const std::string& act) {
    return desk_.call("POST", "/sandbox/payer/" + name_ + "/" + object + "/" + act);
  }

  /// A letter as it arrives at our side, and what is read of it.
  [[nodiscard]] http::Request arrived(const webhooks::Letter& letter,
                                      const std::string& peer = "127.0.0.1") const {
    http::Request request;
    request.method = "POST";
    request.target = "/api/v1/webhooks/" + name_ + "/whsec_sandbox";
    if (!letter.path.empty()) request.target += "/" + letter.path;
    request.body = letter.body;
    request.peer = peer;
    return request;
  }
  [[nodiscard]] Result<provider::Notice> read(const webhooks::Letter& letter) const {
    const auto request = arrived(letter);
    if (const auto known = adapter_->verify_webhook(request, desk_.now); !known)
      return known.error();
    return adapter_->read_webhook_at(letter.path, letter.body);
  }

 private:
  std::string name_;
  Desk desk_;
  std::shared_ptr<const provider::Adapter> adapter_;
  Secret token_;
  std::uint64_t draws_ = 0;
};

}  // namespace cambist::gateway::sandbox::test

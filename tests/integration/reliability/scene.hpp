// One play: a provider, a merchant, a data folder, and a server over them that can be armed to die
// at a named place, and comes back at the same address.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/invariants.hpp"
#include "tests/support/merchant.hpp"
#include "tests/support/service.hpp"
#include "tests/support/store_kind.hpp"

namespace cambist::test {

/// A client's request, to be sent again exactly so.
struct Request {
  std::string target;
  std::string body;
  std::string key;
};

/// Shape: `environment` goes over short settings: what takes minutes takes parts of a second here.
/// `program` empty: the one that can be told to die. `webhooks`: the provider sends them.
/// `provider`: one that runs at the sandbox beside Stripe; requests name it.
/// `database`: where the server goes instead of a store of this `store`'s kind; the judge reads
/// `books` then.
struct SceneOptions {
  std::map<std::string, std::string> environment{};
  std::string program{};
  bool webhooks = true;
  std::string provider{};
  StoreKind store = StoreKind::sqlite;
  std::string database{};
  std::string books{};
};

class Scene {
 public:
  explicit Scene(SceneOptions options = {});

  void start();
  /// SIGTERM and an orderly end; false when it does not end so.
  [[nodiscard]] bool stop();
  void kill();
  /// Whether the server has died by `timeout`.
  [[nodiscard]] bool dead(std::chrono::milliseconds timeout);

  /// The next (or N-th) time the server comes to "NAME[:N]" it dies.
  void arm(const std::string& failpoint);
  void disarm();

  /// Thread safe; another one after every start, whose connections are fresh.
  [[nodiscard]] const Client& client() const { return *client_; }
  [[nodiscard]] ApiResponse send(const Request& request) const;
  /// Sends it until the answer is final: not 409, not 202. What else comes in between is told to
  /// `odd`.
  [[nodiscard]] ApiResponse insist(const Request& request,
                                   const std::function<void(const ApiResponse&)>& odd) const;
  /// A key that no request has had.
  [[nodiscard]] std::string fresh_key();
  [[nodiscard]] std::string status_of(const std::string& payment) const;
  /// The provider's effects on one payment.
  [[nodiscard]] boost::json::array effects_of(const std::string& payment) const;
  [[nodiscard]] SandboxProcess& sandbox() { return sandbox_; }
  [[nodiscard]] Merchant& merchant() { return merchant_; }
  [[nodiscard]] ServerProcess& server() { return *server_; }
  [[nodiscard]] const std::string& folder() const { return folder_.path(); }
  /// Makes a merchant's endpoint that the merchant of this scene listens at. Its id.
  std::string make_endpoint(const std::string& name);
  /// A number that no payment has had.
  [[nodiscard]] int fresh_number() { return ++numbers_; }

  /// Waits until no webhook waits to be worked on.
  [[nodiscard]] bool webhooks_done(std::chrono::milliseconds timeout) const;
  /// Ends the server in order once it has nothing left to do: the provider is held back, so that
  /// no webhook comes in between.
  [[nodiscard]] bool stop_at_rest();
  /// After the server has ended: what the store, the provider and the merchant say.
  [[nodiscard]] Evidence evidence(std::vector<Promised> promises) const;

 private:
  TemporaryFolder folder_;
  std::string order_file_;
  std::uint16_t port_;
  std::string origin_;
  std::unique_ptr<TestStore> store_;
  std::string books_;
  SandboxProcess sandbox_;
  Merchant merchant_;
  ServerOptions options_;
  std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<Client> client_;
  int orders_ = 0;
  std::atomic<int> keys_{0};
  std::atomic<int> numbers_{0};
};

/// "CAMBIST_MPESA_DARAJA_" and a name.
[[nodiscard]] std::string variable_of(const std::string& provider, const std::string& name);

/// Works through 0..count-1 on `threads` threads.
void in_parallel(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

/// Prints `cells[row][column]` with a title for each.
void print_table(const std::string& title, const std::vector<std::string>& columns,
                 const std::vector<std::string>& rows,
                 const std::vector<std::vector<std::string>>& cells);

}  // namespace cambist::test

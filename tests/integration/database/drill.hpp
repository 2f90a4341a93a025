// One fault of the database under load: what the program says while it lasts and after it is
// healed, and whether any promise was broken.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tests/integration/database/shoppers.hpp"
#include "tests/support/fault_proxy.hpp"
#include "tests/support/postgres_cluster.hpp"

namespace cambist::test {

/// The server, a database server of its own, and the network between them.
class Drill {
 public:
  explicit Drill(std::string name, ClusterOptions options = {});
  Drill(const Drill&) = delete;
  Drill& operator=(const Drill&) = delete;
  ~Drill();

  [[nodiscard]] PostgresCluster& cluster() { return cluster_; }
  [[nodiscard]] FaultProxy& proxy() { return proxy_; }
  [[nodiscard]] Scene& scene() { return scene_; }
  [[nodiscard]] Shoppers& shoppers() { return *shoppers_; }
  /// A session at the program's database, past the proxy.
  [[nodiscard]] PostgresSession session() const { return cluster_.session(database_); }
  [[nodiscard]] const std::string& database() const { return database_; }

  /// The store is out of reach from `breaks` on and back with `heals`: /readyz says so within 2 s,
  /// nobody waits without an end, and work is done again within 5 s.
  void outage(const std::function<void()>& breaks, const std::function<void()>& heals);
  /// Something goes wrong that costs requests at most: work goes on within 5 s.
  void trouble(const std::function<void()>& happens);
  /// Ends the load and the server in order, and judges everything. Prints one line.
  void judge();

 private:
  void expect_service(std::chrono::steady_clock::time_point healed);

  std::string name_;
  PostgresCluster cluster_;
  std::string database_;
  FaultProxy proxy_;
  Scene scene_;
  std::unique_ptr<ReadyWatch> watch_;
  std::unique_ptr<Shoppers> shoppers_;
  std::string seen_{};
};

}  // namespace cambist::test

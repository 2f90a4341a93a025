// The tests' own server does what the other tests here take for granted.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>

#include "tests/support/postgres_cluster.hpp"
#include "tests/support/process.hpp"

namespace cambist::test {
namespace {

using Stop = PostgresCluster::Stop;

TEST(PostgresCluster, KeepsWhatWasCommittedThroughEveryWayToEndAtTheSamePort) {
  PostgresCluster cluster;
  const auto url = cluster.url(cluster.create_database());
  PostgresSession{url}.run("CREATE TABLE kept (n int)");
  const auto port = cluster.port();
  int rows = 0;
  for (const auto how : {Stop::fast, Stop::immediate, Stop::kill}) {
    PostgresSession{url}.run("INSERT INTO kept VALUES (1)");
    cluster.stop(how);
    EXPECT_THROW(PostgresSession{url}, std::runtime_error);
    cluster.start();
    EXPECT_EQ(cluster.port(), port);
    EXPECT_EQ(PostgresSession{url}.value("SELECT count(*) FROM kept"), std::to_string(++rows));
  }
}

TEST(PostgresCluster, SyncsWhatItCommitsAndHearsOfSettings) {
  PostgresCluster cluster{{.settings = {{"max_connections", "20"}}}};
  EXPECT_EQ(cluster.session().value("SHOW fsync"), "on");
  EXPECT_EQ(cluster.session().value("SHOW synchronous_commit"), "on");
  EXPECT_EQ(cluster.session().value("SHOW max_connections"), "20");
  cluster.set("lock_timeout", "1234ms");
  EXPECT_EQ(cluster.session().value("SHOW lock_timeout"), "1234ms");
  cluster.reset("lock_timeout");
  EXPECT_EQ(cluster.session().value("SHOW lock_timeout"), "0");
}

TEST(PostgresCluster, AnswersNobodyWhileItIsPausedAndGoesOnAfterwards) {
  PostgresCluster cluster;
  auto session = cluster.session();
  cluster.pause();
  EXPECT_THROW(PostgresSession{cluster.url() + "?connect_timeout=2"}, std::runtime_error);
  cluster.proceed();
  EXPECT_EQ(session.value("SELECT 1"), "1");
}

TEST(PostgresCluster, LeavesNothingBehind) {
  std::string folder;
  {
    PostgresCluster cluster;
    folder = cluster.data();
    EXPECT_TRUE(std::filesystem::exists(folder));
  }
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path{folder}.parent_path()));
}

TEST(TestDatabase, IsEmptyAndGoneAfterwards) {
  std::string name;
  {
    TestDatabase database;
    name = database.name();
    PostgresSession session{database.url()};
    EXPECT_EQ(session.value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
  }
  EXPECT_EQ(PostgresSession{postgres_url()}.value(
                "SELECT count(*) FROM pg_database WHERE datname = '" + name + "'"),
            "0");
}

TEST(TestDatabase, IsNamedInThePathOfAnUrl) {
  EXPECT_EQ(with_database("postgresql://a@h:1/old", "new"), "postgresql://a@h:1/new");
  EXPECT_EQ(with_database("postgres://a@h:1", "new"), "postgres://a@h:1/new");
  EXPECT_EQ(with_database("postgresql://a@h/old?sslmode=disable", "new"),
            "postgresql://a@h/new?sslmode=disable");
}

}  // namespace
}  // namespace cambist::test

// What a pooler asks for that gives each transaction another of the server's sessions: PgBouncer in transaction mode.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "data/postgresql_fixture.hpp"

namespace apiwright::data {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class PostgresqlPoolerTest : public testing::Test {
 protected:
  void SetUp() override { PostgresqlStranger().run("CREATE TABLE pooled (id bigint PRIMARY KEY)"); }
  void TearDown() override { PostgresqlStranger().run("DROP TABLE pooled"); }

  static std::unique_ptr<PostgresqlConnection> connect(const PostgresqlLimits& limits = {.prepare = false}) {
    return std::make_unique<PostgresqlConnection>(parse_postgresql_url(pooler_url()), limits);
  }
  static void insert(Connection& connection, std::int64_t id) {
    const auto row = connection.prepare("INSERT INTO pooled (id) VALUES (?)");
    row->bind(1, id);
    row->step();
  }
  static std::int64_t count(Connection& connection) { return integer_of(connection, "SELECT count(*) FROM pooled"); }
};

TEST_F(PostgresqlPoolerTest, MoreConnectionsThanItHasSessionsWorkInTurn) {
  std::vector<std::unique_ptr<PostgresqlConnection>> connections;
  for (int i = 0; i < 6; ++i) connections.push_back(connect());
  std::int64_t id = 0;
  for (int round = 0; round < 3; ++round) {
    for (const auto& connection : connections) {
      Transaction transaction(*connection);
      insert(*connection, ++id);
      EXPECT_THROW(connection->attempt([&] { insert(*connection, id); }), UniqueViolation);
      insert(*connection, ++id);
      transaction.commit();
      EXPECT_EQ(count(*connection), id);
    }
  }
}

TEST_F(PostgresqlPoolerTest, TwoTransactionsAtOnceAreTwo) {
  const auto first = connect();
  const auto second = connect();
  Transaction one(*first);
  insert(*first, 1);
  Transaction other(*second);
  insert(*second, 2);
  EXPECT_EQ(count(*second), 1);
  one.commit();
  EXPECT_EQ(count(*second), 2);
  other.commit();
}

TEST_F(PostgresqlPoolerTest, NothingIsLeftBehindForOthers) {
  const auto connection = connect();
  insert(*connection, 1);
  EXPECT_THROW(execute(*connection, "SELECT 1/0"), Error);
  EXPECT_FALSE(connection->explain("SELECT id FROM pooled WHERE id = ?").empty());
  EXPECT_THROW((void)connection->explain("SELECT nothing FROM pooled"), Error);
  EXPECT_EQ(text_of(*connection, "SHOW statement_timeout"), "10s");
  PostgresqlStranger stranger(pooler_url());
  EXPECT_EQ(stranger.run("SHOW statement_timeout"), "0");
  EXPECT_EQ(stranger.run("SELECT count(*) FROM pg_prepared_statements"), "0");
}

TEST_F(PostgresqlPoolerTest, LimitsHoldInTransactionsAndOutside) {
  const auto connection = connect({.statement = 100ms, .prepare = false});
  EXPECT_EQ(error_of([&] { execute(*connection, "SELECT pg_sleep(20)"); }).code(), ErrorCode::kTimeout);
  const Transaction transaction(*connection);
  EXPECT_EQ(error_of([&] { execute(*connection, "SELECT pg_sleep(20)"); }).code(), ErrorCode::kTimeout);
}

TEST_F(PostgresqlPoolerTest, APlanIsToldInATransactionTooAndLeavesItGoingOn) {
  const auto connection = connect();
  Transaction transaction(*connection);
  insert(*connection, 1);
  EXPECT_THAT(connection->explain("DELETE FROM pooled WHERE id = ?").back(), HasSubstr("id = $1"));
  transaction.commit();
  EXPECT_EQ(count(*connection), 1);
}

TEST_F(PostgresqlPoolerTest, WhatWasPreparedIsMissedWithTheNameOfTheSetting) {
  const auto connection = connect({.prepare = true});
  EXPECT_EQ(count(*connection), 0);
  PostgresqlStranger stranger(pooler_url());
  stranger.run("BEGIN");  // takes the session that was used last
  const auto error = error_of([&] { (void)count(*connection); });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_THAT(error.cause(), HasSubstr("DATABASE_PREPARE=off"));
}

}  // namespace
}  // namespace apiwright::data

// What fails under a PostgreSQL connection: limits, locks, and the server itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <string>

#include "data/postgresql_fixture.hpp"

namespace apiwright::data {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

class PostgresqlFailureTest : public PostgresqlTest {
 protected:
  void SetUp() override {
    connection().execute_script("CREATE TABLE notes (id bigint PRIMARY KEY); INSERT INTO notes (id) VALUES (1), (2)");
  }
};

TEST_F(PostgresqlFailureTest, AStatementPastItsLimitTookTooLong) {
  const auto limited = connect({.statement = milliseconds{50}});
  EXPECT_EQ(error_of([&] { execute(*limited, "SELECT pg_sleep(60)"); }).code(), ErrorCode::kTimeout);
  EXPECT_FALSE(limited->broken());
  EXPECT_EQ(integer_of(*limited, "SELECT 1"), 1);
}

TEST_F(PostgresqlFailureTest, ARowThatOthersHoldIsBusyAndComesBackLater) {
  const auto limited = connect({.lock = milliseconds{50}});
  const Transaction holding(connection());
  execute(connection(), "UPDATE notes SET id = 3 WHERE id = 1");
  const auto error = error_of([&] { execute(*limited, "DELETE FROM notes WHERE id = 1"); });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_TRUE(error.retry_after());
  EXPECT_FALSE(limited->broken());
}

TEST_F(PostgresqlFailureTest, ASerializationFailureIsBusy) {
  execute(connection(), "BEGIN ISOLATION LEVEL REPEATABLE READ");
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM notes"), 2);
  execute(*connect(), "UPDATE notes SET id = 3 WHERE id = 1");
  const auto error = error_of([&] { execute(connection(), "DELETE FROM notes WHERE id = 1"); });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_EQ(error.cause(), "PostgreSQL: 40001");
  connection().rollback();
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM notes"), 2);
}

TEST_F(PostgresqlFailureTest, AnEndedSessionIsBrokenAndSaysComeBackLater) {
  terminate(connection());
  const auto error = error_of([&] { execute(connection(), "SELECT 1"); });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_TRUE(error.retry_after());
  EXPECT_TRUE(connection().broken());
  EXPECT_EQ(error_of([&] { connection().begin_write(); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(integer_of(*connect(), "SELECT 1"), 1);
}

TEST_F(PostgresqlFailureTest, ATransactionOfAnEndedSessionStoresNothing) {
  {
    Transaction transaction(connection());
    execute(connection(), "INSERT INTO notes (id) VALUES (3)");
    terminate(connection());
    EXPECT_EQ(error_of([&] { execute(connection(), "SELECT 1"); }).code(), ErrorCode::kUnavailable);
    EXPECT_EQ(error_of([&] { transaction.commit(); }).code(), ErrorCode::kUnavailable);
  }
  EXPECT_EQ(integer_of(*connect(), "SELECT count(*) FROM notes"), 2);
}

TEST_F(PostgresqlFailureTest, ACommitWhoseAnswerIsLostDoesNotSayThatItMayBeRepeated) {
  Transaction transaction(connection());
  execute(connection(), "INSERT INTO notes (id) VALUES (3)");
  terminate(connection());
  const auto error = error_of([&] { transaction.commit(); });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_FALSE(error.retry_after());
  EXPECT_THAT(error.what(), HasSubstr("not known"));
}

TEST_F(PostgresqlFailureTest, ASessionIdleInATransactionIsEnded) {
  const auto limited = connect({.idle_in_transaction = milliseconds{50}});
  const auto backend = integer_of(*limited, "SELECT pg_backend_pid()");
  limited->begin_write();
  execute(*limited, "SELECT 1");  // with which it begins
  PostgresqlStranger stranger;
  while (stranger.run("SELECT count(*) FROM pg_stat_activity WHERE pid = " + std::to_string(backend)) == "1") continue;
  EXPECT_EQ(error_of([&] { execute(*limited, "SELECT 1"); }).code(), ErrorCode::kUnavailable);
  EXPECT_TRUE(limited->broken());
}

TEST_F(PostgresqlFailureTest, AServerThatGivesNoAnswerIsGone) {
  const auto limited = connect({.statement = milliseconds{50}});
  const auto backend = static_cast<pid_t>(integer_of(*limited, "SELECT pg_backend_pid()"));
  ASSERT_EQ(::kill(backend, SIGSTOP), 0);
  const auto error = error_of([&] { execute(*limited, "SELECT 1"); });
  ASSERT_EQ(::kill(backend, SIGCONT), 0);
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_TRUE(limited->broken());
}

TEST_F(PostgresqlFailureTest, RowsForACopyThatNobodyHasEndTheSession) {
  EXPECT_EQ(error_of([&] { connection().execute_script("COPY notes FROM STDIN"); }).code(), ErrorCode::kInternal);
  EXPECT_TRUE(connection().broken());
}

TEST_F(PostgresqlFailureTest, AServerThatIsNotThereIsUnavailableAndSaysNoPassword) {
  const auto conninfo = parse_postgresql_url("postgresql://ada:hunter2@127.0.0.1:1/nothing");
  for (int i = 0; i < 3; ++i) {
    const auto error = error_of([&] { const PostgresqlConnection refused(conninfo, {}); });
    EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
    EXPECT_TRUE(error.retry_after());
    EXPECT_THAT(error.cause(), HasSubstr("PostgreSQL: "));
    EXPECT_THAT(error.what() + error.cause(), Not(HasSubstr("hunter2")));
  }
  EXPECT_EQ(integer_of(*connect(), "SELECT 1"), 1);
}

TEST_F(PostgresqlFailureTest, ADatabaseThatDoesNotExistIsUnavailable) {
  auto url = server_url();
  url.replace(url.find("/postgres?"), 10, "/nothing?");
  const auto conninfo = parse_postgresql_url(url);
  EXPECT_EQ(error_of([&] { const PostgresqlConnection refused(conninfo, {}); }).code(), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace apiwright::data

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <string>
#include <thread>

#include "data/postgresql_fixture.hpp"

namespace apiwright::data {
namespace {

using namespace std::chrono_literals;

class PostgresqlTransactionTest : public PostgresqlTest {
 protected:
  void SetUp() override { connection().execute_script("CREATE TABLE notes (id bigint PRIMARY KEY)"); }

  static void insert(Connection& connection, std::int64_t id) {
    const auto row = connection.prepare("INSERT INTO notes (id) VALUES (?)");
    row->bind(1, id);
    row->step();
  }

  /// Told by `refusals` when the server refuses it, and then of no more interest.
  static void insert_by_commit(Connection& connection, std::int64_t id, int& refusals) {
    const auto row = connection.prepare("INSERT INTO notes (id) VALUES (?)");
    row->bind(1, id);
    connection.step_by_commit(*row, [&refusals](const std::exception_ptr&) {
      ++refusals;
      throw Error(ErrorCode::kConflict, "Is there.");
    });
  }

  [[nodiscard]] std::int64_t stored() const { return integer_of(*connect(), "SELECT count(*) FROM notes"); }
};

TEST_F(PostgresqlTransactionTest, AnAttemptThatIsRefusedIsUndoneAlone) {
  Transaction transaction(connection());
  insert(connection(), 1);
  EXPECT_THROW(connection().attempt([&] { insert(connection(), 1); }), UniqueViolation);
  connection().attempt([&] { insert(connection(), 2); });
  EXPECT_THROW(connection().attempt([&] {
    insert(connection(), 3);
    throw std::runtime_error("its own reason");
  }),
               std::runtime_error);
  transaction.commit();
  EXPECT_EQ(stored(), 2);
}

TEST_F(PostgresqlTransactionTest, AStatementThatWaitsForTheCommitIsStoredByIt) {
  int refusals = 0;
  {
    Transaction transaction(connection());
    insert_by_commit(connection(), 1, refusals);
    EXPECT_EQ(stored(), 0);
    transaction.commit();
  }
  EXPECT_EQ(stored(), 1);
  {
    Transaction transaction(connection());
    insert_by_commit(connection(), 2, refusals);
  }
  EXPECT_EQ(stored(), 1);
  EXPECT_EQ(refusals, 0);
}

TEST_F(PostgresqlTransactionTest, AStatementThatWaitsIsInOneTransactionWithWhatFollows) {
  int refusals = 0;
  {
    Transaction transaction(connection());
    insert_by_commit(connection(), 1, refusals);
    insert(connection(), 2);
  }
  EXPECT_EQ(stored(), 0);
  {
    Transaction transaction(connection());
    insert_by_commit(connection(), 1, refusals);
    insert_by_commit(connection(), 2, refusals);
    transaction.commit();
  }
  EXPECT_EQ(stored(), 2);
}

TEST_F(PostgresqlTransactionTest, ARefusalOfWhatWaitedIsWhatItsOwnerMakesOfIt) {
  insert(connection(), 1);
  int refusals = 0;
  {
    Transaction transaction(connection());
    insert_by_commit(connection(), 1, refusals);
    EXPECT_EQ(error_of([&] { transaction.commit(); }).code(), ErrorCode::kConflict);
  }
  {
    Transaction transaction(connection());
    insert_by_commit(connection(), 1, refusals);
    EXPECT_EQ(error_of([&] { insert(connection(), 2); }).code(), ErrorCode::kConflict);
    EXPECT_EQ(error_of([&] { transaction.commit(); }).code(), ErrorCode::kUnavailable);
  }
  EXPECT_EQ(refusals, 2);
  EXPECT_EQ(stored(), 1);
  insert(connection(), 3);
  EXPECT_EQ(stored(), 2);
}

TEST_F(PostgresqlTransactionTest, ANameIsHeldByOneWriteTransactionAtATime) {
  const auto other = connect();
  Transaction mine(connection());
  connection().hold("the last one");
  std::atomic<bool> entered = false;
  std::thread waiting([&] {
    Transaction theirs(*other);
    other->hold("another");
    other->hold("the last one");
    entered = true;
  });
  PostgresqlStranger stranger;
  while (stranger.run("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == "0") continue;
  EXPECT_FALSE(entered);
  mine.commit();
  waiting.join();
  EXPECT_TRUE(entered);
}

TEST_F(PostgresqlTransactionTest, ReadersHoldNothingAndLockNoRows) {
  connection().begin_read();
  connection().hold("the last one");
  EXPECT_EQ(connection().for_change(), "");
  const auto other = connect({.lock = 1ms});
  Transaction theirs(*other);
  other->hold("the last one");
  EXPECT_NE(other->for_change(), "");
  connection().rollback();
}

TEST_F(PostgresqlTransactionTest, TheStateIsTheSameUntilSomethingIsStored) {
  const auto state = [this] {
    const auto row = connection().prepare("SELECT " + std::string(connection().stored_state()));
    row->step();
    return std::string(row->text(0));
  };
  const auto before = state();
  EXPECT_FALSE(before.empty());
  EXPECT_EQ(state(), before);
  insert(*connect(), 1);
  EXPECT_NE(state(), before);
  connection().begin_write();
  EXPECT_EQ(connection().stored_state(), "");  // it would not tell of its own changes
  connection().rollback();
}

}  // namespace
}  // namespace apiwright::data

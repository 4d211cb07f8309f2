#include "apiwright/data/interactive_transaction.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "data/group_fixture.hpp"

namespace apiwright::data {
namespace {

using namespace std::chrono_literals;

class InteractiveTransactionTest : public GroupTest {
 protected:
  static constexpr auto kPlenty = 60'000ms;
  static constexpr auto kShort = 50ms;

  static ErrorCode code_when(const std::function<void()>& action) { return error_of(action).code(); }

  /// The outcome of a write that waits until the transaction is over: so when it is.
  static void wait_for_the_writer(Database& database) {
    database.write([](Connection&) {});
  }
};

TEST_F(InteractiveTransactionTest, WhatWasCommittedIsStoredAndNothingBefore) {
  const auto database = open();
  const auto transaction = database->begin(kPlenty);
  transaction->write(inserting(1));
  transaction->write(inserting(2));
  EXPECT_EQ(stored(), "");
  transaction->commit();
  EXPECT_EQ(stored(), "1,2");
}

TEST_F(InteractiveTransactionTest, AllOfItIsOneCommit) {
  const auto database = open();
  const int before = commits_in_log(folder());
  const auto transaction = database->begin(kPlenty);
  for (int i = 0; i < 10; ++i) transaction->write(inserting(i));
  transaction->commit();
  EXPECT_EQ(commits_in_log(folder()), before + 1);
}

TEST_F(InteractiveTransactionTest, StepsSeeWhatTheStepsBeforeWroteAndOthersDoNot) {
  const auto database = open();
  const auto transaction = database->begin(kPlenty);
  transaction->write(inserting(1));
  std::int64_t seen = -1;
  transaction->read([&](Connection& connection) { seen = integer_of(connection, "SELECT count(*) FROM notes"); });
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(count(*database), 0);
}

TEST_F(InteractiveTransactionTest, RollingBackUndoesEverything) {
  const auto database = open();
  const auto transaction = database->begin(kPlenty);
  transaction->write(inserting(1));
  transaction->rollback();
  transaction->rollback();
  EXPECT_EQ(stored(), "");
}

TEST_F(InteractiveTransactionTest, GoingAwayRollsBack) {
  const auto database = open();
  database->begin(kPlenty)->write(inserting(1));
  wait_for_the_writer(*database);
  EXPECT_EQ(stored(), "");
}

TEST_F(InteractiveTransactionTest, AStepThatFailsIsUndoneAloneAndTheTransactionGoesOn) {
  const auto database = open();
  const auto transaction = database->begin(kPlenty);
  transaction->write(inserting(1));
  EXPECT_THROW(transaction->write(throwing_after(2)), std::logic_error);
  EXPECT_THROW(transaction->write(inserting(1)), UniqueViolation);
  transaction->write(inserting(3));
  transaction->commit();
  EXPECT_EQ(stored(), "1,3");
}

TEST_F(InteractiveTransactionTest, OtherWritesWaitAndThenSucceed) {
  const auto database = open();
  const auto transaction = database->begin(kPlenty);
  std::promise<std::string> other;
  database->submit_write({.run = inserting(2), .done = [&](const auto&) { other.set_value(stored()); }});
  transaction->write(inserting(1));
  EXPECT_EQ(stored(), "");
  transaction->commit();
  EXPECT_EQ(other.get_future().get(), "1,2");
}

TEST_F(InteractiveTransactionTest, WritesThatCameBeforeAreStoredBeforeItBegins) {
  const auto database = open();
  Group group(*database);
  group.add(inserting(1));
  auto begun = std::async(std::launch::async, [&] { return database->begin(kPlenty); });
  group.told();
  const auto transaction = begun.get();
  EXPECT_EQ(stored(), "1");
  transaction->write(inserting(2));
  transaction->rollback();
  EXPECT_EQ(stored(), "1");
}

TEST_F(InteractiveTransactionTest, ThereIsOneAtATime) {
  const auto database = open();
  auto first = database->begin(kPlenty);
  auto second = std::async(std::launch::async, [&] { return database->begin(kPlenty); });
  EXPECT_EQ(second.wait_for(20ms), std::future_status::timeout);
  first->commit();
  second.get()->commit();
}

TEST_F(InteractiveTransactionTest, OneWhoIsForgottenBlocksNoLongerThanTheLimit) {
  const auto database = open();
  const auto transaction = database->begin(kShort);
  transaction->write(inserting(1));
  database->write(inserting(2));
  EXPECT_EQ(stored(), "2");
  EXPECT_EQ(code_when([&] { transaction->write(inserting(3)); }), ErrorCode::kTimeout);
  EXPECT_EQ(code_when([&] { transaction->read([](Connection&) {}); }), ErrorCode::kTimeout);
  EXPECT_EQ(code_when([&] { transaction->commit(); }), ErrorCode::kTimeout);
  transaction->rollback();
  EXPECT_EQ(stored(), "2");
}

constexpr std::string_view kEndless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

TEST_F(InteractiveTransactionTest, AQueryThatRunsPastTheLimitIsInterrupted) {
  const auto database = open();
  const auto transaction = database->begin(kShort);
  transaction->write(inserting(1));
  EXPECT_EQ(code_when([&] { transaction->read([](Connection& it) { execute(it, kEndless); }); }), ErrorCode::kTimeout);
  database->write(inserting(2));
  EXPECT_EQ(stored(), "2");
}

TEST_F(InteractiveTransactionTest, AWriteThatRunsPastTheLimitIsInterruptedAndNothingIsStored) {
  const auto database = open();
  const auto transaction = database->begin(kShort);
  transaction->write(inserting(1));
  EXPECT_EQ(code_when([&] {
              transaction->write([](Connection& it) {
                execute(it,
                        "INSERT INTO notes (text) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                        " SELECT i FROM n");
              });
            }),
            ErrorCode::kTimeout);
  EXPECT_EQ(code_when([&] { transaction->commit(); }), ErrorCode::kTimeout);
  database->write(inserting(2));
  EXPECT_EQ(stored(), "2");
}

TEST_F(InteractiveTransactionTest, TheLimitOfOneIsNotTheNextWritesLimit) {
  const auto database = open();
  const auto transaction = database->begin(kShort);
  wait_for_the_writer(*database);
  database->write([](Connection& it) {
    execute(it,
            "INSERT INTO notes (id) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000)"
            " SELECT i FROM n");
  });
  EXPECT_EQ(count(*database), 2000);
}

TEST_F(InteractiveTransactionTest, StoppingTheDatabaseEndsItAtOnce) {
  const auto database = open();
  const auto transaction = database->begin(kPlenty);
  transaction->write(inserting(1));
  database->stop(kPlenty);
  EXPECT_EQ(code_when([&] { transaction->write(inserting(2)); }), ErrorCode::kUnavailable);
  EXPECT_EQ(code_when([&] { transaction->commit(); }), ErrorCode::kUnavailable);
  EXPECT_EQ(stored(), "");
}

TEST_F(InteractiveTransactionTest, ACommitThatWasAskedForBeforeTheStopIsDone) {
  const auto database = open();
  const auto transaction = database->begin(kPlenty);
  std::promise<std::exception_ptr> end;
  transaction->submit_write({.run = inserting(1), .done = [](const auto&) {}});
  transaction->submit_commit([&](const auto& failure) { end.set_value(failure); });
  database->stop(kPlenty);
  EXPECT_FALSE(end.get_future().get());
  EXPECT_EQ(stored(), "1");
}

TEST_F(InteractiveTransactionTest, StepsInFlightWhenItsUserGoesAwayAreToldAndRolledBack) {
  const auto database = open();
  auto transaction = database->begin(kPlenty);
  std::promise<std::exception_ptr> end;
  transaction->submit_write({.run = inserting(1), .done = [&](const auto& failure) { end.set_value(failure); }});
  transaction.reset();
  EXPECT_FALSE(end.get_future().get());
  wait_for_the_writer(*database);
  EXPECT_EQ(stored(), "");
}

TEST_F(InteractiveTransactionTest, OneThatOutlivesItsDatabaseIsOver) {
  auto database = open();
  const auto transaction = database->begin(kPlenty);
  database.reset();
  EXPECT_EQ(code_when([&] { transaction->commit(); }), ErrorCode::kUnavailable);
}

TEST_F(InteractiveTransactionTest, ItsUserIsToldWhenItIsOver) {
  const auto database = open();
  const auto transaction = database->begin(kPlenty);
  transaction->commit();
  EXPECT_THROW(transaction->write(inserting(1)), std::logic_error);
  EXPECT_THROW(transaction->commit(), std::logic_error);
  EXPECT_THROW(transaction->rollback(), std::logic_error);
}

TEST_F(InteractiveTransactionTest, ASecondProcessWritesAfterItAndNotBetween) {
  const auto database = open();
  Stranger stranger(folder());
  const auto transaction = database->begin(kPlenty);
  EXPECT_EQ(stranger.run("INSERT INTO notes (id) VALUES (1)"), SQLITE_BUSY);
  transaction->write(inserting(1));
  transaction->commit();
  EXPECT_EQ(stranger.run("INSERT INTO notes (id) VALUES (1)"), SQLITE_CONSTRAINT);
  EXPECT_EQ(stranger.run("INSERT INTO notes (id) VALUES (2)"), SQLITE_OK);
}

TEST_F(InteractiveTransactionTest, OneThatCannotBeginSaysSo) {
  const auto database = open({.busy_timeout = 1ms});
  Stranger stranger(folder());
  ASSERT_EQ(stranger.run("BEGIN IMMEDIATE"), SQLITE_OK);
  EXPECT_EQ(code_when([&] { static_cast<void>(database->begin(kPlenty)); }), ErrorCode::kUnavailable);
  ASSERT_EQ(stranger.run("COMMIT"), SQLITE_OK);
  database->begin(kPlenty)->commit();
}

TEST_F(InteractiveTransactionTest, ManyThreadsTakeTurnsAndEveryCommitHolds) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 25;
  const auto database = open();
  std::atomic<int> refused = 0;
  const auto take_turns = [&](int thread) {
    for (int round = 0; round < kRounds; ++round) {
      const auto transaction = database->begin(kPlenty);
      std::int64_t next = 0;
      transaction->read([&](Connection& it) { next = integer_of(it, "SELECT count(*) FROM notes"); });
      try {
        transaction->write(inserting(next));
      } catch (const UniqueViolation&) {
        ++refused;
      }
      if (thread % 2 == 0 || round % 2 == 0) transaction->commit();
    }
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) threads.emplace_back(take_turns, thread);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(count(*database), 2 * kRounds + 2 * (kRounds / 2 + 1));
}

TEST_F(InteractiveTransactionTest, AProcessKilledInsideOneLeavesNothingOfItAndAllThatWasAnswered) {
  open()->stop(kPlenty);
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto database = Database::open(folder().url());
    const auto first = database->begin(kPlenty);
    first->write(inserting(1));
    first->commit();
    const auto second = database->begin(kPlenty);
    second->write(inserting(2));
    static_cast<void>(::write(ready[1], "x", 1));
    ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(stored(), "1");
  open()->write(inserting(2));
}

}  // namespace
}  // namespace apiwright::data

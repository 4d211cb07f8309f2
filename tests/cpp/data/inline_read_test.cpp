// Reads on the caller's own thread, and the time that reads on others may take.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

#include "data/database_fixture.hpp"

namespace apiwright::data {
namespace {

using namespace std::chrono_literals;

constexpr const char* kMillionSteps =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT count(*) FROM n";
constexpr const char* kForever = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n";

class InlineReadTest : public DatabaseTest {
 protected:
  static bool try_count(Database& database, std::int64_t expected) {
    return database.try_read(
        [&](Connection& connection) { EXPECT_EQ(integer_of(connection, "SELECT count(*) FROM notes"), expected); });
  }
};

TEST_F(InlineReadTest, AShortReadRunsOnTheCallersThread) {
  const auto database = open();
  add(*database, "x");
  std::thread::id thread;
  EXPECT_TRUE(database->try_read([&](Connection& connection) {
    thread = std::this_thread::get_id();
    EXPECT_EQ(text_of(connection, "SELECT text FROM notes"), "x");
  }));
  EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST_F(InlineReadTest, AReadPastTheBudgetIsFalseAndTheConnectionWorksOn) {
  const auto database = open();
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(
        database->try_read([](Connection& connection) { static_cast<void>(integer_of(connection, kMillionSteps)); }));
    EXPECT_TRUE(try_count(*database, 0));
  }
}

TEST_F(InlineReadTest, TheBudgetIsEachReadsOwn) {
  const auto database = open();
  for (int i = 0; i < 2000; ++i) ASSERT_TRUE(try_count(*database, 0)) << i;
}

TEST_F(InlineReadTest, ABudgetUsedUpByManyStatementsIsUsedUpToo) {
  const auto database = open();
  EXPECT_FALSE(database->try_read([](Connection& connection) {
    for (int i = 0; i < 1'000'000; ++i) static_cast<void>(integer_of(connection, "SELECT count(*) FROM notes"));
  }));
}

TEST_F(InlineReadTest, WhatRunThrowsIsThrownOnAndTheConnectionWorksOn) {
  const auto database = open();
  const auto error = error_of(
      [&] { static_cast<void>(database->try_read([](Connection&) { throw Error(ErrorCode::kForbidden, "No."); })); });
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_THROW(static_cast<void>(database->try_read([](Connection&) { throw std::runtime_error("x"); })),
               std::runtime_error);
  EXPECT_EQ(error_of([&] {
              static_cast<void>(database->try_read([](Connection& connection) { execute(connection, "SELECT nope"); }));
            }).code(),
            ErrorCode::kInternal);
  EXPECT_TRUE(try_count(*database, 0));
}

TEST_F(InlineReadTest, OneReadSeesOneState) {
  const auto database = open();
  EXPECT_TRUE(database->try_read([&](Connection& connection) {
    EXPECT_EQ(integer_of(connection, "SELECT count(*) FROM notes"), 0);
    add(*database, "meanwhile");
    EXPECT_EQ(integer_of(connection, "SELECT count(*) FROM notes"), 0);
  }));
  EXPECT_TRUE(try_count(*database, 1));
}

TEST_F(InlineReadTest, WhoComesWhileAnotherReadsIsSentAway) {
  const auto database = open();
  std::promise<void> inside;
  std::promise<void> release;
  std::thread other([&] {
    EXPECT_TRUE(database->try_read([&](Connection&) {
      inside.set_value();
      release.get_future().wait();
    }));
  });
  inside.get_future().wait();
  EXPECT_FALSE(database->try_read([](Connection&) { ADD_FAILURE() << "ran"; }));
  EXPECT_EQ(count(*database), 0) << "reader threads go on";
  release.set_value();
  other.join();
  EXPECT_TRUE(try_count(*database, 0));
}

TEST_F(InlineReadTest, AStoppedDatabaseIsUnavailable) {
  const auto database = open();
  EXPECT_TRUE(try_count(*database, 0));
  database->stop(1s);
  const auto error =
      error_of([&] { static_cast<void>(database->try_read([](Connection&) { ADD_FAILURE() << "ran"; })); });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_TRUE(error.retry_after());
}

TEST_F(InlineReadTest, StopWaitsForTheReadUnderWay) {
  const auto database = open();
  std::promise<void> inside;
  std::promise<void> release;
  std::thread reading([&] {
    EXPECT_TRUE(database->try_read([&](Connection& connection) {
      inside.set_value();
      release.get_future().wait();
      EXPECT_EQ(integer_of(connection, "SELECT count(*) FROM notes"), 0);
    }));
  });
  inside.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { database->stop(60s); });
  release.set_value();
  stopped.get();
  reading.join();
}

TEST_F(InlineReadTest, ALongReadOnAReaderThreadEndsAtTheWaitLimit) {
  open();
  const auto database = Database::open(folder().url(), {.readers = 1, .wait_limit = 200ms});
  const auto start = std::chrono::steady_clock::now();
  const auto error = error_of(
      [&] { database->read([](Connection& connection) { static_cast<void>(integer_of(connection, kForever)); }); });
  EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 200ms);
  EXPECT_EQ(count(*database), 0) << "its thread and connection work on";
}

}  // namespace
}  // namespace apiwright::data

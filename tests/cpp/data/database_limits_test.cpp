#include "apiwright/data/database.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "data/database_fixture.hpp"

namespace apiwright::data {
namespace {

using namespace std::chrono_literals;

using DatabaseLimitsTest = DatabaseTest;

TEST_F(DatabaseLimitsTest, AFullQueueAnswersUnavailableWithTheTimeToComeBack) {
  const auto database = open({.queue_limit = 1});
  Gate gate(*database);
  std::promise<void> queued;
  database->submit_write({.run = [](Connection&) {}, .done = [&](const std::exception_ptr&) { queued.set_value(); }});
  bool told = false;
  const auto error = error_of([&] {
    database->submit_write(
        {.run = [&](Connection&) { told = true; }, .done = [&](const std::exception_ptr&) { told = true; }});
  });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_TRUE(error.retry_after());
  gate.open();
  queued.get_future().wait();
  EXPECT_FALSE(told);
}

TEST_F(DatabaseLimitsTest, WorkThatWaitedTooLongIsRefusedUnrun) {
  open();
  const auto database = Database::open(folder().url(), {.wait_limit = 200ms});
  Gate gate(*database);
  bool ran = false;
  std::promise<std::exception_ptr> end;
  database->submit_write({.run = [&](Connection&) { ran = true; },
                          .done = [&](const std::exception_ptr& failure) { end.set_value(failure); }});
  const auto late = std::chrono::steady_clock::now() + 210ms;
  while (std::chrono::steady_clock::now() < late) std::this_thread::yield();
  gate.open();
  EXPECT_EQ(code_of(end.get_future().get()), ErrorCode::kUnavailable);
  EXPECT_FALSE(ran);
}

TEST_F(DatabaseLimitsTest, AnothersWriteLockIsUnavailableAfterTheBusyTimeout) {
  const auto database = open({.busy_timeout = 50ms});
  Stranger stranger(folder());
  ASSERT_EQ(stranger.run("BEGIN IMMEDIATE"), SQLITE_OK);
  const auto start = std::chrono::steady_clock::now();
  const auto error = error_of([&] { add(*database, "x"); });
  EXPECT_GE(std::chrono::steady_clock::now() - start, 40ms);
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_TRUE(error.retry_after());
  EXPECT_EQ(count(*database), 0);
  ASSERT_EQ(stranger.run("COMMIT"), SQLITE_OK);
  add(*database, "x");
  EXPECT_EQ(count(*database), 1);
}

class FullDatabaseTest : public DatabaseTest {
 protected:
  static void limit_pages(Database& database, const std::string& pages) {
    database.write([&](Connection& connection) { execute(connection, "PRAGMA max_page_count = " + pages); });
  }
  static void fill(Connection& connection) {
    insert(connection, "first");
    for (int i = 0; i < 100; ++i) insert(connection, std::string(4096, 'x'));
  }
};

TEST_F(FullDatabaseTest, AFullDatabaseIsUnavailableAndNothingIsHalfDone) {
  const auto database = open();
  add(*database, "kept");
  limit_pages(*database, "10");
  const auto error = error_of([&] { database->write(fill); });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_EQ(count(*database), 1);
  limit_pages(*database, "1000000");
  database->write(fill);
  EXPECT_EQ(count(*database), 102);
}

TEST_F(FullDatabaseTest, ARunThatSwallowsTheFailureStoresNothingEither) {
  const auto database = open();
  limit_pages(*database, "10");
  const auto error = error_of([&] {
    database->write([](Connection& connection) {
      EXPECT_THROW(fill(connection), Error);
      EXPECT_THROW(insert(connection, "small"), Error);
    });
  });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_EQ(count(*database), 0);
}

TEST_F(DatabaseLimitsTest, StopFinishesWhatWaitsAndThenRefuses) {
  const auto database = open();
  Gate gate(*database);
  std::atomic<int> stored = 0;
  for (int i = 0; i < 10; ++i) {
    database->submit_write({.run = [](Connection& connection) { insert(connection, "x"); },
                            .done = [&](const std::exception_ptr& failure) { stored += failure ? 0 : 1; }});
  }
  auto stopped = std::async(std::launch::async, [&] { database->stop(60s); });
  gate.open();
  stopped.get();
  EXPECT_EQ(stored, 10);
  EXPECT_EQ(error_of([&] { add(*database, "late"); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(error_of([&] { count(*database); }).code(), ErrorCode::kUnavailable);
  database->stop(0ms);
  EXPECT_FALSE(std::filesystem::exists(folder().file().string() + "-wal"));
  EXPECT_EQ(count(*open()), 10);
}

TEST_F(DatabaseLimitsTest, StopWithoutGraceTellsEveryWaitingWorkOnce) {
  auto database = open();
  Gate gate(*database);
  std::atomic<int> told = 0;
  std::atomic<int> unavailable = 0;
  for (int i = 0; i < 10; ++i) {
    database->submit_write({.run = [](Connection& connection) { insert(connection, "x"); },
                            .done =
                                [&](const std::exception_ptr& failure) {
                                  ++told;
                                  if (failure) unavailable += code_of(failure) == ErrorCode::kUnavailable ? 1 : 0;
                                }});
  }
  auto gone = std::async(std::launch::async, [&] { database.reset(); });
  gate.open();
  gone.get();
  EXPECT_EQ(told, 10);
  EXPECT_EQ(count(*open()), 10 - unavailable);
}

TEST_F(DatabaseLimitsTest, TheLogStaysBoundedWhileWritesNeverPause) {
  constexpr std::uintmax_t kMebibyte = 1U << 20U;
  const auto database = open();
  const std::string megabyte(kMebibyte, 'x');
  for (int i = 0; i < 150; ++i) {
    database->write([&](Connection& connection) {
      execute(connection, "DELETE FROM notes");
      insert(connection, megabyte);
    });
  }
  EXPECT_LT(std::filesystem::file_size(folder().file().string() + "-wal"), 80 * kMebibyte);
}

}  // namespace
}  // namespace apiwright::data

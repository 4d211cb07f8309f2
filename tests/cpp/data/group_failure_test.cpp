// What a group is told when its transaction is lost: it is one fate for all.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

#include "data/group_fixture.hpp"

namespace apiwright::data {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::HasSubstr;
using testing::IsNull;

class GroupFailureTest : public GroupTest {
 protected:
  static void limit_pages(Database& database, const std::string& pages) {
    database.write([&](Connection& connection) { execute(connection, "PRAGMA max_page_count = " + pages); });
  }

  static void fill(Connection& connection) {
    for (int i = 0; i < 100; ++i) insert(connection, std::string(4096, 'x'));
  }

  /// Where 1 is stored.
  static void lose_transaction(Connection& connection) {
    execute(connection, "INSERT OR ROLLBACK INTO notes (id) VALUES (1)");
  }

  static void expect_group_works(Database& database, std::int64_t rows) {
    const auto before = count(database);
    Group group(database);
    for (std::int64_t i = 0; i < rows; ++i) group.add([](Connection& connection) { insert(connection, "x"); });
    EXPECT_THAT(group.told(), Each(IsNull()));
    EXPECT_EQ(count(database), before + rows);
  }
};

TEST_F(GroupFailureTest, WithoutRoomEveryMemberIsUnavailableAndNothingIsStored) {
  const auto database = open();
  add(*database, "kept");
  limit_pages(*database, "10");
  {
    Group group(*database);
    group.add(inserting(10));
    group.add(throwing_after(11));
    group.add(fill);
    group.add(inserting(12));
    const auto told = group.told();
    expect_unavailable(told);
    for (const auto& failure : told) {
      EXPECT_THAT(error_of([&] { std::rethrow_exception(failure); }).cause(), HasSubstr("full"));
    }
  }
  EXPECT_EQ(stored(), "1");
  expect_group_works(*database, 2);
  limit_pages(*database, "1000000");
  database->write(fill);
  EXPECT_EQ(count(*database), 103);
}

TEST_F(GroupFailureTest, AMemberThatSwallowsTheLackOfRoomDoesNotSaveTheGroup) {
  const auto database = open();
  limit_pages(*database, "10");
  Group group(*database);
  group.add(inserting(1));
  group.add([](Connection& connection) { EXPECT_THROW(fill(connection), Error); });
  group.add(inserting(2));
  expect_unavailable(group.told());
  EXPECT_EQ(count(*database), 0);
}

TEST_F(GroupFailureTest, ATransactionThatAMemberLostIsLostForAllAndTheRestIsNotRun) {
  const auto database = open();
  bool ran = false;
  Group group(*database);
  group.add(inserting(1));
  group.add(lose_transaction);
  group.add([&](Connection&) { ran = true; });
  expect_unavailable(group.told());
  EXPECT_FALSE(ran);
  EXPECT_EQ(count(*database), 0);
  expect_group_works(*database, 3);
}

TEST_F(GroupFailureTest, OneThatIsAloneIsToldTheSameOfALostTransaction) {
  const auto database = open();
  database->write(inserting(1));
  const auto error = error_of([&] { database->write(lose_transaction); });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_TRUE(error.retry_after());
}

TEST_F(GroupFailureTest, AnothersWriteLockIsUnavailableForAllAfterTheBusyTimeout) {
  const auto database = open({.busy_timeout = 50ms});
  Stranger stranger(folder());
  std::chrono::steady_clock::time_point locked;
  Group group(*database, [&] {
    EXPECT_EQ(stranger.run("BEGIN IMMEDIATE"), SQLITE_OK);
    locked = std::chrono::steady_clock::now();
  });
  bool ran = false;
  for (int i = 0; i < 3; ++i) group.add([&](Connection&) { ran = true; });
  expect_unavailable(group.told());
  EXPECT_GE(std::chrono::steady_clock::now() - locked, 40ms);
  EXPECT_FALSE(ran);
  ASSERT_EQ(stranger.run("COMMIT"), SQLITE_OK);
  expect_group_works(*database, 3);
}

/// The process may not write files beyond a size, as when the disk is broken there: the write fails within COMMIT.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::uintmax_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    auto limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    static_cast<void>(std::signal(SIGXFSZ, handler_));
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_F(GroupFailureTest, AFailedCommitIsUnavailableForAllAndTheConnectionIsReplaced) {
  const auto database = open();
  add(*database, "kept");
  {
    Group group(*database);
    for (int i = 10; i < 13; ++i) group.add(inserting(i));
    group.add(throwing_after(13));
    const FileSizeLimit limit(std::filesystem::file_size(folder().file().string() + "-wal"));
    expect_unavailable(group.told());
  }
  EXPECT_EQ(stored(), "1");
  expect_group_works(*database, 3);
  EXPECT_EQ(text_of(*database->connect(), "PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace apiwright::data

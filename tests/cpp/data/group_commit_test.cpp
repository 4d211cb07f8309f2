// Writes that wait share a commit, and none of them notices.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <latch>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "data/group_fixture.hpp"

namespace apiwright::data {
namespace {

using namespace std::chrono_literals;

using GroupCommitTest = GroupTest;
using testing::Each;
using testing::ElementsAre;
using testing::IsNull;

TEST_F(GroupCommitTest, WorksThatWaitShareOneCommit) {
  const auto database = open();
  const int before = commits_in_log(folder());
  Group group(*database);
  for (int i = 0; i < 20; ++i) group.add(inserting(i));
  EXPECT_THAT(group.told(), Each(IsNull()));
  EXPECT_EQ(commits_in_log(folder()), before + 1);
  EXPECT_EQ(count(*database), 20);
}

TEST_F(GroupCommitTest, AWorkThatIsAloneHasACommitOfItsOwn) {
  const auto database = open();
  const int before = commits_in_log(folder());
  for (int i = 0; i < 3; ++i) add(*database, "x");
  EXPECT_EQ(commits_in_log(folder()), before + 3);
}

TEST_F(GroupCommitTest, AGroupHasAtMost128Members) {
  const auto database = open();
  const int before = commits_in_log(folder());
  Group group(*database);
  for (int i = 0; i < 128 + 128 + 1; ++i) group.add(inserting(i));
  EXPECT_THAT(group.told(), Each(IsNull()));
  EXPECT_EQ(commits_in_log(folder()), before + 3);
}

TEST_F(GroupCommitTest, MembersRunAndAreToldInTheOrderOfSubmission) {
  const auto database = open();
  std::vector<int> ran;
  std::vector<int> told;
  Group group(*database);
  for (int i = 0; i < 150; ++i) group.add([&, i](Connection&) { ran.push_back(i); }, [&, i] { told.push_back(i); });
  group.told();
  std::vector<int> expected(150);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(ran, expected);
  EXPECT_EQ(told, expected);
}

TEST_F(GroupCommitTest, AMemberSeesWhatTheMembersBeforeItWrote) {
  const auto database = open();
  std::int64_t seen = -1;
  Group group(*database);
  group.add(inserting(1));
  group.add([&](Connection& connection) { seen = integer_of(connection, "SELECT count(*) FROM notes"); });
  group.told();
  EXPECT_EQ(seen, 1);
}

TEST_F(GroupCommitTest, AMemberThatViolatesAConstraintFailsAloneAndWhole) {
  const auto database = open();
  database->write(inserting(1));
  Group group(*database);
  group.add(inserting(2));
  group.add([](Connection& connection) {
    inserting(3)(connection);
    inserting(1)(connection);
  });
  group.add(inserting(4));
  const auto told = group.told();
  EXPECT_FALSE(told[0]);
  EXPECT_THROW(std::rethrow_exception(told[1]), UniqueViolation);
  EXPECT_FALSE(told[2]);
  EXPECT_EQ(stored(), "1,2,4");
}

TEST_F(GroupCommitTest, EachFailingMemberGetsItsOwnException) {
  const auto database = open();
  Group group(*database);
  group.add([](Connection&) { throw Error(ErrorCode::kForbidden, "Not yours."); });
  group.add(throwing_after(1));
  group.add([](Connection&) { throw 42; });  // NOLINT(hicpp-exception-baseclass)
  group.add(inserting(2));
  const auto told = group.told();
  EXPECT_EQ(code_of(told[0]), ErrorCode::kForbidden);
  EXPECT_THROW(std::rethrow_exception(told[1]), std::logic_error);
  EXPECT_THROW(std::rethrow_exception(told[2]), int);
  EXPECT_FALSE(told[3]);
  EXPECT_EQ(stored(), "2");
}

TEST_F(GroupCommitTest, AMemberThatWasRolledBackIsNotSeenByTheNext) {
  const auto database = open();
  Group group(*database);
  group.add(throwing_after(1));
  group.add(inserting(1));
  const auto told = group.told();
  EXPECT_THROW(std::rethrow_exception(told[0]), std::logic_error);
  EXPECT_FALSE(told[1]);
  EXPECT_EQ(stored(), "1");
}

TEST_F(GroupCommitTest, AFailedMembersTableIsGoneAndItsNeighboursRowsAreNot) {
  const auto database = open();
  Group group(*database);
  group.add(inserting(1));
  group.add([](Connection& connection) {
    connection.execute_script("CREATE TABLE half (id INTEGER); INSERT INTO half VALUES (1)");
    throw std::logic_error("mine");
  });
  group.add(inserting(2));
  group.told();
  EXPECT_EQ(stored(), "1,2");
  EXPECT_FALSE(database->connect()->has_table("half"));
}

TEST_F(GroupCommitTest, AnErrorThatRestsOnAnothersRowIsToldWhenThatRowIsVisible) {
  const auto database = open();
  std::string seen;
  Group group(*database);
  group.add(inserting(1));
  group.add(inserting(1), [&] { seen = stored(); });
  const auto told = group.told();
  EXPECT_FALSE(told[0]);
  EXPECT_THROW(std::rethrow_exception(told[1]), UniqueViolation);
  EXPECT_EQ(seen, "1");
}

TEST_F(GroupCommitTest, AnAnswerIsToldWhenTheWholeGroupIsVisibleAndTheLockFree) {
  const auto database = open();
  std::vector<std::string> seen;
  Group group(*database);
  for (int i = 1; i <= 3; ++i) {
    group.add(inserting(i), [&] {
      seen.push_back(stored());
      EXPECT_EQ(Stranger(folder()).run("BEGIN IMMEDIATE; COMMIT"), SQLITE_OK);
    });
  }
  group.told();
  EXPECT_THAT(seen, ElementsAre("1,2,3", "1,2,3", "1,2,3"));
}

bool has_temporary_file() {
  std::error_code gone;
  for (const auto& open : std::filesystem::directory_iterator("/proc/self/fd")) {
    if (std::filesystem::read_symlink(open, gone).string().find("etilqs_") != std::string::npos) return true;
  }
  return false;
}

TEST_F(GroupCommitTest, ALargeMemberNeedsNoTemporaryFileToBeUndone) {
  const auto database = open();
  database->write([](Connection& connection) {
    for (int i = 0; i < 100; ++i) insert(connection, std::string(4096, 'x'));
  });
  Group group(*database);
  group.add([](Connection& connection) {
    execute(connection, "UPDATE notes SET text = upper(text)");
    EXPECT_FALSE(has_temporary_file());
    throw std::logic_error("mine");
  });
  group.add([](Connection& connection) { insert(connection, "X"); });
  group.told();
  database->read([](Connection& connection) {
    EXPECT_EQ(integer_of(connection, "SELECT count(*) FROM notes WHERE text GLOB 'x*'"), 100);
  });
}

TEST_F(GroupCommitTest, DoneMaySubmitTheNextWork) {
  const auto database = open();
  std::promise<void> second;
  Group group(*database);
  for (int i = 0; i < 2; ++i) {
    group.add(inserting(i), [&, i] {
      if (i == 0) {
        database->submit_write({.run = inserting(9), .done = [&](const std::exception_ptr& failure) {
                                  EXPECT_FALSE(failure);
                                  second.set_value();
                                }});
      }
    });
  }
  group.told();
  second.get_future().wait();
  EXPECT_EQ(stored(), "0,1,9");
}

TEST_F(GroupCommitTest, WhereEveryMemberFailsNothingIsCommitted) {
  const auto database = open();
  const int before = commits_in_log(folder());
  Group group(*database);
  for (int i = 0; i < 3; ++i) group.add(throwing_after(i));
  for (const auto& failure : group.told()) EXPECT_THROW(std::rethrow_exception(failure), std::logic_error);
  EXPECT_EQ(commits_in_log(folder()), before);
  EXPECT_EQ(count(*database), 0);
}

TEST_F(GroupCommitTest, OfManyThreadsThatWantOneRowExactlyOneGetsIt) {
  constexpr int kThreads = 8;
  constexpr int kRows = 60;
  const auto database = open();
  std::atomic<int> won = 0;
  std::atomic<int> lost = 0;
  const auto race = [&] {
    for (int i = 0; i < kRows; ++i) {
      try {
        database->write(inserting(i));
        ++won;
      } catch (const UniqueViolation&) {
        ++lost;
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(race);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(won, kRows);
  EXPECT_EQ(lost, (kThreads - 1) * kRows);
  EXPECT_EQ(count(*database), kRows);
}

/// Stops the database under submitters, and checks that exactly what was answered is stored.
class StopUnderWritesTest : public GroupTest, public testing::WithParamInterface<std::chrono::milliseconds> {
 protected:
  static constexpr int kThreads = 4;
  static constexpr int kEach = 2'000;

  void submit_all(Database& database, int thread) {
    for (int i = 0; i < kEach; ++i) {
      const int id = thread * kEach + i;
      const auto told = [this, id](const std::exception_ptr& failure) {
        ++told_[static_cast<std::size_t>(id)];
        if (!failure && ++stored_ == 1) first_stored_.count_down();
      };
      try {
        database.submit_write({.run = inserting(id), .done = told});
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
        ++told_[static_cast<std::size_t>(id)];
      }
    }
  }

  std::vector<std::atomic<int>> told_ = std::vector<std::atomic<int>>(kThreads * kEach);
  std::atomic<int> stored_ = 0;
  std::latch first_stored_{1};
};

TEST_P(StopUnderWritesTest, EachWorkIsToldOnceAndWhatWasAnsweredIsStored) {
  const auto database = open({.queue_limit = kThreads * kEach});
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&, i] { submit_all(*database, i); });
  first_stored_.wait();
  database->stop(GetParam());
  for (auto& thread : threads) thread.join();
  for (const auto& told : told_) ASSERT_EQ(told, 1);
  EXPECT_EQ(count(*open()), stored_);
}

INSTANTIATE_TEST_SUITE_P(Grace, StopUnderWritesTest, testing::Values(0ms, 60'000ms));

}  // namespace
}  // namespace apiwright::data

#include "apiwright/data/database.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "data/database_fixture.hpp"

namespace apiwright::data {
namespace {

using namespace std::chrono_literals;

std::size_t threads_now() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

TEST_F(DatabaseTest, OpenStartsNoThreadAndMakesNoFile) {
  const auto before = threads_now();
  const auto database = Database::open(folder().url());
  EXPECT_EQ(threads_now(), before);
  EXPECT_FALSE(std::filesystem::exists(folder().file()));
}

TEST_F(DatabaseTest, TheFileIsItsOwnersAlone) {
  const auto database = open();
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    ASSERT_EQ(::stat((folder().file().string() + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << suffix;
  }
}

TEST_F(DatabaseTest, WritersAndReadersRunInWalModeWithFullSynchronisation) {
  const auto database = open({.busy_timeout = 1234ms});
  const auto check = [](Connection& connection) {
    EXPECT_EQ(text_of(connection, "PRAGMA journal_mode"), "wal");
    EXPECT_EQ(integer_of(connection, "PRAGMA synchronous"), 2);
    EXPECT_EQ(integer_of(connection, "PRAGMA foreign_keys"), 1);
    EXPECT_EQ(integer_of(connection, "PRAGMA trusted_schema"), 0);
    EXPECT_EQ(integer_of(connection, "PRAGMA cell_size_check"), 1);
    EXPECT_EQ(integer_of(connection, "PRAGMA busy_timeout"), 1234);
  };
  database->write(check);
  database->read(check);
  const auto connection = database->connect();
  check(*connection);
}

TEST_F(DatabaseTest, AReaderCannotWrite) {
  const auto database = open();
  EXPECT_THROW(database->read([](Connection& connection) { insert(connection, "x"); }), Error);
  EXPECT_EQ(count(*database), 0);
}

TEST_F(DatabaseTest, WritesAreKeptInTheirOrderAndOutliveTheDatabase) {
  {
    const auto database = open();
    std::vector<std::future<void>> ends;
    for (int i = 0; i < 50; ++i) {
      auto end = std::make_shared<std::promise<void>>();
      ends.push_back(end->get_future());
      database->submit_write(
          {.run = [i](Connection& connection) { insert(connection, std::to_string(i)); },
           .done =
               [end](const std::exception_ptr& failure) { failure ? end->set_exception(failure) : end->set_value(); }});
    }
    for (auto& end : ends) end.get();
  }
  const auto database = open();
  database->read([](Connection& connection) {
    const auto rows = connection.prepare("SELECT text FROM notes ORDER BY id");
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(rows->step());
      EXPECT_EQ(rows->text(0), std::to_string(i));
    }
  });
}

TEST_F(DatabaseTest, DoneIsToldAfterTheCommitAndOutsideTheTransaction) {
  const auto database = open();
  std::promise<int> seen;
  database->submit_write({.run = [](Connection& connection) { insert(connection, "x"); },
                          .done =
                              [&](const std::exception_ptr& failure) {
                                EXPECT_FALSE(failure);
                                // Another connection can lock, and finds the row.
                                Stranger stranger(folder());
                                EXPECT_EQ(stranger.run("BEGIN IMMEDIATE; UPDATE notes SET text = 'y'; COMMIT"),
                                          SQLITE_OK);
                                seen.set_value(1);
                              }});
  EXPECT_EQ(seen.get_future().get(), 1);
  database->read([](Connection& connection) { EXPECT_EQ(text_of(connection, "SELECT text FROM notes"), "y"); });
}

TEST_F(DatabaseTest, AReadSeesOneSnapshotAndTheNextReadTheNews) {
  const auto database = open();
  add(*database, "before");
  database->read([&](Connection& connection) {
    EXPECT_EQ(integer_of(connection, "SELECT count(*) FROM notes"), 1);
    add(*database, "meanwhile");
    EXPECT_EQ(integer_of(connection, "SELECT count(*) FROM notes"), 1);
  });
  EXPECT_EQ(count(*database), 2);
}

TEST_F(DatabaseTest, WhatRunThrowsRollsBackAndIsHandedOn) {
  const auto database = open();
  EXPECT_THROW(database->write([](Connection& connection) {
    insert(connection, "x");
    throw std::logic_error("mine");
  }),
               std::logic_error);
  EXPECT_EQ(count(*database), 0);
  EXPECT_THROW(database->read([](Connection&) { throw std::logic_error("mine"); }), std::logic_error);
  add(*database, "works on");
  EXPECT_EQ(count(*database), 1);
}

TEST_F(DatabaseTest, AUniqueViolationReachesTheCaller) {
  const auto database = open();
  const auto insert_same = [](Connection& connection) { execute(connection, "INSERT INTO notes (id) VALUES (1)"); };
  database->write(insert_same);
  EXPECT_THROW(database->write(insert_same), UniqueViolation);
}

TEST_F(DatabaseTest, ThreadsThatWriteAndReadAtOnceSeeWholeTransactions) {
  constexpr int kWrites = 150;
  const auto database = open();
  database->write([](Connection& connection) {
    connection.execute_script("CREATE TABLE sums (a INTEGER, b INTEGER); INSERT INTO sums VALUES (0, 0)");
  });
  const auto write = [&] {
    for (int i = 0; i < kWrites; ++i) {
      database->write([](Connection& connection) {
        execute(connection, "UPDATE sums SET a = a + 1");
        execute(connection, "UPDATE sums SET b = b + 1");
      });
    }
  };
  const auto read = [&] {
    for (int i = 0; i < kWrites; ++i) {
      database->read([](Connection& connection) {
        const auto a = integer_of(connection, "SELECT a FROM sums");
        EXPECT_EQ(integer_of(connection, "SELECT b FROM sums"), a);
      });
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back(write);
    threads.emplace_back(read);
  }
  for (auto& thread : threads) thread.join();
  database->read([](Connection& connection) { EXPECT_EQ(integer_of(connection, "SELECT a FROM sums"), 2 * kWrites); });
}

TEST_F(DatabaseTest, ReadsRunBesideEachOther) {
  const auto database = open({.readers = 2});
  std::promise<void> first_inside;
  std::promise<void> second_done;
  std::promise<void> first_done;
  database->submit_read({.run =
                             [&](Connection&) {
                               first_inside.set_value();
                               second_done.get_future().wait();
                             },
                         .done = [&](const std::exception_ptr&) { first_done.set_value(); }});
  first_inside.get_future().wait();
  EXPECT_EQ(count(*database), 0);
  second_done.set_value();
  first_done.get_future().wait();
}

TEST_F(DatabaseTest, AFolderThatVanishedIsUnavailable) {
  const auto gone = folder().path() / "gone";
  std::filesystem::create_directory(gone);
  const auto database = Database::open("sqlite:///" + (gone / "x.db").string());
  std::filesystem::remove(gone);
  const auto error = error_of([&] { database->read([](Connection&) {}); });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_EQ(error_of([&] { static_cast<void>(database->connect()); }).code(), ErrorCode::kUnavailable);
  std::filesystem::create_directory(gone);
  database->read([](Connection& connection) { EXPECT_EQ(integer_of(connection, "SELECT 1"), 1); });
}

TEST_F(DatabaseTest, AFileThatIsNoDatabaseIsAnInternalError) {
  {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(folder().file().c_str(), "w"), std::fclose);
    std::fputs("This is a text of more than a hundred bytes, so that it cannot be taken for an empty database; really.",
               file.get());
  }
  const auto database = Database::open(folder().url());
  EXPECT_EQ(error_of([&] { database->read([](Connection&) {}); }).code(), ErrorCode::kInternal);
}

TEST_F(DatabaseTest, ConnectionsThatOpenANewFileAtOnceAllSucceed) {
  const auto database = Database::open(folder().url());
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(text_of(*database->connect(), "PRAGMA journal_mode"), "wal"); });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace apiwright::data

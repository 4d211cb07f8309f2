#include "data/postgresql_brief_reader.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "data/postgresql_fixture.hpp"

namespace apiwright::data {
namespace {

using namespace std::chrono_literals;

class PostgresqlBriefReaderTest : public PostgresqlTest {
 protected:
  void SetUp() override {
    connection().execute_script(
        "CREATE TABLE notes (id bigint PRIMARY KEY, text text NOT NULL);"
        "INSERT INTO notes SELECT n, 'note ' || n FROM generate_series(1, 500) AS n");
  }

  [[nodiscard]] std::unique_ptr<PostgresqlBriefReader> open() const { return open(schema().conninfo()); }
  [[nodiscard]] static std::unique_ptr<PostgresqlBriefReader> open(std::string conninfo) {
    return std::make_unique<PostgresqlBriefReader>(std::move(conninfo), PostgresqlLimits{},
                                                   tasks::ExecutorOptions{.name = "aw-brief-reader"});
  }

  /// Hands a read over; what it throws comes with the future.
  static std::future<void> submit(PostgresqlBriefReader& reader, std::function<void(Connection&)> run) {
    const auto over = std::make_shared<std::promise<void>>();
    reader.submit({.run = std::move(run), .done = [over](const std::exception_ptr& failure) {
                     if (failure) {
                       over->set_exception(failure);
                     } else {
                       over->set_value();
                     }
                   }});
    return over->get_future();
  }

  static std::string note(Connection& connection, std::int64_t id) {
    const auto row = connection.prepare("SELECT text FROM notes WHERE id = ?");
    row->bind(1, id);
    return row->step() ? std::string(row->text(0)) : "none";
  }
};

TEST_F(PostgresqlBriefReaderTest, EachOfManyReadsGetsItsOwnAnswers) {
  const auto reader = open();
  std::vector<std::string> found(400);
  std::vector<std::future<void>> over;
  for (std::int64_t id = 1; id <= 400; ++id) {
    over.push_back(submit(*reader, [&found, id](Connection& connection) {
      // The second statement depends on what the first was answered.
      const auto first = note(connection, id);
      found[static_cast<std::size_t>(id - 1)] = first + ", " + note(connection, std::stoll(first.substr(5)) + 100);
    }));
  }
  for (auto& each : over) each.get();
  EXPECT_EQ(found[0], "note 1, note 101");
  EXPECT_EQ(found[398], "note 399, note 499");
  EXPECT_EQ(found[399], "note 400, note 500");
}

TEST_F(PostgresqlBriefReaderTest, WhatIsAskedAheadIsAnsweredWithTheFirst) {
  const auto reader = open();
  int runs = 0;
  std::string found;
  submit(*reader, [&](Connection& connection) {
    ++runs;
    ASSERT_TRUE(connection.gathers());
    {
      const auto ahead = connection.prepare("SELECT text FROM notes WHERE id = ?");
      ahead->bind(1, 7);
      ahead->ask();
    }
    const auto caller = connection.prepare("SELECT 1");
    ASSERT_TRUE(caller->step());
    found = note(connection, 7);
  }).get();
  EXPECT_EQ(found, "note 7");
  EXPECT_EQ(runs, 2);
}

TEST_F(PostgresqlBriefReaderTest, WhatOneIsRefusedTheOthersAreNot) {
  const auto reader = open();
  std::vector<std::future<void>> over;
  std::vector<std::string> found(20);
  for (std::int64_t id = 0; id < 20; ++id) {
    over.push_back(submit(*reader, [&found, id](Connection& connection) {
      const auto quotient = connection.prepare("SELECT 100 / CAST(? AS bigint)");
      quotient->bind(1, id % 3);
      ASSERT_TRUE(quotient->step());
      found[static_cast<std::size_t>(id)] = note(connection, id);
    }));
  }
  for (std::size_t id = 0; id < 20; ++id) {
    if (id % 3 == 0) {
      EXPECT_EQ(error_of([&] { over[id].get(); }).code(), ErrorCode::kInternal);
    } else {
      over[id].get();
      EXPECT_EQ(found[id], "note " + std::to_string(id));
    }
  }
}

TEST_F(PostgresqlBriefReaderTest, ARowThatIsNotThereHasNoAnswerAndWhatARunThrowsIsTold) {
  const auto reader = open();
  submit(*reader, [](Connection& connection) { EXPECT_EQ(note(connection, 9999), "none"); }).get();
  auto refused = submit(*reader, [](Connection& connection) {
    static_cast<void>(note(connection, 1));
    throw Error(ErrorCode::kNotFound, "Nothing.");
  });
  EXPECT_EQ(error_of([&] { refused.get(); }).code(), ErrorCode::kNotFound);
}

TEST_F(PostgresqlBriefReaderTest, AReadWhoseSessionEndsIsBegunAnew) {
  const auto reader = open();
  std::int64_t backend = 0;
  submit(*reader, [&](Connection& connection) { backend = integer_of(connection, "SELECT pg_backend_pid()"); }).get();
  PostgresqlStranger stranger;
  int runs = 0;
  std::string found;
  submit(*reader, [&](Connection& connection) {
    found = note(connection, 1);
    // With its first answer in hand, before the second is asked for.
    if (++runs == 2) {
      ASSERT_EQ(stranger.run("SELECT pg_terminate_backend(" + std::to_string(backend) + ", 5000)"), "t");
    }
    found += ", " + note(connection, 2);
  }).get();
  EXPECT_EQ(found, "note 1, note 2");
}

TEST_F(PostgresqlBriefReaderTest, AReadThatAsksSomethingElseInEachRunIsEnded) {
  const auto reader = open();
  std::int64_t id = 0;
  auto over = submit(*reader, [&](Connection& connection) { static_cast<void>(note(connection, ++id)); });
  EXPECT_EQ(error_of([&] { over.get(); }).code(), ErrorCode::kInternal);
  submit(*reader, [](Connection& connection) { EXPECT_EQ(note(connection, 1), "note 1"); }).get();
}

TEST_F(PostgresqlBriefReaderTest, AServerThatIsNotThereIsToldToEach) {
  const auto reader = open(parse_postgresql_url("postgresql://127.0.0.1:1/nothing"));
  for (int i = 0; i < 2; ++i) {
    auto over = submit(*reader, [](Connection& connection) { static_cast<void>(note(connection, 1)); });
    const auto error = error_of([&] { over.get(); });
    EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
    EXPECT_TRUE(error.retry_after());
  }
}

}  // namespace
}  // namespace apiwright::data

#include "data/postgresql_database.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/postgresql_fixture.hpp"

namespace apiwright::data {
namespace {

using namespace std::chrono_literals;

class PostgresqlDatabaseTest : public PostgresqlTest {
 protected:
  void SetUp() override { connection().execute_script("CREATE TABLE notes (id bigint PRIMARY KEY)"); }

  [[nodiscard]] std::unique_ptr<PostgresqlDatabase> open(const DatabaseOptions& options = {.writers = 2}) const {
    return std::make_unique<PostgresqlDatabase>(schema().conninfo(), options);
  }

  static std::function<void(Connection&)> inserting(std::int64_t id) {
    return [id](Connection& connection) {
      const auto row = connection.prepare("INSERT INTO notes (id) VALUES (?)");
      row->bind(1, id);
      row->step();
    };
  }

  /// Keeps a thread of the database's writers until it is opened.
  class Gate {
   public:
    explicit Gate(Database& database) {
      auto entered = std::make_shared<std::promise<void>>();
      auto inside = entered->get_future();
      database.submit_write({.run =
                                 [entered, released = released_](Connection&) {
                                   entered->set_value();
                                   released.wait();
                                 },
                             .done = [](const std::exception_ptr&) {}});
      inside.wait();
    }
    ~Gate() { release_.set_value(); }
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

   private:
    std::promise<void> release_;
    std::shared_future<void> released_ = release_.get_future().share();
  };

  std::int64_t stored() { return integer_of(connection(), "SELECT count(*) FROM notes"); }

  /// Ends every other session on this test's schema, as a restart of the server does.
  void end_sessions(Database& database) {
    for (const bool writes : {false, true}) {
      std::int64_t backend = 0;
      const auto ask = [&](Connection& each) { backend = integer_of(each, "SELECT pg_backend_pid()"); };
      if (writes) {
        database.write(ask);
      } else {
        database.read(ask);
      }
      ASSERT_EQ(PostgresqlStranger().run("SELECT pg_terminate_backend(" + std::to_string(backend) + ", 5000)"), "t");
    }
  }
};

TEST_F(PostgresqlDatabaseTest, AWriteIsStoredWhenItIsToldAndAReadSeesIt) {
  const auto database = open();
  database->write(inserting(1));
  EXPECT_EQ(stored(), 1);
  std::int64_t seen = 0;
  database->read([&](Connection& reader) { seen = integer_of(reader, "SELECT count(*) FROM notes"); });
  EXPECT_EQ(seen, 1);
  EXPECT_FALSE(database->try_read([](Connection&) { FAIL(); }));
}

TEST_F(PostgresqlDatabaseTest, AWriteThatThrowsIsRolledBackAndAReadCannotWrite) {
  const auto database = open();
  EXPECT_THROW(database->write([](Connection& writer) {
    inserting(1)(writer);
    throw std::logic_error("mine");
  }),
               std::logic_error);
  EXPECT_THROW(database->read(inserting(1)), Error);
  EXPECT_EQ(stored(), 0);
}

TEST_F(PostgresqlDatabaseTest, ARefusalThatAWorkKeepsToItselfStoresNothing) {
  const auto database = open();
  database->write(inserting(1));
  const auto error = error_of([&] {
    database->write([](Connection& writer) {
      inserting(2)(writer);
      EXPECT_THROW(inserting(1)(writer), UniqueViolation);
    });
  });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_EQ(stored(), 1);
}

TEST_F(PostgresqlDatabaseTest, OneOfManyRacingWritesOfOneKeyWins) {
  const auto database = open({.writers = 4});
  std::atomic<int> won = 0;
  std::vector<std::future<void>> racing;
  for (int i = 0; i < 16; ++i) {
    racing.push_back(std::async(std::launch::async, [&] {
      try {
        database->write(inserting(1));
        ++won;
      } catch (const UniqueViolation&) {
        return;
      }
    }));
  }
  for (auto& each : racing) each.get();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(stored(), 1);
}

TEST_F(PostgresqlDatabaseTest, ReadsDoNotWaitBehindWrites) {
  const auto database = open({.writers = 1});
  const Gate gate(*database);
  std::int64_t seen = -1;
  database->read([&](Connection& reader) { seen = integer_of(reader, "SELECT count(*) FROM notes"); });
  EXPECT_EQ(seen, 0);
}

TEST_F(PostgresqlDatabaseTest, WhatWaitsTooLongOrTooMuchIsUnavailable) {
  const auto database = open({.writers = 1, .queue_limit = 1, .wait_limit = 50ms});
  std::promise<std::exception_ptr> told;
  {
    const Gate gate(*database);
    database->submit_write({.run = inserting(1), .done = [&](const auto& failure) { told.set_value(failure); }});
    EXPECT_EQ(error_of([&] { database->write(inserting(2)); }).code(), ErrorCode::kUnavailable);
    // Ends as late as the first may have waited.
    EXPECT_THROW(database->read([](Connection& reader) { execute(reader, "SELECT pg_sleep(60)"); }), Error);
  }
  const auto failure = told.get_future().get();
  EXPECT_EQ(error_of([&] { std::rethrow_exception(failure); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(stored(), 0);
}

TEST_F(PostgresqlDatabaseTest, AReadPastTheWaitLimitTookTooLong) {
  const auto database = open({.wait_limit = 50ms});
  const auto error =
      error_of([&] { database->read([](Connection& reader) { execute(reader, "SELECT pg_sleep(60)"); }); });
  EXPECT_EQ(error.code(), ErrorCode::kTimeout);
}

TEST_F(PostgresqlDatabaseTest, TheFirstWorkAfterItsSessionsWereEndedSucceeds) {
  const auto database = open({.readers = 1, .writers = 1});
  for (std::int64_t id = 1; id <= 3; ++id) {
    end_sessions(*database);
    database->write(inserting(id));
    std::int64_t seen = 0;
    database->read([&](Connection& reader) { seen = integer_of(reader, "SELECT count(*) FROM notes"); });
    EXPECT_EQ(seen, id);
  }
}

TEST_F(PostgresqlDatabaseTest, ASessionThatEndsUnderAWorkFailsItAlone) {
  const auto database = open({.writers = 1});
  const auto error = error_of([&] {
    database->write([](Connection& writer) {
      inserting(1)(writer);
      terminate(writer);
      inserting(2)(writer);
    });
  });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_TRUE(error.retry_after());
  database->write(inserting(3));
  EXPECT_EQ(stored(), 1);
}

TEST_F(PostgresqlDatabaseTest, AServerThatIsNotThereIsToldToEachWork) {
  PostgresqlDatabase database(parse_postgresql_url("postgresql://127.0.0.1:1/nothing"), {});
  EXPECT_EQ(error_of([&] { database.read([](Connection&) {}); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(error_of([&] { database.write([](Connection&) {}); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(error_of([&] { static_cast<void>(database.begin(1s)); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(error_of([&] { static_cast<void>(database.connect()); }).code(), ErrorCode::kUnavailable);
}

TEST_F(PostgresqlDatabaseTest, StepsOfATransactionAreStoredTogetherOneThatFailsIsUndoneAlone) {
  const auto database = open();
  const auto transaction = database->begin(60s);
  transaction->write(inserting(1));
  EXPECT_THROW(transaction->write(inserting(1)), UniqueViolation);
  transaction->write(inserting(2));
  EXPECT_EQ(stored(), 0);
  database->write(inserting(3));  // others go on meanwhile
  transaction->commit();
  EXPECT_EQ(stored(), 3);
}

TEST_F(PostgresqlDatabaseTest, AStepPastTheTimeLimitEndsTheTransactionWithNothingStored) {
  const auto database = open();
  const auto transaction = database->begin(100ms);
  transaction->write(inserting(1));
  EXPECT_EQ(
      error_of([&] { transaction->write([](Connection& writer) { execute(writer, "SELECT pg_sleep(60)"); }); }).code(),
      ErrorCode::kTimeout);
  EXPECT_EQ(error_of([&] { transaction->commit(); }).code(), ErrorCode::kTimeout);
  EXPECT_EQ(stored(), 0);
}

TEST_F(PostgresqlDatabaseTest, StoppingRollsAnOpenTransactionBackAndRefusesWhatComes) {
  const auto database = open();
  const auto transaction = database->begin(60s);
  transaction->write(inserting(1));
  database->stop(1s);
  EXPECT_EQ(error_of([&] { transaction->commit(); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(error_of([&] { database->write(inserting(2)); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(error_of([&] { static_cast<void>(database->try_read([](Connection&) {})); }).code(),
            ErrorCode::kUnavailable);
  EXPECT_EQ(stored(), 0);
}

}  // namespace
}  // namespace apiwright::data

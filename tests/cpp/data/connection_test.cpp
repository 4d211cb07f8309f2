#include "apiwright/data/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "data/temporary_database.hpp"

namespace apiwright::data {
namespace {

using testing::HasSubstr;
using testing::Not;

class ConnectionTest : public testing::Test {
 protected:
  void SetUp() override {
    connection_->execute_script(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, email_key TEXT, city TEXT, street TEXT,"
        " CHECK (city <> 'Nowhere'));"
        "CREATE UNIQUE INDEX people_email_key ON people (email_key);"
        "CREATE UNIQUE INDEX people_place ON people (city, street);"
        "CREATE TABLE pets (owner INTEGER REFERENCES people (id));");
  }

  Connection& connection() { return *connection_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = Database::open(folder_.url());
  std::unique_ptr<Connection> connection_ = database_->connect();
};

TEST_F(ConnectionTest, EveryTypeComesBackAsItWas) {
  const auto id = Uuid::generate(Timestamp(std::chrono::milliseconds(1'700'000'000'123)));
  const Timestamp time(std::chrono::milliseconds(-5));
  const auto row = connection().prepare("SELECT ?, ?, ?, ?, ?, ?, ?, ?");
  row->bind(1, std::int64_t{-9'007'199'254'740'993});
  row->bind(2, true);
  row->bind(3, std::string_view("Grüße\0!", 9));
  row->bind(4, id);
  row->bind(5, time);
  row->bind(6, Decimal{.unscaled = -1250, .scale = 2});
  row->bind_bytes(7, std::string_view("\xff\x00\x01", 3));
  row->bind_null(8);
  ASSERT_TRUE(row->step());
  EXPECT_EQ(row->integer(0), -9'007'199'254'740'993);
  EXPECT_TRUE(row->boolean(1));
  EXPECT_EQ(row->text(2), std::string_view("Grüße\0!", 9));
  EXPECT_EQ(row->uuid(3), id);
  EXPECT_EQ(row->timestamp(4), time);
  EXPECT_EQ(row->decimal(5, 2), (Decimal{.unscaled = -1250, .scale = 2}));
  EXPECT_EQ(row->bytes(6), std::string_view("\xff\x00\x01", 3));
  EXPECT_TRUE(row->is_null(7));
  EXPECT_FALSE(row->is_null(0));
}

TEST_F(ConnectionTest, TypesAreKeptInTheirDocumentedForms) {
  const auto id = *Uuid::parse("0190A1B2-0000-7000-8000-0000000000FF");
  const auto row = connection().prepare("SELECT typeof(?1), ?1, typeof(?2), ?2, typeof(?3), ?3, typeof(?4), ?4");
  row->bind(1, id);
  row->bind(2, Timestamp(std::chrono::milliseconds(1500)));
  row->bind(3, Decimal{.unscaled = 1999, .scale = 2});
  row->bind(4, false);
  ASSERT_TRUE(row->step());
  EXPECT_EQ(row->text(0), "text");
  EXPECT_EQ(row->text(1), "0190a1b2-0000-7000-8000-0000000000ff");
  EXPECT_EQ(row->text(2), "integer");
  EXPECT_EQ(row->integer(3), 1500);
  EXPECT_EQ(row->text(4), "integer");
  EXPECT_EQ(row->integer(5), 1999);
  EXPECT_EQ(row->text(6), "integer");
  EXPECT_EQ(row->integer(7), 0);
}

TEST_F(ConnectionTest, LiteralsAreTextAndNumbersAndEmptyTextIsNotNull) {
  const auto row = connection().prepare("SELECT typeof(?), typeof(?), typeof(?), typeof(?)");
  row->bind(1, "true");
  row->bind(2, 7);
  row->bind(3, std::string_view());
  row->bind_bytes(4, std::string_view());
  ASSERT_TRUE(row->step());
  EXPECT_EQ(row->text(0), "text");
  EXPECT_EQ(row->text(1), "integer");
  EXPECT_EQ(row->text(2), "text");
  EXPECT_EQ(row->text(3), "blob");
}

TEST_F(ConnectionTest, BoundTextMayGoAwayAtOnce) {
  const auto row = connection().prepare("SELECT ?");
  {
    std::string text(64, 'x');
    row->bind(1, text);
    text.assign(64, 'y');
  }
  ASSERT_TRUE(row->step());
  EXPECT_EQ(row->text(0), std::string(64, 'x'));
}

TEST_F(ConnectionTest, TheSameTextGetsTheSameStatementAgainRewound) {
  const Statement* first = nullptr;
  {
    const auto row = connection().prepare(std::string("SELECT ") + "?");
    row->bind(1, "left over");
    ASSERT_TRUE(row->step());
    first = &*row;
  }
  const auto row = connection().prepare("SELECT ?");
  EXPECT_EQ(&*row, first);
  ASSERT_TRUE(row->step());
  EXPECT_TRUE(row->is_null(0));
}

TEST_F(ConnectionTest, TwoUsesOfOneTextAtOnceDoNotMeet) {
  const auto outer = connection().prepare("SELECT value FROM json_each('[1,2,3]')");
  std::int64_t pairs = 0;
  while (outer->step()) {
    const auto inner = connection().prepare("SELECT value FROM json_each('[1,2,3]')");
    while (inner->step()) ++pairs;
  }
  EXPECT_EQ(pairs, 9);
}

TEST_F(ConnectionTest, AHeldStatementOutlivesHundredsOfOthers) {
  const auto held = connection().prepare("SELECT 'held'");
  for (int i = 0; i < 600; ++i) EXPECT_EQ(integer_of(connection(), "SELECT " + std::to_string(i)), i);
  ASSERT_TRUE(held->step());
  EXPECT_EQ(held->text(0), "held");
  EXPECT_EQ(integer_of(connection(), "SELECT 0"), 0);
}

TEST_F(ConnectionTest, StatementsFollowAChangedSchema) {
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 0);
  connection().execute_script("ALTER TABLE people ADD COLUMN age INTEGER");
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 0);
}

TEST_F(ConnectionTest, AStepPastTheEndDoesNotRunTheStatementAgain) {
  const auto insert = connection().prepare("INSERT INTO people (email) VALUES ('a')");
  EXPECT_FALSE(insert->step());
  EXPECT_FALSE(insert->step());
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 1);
  insert->reset();
  EXPECT_FALSE(insert->step());
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 2);
}

TEST_F(ConnectionTest, ChangesCountsTheRowsOfThisStatement) {
  connection().execute_script("INSERT INTO people (email) VALUES ('a'), ('b'), ('c')");
  const auto update = connection().prepare("UPDATE people SET email = 'x' WHERE id > ?");
  update->bind(1, 1);
  EXPECT_FALSE(update->step());
  EXPECT_EQ(update->changes(), 2);
  update->reset();
  update->bind(1, 100);
  EXPECT_FALSE(update->step());
  EXPECT_EQ(update->changes(), 0);
  const auto select = connection().prepare("SELECT 1");
  while (select->step()) continue;
  EXPECT_EQ(select->changes(), 0);
}

UniqueViolation violation_of(Connection& connection, std::string_view sql) {
  try {
    execute(connection, sql);
  } catch (const UniqueViolation& violation) {
    return violation;
  }
  ADD_FAILURE() << sql;
  return {"", ""};
}

TEST_F(ConnectionTest, UniqueViolationNamesTableAndColumnForInsertAndUpdate) {
  connection().execute_script("INSERT INTO people (id, email_key) VALUES (1, 'a'), (2, 'b')");
  const auto inserted = violation_of(connection(), "INSERT INTO people (email_key) VALUES ('a')");
  EXPECT_EQ(inserted.table, "people");
  EXPECT_EQ(inserted.column, "email_key");
  const auto updated = violation_of(connection(), "UPDATE people SET email_key = 'a' WHERE id = 2");
  EXPECT_EQ(updated.table, "people");
  EXPECT_EQ(updated.column, "email_key");
}

TEST_F(ConnectionTest, UniqueViolationOfAPrimaryKeyAndOfTwoColumnsNamesTheFirst) {
  connection().execute_script("INSERT INTO people (id, city, street) VALUES (1, 'Ulm', 'Hof')");
  EXPECT_EQ(violation_of(connection(), "INSERT INTO people (id) VALUES (1)").column, "id");
  const auto place = violation_of(connection(), "INSERT INTO people (city, street) VALUES ('Ulm', 'Hof')");
  EXPECT_EQ(place.table, "people");
  EXPECT_EQ(place.column, "city");
}

TEST_F(ConnectionTest, AStatementWorksAgainAfterItsViolation) {
  connection().execute_script("INSERT INTO people (email_key) VALUES ('a')");
  const auto insert = connection().prepare("INSERT INTO people (email_key) VALUES (?)");
  insert->bind(1, "a");
  EXPECT_THROW(insert->step(), UniqueViolation);
  insert->reset();
  insert->bind(1, "b");
  EXPECT_FALSE(insert->step());
  EXPECT_EQ(insert->changes(), 1);
}

TEST_F(ConnectionTest, AReferenceToNothingIsUnprocessable) {
  const auto error = error_of([&] { execute(connection(), "INSERT INTO pets (owner) VALUES (77)"); });
  EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
}

TEST_F(ConnectionTest, WhatSqliteSaysStaysOutOfTheErrorsText) {
  for (const auto* sql : {"INSERT INTO people (city) VALUES ('Nowhere')", "SELECT secret FROM people", "SELEC",
                          "SELECT \"secret\" FROM people", "SELECT 1; SELECT 2", "", "-- nothing"}) {
    const auto error = error_of([&] { execute(connection(), sql); });
    EXPECT_EQ(error.code(), ErrorCode::kInternal) << sql;
    EXPECT_THAT(error.what(), Not(HasSubstr("secret"))) << sql;
    EXPECT_THAT(error.what(), Not(HasSubstr("people"))) << sql;
    EXPECT_THAT(error.what(), Not(HasSubstr("Nowhere"))) << sql;
  }
}

TEST_F(ConnectionTest, AParameterThatIsNotThereIsAnError) {
  const auto row = connection().prepare("SELECT ?");
  EXPECT_EQ(error_of([&] { row->bind(2, 1); }).code(), ErrorCode::kInternal);
}

TEST_F(ConnectionTest, AMalformedIdInTheDatabaseIsAnInternalError) {
  const auto row = connection().prepare("SELECT 'not a uuid'");
  ASSERT_TRUE(row->step());
  EXPECT_EQ(error_of([&] { static_cast<void>(row->uuid(0)); }).code(), ErrorCode::kInternal);
}

TEST_F(ConnectionTest, ATransactionRollsBackUnlessCommitted) {
  {
    const Transaction transaction(connection());
    execute(connection(), "INSERT INTO people (email) VALUES ('gone')");
  }
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 0);
  {
    Transaction transaction(connection());
    execute(connection(), "INSERT INTO people (email) VALUES ('kept')");
    transaction.commit();
  }
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 1);
}

TEST_F(ConnectionTest, AScriptCannotEndItsTransaction) {
  for (const auto* end : {"COMMIT", "ROLLBACK", "SAVEPOINT inner", "ATTACH ':memory:' AS other"}) {
    {
      const Transaction transaction(connection());
      const auto script = std::string("INSERT INTO people (email) VALUES ('half'); ") + end;
      EXPECT_EQ(error_of([&] { connection().execute_script(script); }).code(), ErrorCode::kInternal) << end;
    }
    EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 0) << end;
  }
}

TEST_F(ConnectionTest, ATransactionThatSqliteEndedStoresNothingMore) {
  {
    Transaction transaction(connection());
    execute(connection(), "INSERT INTO people (email_key) VALUES ('a')");
    EXPECT_THROW(execute(connection(), "INSERT OR ROLLBACK INTO people (email_key) VALUES ('a')"), UniqueViolation);
    const auto error = error_of([&] { execute(connection(), "INSERT INTO people (email_key) VALUES ('b')"); });
    EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
    EXPECT_EQ(error_of([&] { transaction.commit(); }).code(), ErrorCode::kUnavailable);
  }
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 0);
}

TEST_F(ConnectionTest, HasTableTellsTablesFromWhatIsNone) {
  EXPECT_TRUE(connection().has_table("people"));
  EXPECT_FALSE(connection().has_table("people_place"));
  EXPECT_FALSE(connection().has_table("nothing"));
}

}  // namespace
}  // namespace apiwright::data

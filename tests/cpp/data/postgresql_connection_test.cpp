#include "data/postgresql_connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "data/postgresql_fixture.hpp"

namespace apiwright::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class PostgresqlConnectionTest : public PostgresqlTest, public testing::WithParamInterface<bool> {
 protected:
  PostgresqlConnectionTest() : PostgresqlTest({.prepare = GetParam()}) {}

  void SetUp() override {
    connection().execute_script(
        "CREATE TABLE people (id bigint PRIMARY KEY, email text, email_key text, city text, street text,"
        " CONSTRAINT people_city CHECK (city <> 'Nowhere'));"
        "CREATE UNIQUE INDEX people_email_key ON people (email_key);"
        "CREATE UNIQUE INDEX people_place ON people (city, street);"
        "CREATE TABLE pets (owner bigint REFERENCES people (id) DEFERRABLE)");
  }
};

INSTANTIATE_TEST_SUITE_P(Statements, PostgresqlConnectionTest, testing::Bool(), kept_or_sent_whole);

using PostgresqlKeptStatementsTest = PostgresqlTest;

TEST_P(PostgresqlConnectionTest, TheSameTextGetsTheSameStatementAgainRewound) {
  const Statement* first = nullptr;
  {
    const auto row = connection().prepare("SELECT ?::text");
    row->bind(1, "left over");
    ASSERT_TRUE(row->step());
    first = &*row;
  }
  const auto row = connection().prepare("SELECT ?::text");
  EXPECT_EQ(&*row, first);
  ASSERT_TRUE(row->step());
  EXPECT_TRUE(row->is_null(0));
}

TEST_P(PostgresqlConnectionTest, TwoUsesOfOneTextAtOnceDoNotMeet) {
  const auto outer = connection().prepare("SELECT generate_series(1, 3)");
  std::int64_t pairs = 0;
  while (outer->step()) {
    const auto inner = connection().prepare("SELECT generate_series(1, 3)");
    while (inner->step()) ++pairs;
  }
  EXPECT_EQ(pairs, 9);
}

TEST_F(PostgresqlKeptStatementsTest, DroppedStatementsAreDroppedByTheServerToo) {
  const auto held = connection().prepare("SELECT 'held'");
  for (int i = 0; i < 300; ++i) EXPECT_EQ(integer_of(connection(), "SELECT " + std::to_string(i)), i);
  ASSERT_TRUE(held->step());
  EXPECT_EQ(held->text(0), "held");
  EXPECT_LE(integer_of(connection(), "SELECT count(*) FROM pg_prepared_statements"), 258);
}

TEST_F(PostgresqlKeptStatementsTest, StatementsFollowAChangedSchema) {
  const auto cities = "SELECT city FROM people WHERE id = 1";
  connection().execute_script(
      "CREATE TABLE people (id bigint PRIMARY KEY, city text); INSERT INTO people (id, city) VALUES (1, '7')");
  EXPECT_EQ(text_of(connection(), cities), "7");
  connection().execute_script("ALTER TABLE people ALTER city TYPE bigint USING city::bigint");
  EXPECT_EQ(error_of([&] { execute(connection(), cities); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(integer_of(connection(), cities), 7);
}

TEST_P(PostgresqlConnectionTest, AStepPastTheEndDoesNotRunTheStatementAgain) {
  const auto insert = connection().prepare("INSERT INTO people (id) VALUES (?)");
  insert->bind(1, 1);
  EXPECT_FALSE(insert->step());
  EXPECT_FALSE(insert->step());
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 1);
}

TEST_P(PostgresqlConnectionTest, ChangesCountsTheRowsOfThisStatement) {
  connection().execute_script("INSERT INTO people (id) VALUES (1), (2), (3)");
  const auto update = connection().prepare("UPDATE people SET email = 'x' WHERE id > ? RETURNING id");
  update->bind(1, 1);
  EXPECT_TRUE(update->step());
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

TEST_P(PostgresqlConnectionTest, UniqueViolationNamesTableAndFirstColumn) {
  connection().execute_script(
      "INSERT INTO people (id, email_key, city, street) VALUES (1, 'a', 'Ulm', 'Hof'),"
      " (2, 'b', 'Ulm', 'Weg')");
  const struct {
    const char* sql;
    const char* column;
  } cases[] = {
      {"INSERT INTO people (id, email_key) VALUES (3, 'a')", "email_key"},
      {"UPDATE people SET email_key = 'a' WHERE id = 2", "email_key"},
      {"INSERT INTO people (id) VALUES (1)", "id"},
      {"INSERT INTO people (id, city, street) VALUES (3, 'Ulm', 'Hof')", "city"},
  };
  for (const auto& each : cases) {
    const auto alone = violation_of(connection(), each.sql);
    EXPECT_EQ(alone.table, "people");
    EXPECT_EQ(alone.column, each.column);
    const Transaction transaction(connection());
    EXPECT_EQ(violation_of(connection(), each.sql).column, each.column);
  }
}

TEST_P(PostgresqlConnectionTest, AnIndexMadeMeanwhileIsKnownByTheNextTransaction) {
  { const Transaction transaction(connection()); }
  connection().execute_script("CREATE UNIQUE INDEX renamed ON people (street)");
  connection().execute_script("INSERT INTO people (id, street) VALUES (1, 'Hof')");
  for (const auto* column : {"", "street"}) {
    const Transaction transaction(connection());
    EXPECT_EQ(violation_of(connection(), "INSERT INTO people (id, street) VALUES (2, 'Hof')").column, column);
  }
}

TEST_P(PostgresqlConnectionTest, AReferenceToNothingIsUnprocessableAtOnceOrAtTheCommit) {
  EXPECT_THROW(execute(connection(), "INSERT INTO pets (owner) VALUES (77)"), ForeignKeyViolation);
  {
    Transaction transaction(connection());
    connection().execute_script("SET CONSTRAINTS ALL DEFERRED; INSERT INTO pets (owner) VALUES (77)");
    EXPECT_THROW(transaction.commit(), ForeignKeyViolation);
  }
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM pets"), 0);
}

TEST_P(PostgresqlConnectionTest, WhatPostgresqlSaysStaysOutOfTheErrorsTextAndItsCause) {
  for (const auto* sql : {"INSERT INTO people (id, city) VALUES (1, 'Nowhere')", "SELECT secret FROM people", "SELEC",
                          "SELECT 'secret'::uuid", "SELECT 1; SELECT 2", "", "-- nothing", "SELECT 1/0"}) {
    const auto error = error_of([&] { execute(connection(), sql); });
    EXPECT_EQ(error.code(), ErrorCode::kInternal) << sql;
    EXPECT_THAT(error.what() + error.cause(),
                AllOf(Not(HasSubstr("secret")), Not(HasSubstr("Nowhere")), HasSubstr("PostgreSQL: ")))
        << sql;
  }
}

TEST_P(PostgresqlConnectionTest, AParameterThatIsNotThereIsAnError) {
  const auto row = connection().prepare("SELECT ?::bigint");
  EXPECT_EQ(error_of([&] { row->bind(2, 1); }).code(), ErrorCode::kInternal);
  EXPECT_EQ(error_of([&] { row->bind(0, 1); }).code(), ErrorCode::kInternal);
}

TEST_P(PostgresqlConnectionTest, ATransactionRollsBackUnlessCommitted) {
  {
    const Transaction transaction(connection());
    execute(connection(), "INSERT INTO people (id) VALUES (1)");
  }
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 0);
  {
    Transaction transaction(connection());
    execute(connection(), "INSERT INTO people (id) VALUES (1)");
    transaction.commit();
  }
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 1);
}

TEST_P(PostgresqlConnectionTest, ATransactionWithARefusalStoresNothing) {
  {
    Transaction transaction(connection());
    execute(connection(), "INSERT INTO people (id) VALUES (1)");
    EXPECT_THROW(execute(connection(), "INSERT INTO people (id) VALUES (1)"), UniqueViolation);
    EXPECT_EQ(error_of([&] { execute(connection(), "SELECT 1"); }).code(), ErrorCode::kUnavailable);
    EXPECT_EQ(error_of([&] { connection().execute_script("SELECT 1"); }).code(), ErrorCode::kUnavailable);
    EXPECT_EQ(error_of([&] { transaction.commit(); }).code(), ErrorCode::kUnavailable);
  }
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 0);
  EXPECT_FALSE(connection().broken());
}

TEST_P(PostgresqlConnectionTest, ASavepointUndoesARefusalAlone) {
  {
    Transaction transaction(connection());
    execute(connection(), "INSERT INTO people (id) VALUES (1)");
    connection().set_savepoint();
    execute(connection(), "INSERT INTO people (id) VALUES (2)");
    EXPECT_THROW(execute(connection(), "INSERT INTO people (id) VALUES (1)"), UniqueViolation);
    connection().rollback_to_savepoint();
    connection().set_savepoint();
    execute(connection(), "INSERT INTO people (id) VALUES (3)");
    connection().release_savepoint();
    transaction.commit();
  }
  EXPECT_EQ(integer_of(connection(), "SELECT sum(id) FROM people"), 4);
}

TEST_P(PostgresqlConnectionTest, AReadTransactionSeesOneStateAndWritesNothing) {
  const auto other = connect();
  connection().begin_read();
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 0);
  execute(*other, "INSERT INTO people (id) VALUES (1)");
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 0);
  connection().rollback();
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 1);
  connection().begin_read();
  EXPECT_THROW(execute(connection(), "DELETE FROM people"), Error);
  connection().rollback();
}

TEST_P(PostgresqlConnectionTest, AScriptCannotEndItsTransaction) {
  for (const auto* end : {"COMMIT", "rollback", "SAVEPOINT inner", "BEGIN", "/**/END"}) {
    {
      const Transaction transaction(connection());
      const auto script = std::string("INSERT INTO people (id) VALUES (1); ") + end;
      EXPECT_EQ(error_of([&] { connection().execute_script(script); }).code(), ErrorCode::kInternal) << end;
    }
    EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 0) << end;
  }
}

TEST_P(PostgresqlConnectionTest, ATransactionIsNotNested) {
  const Transaction transaction(connection());
  EXPECT_EQ(error_of([&] { connection().begin_write(); }).code(), ErrorCode::kInternal);
  EXPECT_EQ(integer_of(connection(), "SELECT 1"), 1);
}

TEST_P(PostgresqlConnectionTest, SchemasAreChangedByOneAtATime) {
  const auto other = connect({.lock = std::chrono::milliseconds{100}});
  Transaction change(connection(), &Connection::begin_schema_change);
  PostgresqlStranger stranger;
  EXPECT_EQ(stranger.run("SELECT pg_try_advisory_lock(7021227780812138344)"), "f");
  change.commit();
  EXPECT_EQ(stranger.run("SELECT pg_try_advisory_lock(7021227780812138344)"), "t");
}

TEST_P(PostgresqlConnectionTest, APlanIsToldForAnyValuesAndNothingRuns) {
  connection().execute_script("INSERT INTO people (id) VALUES (1)");
  EXPECT_THAT(connection().explain("DELETE FROM people WHERE id = ?"),
              ElementsAre("Delete on people", HasSubstr("Index Scan using people_pkey on people"),
                          HasSubstr("Index Cond: (id = $1)")));
  EXPECT_THAT(connection().explain("SELECT 1"), ElementsAre("Result"));
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM people"), 1);
}

TEST_P(PostgresqlConnectionTest, HasTableTellsTablesFromWhatIsNone) {
  EXPECT_TRUE(connection().has_table("people"));
  EXPECT_FALSE(connection().has_table("people_place"));
  EXPECT_FALSE(connection().has_table("nothing"));
}

TEST_P(PostgresqlConnectionTest, ASessionIsInUtcAndReadsQuotesByTheStandard) {
  EXPECT_EQ(text_of(connection(), "SHOW TimeZone"), "UTC");
  EXPECT_EQ(text_of(connection(), "SHOW client_encoding"), "UTF8");
  EXPECT_EQ(text_of(connection(), "SELECT 'a\\'"), "a\\");
  EXPECT_EQ(text_of(connection(), "SHOW application_name"), "apiwright");
}

}  // namespace
}  // namespace apiwright::data

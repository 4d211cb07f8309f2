// Transactions that change tables: Connection::begin_schema_change.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "apiwright/data/connection.hpp"
#include "data/temporary_database.hpp"

namespace apiwright::data {
namespace {

constexpr const char* kRebuild =
    "CREATE TABLE people_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL);"
    "INSERT INTO people_new (id, email) SELECT id, email FROM people;"
    "DROP TABLE people;"
    "PRAGMA legacy_alter_table = ON;"
    "ALTER TABLE people_new RENAME TO people;"
    "PRAGMA legacy_alter_table = OFF;";

class SchemaChangeTest : public testing::Test {
 protected:
  void SetUp() override {
    connection_->execute_script(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);"
        "CREATE TABLE pets (owner INTEGER REFERENCES people (id) ON DELETE CASCADE);"
        "CREATE VIEW addresses AS SELECT email FROM people;"
        "INSERT INTO people VALUES (1, 'a'), (2, 'b');"
        "INSERT INTO pets VALUES (1), (2), (NULL);");
  }

  void change(const std::string& script) {
    Transaction transaction(*connection_, &Connection::begin_schema_change);
    connection_->execute_script(script);
    transaction.commit();
  }
  Error refusal_of(const std::string& script) {
    return error_of([&] { change(script); });
  }
  std::int64_t integer(std::string_view sql) { return integer_of(*connection_, sql); }
  Connection& connection() { return *connection_; }

  void expect_statements_respect_references() {
    EXPECT_THROW(execute(*connection_, "INSERT INTO pets VALUES (7)"), ForeignKeyViolation);
    EXPECT_EQ(integer("PRAGMA legacy_alter_table"), 0);
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = Database::open(folder_.url());
  std::unique_ptr<Connection> connection_ = database_->connect();
};

TEST_F(SchemaChangeTest, ATableIsMadeAnewUnderTheRowsThatReferToIt) {
  change(kRebuild);
  EXPECT_EQ(integer("SELECT count(*) FROM pets JOIN people ON people.id = owner"), 2);
  EXPECT_EQ(integer("SELECT count(*) FROM pets"), 3);
  EXPECT_EQ(integer("SELECT count(*) FROM addresses"), 2);
  EXPECT_EQ(text_of(connection(), "SELECT \"table\" FROM pragma_foreign_key_list('pets')"), "people");
  expect_statements_respect_references();
}

TEST_F(SchemaChangeTest, ARowThatWouldReferToNoneIsRefusedByItsTable) {
  const auto error = refusal_of("DELETE FROM people WHERE id = 1");
  EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
  EXPECT_EQ(error.message(), "It would leave rows of pets that refer to rows of people which are not there.");
  EXPECT_EQ(integer("SELECT count(*) FROM people"), 2);
  expect_statements_respect_references();
}

TEST_F(SchemaChangeTest, WhatGoesWithoutBeingNamedIsRefused) {
  const struct {
    const char* added;
    const char* sentence;
  } cases[] = {
      {"ALTER TABLE people ADD COLUMN note TEXT", "the column note of people"},
      {"CREATE INDEX people_by_email ON people (email)", "the index people_by_email of people"},
      {"CREATE TRIGGER people_watch AFTER INSERT ON people BEGIN SELECT 1; END", "the trigger people_watch of people"},
  };
  for (const auto& each : cases) {
    execute(connection(), each.added);
    const auto error = refusal_of(kRebuild);
    EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
    EXPECT_EQ(error.message(), std::string("It would take away ") + each.sentence + ", which it does not name.");
    change(std::string("-- note, people_by_email and people_watch go\n") + kRebuild);
  }
}

TEST_F(SchemaChangeTest, APartOfALongerNameNamesNothing) {
  execute(connection(), "ALTER TABLE people ADD COLUMN mail TEXT");
  EXPECT_EQ(refusal_of(kRebuild).message(), "It would take away the column mail of people, which it does not name.");
}

TEST_F(SchemaChangeTest, ATableTakesAlongWhatBelongsToIt) {
  execute(connection(), "CREATE INDEX pets_owner ON pets (owner)");
  change("DROP TABLE pets");
  EXPECT_FALSE(connection().has_table("pets"));
}

TEST_F(SchemaChangeTest, AFailedScriptLeavesNothingOfItselfOrItsSettings) {
  EXPECT_EQ(
      refusal_of(std::string(kRebuild) + "PRAGMA legacy_alter_table = ON; INSERT INTO nothing VALUES (1);").code(),
      ErrorCode::kInternal);
  EXPECT_EQ(integer("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%NOT NULL%'"), 0);
  expect_statements_respect_references();
}

TEST_F(SchemaChangeTest, OneThatCannotBeginLeavesReferencesRespected) {
  const Transaction open(connection());
  EXPECT_EQ(error_of([&] { connection().begin_schema_change(); }).code(), ErrorCode::kInternal);
  expect_statements_respect_references();
}

TEST_F(SchemaChangeTest, KeysAreMadeAsTheCoreMakesThem) {
  EXPECT_EQ(text_of(connection(), "SELECT apiwright_casefold('Straße ÀÉ ﬁ')"), "strasse àé fi");
  EXPECT_EQ(text_of(connection(), "SELECT apiwright_email_key('Ada@BÜCHER.example')"), "ada@xn--bcher-kva.example");
  EXPECT_EQ(text_of(connection(), "SELECT apiwright_email_key('no address') || '|'"), "|");
  EXPECT_EQ(integer("SELECT apiwright_casefold(NULL) IS NULL"), 1);
}

TEST_F(SchemaChangeTest, KeysCannotBecomeAPartOfATable) {
  EXPECT_EQ(
      refusal_of("CREATE TABLE t (a TEXT, CHECK (apiwright_casefold(a) = a)); INSERT INTO t VALUES ('a');").code(),
      ErrorCode::kInternal);
}

}  // namespace
}  // namespace apiwright::data

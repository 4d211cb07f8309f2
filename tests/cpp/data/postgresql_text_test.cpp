#include "data/postgresql_text.hpp"

#include <gtest/gtest.h>

#include <string>

#include "data/postgresql_lexer.hpp"

namespace apiwright::data {
namespace {

TEST(PostgresqlTextTest, PlaceholdersAreNumberedInTheirOrder) {
  EXPECT_EQ(in_postgresql("SELECT ?, (?,?) FROM t WHERE a=?"), "SELECT $1, ($2,$3) FROM t WHERE a=$4");
  EXPECT_EQ(in_postgresql("SELECT 1"), "SELECT 1");
  EXPECT_EQ(in_postgresql("?::uuid"), "$1::uuid");
  EXPECT_EQ(in_postgresql(""), "");
}

TEST(PostgresqlTextTest, FunctionsOfSqliteAreThoseOfTheSameMeaning) {
  EXPECT_EQ(in_postgresql("instr(title, ?) > 0"), "strpos(title, $1) > 0");
  EXPECT_EQ(in_postgresql("unlikely(a IS NULL)"), "(a IS NULL)");
  EXPECT_EQ(in_postgresql("json_group_array(v.value) FROM json_each(?) AS v"),
            "json_agg(v.value) FROM json_array_elements_text($1) AS v");
  EXPECT_EQ(in_postgresql("\"instr\" 'unlikely(' my_instr instr2"), "\"instr\" 'unlikely(' my_instr instr2");
}

TEST(PostgresqlTextTest, WhatIsQuotedOrCommentedHasNoPlaceholders) {
  for (const std::string quoted :
       {"'?'", "'it''s ?'", "'\\'", "E'\\'?'", "e'\\\\'", "\"a?\"\"?\"", "$$ ? $$", "$t$ ? $$ ? $ $t$", "-- ?\n", "--?",
        "/* ? /* ? */ ? */", "/**/", "'?", "$$ ?", "/* ? /* */", "E'\\", "U&'?'", "$_1$?$_1$", "$ä$?$ä$"}) {
    const auto closed = quoted.size() > 3 ? quoted : quoted + " ";
    EXPECT_EQ(in_postgresql(quoted), quoted);
    EXPECT_EQ(in_postgresql("? " + closed), "$1 " + closed);
  }
  EXPECT_EQ(in_postgresql("'\\' ?"), "'\\' $1");
  EXPECT_EQ(in_postgresql("/* */ ?"), "/* */ $1");
  EXPECT_EQ(in_postgresql("-- ?\n ?"), "-- ?\n $1");
}

TEST(PostgresqlTextTest, DollarsInNamesAndNumbersQuoteNothing) {
  EXPECT_EQ(in_postgresql("a$b$ ? $b$"), "a$b$ $1 $b$");
  EXPECT_EQ(in_postgresql("$1 ? $1"), "$1 $1 $1");
  EXPECT_EQ(in_postgresql("$ ? $"), "$ $1 $");
  EXPECT_EQ(in_postgresql("namE'?' ?"), "namE'?' $1");
}

TEST(PostgresqlTextTest, ThePiecesOfATextAreTheWholeOfIt) {
  const std::string sql = "SELECT E'a\\'' || $q$;$q$, \"b\" -- c\n FROM /* d */ t1 WHERE x <= ? ; \xff\x01";
  std::string pieces;
  PostgresqlLexer lexer(sql);
  while (const auto piece = lexer.next()) {
    ASSERT_FALSE(piece->text.empty());
    pieces += piece->text;
  }
  EXPECT_EQ(pieces, sql);
}

TEST(PostgresqlTextTest, AScriptThatControlsTransactionsIsKnownByItsStatements) {
  for (const auto* script :
       {"COMMIT", "commit;", " /* x */ Rollback", "SELECT 1; END", "SELECT ';' ;-- a\nsavepoint s", "BEGIN; SELECT 1",
        "start transaction", "RELEASE s", "ABORT", "PREPARE TRANSACTION 'a'", ";;COMMIT", "DISCARD ALL"}) {
    EXPECT_TRUE(controls_transactions(script)) << script;
  }
  for (const auto* script :
       {"", "SELECT 'x; COMMIT'", "CREATE TABLE commit (begin text)", "SELECT 1 AS end; -- ; COMMIT",
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN; COMMIT; END $$", "SELECT commit",
        "committed"}) {
    EXPECT_FALSE(controls_transactions(script)) << script;
  }
}

}  // namespace
}  // namespace apiwright::data

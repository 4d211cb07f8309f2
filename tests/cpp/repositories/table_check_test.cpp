#include "apiwright/repositories/table_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "apiwright/repositories/table.hpp"
#include "apiwright/repositories/table_json.hpp"
#include "apiwright/repositories/users.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::repositories {
namespace {

using data::Connection;
using data::error_of;
using testing::ElementsAre;
using testing::IsEmpty;
using validation::Field;
using validation::Schema;
using validation::SchemaPtr;

using Schemas = std::vector<SchemaPtr>;

constexpr const char* kId = "00000000-0000-7000-8000-000000000001";

SchemaPtr articles(std::vector<Field> fields) {
  fields.insert(fields.begin(), Field::uuid("id").read_only());
  return Schema::make("Article", "articles", std::move(fields));
}

class TableCheckTest : public testing::Test {
 protected:
  void create(const SchemaPtr& schema) {
    database.write([&](Connection& connection) { create_table(connection, *schema); });
  }

  /// Each finding as `what: sentence`, with a `+` before what can be added.
  std::vector<std::string> findings(const Schemas& declared) {
    return database.read([&](Connection& connection) {
      std::vector<std::string> list;
      for (const auto& finding : check_tables(connection, declared)) {
        list.push_back((finding.can_be_added ? "+" : "") + finding.detail.field + ": " + finding.detail.message);
      }
      return list;
    });
  }

  std::vector<std::string> add(const Schemas& declared) {
    const auto connection = database->connect();
    return add_declared(*connection, declared);
  }

  /// The refusals of add_declared.
  std::vector<std::string> refusals(const Schemas& declared) {
    const auto error = error_of([&] { add(declared); });
    EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
    std::vector<std::string> list;
    for (const auto& detail : error.details()) list.push_back(detail.field + ": " + detail.message);
    return list;
  }

  support::MigratedDatabase database;
};

TEST_F(TableCheckTest, what_the_migrations_made_is_as_it_is_declared) {
  EXPECT_THAT(findings({}), IsEmpty());
  EXPECT_THAT(findings({users_schema()}), IsEmpty());
  EXPECT_THAT(add({users_schema()}), IsEmpty());
  EXPECT_EQ(database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_drafts'"), 0);
}

TEST_F(TableCheckTest, every_kind_of_column_is_recognised_in_what_was_made) {
  const auto inner = Schema::make("Inner", "", {Field::string("text")});
  const Schemas declared{
      articles({Field::string("a").unique(), Field::email("b").searchable(), Field::uuid("c").references("users"),
                Field::integer("d").sortable(), Field::number("e"), Field::decimal("f", 9, 3), Field::boolean("g"),
                Field::date_time("h"), Field::enumeration("i", {"it's", "(x)"}), Field::array("j", Field::string("k")),
                Field::object("k", inner), Field::json("l"), Field::date_time("deleted_at").nullable().internal()})};
  create(declared.front());
  EXPECT_THAT(findings(declared), IsEmpty());
}

TEST_F(TableCheckTest, tables_columns_and_indexes_are_added) {
  create(articles({Field::string("title")}));
  const Schemas declared{
      articles({Field::string("title"), Field::integer("rank").default_value(std::int64_t{1}).sortable(),
                Field::string("note").nullable().searchable()}),
      Schema::make("Topic", "topics", {Field::uuid("id").read_only(), Field::string("name")})};
  EXPECT_THAT(findings(declared),
              ElementsAre("+Article.rank: It has no column in the table articles.",
                          "+Article.note: It has no column in the table articles.",
                          "+Article: The index articles_rank is missing.", "+Topic: The table topics is missing."));
  EXPECT_THAT(add(declared), ElementsAre("articles.rank is new: rows that are there get 1.", "articles.note is new.",
                                         "The index articles_rank is new.", "topics is new."));
  EXPECT_THAT(findings(declared), IsEmpty());
  EXPECT_THAT(add(declared), IsEmpty());
}

TEST_F(TableCheckTest, an_index_that_is_another_is_made_anew) {
  create(articles({Field::string("title").unique()}));
  const Schemas declared{
      articles({Field::string("title").unique(), Field::date_time("deleted_at").nullable().internal()})};
  EXPECT_THAT(findings(declared), ElementsAre("+Article.deleted_at: It has no column in the table articles.",
                                              "+Article: The index articles_title_key_unique is not as it is declared.",
                                              "+Article: The index articles_deleted_at is missing."));
  EXPECT_THAT(add(declared),
              ElementsAre("articles.deleted_at is new.", "The index articles_title_key_unique is made anew.",
                          "The index articles_deleted_at is new."));
  EXPECT_THAT(findings(declared), IsEmpty());
}

TEST_F(TableCheckTest, a_text_that_may_be_null_gets_its_key) {
  create(articles({Field::string("note").nullable()}));
  database.execute(std::string("INSERT INTO articles VALUES ('") + kId + "', 'STRASSE')");
  const Schemas declared{articles({Field::string("note").nullable().searchable()})};
  EXPECT_THAT(findings(declared), ElementsAre("+Article.note: It has no column note_key in the table articles."));
  EXPECT_THAT(add(declared), ElementsAre("articles.note has a key, note_key."));
  EXPECT_EQ(database.text("SELECT note_key FROM articles"), "strasse");
}

TEST_F(TableCheckTest, what_cannot_be_added_is_told_with_the_reason_and_nothing_is_done) {
  const struct {
    Field stored;
    Field declared;
    std::string sentence;
  } cases[] = {
      {Field::string("y").nullable(), Field::string("x"),
       "It has no column in the table articles, and rows that are there would have no value for it."},
      {Field::string("x"), Field::string("x").nullable(), "It may be null, but not in the database."},
      {Field::string("x"), Field::string("x").searchable(), "It has no column x_key in the table articles."},
      {Field::string("x"), Field::integer("x"), "It is text in the database and integer here."},
      {Field::integer("x"), Field::number("x"), "It is integer in the database and number here."},
      {Field::uuid("x"), Field::string("x"), "It is uuid in the database and text here."},
      {Field::boolean("x"), Field::integer("x"), "It is boolean in the database and integer here."},
      {Field::array("x", Field::string("y")), Field::json("x"), "It is array in the database and json here."},
      {Field::decimal("x", 8, 2), Field::decimal("x", 8, 3),
       "It is decimal(8, 2) in the database and decimal(8, 3) here."},
      {Field::decimal("x", 8, 2), Field::decimal("x", 9, 2),
       "It is decimal(8, 2) in the database and decimal(9, 2) here."},
      {Field::enumeration("x", {"a"}), Field::enumeration("x", {"a", "b"}), "It has values that the database refuses."},
      {Field::enumeration("x", {"a"}), Field::string("x"), "It is enum in the database and text here."},
      {Field::uuid("x").nullable(), Field::uuid("x").nullable().references("users"),
       "It refers to users, but in the database to none."},
      {Field::uuid("x").nullable().references("sessions"), Field::uuid("x").nullable(),
       "It refers to no table, but in the database to sessions."},
  };
  for (const auto& each : cases) {
    database.execute("DROP TABLE IF EXISTS articles");
    create(articles({each.stored}));
    const Schemas declared{articles({each.declared, Field::string("more").nullable()})};
    EXPECT_THAT(findings(declared), testing::Contains("Article.x: " + each.sentence));
    EXPECT_THAT(refusals(declared), ElementsAre("Article.x: " + each.sentence));
    EXPECT_EQ(database.integer("SELECT count(*) FROM pragma_table_info('articles') WHERE name = 'more'"), 0);
  }
}

TEST_F(TableCheckTest, what_another_release_needs_is_no_matter) {
  create(
      articles({Field::string("title").searchable().filterable(), Field::integer("rank").default_value(std::int64_t{0}),
                Field::enumeration("status", {"a", "b"}).nullable(), Field::string("note").nullable(),
                Field::decimal("price", 10, 2)}));
  create(Schema::make("Other", "others", {Field::uuid("id").read_only()}));
  EXPECT_THAT(findings({articles(
                  {Field::string("title"), Field::enumeration("status", {"a"}), Field::decimal("price", 8, 2)})}),
              ElementsAre("Article: The column title_key of the table articles needs a value in every row, but nobody "
                          "declares it."));
  EXPECT_THAT(findings({articles({Field::string("title").searchable(), Field::enumeration("status", {"a"}),
                                  Field::decimal("price", 8, 2)})}),
              IsEmpty());
}

TEST_F(TableCheckTest, a_table_that_somebody_wrote_by_hand_will_do) {
  database.execute(
      "CREATE TABLE articles (id TEXT NOT NULL PRIMARY KEY, owner TEXT, tags TEXT, price INTEGER NOT NULL,"
      " open INTEGER NOT NULL CHECK (open IN (0, 1)), ratio REAL)");
  EXPECT_THAT(
      findings({articles({Field::uuid("owner").nullable(), Field::array("tags", Field::string("tag")).nullable(),
                          Field::decimal("price", 8, 2), Field::boolean("open"), Field::number("ratio").nullable()})}),
      IsEmpty());
  EXPECT_THAT(
      findings({articles({Field::integer("owner").nullable(), Field::decimal("price", 8, 2), Field::boolean("open")})}),
      ElementsAre("Article.owner: It is text in the database and integer here."));
}

TEST_F(TableCheckTest, a_column_of_a_type_we_lack_is_told_by_its_own_name) {
  database.execute("CREATE TABLE articles (id TEXT NOT NULL PRIMARY KEY, data BLOB)");
  EXPECT_THAT(findings({articles({Field::string("data").nullable()})}),
              ElementsAre("Article.data: It is BLOB in the database and text here."));
}

TEST_F(TableCheckTest, rows_that_share_a_value_keep_it_from_becoming_unique) {
  create(articles({Field::integer("rank").nullable()}));
  database.execute(std::string("INSERT INTO articles VALUES ('") + kId +
                   "', 1), ('00000000-0000-7000-8000-000000000002', 1)");
  EXPECT_THAT(refusals({articles({Field::integer("rank").nullable().unique()})}),
              ElementsAre("Article.rank: Several rows have one value, but it is declared unique: change those rows "
                          "first."));
}

TEST_F(TableCheckTest, a_text_that_rows_share_is_told_by_the_name_it_was_declared_with) {
  create(articles({Field::string("slug").searchable()}));
  database.execute(std::string("INSERT INTO articles VALUES ('") + kId +
                   "', 'A', 'a'), ('00000000-0000-7000-8000-000000000002', 'a', 'a')");
  EXPECT_THAT(refusals({articles({Field::string("slug").searchable().unique()})}),
              ElementsAre("Article.slug: Several rows have one value, but it is declared unique: change those rows "
                          "first."));
}

TEST_F(TableCheckTest, an_empty_table_that_was_itself_added_is_made_anew) {
  const Schemas first{articles({Field::string("title")})};
  const Schemas second{articles({Field::integer("title"), Field::string("note")})};
  add(first);
  EXPECT_THAT(add(second), ElementsAre("articles, which is empty, is made anew."));
  EXPECT_THAT(findings(second), IsEmpty());
  database.execute(std::string("INSERT INTO articles VALUES ('") + kId + "', 1, 'x')");
  EXPECT_THAT(refusals(first), ElementsAre("Article.title: It is integer in the database and text here.",
                                           "Article: The column note of the table articles needs a value in every row, "
                                           "but nobody declares it."));
  EXPECT_EQ(database.integer("SELECT count(*) FROM articles"), 1);
}

TEST_F(TableCheckTest, an_empty_table_that_migrations_made_is_theirs) {
  create(articles({Field::string("title")}));
  EXPECT_THAT(refusals({articles({Field::integer("title")})}),
              ElementsAre("Article.title: It is text in the database and integer here."));
}

TEST_F(TableCheckTest, types_that_sqlite_does_not_tell_apart_are_those_of_the_last_migration) {
  const auto before = articles({Field::integer("due"), Field::json("data")});
  create(before);
  const Schemas declared{articles({Field::date_time("due"), Field::string("data")})};
  EXPECT_THAT(findings(declared), IsEmpty());
  const auto kept = to_json({table_of(*before)});
  const auto connection = database->connect();
  const auto told = check_tables(*connection, declared, kept);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].detail.message, "It is integer in the last migration and timestamp here.");
  EXPECT_EQ(told[1].detail.message, "It is json in the last migration and text here.");
  EXPECT_FALSE(told[0].can_be_added);
  EXPECT_THROW(add_declared(*connection, declared, kept), Error);
}

TEST_F(TableCheckTest, declarations_that_make_no_sense_are_refused_first) {
  EXPECT_THAT(refusals({articles({Field::uuid("topic_id").references("topics")})}),
              ElementsAre("Article.topic_id: It refers to the table topics, which nobody declares."));
}

}  // namespace
}  // namespace apiwright::repositories

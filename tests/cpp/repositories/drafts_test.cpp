#include "apiwright/repositories/drafts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "apiwright/repositories/migration_draft.hpp"
#include "apiwright/repositories/table.hpp"
#include "apiwright/repositories/table_check.hpp"
#include "apiwright/repositories/table_json.hpp"
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

constexpr const char* kId1 = "00000000-0000-7000-8000-000000000001";
constexpr const char* kId2 = "00000000-0000-7000-8000-000000000002";

SchemaPtr schema(const std::string& title, const std::string& table, std::vector<Field> fields) {
  fields.insert(fields.begin(), Field::uuid("id").read_only());
  return Schema::make(title, table, std::move(fields));
}

class DraftsTest : public testing::Test {
 protected:
  void add(const Schemas& declared) { add_declared(*connection_, declared); }
  void aside() { set_drafts_aside(*connection_); }
  std::vector<std::string> back() { return bring_drafts_back(*connection_); }

  /// What a migration from one set of schemas to the other does.
  void migrate(const Schemas& before, const Schemas& after, const MigrationHints& hints = {}) {
    std::vector<Table> tables;
    for (const auto& each : before) tables.push_back(table_of(*each));
    run(draft_migration(to_json(tables), after, hints)->sqlite.up);
  }
  void run(const std::string& script) {
    data::Transaction transaction(*connection_, &Connection::begin_schema_change);
    connection_->execute_script(script);
    transaction.commit();
  }

  std::size_t findings(const Schemas& declared) { return check_tables(*connection_, declared).size(); }
  std::string text(std::string_view sql) { return data::text_of(*connection_, sql); }
  std::int64_t integer(std::string_view sql) { return data::integer_of(*connection_, sql); }
  std::int64_t drafts() { return integer("SELECT count(*) FROM schema_drafts"); }

 private:
  support::MigratedDatabase database_;
  std::unique_ptr<Connection> connection_ = database_->connect();
};

const std::string kRows = std::string("INSERT INTO topics VALUES ('") + kId1 + "', 'Äpfel', 'äpfel');" +
                          "INSERT INTO articles VALUES ('" + kId2 + "', 'A', '" + kId1 + "');";

Schemas two_tables() {
  return {schema("Article", "articles", {Field::string("title"), Field::uuid("topic_id").references("topics")}),
          schema("Topic", "topics", {Field::string("name").unique()})};
}

TEST_F(DraftsTest, without_drafts_nothing_is_stored) {
  aside();
  EXPECT_THAT(back(), IsEmpty());
  EXPECT_EQ(integer("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_drafts'"), 0);
}

TEST_F(DraftsTest, rows_of_tables_come_into_those_that_a_migration_makes) {
  add(two_tables());
  run(kRows);
  aside();
  EXPECT_EQ(integer("SELECT count(*) FROM sqlite_schema WHERE name IN ('articles', 'topics')"), 0);
  migrate({}, two_tables());
  EXPECT_THAT(back(), IsEmpty());
  EXPECT_EQ(findings(two_tables()), 0U);
  EXPECT_EQ(text("SELECT title || name || name_key FROM articles JOIN topics ON topics.id = topic_id"), "AÄpfeläpfel");
  EXPECT_EQ(integer("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%draft%'"), 2);  // the records and their key
  EXPECT_EQ(drafts(), 0);
}

TEST_F(DraftsTest, values_of_columns_come_into_those_that_a_migration_makes) {
  const Schemas before{schema("Article", "articles", {Field::string("title")})};
  const Schemas drafted{schema("Article", "articles",
                               {Field::string("title"), Field::string("note").nullable().searchable().sortable(),
                                Field::enumeration("status", {"a", "b"}).default_value(std::string("a")),
                                Field::uuid("author_id").nullable().references("users")})};
  const Schemas after{
      schema("Article", "articles",
             {Field::string("headline").searchable(), Field::string("note").nullable().searchable().sortable(),
              Field::enumeration("status", {"a", "b"}).default_value(std::string("a")),
              Field::uuid("author_id").nullable().references("users")})};
  run(create_table_sql(*before.front()) + version_triggers_sql(*before.front()) + "INSERT INTO articles VALUES ('" +
      kId1 + "', 'A'), ('" + kId2 + "', 'B');");
  add(drafted);
  run(std::string("UPDATE articles SET note = 'Mine', note_key = 'mine', status = 'b' WHERE id = '") + kId2 + "'");
  aside();
  EXPECT_EQ(findings(before), 0U);
  migrate(before, after, {.renames = {"articles.title:headline"}, .narrowed = {}});
  EXPECT_THAT(back(), IsEmpty());
  EXPECT_EQ(findings(after), 0U);
  EXPECT_EQ(text("SELECT group_concat(headline || headline_key || coalesce(note || note_key, '-') || status)"
                 " FROM articles"),
            "Aa-a,BbMinemineb");
}

TEST_F(DraftsTest, what_has_no_table_yet_waits_for_it) {
  add(two_tables());
  run(kRows);
  aside();
  EXPECT_THAT(back(), IsEmpty());
  EXPECT_EQ(integer("SELECT count(*) FROM articles__draft"), 1);
  add(two_tables());
  EXPECT_THAT(back(), IsEmpty());
  EXPECT_EQ(integer("SELECT count(*) FROM articles"), 1);
}

TEST_F(DraftsTest, what_has_no_column_any_more_is_kept_and_told) {
  add(two_tables());
  run(kRows);
  aside();
  const Schemas narrower{schema("Article", "articles", {Field::uuid("topic_id").references("topics")}),
                         two_tables().back()};
  migrate({}, narrower);
  EXPECT_THAT(back(), ElementsAre("The table articles__draft keeps what has no column any more: \"title\"."));
  EXPECT_EQ(integer("SELECT count(*) FROM articles"), 1);
  EXPECT_EQ(text("SELECT title FROM articles__draft"), "A");
  EXPECT_THAT(back(), IsEmpty());
}

TEST_F(DraftsTest, rows_that_do_not_fit_stay_aside) {
  add(two_tables());
  run(kRows);
  aside();
  const Schemas other{
      schema("Article", "articles", {Field::integer("title"), Field::uuid("topic_id").references("topics")}),
      two_tables().back()};
  migrate({}, other);
  for (int i = 0; i < 2; ++i) {
    const auto error = error_of([&] { static_cast<void>(back()); });
    EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
    EXPECT_EQ(error.message(),
              "The rows of the draft of articles do not fit the table that the migrations made. They stay in "
              "articles__draft: drop that table to give them up.");
    EXPECT_EQ(integer("SELECT count(*) FROM articles__draft"), 1);
    EXPECT_EQ(integer("SELECT count(*) FROM topics"), 0);
  }
  run("DROP TABLE articles__draft");
  EXPECT_THAT(back(), IsEmpty());
  EXPECT_EQ(integer("SELECT count(*) FROM topics"), 1);
  EXPECT_EQ(drafts(), 0);
}

TEST_F(DraftsTest, drafts_are_set_aside_beside_earlier_ones) {
  add(two_tables());
  run(kRows);
  aside();
  add(two_tables());
  run(std::string("INSERT INTO topics VALUES ('") + kId2 + "', 'B', 'b');");
  aside();
  add(two_tables());
  EXPECT_THAT(back(), IsEmpty());
  EXPECT_EQ(integer("SELECT count(*) FROM topics"), 2);
  EXPECT_EQ(integer("SELECT count(*) FROM articles"), 1);
}

TEST_F(DraftsTest, a_table_that_somebody_dropped_is_no_draft_any_more) {
  add(two_tables());
  run("DROP TABLE articles; DROP TABLE topics");
  aside();
  EXPECT_EQ(drafts(), 0);
}

}  // namespace
}  // namespace apiwright::repositories

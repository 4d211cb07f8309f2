// What migrations that are drafted do to a real SQLite database with rows in it.

#include "apiwright/repositories/migration_draft.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
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
using testing::HasSubstr;
using testing::Not;
using validation::Field;
using validation::Schema;
using validation::SchemaPtr;

using Schemas = std::vector<SchemaPtr>;
using Fields = std::vector<Field>;

constexpr const char* kId1 = "00000000-0000-7000-8000-000000000001";
constexpr const char* kId2 = "00000000-0000-7000-8000-000000000002";

SchemaPtr schema(const std::string& title, const std::string& table, Fields fields) {
  fields.insert(fields.begin(), Field::uuid("id").read_only());
  return Schema::make(title, table, std::move(fields));
}
SchemaPtr articles(Fields fields) { return schema("Article", "articles", std::move(fields)); }

std::string tables_of(const Schemas& schemas) {
  std::vector<Table> tables;
  for (const auto& each : schemas) tables.push_back(table_of(*each));
  return to_json(tables);
}

std::optional<MigrationDraft> draft(const Schemas& before, const Schemas& after, const MigrationHints& hints = {}) {
  return draft_migration(tables_of(before), after, hints);
}

/// The constraints in a CREATE TABLE, each from its name to its closing parenthesis.
std::set<std::string> constraints_in(const std::string& sql) {
  std::set<std::string> found;
  for (auto at = sql.find("CONSTRAINT "); at != std::string::npos; at = sql.find("CONSTRAINT ", at + 1)) {
    int depth = 0;
    auto end = sql.find('(', at);
    do {
      depth += sql[end] == '(' ? 1 : sql[end] == ')' ? -1 : 0;
      ++end;
    } while (depth > 0);
    // A reference in a column's own definition lacks the words before the name of its table.
    auto text = sql.substr(at, end - at);
    text = text.substr(0, text.find("_reference\""));
    found.insert(std::move(text));
  }
  return found;
}

std::vector<std::string> rows_of(Connection& connection, std::string_view sql) {
  std::vector<std::string> rows;
  const auto statement = connection.prepare(sql);
  while (statement->step()) rows.emplace_back(statement->text(0));
  return rows;
}

/// All tables as SQLite describes them, whatever the order of their columns.
std::vector<std::string> shape_of(Connection& connection) {
  auto shape = rows_of(connection,
                       "SELECT 'column ' || t.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' '"
                       " || coalesce(c.dflt_value, '') || ' ' || c.pk FROM sqlite_schema t, pragma_table_info(t.name) c"
                       " WHERE t.type = 'table' UNION ALL"
                       " SELECT 'reference ' || t.name || '.' || f.\"from\" || ' ' || f.\"table\" || '.' || f.\"to\""
                       " FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' UNION ALL"
                       " SELECT sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL UNION ALL"
                       " SELECT 'version ' || table_name FROM table_versions ORDER BY 1");
  for (const auto& sql : rows_of(connection, "SELECT sql FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
    auto constraints = constraints_in(sql);
    shape.insert(shape.end(), constraints.begin(), constraints.end());
  }
  for (auto& line : shape) std::erase(line, '"');  // apiwright's own migrations quote no names
  std::sort(shape.begin(), shape.end());
  return shape;
}

/// The same when the tables are made of these schemas at once.
std::vector<std::string> shape_of(const Schemas& schemas) {
  const support::MigratedDatabase database;
  const auto connection = database->connect();
  data::Transaction transaction(*connection, &Connection::begin_schema_change);
  for (const auto& each : schemas) {
    if (connection->has_table(each->table())) connection->execute_script("DROP TABLE " + each->table());
    create_table(*connection, *each);
  }
  return shape_of(*connection);
}

class MigrationDraftTest : public testing::Test {
 protected:
  /// Begins with these tables, and rows in them.
  void begin(const Schemas& schemas, const std::string& rows) {
    for (const auto& each : schemas) {
      database.write([&](Connection& connection) { create_table(connection, *each); });
    }
    run(rows);
  }

  void run(const std::string& script) {
    const auto connection = database->connect();
    data::Transaction transaction(*connection, &Connection::begin_schema_change);
    connection->execute_script(script);
    transaction.commit();
  }

  /// Goes up, and requires what a database made at once would have; then down to where it was, and up again.
  void migrate(const Schemas& before, const Schemas& after, const MigrationHints& hints = {}) {
    const auto step = draft(before, after, hints);
    ASSERT_TRUE(step);
    run(step->sqlite.up);
    EXPECT_EQ(shape(), shape_of(after)) << step->sqlite.up;
    EXPECT_FALSE(draft_migration(step->tables_json, after));
    run(step->sqlite.down);
    EXPECT_EQ(shape(), shape_of(before)) << step->sqlite.down;
    run(step->sqlite.up);
    EXPECT_EQ(shape(), shape_of(after)) << step->sqlite.up;
    EXPECT_EQ(database.text("PRAGMA integrity_check"), "ok");
  }

  std::vector<std::string> shape() {
    return database.read([](Connection& connection) { return shape_of(connection); });
  }
  /// The rows of a query with one column.
  std::vector<std::string> rows(std::string_view sql) {
    return database.read([&](Connection& connection) { return rows_of(connection, sql); });
  }

  support::MigratedDatabase database;
};

const std::string kTwoArticles = std::string("INSERT INTO articles (id, title, title_key) VALUES ('") + kId1 +
                                 "', 'Ärger', 'ärger'), ('" + kId2 + "', 'B', 'b');";

Fields titled() {
  Fields fields;
  fields.push_back(Field::string("title").searchable().sortable());
  return fields;
}

Fields titled_and(Field field) {
  auto fields = titled();
  fields.push_back(std::move(field));
  return fields;
}

TEST_F(MigrationDraftTest, without_a_difference_there_is_none) {
  EXPECT_FALSE(draft({}, {}));
  EXPECT_FALSE(draft({articles(titled())}, {articles(titled())}));
  EXPECT_FALSE(draft({}, {users_schema()}));
}

TEST_F(MigrationDraftTest, a_table_is_made_with_what_others_refer_to_first) {
  const Schemas after{articles(titled_and(Field::uuid("topic_id").references("topics"))),
                      schema("Topic", "topics", {Field::string("name").unique()})};
  const auto step = draft({}, after);
  ASSERT_TRUE(step);
  EXPECT_THAT(step->changes, ElementsAre("topics is new.", "articles is new."));
  EXPECT_EQ(step->sqlite.down,
            "-- articles is dropped: all its rows are lost.\n"
            "-- topics is dropped: all its rows are lost.\n\n"
            "DROP TABLE \"articles\";\nDELETE FROM table_versions WHERE table_name = 'articles';\n\n"
            "DROP TABLE \"topics\";\nDELETE FROM table_versions WHERE table_name = 'topics';\n");
  migrate({}, after);
}

TEST_F(MigrationDraftTest, columns_that_may_be_empty_or_have_a_default_are_added_in_place) {
  begin({articles(titled())}, kTwoArticles);
  Fields more = titled();
  more.push_back(Field::string("note").nullable().filterable());
  more.push_back(Field::string("summary").searchable().default_value(std::string("It's")));
  more.push_back(Field::enumeration("status", {"new", "done"}).default_value(std::string("new")).filterable());
  more.push_back(Field::boolean("open").default_value(true));
  more.push_back(Field::decimal("price", 10, 2).default_value(Decimal{150, 2}));
  more.push_back(Field::uuid("author_id").nullable().references("users"));
  more.push_back(Field::array("tags", Field::string("tag")).default_value(validation::Array{}));
  const Schemas after{articles(std::move(more))};
  const auto step = draft({articles(titled())}, after);
  ASSERT_TRUE(step);
  EXPECT_THAT(step->sqlite.up, Not(HasSubstr("CREATE TABLE")));
  migrate({articles(titled())}, after);
  EXPECT_THAT(rows("SELECT title || title_key || summary || summary_key || status || open || price || tags"
                   " || coalesce(note, '-') || coalesce(author_id, '-') FROM articles"),
              ElementsAre("ÄrgerärgerIt'sit'snew1150[]--", "BbIt'sit'snew1150[]--"));
}

TEST_F(MigrationDraftTest, a_dropped_column_takes_its_index_and_key_along_and_comes_back_empty) {
  const Schemas before{articles(titled_and(Field::string("slug").searchable().filterable()))};
  begin(before, std::string("INSERT INTO articles VALUES ('") + kId1 + "', 'A', 'a', 'S', 's');");
  const auto step = draft(before, {articles(titled())});
  ASSERT_TRUE(step);
  EXPECT_EQ(step->sqlite.up,
            "-- articles.slug (with slug_key) is dropped: its values are lost.\n"
            "-- The index articles_slug_key is dropped.\n\n"
            "DROP INDEX \"articles_slug_key\";\n\n"
            "ALTER TABLE \"articles\" DROP COLUMN \"slug\";\nALTER TABLE \"articles\" DROP COLUMN \"slug_key\";\n");
  migrate(before, {articles(titled())});
  run(step->sqlite.down);
  EXPECT_THAT(rows("SELECT title || '|' || slug || '|' || slug_key FROM articles"), ElementsAre("A||"));
}

TEST_F(MigrationDraftTest, a_renamed_column_keeps_its_values_and_keys) {
  begin({articles(titled())}, kTwoArticles);
  Fields renamed;
  renamed.push_back(Field::string("headline").searchable().sortable());
  const Schemas after{articles(std::move(renamed))};
  migrate({articles(titled())}, after, {.renames = {"articles.title:headline"}, .narrowed = {}});
  EXPECT_THAT(rows("SELECT headline || headline_key FROM articles"), ElementsAre("Ärgerärger", "Bb"));
}

TEST_F(MigrationDraftTest, a_renamed_column_with_constraints_has_them_under_its_new_name) {
  const Schemas before{articles(titled_and(Field::enumeration("state", {"a", "b"}).filterable()))};
  const Schemas after{articles(titled_and(Field::enumeration("status", {"a", "b"}).filterable()))};
  begin(before, std::string("INSERT INTO articles VALUES ('") + kId1 + "', 'A', 'a', 'b');");
  migrate(before, after, {.renames = {"articles.state:status"}, .narrowed = {}});
  EXPECT_THAT(rows("SELECT status FROM articles"), ElementsAre("b"));
}

TEST_F(MigrationDraftTest, a_renamed_table_keeps_its_rows_and_those_that_refer_to_it) {
  const auto comments = [](const std::string& table) {
    return schema("Comment", "comments", {Field::uuid("article_id").references(table)});
  };
  const Schemas before{schema("Post", "posts", titled()), comments("posts")};
  const Schemas after{articles(titled()), comments("articles")};
  begin(before, std::string("INSERT INTO posts VALUES ('") + kId1 + "', 'A', 'a'); INSERT INTO comments VALUES ('" +
                    kId2 + "', '" + kId1 + "');");
  migrate(before, after, {.renames = {"posts:articles"}, .narrowed = {}});
  EXPECT_THAT(rows("SELECT title FROM articles JOIN comments ON articles.id = article_id"), ElementsAre("A"));
}

TEST_F(MigrationDraftTest, a_text_that_becomes_unique_gets_keys_by_the_cores_rules) {
  const Schemas before{articles({Field::string("title"), Field::string("contact").nullable()})};
  const Schemas after{articles({Field::string("title").unique(), Field::string("contact").nullable().searchable()})};
  begin(before,
        std::string("INSERT INTO articles VALUES ('") + kId1 + "', 'STRASSE', NULL), ('" + kId2 + "', 'Äß', 'ÀB');");
  migrate(before, after);
  EXPECT_THAT(rows("SELECT title_key || coalesce(contact_key, '-') FROM articles"), ElementsAre("strasse-", "ässàb"));
}

TEST_F(MigrationDraftTest, a_text_that_becomes_an_address_gets_an_addresses_key) {
  const Schemas before{articles({Field::string("contact").searchable()})};
  const Schemas after{articles({Field::email("contact").searchable()})};
  begin(before, std::string("INSERT INTO articles VALUES ('") + kId1 + "', 'A@BÜCHER.example', 'a@bücher.example');");
  migrate(before, after);
  EXPECT_THAT(rows("SELECT contact_key FROM articles"), ElementsAre("a@xn--bcher-kva.example"));
}

TEST_F(MigrationDraftTest, rows_that_share_a_value_keep_it_from_becoming_unique) {
  const Schemas before{articles({Field::string("title")})};
  begin(before, std::string("INSERT INTO articles VALUES ('") + kId1 + "', 'Straße'), ('" + kId2 + "', 'STRASSE');");
  const auto step = draft(before, {articles({Field::string("title").unique()})});
  EXPECT_THROW(run(step->sqlite.up), data::UniqueViolation);
  EXPECT_EQ(shape(), shape_of(before));
  EXPECT_EQ(database.integer("SELECT count(*) FROM articles"), 2);
}

TEST_F(MigrationDraftTest, rows_without_a_value_get_the_default_of_a_field_that_may_no_longer_be_null) {
  const Schemas before{articles(titled_and(Field::string("note").nullable().searchable()))};
  const Schemas after{articles(titled_and(Field::string("note").searchable().default_value(std::string("None"))))};
  begin(before, std::string("INSERT INTO articles VALUES ('") + kId1 + "', 'A', 'a', NULL, NULL), ('" + kId2 +
                    "', 'B', 'b', 'Mine', 'mine');");
  migrate(before, after);
  EXPECT_THAT(rows("SELECT note || note_key FROM articles"), ElementsAre("Nonenone", "Minemine"));
}

TEST_F(MigrationDraftTest, types_that_become_wider_keep_their_values) {
  const auto inner = Schema::make("Inner", "", {Field::string("text")});
  const Schemas before{
      articles({Field::integer("count"), Field::decimal("price", 6, 2), Field::decimal("rate", 6, 2),
                Field::enumeration("status", {"a"}), Field::enumeration("kind", {"x"}), Field::uuid("other"),
                Field::array("tags", Field::string("tag")), Field::object("inner", inner)})};
  const Schemas after{articles({Field::number("count"), Field::decimal("price", 9, 4), Field::decimal("rate", 8, 2),
                                Field::enumeration("status", {"b", "a"}), Field::string("kind").searchable(),
                                Field::string("other"), Field::json("tags"), Field::json("inner")})};
  begin(before, std::string("INSERT INTO articles VALUES ('") + kId1 + "', 7, -1234, 99, 'a', 'x', '" + kId2 +
                    "', '[\"t\"]', '{\"text\":\"t\"}');");
  migrate(before, after);
  EXPECT_THAT(
      rows("SELECT typeof(\"count\") || \"count\" || price || '|' || rate || status || kind || kind_key || other"
           " || tags || inner FROM articles"),
      ElementsAre(std::string("real7.0-123400|99axx") + kId2 + "[\"t\"]{\"text\":\"t\"}"));
}

TEST_F(MigrationDraftTest, on_the_way_back_rows_that_do_not_fit_are_refused_and_kept) {
  const struct {
    Field before;
    Field after;
    std::string value;
  } cases[] = {
      {Field::integer("x"), Field::number("x"), "0.5"},
      {Field::decimal("x", 4, 1), Field::decimal("x", 6, 2), "125"},
      {Field::enumeration("x", {"a"}), Field::enumeration("x", {"a", "b"}), "'b'"},
      {Field::enumeration("x", {"a"}), Field::string("x"), "'c'"},
      {Field::uuid("x"), Field::string("x"), "'00000000-0000-7000-8000-00000000000G'"},
      {Field::uuid("x"), Field::string("x"), "'0000000000000-0000-0000-000000000000'"},
      {Field::array("x", Field::string("y")), Field::json("x"), "'{}'"},
  };
  int number = 0;
  for (const auto& each : cases) {
    const auto table = "t" + std::to_string(++number);
    const Schemas before{schema("T", table, {each.before})};
    const Schemas after{schema("T", table, {each.after})};
    begin(after, "INSERT INTO " + table + " VALUES ('" + kId1 + "', " + each.value + ");");
    const auto down = draft(before, after)->sqlite.down;
    EXPECT_EQ(error_of([&] { run(down); }).code(), ErrorCode::kInternal) << down;
    EXPECT_EQ(database.integer("SELECT count(*) FROM " + table + " WHERE x = " + each.value), 1);
  }
}

TEST_F(MigrationDraftTest, an_integer_that_no_double_keeps_stays_an_integer) {
  const Schemas before{articles({Field::integer("count")})};
  begin(before, std::string("INSERT INTO articles VALUES ('") + kId1 + "', 9007199254740993);");
  const auto up = draft(before, {articles({Field::number("count")})})->sqlite.up;
  const auto error = error_of([&] { run(up); });
  EXPECT_THAT(error.cause(), HasSubstr("cannot store TEXT value in REAL column"));
  EXPECT_THAT(rows("SELECT \"count\" FROM articles"), ElementsAre("9007199254740993"));
}

TEST_F(MigrationDraftTest, soft_delete_makes_indexes_of_living_rows_and_ends_with_those_it_deleted) {
  const Schemas before{articles({Field::string("title").unique(), Field::integer("rank").sortable()})};
  const Schemas after{articles({Field::string("title").unique(), Field::integer("rank").sortable(),
                                Field::date_time("deleted_at").nullable().internal()})};
  begin(before, std::string("INSERT INTO articles VALUES ('") + kId1 + "', 'A', 'a', 1);");
  migrate(before, after);
  run(std::string("INSERT INTO articles VALUES ('") + kId2 + "', 'A', 'a', 2, 5);");
  const auto down = draft(before, after)->sqlite.down;
  EXPECT_THAT(down, HasSubstr("-- articles: rows that were deleted softly are deleted for good, or they would come"));
  run(down);
  EXPECT_EQ(shape(), shape_of(before));
  EXPECT_THAT(rows("SELECT rank FROM articles"), ElementsAre("1"));
}

TEST_F(MigrationDraftTest, a_table_made_anew_keeps_the_rows_that_refer_to_it_and_changes_its_version) {
  const auto comments = schema("Comment", "comments", {Field::uuid("article_id").references("articles")});
  const Schemas before{articles({Field::integer("count")}), comments};
  const Schemas after{articles({Field::number("count")}), comments};
  begin(before, std::string("INSERT INTO articles VALUES ('") + kId1 + "', 1); INSERT INTO comments VALUES ('" + kId2 +
                    "', '" + kId1 + "');");
  const auto version = [&] {
    return database.integer("SELECT version FROM table_versions WHERE table_name = 'articles'");
  };
  const auto earlier = version();
  migrate(before, after);
  EXPECT_NE(version(), earlier);
  EXPECT_EQ(database.integer("SELECT count(*) FROM comments JOIN articles ON articles.id = article_id"), 1);
  EXPECT_THROW(database.execute(std::string("INSERT INTO comments VALUES ('") + kId1 + "', '" + kId2 + "')"),
               data::ForeignKeyViolation);
}

TEST_F(MigrationDraftTest, what_was_required_and_cannot_be_stood_for_comes_back_as_nullable) {
  const Schemas before{
      articles({Field::string("title"), Field::uuid("author_id").references("users"), Field::string("slug").unique()})};
  const Schemas after{articles({Field::string("title")})};
  const Schemas relaxed{articles({Field::string("title"), Field::uuid("author_id").nullable().references("users"),
                                  Field::string("slug").nullable().unique()})};
  begin(after, std::string("INSERT INTO articles VALUES ('") + kId1 + "', 'A');");
  const auto step = draft(before, after);
  EXPECT_THAT(step->sqlite.down,
              HasSubstr("-- articles.author_id is new and may be null: nothing can stand for its values.\n"));
  run(step->sqlite.down);
  EXPECT_EQ(shape(), shape_of(relaxed));
  run(step->sqlite.up);
  EXPECT_EQ(shape(), shape_of(after));
  EXPECT_THAT(rows("SELECT title FROM articles"), ElementsAre("A"));
}

TEST_F(MigrationDraftTest, every_type_that_was_required_comes_back_with_what_stands_for_none) {
  const auto inner = Schema::make("Inner", "", {Field::string("text")});
  const Schemas before{articles({Field::string("a").searchable(), Field::integer("b"), Field::number("c"),
                                 Field::decimal("d", 4, 2), Field::boolean("e"), Field::date_time("f"),
                                 Field::enumeration("g", {"y", "x"}), Field::array("h", Field::string("i")),
                                 Field::object("i", inner), Field::json("j"), Field::string("title")})};
  const Schemas after{articles({Field::string("title")})};
  begin(after, std::string("INSERT INTO articles VALUES ('") + kId1 + "', 'A');");
  const auto step = draft(before, after);
  run(step->sqlite.down);
  EXPECT_EQ(shape(), shape_of(before));
  EXPECT_THAT(rows("SELECT a || a_key || b || c || d || e || f || g || h || i || j FROM articles"),
              ElementsAre("00.0000x[]{}null"));
}

TEST_F(MigrationDraftTest, the_users_table_can_be_added_to_and_is_never_dropped) {
  const auto member = [](Fields more) {
    auto fields = users_schema()->fields();
    for (auto& field : more) fields.push_back(std::move(field));
    return Schema::make("Member", "users", std::move(fields));
  };
  const Schemas with_name{member({Field::string("nickname").nullable().unique()})};
  database.execute(std::string("INSERT INTO users (id, email, email_key, name, name_key, created_at, updated_at) VALUES"
                               " ('") +
                   kId1 + "', 'a@b.example', 'a@b.example', 'A', 'a', 1, 1)");
  const auto step = draft_migration("", with_name);
  ASSERT_TRUE(step);
  EXPECT_THAT(step->changes, ElementsAre("users.nickname is new.", "The index users_nickname_key_unique is new."));
  EXPECT_EQ(step->tables_json, R"({
  "format": 1,
  "tables": {
    "users": {
      "columns": {
        "nickname": {"type": "text", "nullable": true, "key": "text"}
      },
      "indexes": {
        "users_nickname_key_unique": {"columns": ["nickname_key"], "unique": true, "living": true}
      }
    }
  }
}
)");
  run(step->sqlite.up);
  EXPECT_EQ(shape(), shape_of(with_name));
  EXPECT_FALSE(draft_migration(step->tables_json, with_name));
  const auto back = draft_migration(step->tables_json, {});
  ASSERT_TRUE(back);
  run(back->sqlite.up);
  EXPECT_EQ(shape(), shape_of(Schemas{}));
  EXPECT_THAT(rows("SELECT email FROM users"), ElementsAre("a@b.example"));
}

TEST_F(MigrationDraftTest, an_index_may_take_the_name_of_one_that_goes) {
  const Schemas before{schema("Note", "notes", {Field::integer("a_b").sortable()})};
  const Schemas after{schema("Note", "notes", {Field::integer("a_b")}),
                      schema("A", "notes_a", {Field::integer("b").sortable()})};
  begin(before, "");
  migrate(before, after);
}

}  // namespace
}  // namespace apiwright::repositories

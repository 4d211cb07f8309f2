#include "apiwright/repositories/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "apiwright/repositories/users.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::repositories {
namespace {

using data::Connection;
using data::error_of;
using data::execute;
using data::integer_of;
using data::text_of;
using testing::ElementsAre;
using testing::HasSubstr;
using validation::Field;
using validation::Schema;
using validation::SchemaPtr;

/// A table as SQLite describes it: what a migration and a Schema must agree on.
struct Shape {
  std::vector<std::string> columns;
  std::vector<std::string> indexes;
  std::vector<std::string> constraints;
  std::vector<std::string> triggers;
};

std::vector<std::string> rows_of(Connection& connection, std::string_view sql) {
  std::vector<std::string> rows;
  const auto statement = connection.prepare(sql);
  while (statement->step()) rows.emplace_back(statement->text(0));
  return rows;
}

Shape shape_of_users(Connection& connection) {
  Shape shape;
  shape.columns = rows_of(connection,
                          "SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || coalesce(dflt_value, '') || ' '"
                          " || pk FROM pragma_table_info('users') ORDER BY name");
  shape.indexes = rows_of(connection,
                          "SELECT l.name || ' ' || l.\"unique\" || ' ' || l.partial || ' ' || group_concat(i.name)"
                          " FROM pragma_index_list('users') l, pragma_index_info(l.name) i GROUP BY l.name"
                          " ORDER BY l.name");
  shape.triggers =
      rows_of(connection, "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'users' ORDER BY 1");
  auto sql = text_of(connection, "SELECT sql FROM sqlite_schema WHERE name = 'users'");
  for (std::size_t at = sql.find("CONSTRAINT "); at != std::string::npos; at = sql.find("CONSTRAINT ", at + 1)) {
    auto name = sql.substr(at + 11, sql.find(' ', at + 11) - at - 11);
    std::erase(name, '"');
    shape.constraints.push_back(name);
  }
  return shape;
}

class TableTest : public testing::Test {
 protected:
  data::TemporaryFolder folder;
  std::unique_ptr<data::Database> database = data::Database::open(folder.url());

  void create(const SchemaPtr& schema) {
    database->write([&](Connection& connection) { create_table(connection, *schema); });
  }
  void run(std::string_view sql) {
    database->write([&](Connection& connection) { execute(connection, sql); });
  }
  ErrorCode code_of(std::string_view sql) {
    return error_of([&] { run(sql); }).code();
  }
  std::int64_t integer(std::string_view sql) {
    std::int64_t found = -1;
    database->read([&](Connection& connection) { found = integer_of(connection, sql); });
    return found;
  }
};

constexpr std::string_view kId = "00000000-0000-7000-8000-000000000001";

SchemaPtr pets() {
  return Schema::make("Pet", "pets",
                      {Field::uuid("id").read_only(), Field::string("name").unique(),
                       Field::enumeration("kind", {"cat", "dog's"}).default_value(std::string("dog's")),
                       Field::boolean("tame").default_value(true), Field::decimal("price", 10, 2).nullable(),
                       Field::integer("order").sortable(), Field::uuid("group").nullable().references("groups")});
}

SchemaPtr groups() { return Schema::make("Group", "groups", {Field::uuid("id").read_only(), Field::string("name")}); }

TEST_F(TableTest, the_users_table_is_the_one_that_the_migrations_make) {
  const support::MigratedDatabase migrated;
  const auto expected = migrated.read([](Connection& connection) { return shape_of_users(connection); });
  const auto connection = database->connect();
  connection->execute_script(
      "CREATE TABLE table_versions (table_name TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL) STRICT");
  create_table(*connection, *users_schema());
  const auto made = shape_of_users(*connection);
  EXPECT_EQ(made.columns, expected.columns);
  EXPECT_EQ(made.indexes, expected.indexes);
  EXPECT_EQ(made.constraints, expected.constraints);
  EXPECT_EQ(made.triggers, expected.triggers);
  EXPECT_EQ(integer_of(*connection, "SELECT count(*) FROM table_versions WHERE table_name = 'users'"), 1);
}

TEST_F(TableTest, making_it_twice_or_over_a_migrated_one_changes_nothing) {
  const support::MigratedDatabase migrated;
  const auto version = [&] { return migrated.text("SELECT group_concat(sql) FROM sqlite_schema"); };
  const auto before = version();
  for (int i = 0; i < 2; ++i) migrated.write([](Connection& it) { create_table(it, *users_schema()); });
  EXPECT_EQ(version(), before);
}

TEST_F(TableTest, a_table_without_versions_is_made_without_triggers) {
  create(groups());
  EXPECT_EQ(integer("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"), 0);
}

TEST_F(TableTest, names_that_are_words_of_sql_are_names_all_the_same) {
  create(groups());
  create(pets());
  run("INSERT INTO pets (id, name, name_key, \"order\") VALUES ('00000000-0000-7000-8000-000000000001', 'A', 'a', 1)");
  EXPECT_EQ(integer("SELECT count(*) FROM pets WHERE kind = 'dog''s' AND tame = 1 AND price IS NULL"), 1);
}

TEST_F(TableTest, values_outside_their_constraints_are_refused) {
  create(groups());
  create(pets());
  const auto insert = [&](const std::string& id, const std::string& more, const std::string& values) {
    return code_of("INSERT INTO pets (id, name, name_key, \"order\"" + more + ") VALUES ('" + id + "', 'A', 'a', 1" +
                   values + ")");
  };
  EXPECT_EQ(insert("short", "", ""), ErrorCode::kInternal);
  EXPECT_EQ(insert(std::string(kId), ", kind", ", 'cow'"), ErrorCode::kInternal);
  EXPECT_EQ(insert(std::string(kId), ", tame", ", 2"), ErrorCode::kInternal);
  EXPECT_EQ(insert(std::string(kId), ", price", ", 'much'"), ErrorCode::kInternal);
  EXPECT_EQ(insert(std::string(kId), ", \"group\"", ", '" + std::string(kId) + "'"), ErrorCode::kUnprocessable);
}

TEST_F(TableTest, a_name_with_a_quote_in_it_ends_no_name) {
  const auto schema = Schema::make(
      "Pet", "pets",
      {Field::uuid("id").read_only(), Field::uuid("owner_id").references("x\" (id)); DROP TABLE pets; --")});
  EXPECT_THAT(create_table_sql(*schema), HasSubstr("REFERENCES \"x\"\" (id)); DROP TABLE pets; --\" (id)\n"));
}

TEST_F(TableTest, doubles_objects_maps_and_any_json_have_columns_of_their_kind) {
  const auto inner = Schema::make("Inner", "", {Field::string("text")});
  create(Schema::make("Thing", "things",
                      {Field::uuid("id").read_only(), Field::number("ratio"), Field::object("inner", inner),
                       Field::map("labels", Field::string("label")), Field::json("more").nullable()}));
  const std::string row = "INSERT INTO things VALUES ('" + std::string(kId) + "', ";
  EXPECT_EQ(code_of(row + "'much', '{}', '{}', NULL)"), ErrorCode::kInternal);
  EXPECT_EQ(code_of(row + "0.5, '[]', '{}', NULL)"), ErrorCode::kInternal);
  EXPECT_EQ(code_of(row + "0.5, '{}', 'x', NULL)"), ErrorCode::kInternal);
  run(row + "0.5, '{\"text\":\"a\"}', '{}', '[1]')");
  EXPECT_EQ(integer("SELECT count(*) FROM things WHERE ratio = 0.5"), 1);
}

TEST_F(TableTest, a_taken_value_is_free_again_when_its_row_is_softly_deleted) {
  create(Schema::make("Note", "notes",
                      {Field::uuid("id").read_only(), Field::string("title").unique(),
                       Field::date_time("deleted_at").nullable().internal()}));
  run("INSERT INTO notes VALUES ('00000000-0000-7000-8000-000000000001', 'A', 'a', 5)");
  run("INSERT INTO notes VALUES ('00000000-0000-7000-8000-000000000002', 'A', 'a', NULL)");
  EXPECT_THROW(run("INSERT INTO notes VALUES ('00000000-0000-7000-8000-000000000003', 'A', 'a', NULL)"),
               data::UniqueViolation);
}

TEST_F(TableTest, a_table_that_lacks_a_declared_column_is_refused_by_its_name) {
  create(groups());
  const auto error = error_of([&] {
    create(Schema::make("Group", "groups",
                        {Field::uuid("id").read_only(), Field::string("name").searchable(), Field::boolean("open"),
                         Field::string("secret").transient()}));
  });
  EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
  ASSERT_EQ(error.details().size(), 2U);
  EXPECT_EQ(error.details()[0].field, "name");
  EXPECT_EQ(error.details()[1].field, "open");
  EXPECT_THAT(error.message(), HasSubstr("groups"));
}

TEST_F(TableTest, the_statements_say_what_a_migration_would) {
  EXPECT_EQ(create_table_sql(*groups()),
            "CREATE TABLE IF NOT EXISTS \"groups\" (\n"
            "  \"id\" TEXT NOT NULL,\n"
            "  \"name\" TEXT NOT NULL,\n"
            "  CONSTRAINT \"groups_primary_key\" PRIMARY KEY (id),\n"
            "  CONSTRAINT \"groups_id_length\" CHECK (length(\"id\") = 36)\n"
            ") STRICT;\n");
  EXPECT_THAT(create_table_sql(*pets()), HasSubstr("CREATE UNIQUE INDEX IF NOT EXISTS \"pets_name_key_unique\""));
  EXPECT_THAT(create_table_sql(*pets()),
              HasSubstr("CREATE INDEX IF NOT EXISTS \"pets_order\" ON \"pets\" (\"order\", \"id\");"));
  EXPECT_THAT(create_table_sql(*pets()),
              HasSubstr("CREATE INDEX IF NOT EXISTS \"pets_group\" ON \"pets\" (\"group\", \"id\");"));
}

TEST_F(TableTest, a_row_that_others_insert_has_each_columns_default_and_its_key) {
  create(Schema::make(
      "Thing", "things",
      {Field::uuid("id").read_only(), Field::string("title").searchable().default_value(std::string("It's \u00C4")),
       Field::email("contact").searchable().default_value(std::string("Ada@Example.org")),
       Field::integer("count").default_value(std::int64_t{-3}), Field::number("ratio").default_value(100.0),
       Field::decimal("price", 10, 2).default_value(Decimal{-150, 2}),
       Field::date_time("due").default_value(Timestamp(std::chrono::milliseconds(1'000))),
       Field::array("tags", Field::string("tag")).default_value(validation::Array{std::string("x")}),
       Field::json("more").default_value(validation::Json{R"({"a":"it's"})"})}));
  run("INSERT INTO things (id) VALUES ('" + std::string(kId) + "')");
  EXPECT_EQ(integer("SELECT count(*) FROM things WHERE title = 'It''s \u00C4' AND title_key = 'it''s \u00E4'"
                    " AND contact_key = 'ada@example.org' AND \"count\" = -3 AND ratio = 100.0 AND price = -150"
                    " AND due = 1000 AND tags = '[\"x\"]' AND more = '{\"a\":\"it''s\"}'"),
            1);
}

TEST_F(TableTest, a_decimal_has_no_more_digits_than_declared) {
  create(Schema::make("Price", "prices", {Field::uuid("id").read_only(), Field::decimal("amount", 4, 2)}));
  const std::string row = "INSERT INTO prices VALUES ('" + std::string(kId) + "', ";
  EXPECT_EQ(code_of(row + "10000)"), ErrorCode::kInternal);
  EXPECT_EQ(code_of(row + "-10000)"), ErrorCode::kInternal);
  run(row + "9999)");
}

TEST_F(TableTest, postgresql_has_its_own_types_and_no_versions) {
  const auto inner = Schema::make("Inner", "", {Field::string("text")});
  const auto schema = Schema::make(
      "Thing", "things",
      {Field::uuid("id").read_only(), Field::string("title").unique().default_value(std::string("It's A")),
       Field::integer("count").default_value(std::int64_t{1}).sortable(), Field::number("ratio").nullable(),
       Field::decimal("price", 10, 2).default_value(Decimal{150, 2}), Field::boolean("open").default_value(false),
       Field::date_time("due").default_value(Timestamp(std::chrono::milliseconds(1'000))),
       Field::enumeration("status", {"new", "done"}), Field::array("tags", Field::string("tag")),
       Field::object("inner", inner), Field::json("more").nullable(), Field::uuid("owner_id").references("users"),
       Field::date_time("deleted_at").nullable().internal()});
  EXPECT_EQ(create_table_sql(*schema, Dialect::kPostgresql), R"(CREATE TABLE IF NOT EXISTS "things" (
  "id" uuid NOT NULL,
  "title" text COLLATE "C" NOT NULL DEFAULT 'It''s A',
  "title_key" text COLLATE "C" NOT NULL DEFAULT 'it''s a',
  "count" bigint NOT NULL DEFAULT 1,
  "ratio" double precision,
  "price" numeric(10, 2) NOT NULL DEFAULT 1.50,
  "open" boolean NOT NULL DEFAULT false,
  "due" timestamptz NOT NULL DEFAULT '1970-01-01T00:00:01.000Z',
  "status" text COLLATE "C" NOT NULL,
  "tags" json NOT NULL,
  "inner" json NOT NULL,
  "more" json,
  "owner_id" uuid NOT NULL,
  "deleted_at" timestamptz,
  CONSTRAINT "things_primary_key" PRIMARY KEY (id),
  CONSTRAINT "things_status_known" CHECK ("status" IN ('done', 'new')),
  CONSTRAINT "things_tags_array" CHECK (json_typeof("tags") = 'array'),
  CONSTRAINT "things_inner_object" CHECK (json_typeof("inner") = 'object')
);
CREATE UNIQUE INDEX IF NOT EXISTS "things_title_key_unique" ON "things" ("title_key") WHERE deleted_at IS NULL;
CREATE INDEX IF NOT EXISTS "things_count" ON "things" ("count", "id") WHERE deleted_at IS NULL;
CREATE INDEX IF NOT EXISTS "things_owner_id" ON "things" ("owner_id", "id");
CREATE INDEX IF NOT EXISTS "things_deleted_at" ON "things" ("deleted_at", "id") WHERE deleted_at IS NOT NULL;
ALTER TABLE "things" ADD CONSTRAINT "things_owner_id_reference" FOREIGN KEY ("owner_id") REFERENCES "users" (id);
)");
}

TEST_F(TableTest, a_name_that_postgresql_would_cut_ends_in_a_digest_there) {
  const std::string field(50, 'f');
  const auto schema =
      Schema::make("Thing", "long_things", {Field::uuid("id").read_only(), Field::string(field).unique()});
  const auto sql = create_table_sql(*schema, Dialect::kPostgresql);
  EXPECT_THAT(sql, testing::ContainsRegex("INDEX IF NOT EXISTS \"long_things_f{42}_[0-9a-f]{8}\" ON"));
  EXPECT_THAT(create_table_sql(*schema), HasSubstr("\"long_things_" + field + "_key_unique\""));
}

}  // namespace
}  // namespace apiwright::repositories

#include "apiwright/repositories/table_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "apiwright/repositories/users.hpp"
#include "data/temporary_database.hpp"

namespace apiwright::repositories {
namespace {

using data::error_of;
using testing::HasSubstr;
using validation::Field;
using validation::Schema;
using validation::SchemaPtr;

SchemaPtr everything() {
  const auto inner = Schema::make("Inner", "", {Field::string("text")});
  return Schema::make(
      "Thing", "things",
      {Field::uuid("id").read_only(), Field::string("title").searchable().default_value(std::string("Né \"à\"\n")),
       Field::email("contact").nullable().unique(), Field::uuid("owner_id").nullable().references("users"),
       Field::integer("count").default_value(std::int64_t{-3}), Field::number("ratio").default_value(0.5),
       Field::decimal("price", 10, 2).default_value(Decimal{150, 2}), Field::boolean("open").default_value(false),
       Field::date_time("due").nullable().sortable(),
       Field::enumeration("status", {"new", "done"}).default_value(std::string("new")).filterable(),
       Field::array("tags", Field::string("tag")).default_value(validation::Array{}), Field::object("inner", inner),
       Field::map("labels", Field::integer("label")),
       Field::json("more").nullable().default_value(validation::Json{R"({"a":[1,2.5,"x",null,true]})"}),
       Field::date_time("created_at").read_only(), Field::date_time("deleted_at").nullable().internal()});
}

Error refusal_of(const std::string& text) {
  return error_of([&] { static_cast<void>(tables_from_json(text)); });
}

/// Tables with one table `t`, with this as its columns.
std::string with_columns(const std::string& columns) {
  return R"({"format":1,"tables":{"t":{"columns":{)" + columns + R"(},"indexes":{}}}})";
}

TEST(TableJsonTest, WhatIsWrittenIsReadAsTheSameTables) {
  const std::vector<Table> tables{table_of(*everything()), table_of(*users_schema())};
  const auto text = to_json(tables);
  const auto read = tables_from_json(text);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read, tables);
  EXPECT_EQ(to_json(read), text);
}

TEST(TableJsonTest, ItIsReadableAndSortedByName) {
  const auto b = Schema::make("B", "bs", {Field::uuid("id").read_only(), Field::string("name").unique()});
  const auto a = Schema::make("A", "as",
                              {Field::uuid("id").read_only(), Field::enumeration("kind", {"y", "x"}).nullable(),
                               Field::decimal("cost", 8, 2), Field::uuid("b_id").references("bs")});
  EXPECT_EQ(to_json({table_of(*b), table_of(*a)}), R"({
  "format": 1,
  "tables": {
    "as": {
      "columns": {
        "b_id": {"type": "uuid", "references": "bs"},
        "cost": {"type": "decimal", "precision": 8, "scale": 2},
        "id": {"type": "uuid"},
        "kind": {"type": "enum", "values": ["x", "y"], "nullable": true}
      },
      "indexes": {
        "as_b_id": {"columns": ["b_id", "id"]}
      }
    },
    "bs": {
      "columns": {
        "id": {"type": "uuid"},
        "name": {"type": "text", "key": "text"}
      },
      "indexes": {
        "bs_name_key_unique": {"columns": ["name_key"], "unique": true}
      }
    }
  }
}
)");
}

TEST(TableJsonTest, TheOrderOfADeclarationIsNoDifference) {
  const auto one = Schema::make(
      "T", "ts",
      {Field::uuid("id").read_only(), Field::string("a").nullable().unique(), Field::enumeration("b", {"x", "y"})});
  const auto other = Schema::make(
      "Other", "ts",
      {Field::enumeration("b", {"y", "x"}), Field::string("a").nullable().unique(), Field::uuid("id").read_only()});
  EXPECT_EQ(table_of(*one), table_of(*other));
  EXPECT_EQ(to_json({table_of(*one)}), to_json({table_of(*other)}));
}

TEST(TableJsonTest, NoTablesAreNoTables) {
  EXPECT_EQ(to_json(std::vector<Table>{}), "{\n  \"format\": 1,\n  \"tables\": {}\n}\n");
  EXPECT_TRUE(tables_from_json(to_json(std::vector<Table>{})).empty());
}

TEST(TableJsonTest, TextThatIsNoJsonIsRefused) {
  EXPECT_EQ(refusal_of("<<<<<<< HEAD\n{}").code(), ErrorCode::kMalformedJson);
}

TEST(TableJsonTest, WhatMakesNoSenseIsNamedByItsPath) {
  const struct {
    std::string text;
    std::string path;
    std::string message;
  } cases[] = {
      {"[]", "", "Must be an object."},
      {R"({"format":1})", "", "Lacks `tables`."},
      {R"({"format":2,"tables":{}})", "format", "Is of a newer apiwright: use that one."},
      {R"({"format":"1","tables":{}})", "format", "Must be a whole number."},
      {R"({"format":1,"tables":{},"more":1})", "", "Has an unknown member `more`."},
      {R"({"format":1,"tables":{"t":{"columns":{}}}})", "tables.t", "Lacks `indexes`."},
      {with_columns(R"("a":{"type":"texts"})"), "tables.t.columns.a.type", "Is no type of column."},
      {with_columns(R"("a":{"type":"text","size":1})"), "tables.t.columns.a", "Has an unknown member `size`."},
      {with_columns(R"("a":{"type":"decimal","precision":19,"scale":2})"), "tables.t.columns.a.precision",
       "Must be a number of digits, at most 18."},
      {with_columns(R"("a":{"type":"integer","default":"1"})"), "tables.t.columns.a.default",
       "Is no value of the column."},
      {with_columns(R"("a":{"type":"enum","values":["x"],"default":"y"})"), "tables.t.columns.a.default",
       "Is no value of the column."},
      {with_columns(R"("a":{"type":"enum","values":[1]})"), "tables.t.columns.a.values", "Must be a text."},
      {with_columns(R"("a":{"type":"uuid","key":"text"})"), "tables.t.columns.a", "Only texts have keys."},
      {with_columns(R"("a":{"type":"text","key":"lower"})"), "tables.t.columns.a.key", "Must be `text` or `email`."},
      {with_columns(R"("a":{"type":"text","nullable":1})"), "tables.t.columns.a.nullable", "Must be true or false."},
      {with_columns(R"("a\n-- b":{"type":"text"})"), "tables.t.columns", "Has a name that is not in snake_case."},
      {with_columns(R"("a":{"type":"uuid","references":"x; y"})"), "tables.t.columns.a.references",
       "Has a name that is not in snake_case."},
      {R"({"format":1,"tables":{"t":{"columns":{},"indexes":{"i":{"columns":[]}}}}})", "tables.t.indexes.i",
       "Must have a column."},
      {R"({"format":1,"tables":{"t":{"columns":{},"indexes":{"i":{"columns":["a"],"living":true,"deleted":true}}}}})",
       "tables.t.indexes.i", "Must be of the living rows or of the deleted ones."},
  };
  for (const auto& each : cases) {
    const auto error = refusal_of(each.text);
    EXPECT_EQ(error.code(), ErrorCode::kValidationError) << each.text;
    ASSERT_EQ(error.details().size(), 1U) << each.text;
    EXPECT_EQ(error.details().front().field, each.path) << each.text;
    EXPECT_EQ(error.details().front().message, each.message) << each.text;
  }
}

}  // namespace
}  // namespace apiwright::repositories

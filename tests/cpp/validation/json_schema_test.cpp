#include "apiwright/validation/json_schema.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace apiwright::validation {
namespace {

using Json = nlohmann::ordered_json;

SchemaPtr things() {
  static const SchemaPtr kSchema =
      Schema::make("Thing", "things",
                   {
                       Field::uuid("id").read_only().example("0198c1f2-0000-7000-8000-000000000000"),
                       Field::string("sku").length(1, 64).pattern("[A-Z]+|x").describe("The \"stock\" unit."),
                       Field::email("email"),
                       Field::string("password").length(8, 100).optional().write_only(),
                       Field::enumeration("status", {"on", "off"}).default_value("on"),
                       Field::enumeration("color", {"red"}).nullable(),
                       Field::array("roles", Field::string("role").length(1, 8)).items(1, 3).distinct(),
                       Field::integer("age").optional().range(0, 150).example(36),
                       Field::integer("big_number"),
                       Field::decimal("price", 10, 2).default_value(Decimal{.unscaled = 150, .scale = 2}),
                       Field::boolean("vip"),
                       Field::date_time("created_at").read_only().example(Timestamp{}),
                       Field::string("secret_column").internal(),
                   });
  return kSchema;
}

Json body(Mode mode = Mode::kCreate) { return Json::parse(body_json_schema(BodyReader(things(), mode))); }
Json row() { return Json::parse(row_json_schema(*things(), {"roles"})); }

std::vector<std::string> names(const Json& schema) {
  std::vector<std::string> all;
  for (const auto& [name, property] : schema.at("properties").items()) all.push_back(name);
  return all;
}

TEST(BodyJsonSchemaTest, DescribesAnObjectOfExactlyWhatMayBeSentInTheDeclaredOrder) {
  const Json schema = body();
  EXPECT_EQ(schema.at("type"), "object");
  EXPECT_EQ(schema.at("additionalProperties"), false);
  EXPECT_EQ(names(schema), (std::vector<std::string>{"sku", "email", "password", "status", "color", "roles", "age",
                                                     "bigNumber", "price", "vip"}));
  const BodyReader few(things(), Mode::kCreate, {"vip", "sku"});
  EXPECT_EQ(names(Json::parse(body_json_schema(few))), (std::vector<std::string>{"sku", "vip"}));
}

TEST(BodyJsonSchemaTest, ItsTitleTellsTheMode) {
  EXPECT_EQ(body(Mode::kCreate).at("title"), "ThingCreate");
  EXPECT_EQ(body(Mode::kReplace).at("title"), "ThingReplace");
  EXPECT_EQ(body(Mode::kPatch).at("title"), "ThingPatch");
}

TEST(BodyJsonSchemaTest, RequiresWhatTheReaderRequires) {
  EXPECT_EQ(body().at("required"), Json::parse(R"(["sku","email","roles","bigNumber","vip"])"));
  EXPECT_FALSE(body(Mode::kPatch).contains("required"));
}

TEST(BodyJsonSchemaTest, DescribesEachKind) {
  const Json all = body().at("properties");
  EXPECT_EQ(all.at("sku"), Json::parse(R"({"type":"string","minLength":1,"maxLength":64,"pattern":"^(?:[A-Z]+|x)$",
                                           "description":"The \"stock\" unit."})"));
  EXPECT_EQ(all.at("email"), Json::parse(R"({"type":"string","format":"email","maxLength":254})"));
  EXPECT_EQ(all.at("password"),
            Json::parse(R"({"type":"string","format":"password","minLength":8,"maxLength":100,"writeOnly":true})"));
  EXPECT_EQ(all.at("status"), Json::parse(R"({"type":"string","enum":["on","off"],"default":"on"})"));
  EXPECT_EQ(all.at("color"), Json::parse(R"({"type":["string","null"],"enum":["red",null]})"));
  EXPECT_EQ(all.at("roles"), Json::parse(R"({"type":"array","items":{"type":"string","minLength":1,"maxLength":8},
                                             "minItems":1,"maxItems":3,"uniqueItems":true})"));
  EXPECT_EQ(all.at("age"),
            Json::parse(R"({"type":"integer","format":"int64","minimum":0,"maximum":150,"examples":[36]})"));
  EXPECT_EQ(all.at("bigNumber"), Json::parse(R"({"type":"integer","format":"int64"})"));
  EXPECT_EQ(all.at("price"), Json::parse(R"({"type":"string",
            "pattern":"^-?(?:0|[1-9][0-9]{0,7})(?:\\.[0-9]{1,2}0*)?$","default":"1.50"})"));
  EXPECT_EQ(all.at("vip"), Json::parse(R"({"type":"boolean"})"));
}

TEST(RowJsonSchemaTest, ShowsNeitherSecretsNorInternalColumns) {
  EXPECT_EQ(names(row()), (std::vector<std::string>{"id", "sku", "email", "status", "color", "roles", "age",
                                                    "bigNumber", "price", "vip", "createdAt"}));
}

TEST(RowJsonSchemaTest, RequiresEverythingButWhatOnlySomeMaySee) {
  EXPECT_EQ(row().at("required"), Json::parse(R"(["id","sku","email","status","color","age","bigNumber","price","vip",
                                                  "createdAt"])"));
  EXPECT_EQ(Json::parse(row_json_schema(*things())).at("required").size(), 11U);
  EXPECT_THROW(static_cast<void>(row_json_schema(*things(), {"rôles"})), std::logic_error);
}

TEST(RowJsonSchemaTest, DescribesWhatAnswersHold) {
  const Json all = row().at("properties");
  EXPECT_EQ(all.at("id"), Json::parse(R"({"type":"string","format":"uuid",
            "examples":["0198c1f2-0000-7000-8000-000000000000"],"readOnly":true})"));
  EXPECT_EQ(all.at("createdAt"), Json::parse(R"({"type":"string","format":"date-time",
            "examples":["1970-01-01T00:00:00.000Z"],"readOnly":true})"));
  EXPECT_EQ(all.at("price").at("pattern"), R"(^-?(?:0|[1-9][0-9]{0,7})\.[0-9]{2}$)");
  EXPECT_EQ(all.at("age").at("type"), Json::parse(R"(["integer","null"])"));  // left out of the body: null
}

TEST(JsonSchemaTest, ASecretHasOneFormat) {
  const auto schema = Schema::make("T", "", {Field::string("link").format(Format::kUri).write_only()});
  const std::string text = body_json_schema(BodyReader(schema, Mode::kCreate));
  EXPECT_NE(text.find(R"("format":"password")"), std::string::npos);
  EXPECT_EQ(text.find("uri"), std::string::npos);
}

TEST(JsonSchemaTest, WhatTheServerSetsIsReadOnlyAndInNoBody) {
  const auto schema = Schema::make("T", "ts", {Field::uuid("author_id").set_to(ServerValue::kCurrentUser).nullable()});
  EXPECT_EQ(Json::parse(row_json_schema(*schema)).at("properties").at("authorId"),
            Json::parse(R"({"type":["string","null"],"format":"uuid","readOnly":true})"));
  EXPECT_TRUE(Json::parse(body_json_schema(BodyReader(schema, Mode::kCreate))).at("properties").empty());
}

}  // namespace
}  // namespace apiwright::validation

// JSON Schema of objects, unions, maps and choices.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "apiwright/validation/json_schema.hpp"

namespace apiwright::validation {
namespace {

using Json = nlohmann::ordered_json;

SchemaPtr address() {
  static const SchemaPtr kSchema = Schema::make(
      "Address", "",
      {Field::string("street"), Field::integer("floor").optional(), Field::boolean("main").default_value(false),
       Field::string("zip_code").nullable(), Field::uuid("id").read_only()});
  return kSchema;
}

Field pet() {
  const auto variant = [](const char* kind, Field own) {
    return Schema::make(kind, "", {Field::enumeration("kind", {kind}), std::move(own)});
  };
  return Field::tagged_union(
      "pet", "kind",
      {{"Cat", variant("Cat", Field::integer("lives"))}, {"Dog", variant("Dog", Field::string("breed").optional())}});
}

SchemaPtr places() {
  static const SchemaPtr kSchema =
      Schema::make("Place", "places",
                   {Field::uuid("id").read_only(), Field::object("address", address()), pet().nullable(),
                    Field::map("stock", Field::integer("n")).items(1, 3).optional(),
                    Field::array("list", Field::object("item", address())).items(0, 2).default_value(Array{}),
                    Field::string("password").optional().write_only().transient()});
  return kSchema;
}

Json body(Mode mode) { return Json::parse(body_json_schema(BodyReader(places(), mode))); }
Json property(Mode mode, const std::string& name) { return body(mode).at("properties").at(name); }

TEST(CompositeJsonSchemaTest, AnObjectInABodyRequiresWhatTheReaderRequires) {
  const Json expected = Json::parse(R"({"type":"object","title":"Address","properties":{
      "street":{"type":"string"},"floor":{"type":"integer","format":"int64"},
      "main":{"type":"boolean","default":false},"zipCode":{"type":["string","null"]}},
      "required":["street"],"additionalProperties":false})");
  EXPECT_EQ(property(Mode::kCreate, "address"), expected);
  EXPECT_EQ(property(Mode::kReplace, "address"), expected);
  EXPECT_EQ(property(Mode::kChanges, "address"), expected) << "each change is whole";
  EXPECT_FALSE(body(Mode::kChanges).contains("required"));
  EXPECT_EQ(body(Mode::kChanges).at("title"), "PlaceChanges");
}

TEST(CompositeJsonSchemaTest, AnObjectInAPatchRequiresNothingAndNullTakesAway) {
  EXPECT_EQ(property(Mode::kPatch, "address"), Json::parse(R"({"type":"object","title":"AddressPatch","properties":{
      "street":{"type":"string"},"floor":{"type":["integer","null"],"format":"int64"},
      "main":{"type":["boolean","null"]},"zipCode":{"type":["string","null"]}},"additionalProperties":false})"));
  EXPECT_FALSE(body(Mode::kPatch).contains("required"));
}

TEST(CompositeJsonSchemaTest, AListInAPatchIsWhole) {
  const Json list = property(Mode::kPatch, "list");
  EXPECT_EQ(list.at("type"), Json::parse(R"(["array","null"])"));
  EXPECT_EQ(list.at("items"), property(Mode::kCreate, "list").at("items"));
  EXPECT_EQ(list.at("items").at("required"), Json::parse(R"(["street"])"));
}

TEST(CompositeJsonSchemaTest, AMapInAPatchTakesNamesAwayAndHasNoNumber) {
  EXPECT_EQ(property(Mode::kCreate, "stock"), Json::parse(R"({"type":"object","additionalProperties":
      {"type":"integer","format":"int64"},"minProperties":1,"maxProperties":3})"));
  EXPECT_EQ(property(Mode::kPatch, "stock"), Json::parse(R"({"type":["object","null"],"additionalProperties":
      {"type":["integer","null"],"format":"int64"}})"));
}

TEST(CompositeJsonSchemaTest, AUnionIsOneOfItsVariantsByTheDiscriminator) {
  EXPECT_EQ(property(Mode::kCreate, "pet"), Json::parse(R"({"oneOf":[
      {"type":"object","title":"Cat","properties":{"kind":{"type":"string","enum":["Cat"]},
       "lives":{"type":"integer","format":"int64"}},"required":["kind","lives"],"additionalProperties":false},
      {"type":"object","title":"Dog","properties":{"kind":{"type":"string","enum":["Dog"]},"breed":{"type":"string"}},
       "required":["kind"],"additionalProperties":false},
      {"type":"null"}],"discriminator":{"propertyName":"kind"}})"));
}

TEST(CompositeJsonSchemaTest, AUnionInAPatchMayLeaveTheDiscriminatorOut) {
  EXPECT_EQ(property(Mode::kPatch, "pet"), Json::parse(R"({"anyOf":[
      {"type":"object","title":"CatPatch","properties":{"kind":{"type":"string","enum":["Cat"]},
       "lives":{"type":"integer","format":"int64"}},"additionalProperties":false},
      {"type":"object","title":"DogPatch","properties":{"kind":{"type":"string","enum":["Dog"]},
       "breed":{"type":["string","null"]}},"additionalProperties":false},
      {"type":"null"}]})"));
}

TEST(CompositeJsonSchemaTest, WhatIsNotStoredIsNotTakenAwayByNull) {
  EXPECT_EQ(property(Mode::kPatch, "password").at("type"), "string");
}

TEST(CompositeJsonSchemaTest, ARowShowsWhatTheServerSetsInside) {
  const Json row = Json::parse(row_json_schema(*places())).at("properties").at("address");
  EXPECT_EQ(row.at("properties").at("id"), Json::parse(R"({"type":"string","format":"uuid","readOnly":true})"));
  EXPECT_FALSE(row.contains("additionalProperties"));
}

// --- choices ---------------------------------------------------------------------------------------------------------

SchemaPtr contact(Choice choice, const std::string& table = "") {
  return Schema::make("Contact", table, {Field::string("e_mail").nullable(), Field::string("phone").nullable()},
                      {std::move(choice)});
}

Json choices(const SchemaPtr& schema, Mode mode = Mode::kCreate) {
  const Json document = Json::parse(body_json_schema(BodyReader(schema, mode)));
  return document.value("allOf", Json());
}

/// A body in which the member is there and not null.
Json given(const std::string& name) {
  return {{"required", {name}}, {"properties", {{name, {{"not", {{"type", "null"}}}}}}}};
}

TEST(ChoiceJsonSchemaTest, ExactlyOneIsOneOf) {
  EXPECT_EQ(choices(contact({.fields = {"e_mail", "phone"}})),
            Json::array({{{"oneOf", {given("eMail"), given("phone")}}}}));
}

TEST(ChoiceJsonSchemaTest, AtLeastOneIsAnyOf) {
  EXPECT_EQ(choices(contact({.fields = {"e_mail", "phone"}, .exclusive = false})),
            Json::array({{{"anyOf", {given("eMail"), given("phone")}}}}));
}

TEST(ChoiceJsonSchemaTest, AtMostOneIsOneOfThemOrNone) {
  const Json none = {{"not", {{"anyOf", {given("eMail"), given("phone")}}}}};
  EXPECT_EQ(choices(contact({.fields = {"e_mail", "phone"}, .required = false})),
            Json::array({{{"oneOf", {none, given("eMail"), given("phone")}}}}));
}

TEST(ChoiceJsonSchemaTest, WholeBodiesHaveThemAndChangesLeaveThemToTheRow) {
  const auto schema = contact({.fields = {"e_mail", "phone"}}, "contacts");
  EXPECT_EQ(choices(schema, Mode::kReplace), choices(schema, Mode::kCreate));
  EXPECT_TRUE(choices(schema, Mode::kPatch).is_null());
  EXPECT_TRUE(choices(schema, Mode::kChanges).is_null());
  EXPECT_FALSE(Json::parse(row_json_schema(*schema)).contains("allOf"));
}

TEST(ChoiceJsonSchemaTest, AnObjectInsideHasItsOwn) {
  const auto outer = Schema::make("Person", "", {Field::object("contact", contact({.fields = {"e_mail", "phone"}}))});
  const auto inside = [&](Mode mode) {
    return Json::parse(body_json_schema(BodyReader(outer, mode))).at("properties").at("contact");
  };
  EXPECT_TRUE(inside(Mode::kCreate).contains("allOf"));
  EXPECT_FALSE(inside(Mode::kPatch).contains("allOf"));
}

}  // namespace
}  // namespace apiwright::validation

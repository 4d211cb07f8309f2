#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "apiwright/base/error.hpp"
#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/json_schema.hpp"
#include "apiwright/validation/value_json.hpp"

namespace apiwright::validation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SchemaPtr item_schema() {
  static const SchemaPtr kSchema =
      Schema::make("Item", "", {Field::string("sku").length(1, 8), Field::integer("quantity").range(1, 9)});
  return kSchema;
}

SchemaPtr pet_schema(const std::string& kind, Field own) {
  return Schema::make(kind, "", {Field::enumeration("kind", {kind}), std::move(own)});
}

Field pet() {
  return Field::tagged_union("pet", "kind",
                             {{"cat", pet_schema("cat", Field::integer("lives").range(1, 9))},
                              {"dog", pet_schema("dog", Field::string("name").length(1, 5).write_only())}});
}

SchemaPtr order_schema() {
  static const SchemaPtr kSchema = Schema::make(
      "Order", "",
      {Field::array("items", Field::object("item", item_schema())).items(1, 3).distinct().optional(),
       Field::map("labels", Field::array("texts", Field::string("text").length(1, 3))).optional(), pet().optional(),
       Field::json("extra").optional(), Field::number("ratio").range(NumberRange{0, 1, true, false}).optional()});
  return kSchema;
}

Record read(const std::string& body) { return BodyReader(order_schema(), Mode::kCreate).read(body); }

/// `path code` of each violation.
std::vector<std::string> refusals(const std::string& body) {
  std::vector<std::string> found;
  try {
    (void)read(body);
  } catch (const Error& error) {
    for (const Detail& detail : error.details()) found.push_back(detail.field + ' ' + detail.code);
  }
  return found;
}

std::string member(const std::string& body, std::string_view name) { return to_json(read(body).at(name)); }

TEST(BodyReaderNestedTest, WhatIsRightIsKeptAsItCame) {
  EXPECT_EQ(member(R"({"items":[{"quantity":1,"sku":"a"}]})", "items"), R"([{"sku":"a","quantity":1}])");
  EXPECT_EQ(member(R"({"labels":{"a":["x"],"b":[]}})", "labels"), R"({"a":["x"],"b":[]})");
  EXPECT_EQ(member(R"({"extra":{"a":[1,2.50,null,"\n"]}})", "extra"), R"({"a":[1,2.50,null,"\n"]})");
  EXPECT_EQ(member(R"({"ratio":1})", "ratio"), "1.0");
}

TEST(BodyReaderNestedTest, EveryViolationInsideIsToldByItsPath) {
  EXPECT_THAT(
      refusals(R"({"items":[{"sku":"","x":1},7,{"sku":"b","quantity":10}],"labels":{"k":["","abcd",1]}})"),
      ElementsAre("items[0].sku min_length", "items[0].x unknown", "items[0].quantity required", "items[1] type",
                  "items[2].quantity max", "labels.k[0] min_length", "labels.k[1] max_length", "labels.k[2] type"));
}

TEST(BodyReaderNestedTest, EqualObjectsAreTheSameItem) {
  EXPECT_THAT(refusals(R"({"items":[{"sku":"a","quantity":1},{"quantity":1,"sku":"a"}]})"),
              ElementsAre("items[1] duplicate"));
}

TEST(BodyReaderNestedTest, TheDiscriminatorMayStandAnywhere) {
  EXPECT_EQ(member(R"({"pet":{"kind":"cat","lives":9}})", "pet"), R"({"kind":"cat","lives":9})");
  EXPECT_EQ(member(R"({"pet":{"lives":9,"kind":"cat"}})", "pet"), R"({"kind":"cat","lives":9})");
  EXPECT_THAT(refusals(R"({"pet":{"lives":[{"kind":"dog"}],"kind":"cat"}})"), ElementsAre("pet.lives type"));
}

TEST(BodyReaderNestedTest, AUnionWithoutAGoodDiscriminatorIsRefusedOnce) {
  EXPECT_THAT(refusals(R"({"pet":{"lives":9}})"), ElementsAre("pet.kind required"));
  EXPECT_THAT(refusals(R"({"pet":{"kind":7,"lives":{}}})"), ElementsAre("pet.kind type"));
  EXPECT_THAT(refusals(R"({"pet":{"kind":["cat"]}})"), ElementsAre("pet.kind type"));
  EXPECT_THAT(refusals(R"({"pet":{"x":1,"kind":"cow","y":{"z":[]}},"ratio":2})"),
              ElementsAre("pet.kind enum", "ratio max"));
  EXPECT_THAT(refusals(R"({"pet":[]})"), ElementsAre("pet type"));
}

TEST(BodyReaderNestedTest, NumbersAreFiniteAndWithinTheirBounds) {
  EXPECT_THAT(refusals(R"({"ratio":0})"), ElementsAre("ratio min"));
  EXPECT_THAT(refusals(R"({"ratio":1e400})"), ElementsAre("ratio max"));
  EXPECT_THAT(refusals(R"({"ratio":1e-400})"), ElementsAre("ratio min")) << "too small for a double is zero";
}

TEST(BodyReaderNestedTest, AnyJsonMustBeReadableForAll) {
  EXPECT_THAT(refusals(R"({"extra":[1e309]})"), ElementsAre("extra max"));
  EXPECT_THAT(refusals(R"({"extra":"a\u0000"})"), ElementsAre("extra format"));
  EXPECT_THAT(refusals(R"({"extra":{"a\u0000":1}})"), ElementsAre("extra format"));
}

TEST(BodyReaderNestedTest, NamesOfAMapAreComparedInTheirNormalForm) {
  EXPECT_THAT(refusals("{\"labels\":{\"\u00e9\":[],\"e\u0301\":[]}}"), ElementsAre("labels.\u00e9 duplicate"));
}

TEST(BodyReaderNestedTest, ALongListOfUnionsIsReadInTheLimitsOfADocument) {
  const SchemaPtr schema = Schema::make("Pets", "", {Field::array("pets", pet()).items(0, 10'000)});
  std::string body = R"({"pets":[)";
  for (int i = 0; i < 10'000; ++i) body += std::string(i == 0 ? "" : ",") + R"({"lives":1,"kind":"cat"})";
  const Record record = BodyReader(schema, Mode::kCreate).read(body + "]}");
  EXPECT_EQ(record.at("pets").as<Array>().size(), 10'000U);
}

TEST(BodyReaderNestedTest, WhatWasStoredIsReadWithoutItsConstraints) {
  const Field stored = without_constraints(order_schema()->field(0));
  const Value value = read_stored(stored, R"([{"sku":"far too long a text","gone":[1,{}]}])");
  EXPECT_EQ(to_json(value), R"([{"sku":"far too long a text"}])");
  EXPECT_THROW((void)read_stored(stored, R"([{"quantity":"one"}])"), Error);
}

TEST(BodyReaderNestedTest, ChoicesHoldForWholeBodies) {
  const SchemaPtr schema =
      Schema::make("Contact", "", {Field::string("email").nullable(), Field::string("phone").nullable()},
                   {{.fields = {"email", "phone"}}});
  const BodyReader reader(schema, Mode::kCreate);
  EXPECT_NO_THROW((void)reader.read(R"({"email":null,"phone":"1"})"));
  for (const char* const body : {"{}", R"({"email":"a","phone":"1"})"}) {
    EXPECT_THROW((void)reader.read(body), Error) << body;
  }
  EXPECT_NO_THROW((void)BodyReader(schema, Mode::kPatch).read("{}"));
  EXPECT_THROW(
      (void)Schema::make("C", "", {Field::string("a"), Field::string("b").optional()}, {{.fields = {"a", "b"}}}),
      std::logic_error);
}

TEST(BodyReaderNestedTest, AChoiceNamesEachFieldOnce) {
  EXPECT_THROW((void)Schema::make("C", "", {Field::string("a").optional()}, {{.fields = {"a", "a"}}}),
               std::logic_error);
}

TEST(BodyReaderNestedTest, AColumnHoldsNothingThatAnswersHide) {
  EXPECT_THROW((void)Schema::make("Owner", "owners", {Field::uuid("id"), pet()}), std::logic_error);
  EXPECT_THROW((void)Schema::make("Owner", "owners", {Field::uuid("id"), Field::array("pets", pet())}),
               std::logic_error);
  EXPECT_NO_THROW((void)Schema::make("Owner", "owners", {Field::uuid("id"), pet().write_only()}));
  EXPECT_NO_THROW((void)Schema::make("Owner", "", {pet()}));
}

TEST(BodyReaderNestedTest, ADecimalsRangeHasValuesThatItsDigitsReach) {
  EXPECT_THROW((void)Field(Field::decimal("x", 3, 0).range(5000, 6000)), std::logic_error);
  EXPECT_THROW((void)Field(Field::decimal("x", 3, 0).range(-6000, -5000)), std::logic_error);
  EXPECT_EQ(Field(Field::decimal("x", 3, 0).range(-6000, 6000)).max(), 999);
}

TEST(BodyReaderNestedTest, TheJsonSchemaTellsAllOfIt) {
  const std::string text = body_json_schema(BodyReader(order_schema(), Mode::kCreate));
  EXPECT_THAT(text, HasSubstr(R"("discriminator":{"propertyName":"kind"})"));
  EXPECT_THAT(text, HasSubstr(R"("exclusiveMinimum":0.0,"maximum":1.0)"));
  EXPECT_THAT(text, HasSubstr(R"("additionalProperties":{"type":"array")"));
}

}  // namespace
}  // namespace apiwright::validation

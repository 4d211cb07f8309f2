// Unions in every place, and hostile ones.

#include <gtest/gtest.h>

#include <string>

#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/value_json.hpp"
#include "validation/violations_of.hpp"

namespace apiwright::validation {
namespace {

SchemaPtr variant(const std::string& kind, Field own) {
  return Schema::make(kind, "", {Field::enumeration("kind", {kind}), std::move(own)});
}

/// A cat has a toy, which is a union itself, by a member of the same name.
Field pet() {
  const Field toy = Field::tagged_union("toy", "kind",
                                        {{"ball", variant("ball", Field::integer("size").range(1, 9))},
                                         {"rope", variant("rope", Field::array("knots", Field::integer("knot")))}});
  return Field::tagged_union("pet", "kind",
                             {{"cat", variant("cat", Field(toy).nullable())},
                              {"dog", variant("dog", Field::json("extra"))},
                              {"fish", variant("fish", Field::string("kind_of_water").optional())}});
}

SchemaPtr owners() {
  static const SchemaPtr kSchema =
      Schema::make("Owner", "",
                   {pet().optional(), Field::array("pets", pet()).optional().distinct(),
                    Field::map("by_name", pet()).optional(), Field::integer("age").optional()});
  return kSchema;
}

class BodyReaderUnionsTest : public testing::TestWithParam<Mode> {
 protected:
  [[nodiscard]] std::string violations(const std::string& body) const {
    return violations_of([&] { (void)BodyReader(owners(), GetParam()).read(body); });
  }
  [[nodiscard]] std::string json(const std::string& body, std::string_view name) const {
    return to_json(BodyReader(owners(), GetParam()).read(body).at(name));
  }
};

INSTANTIATE_TEST_SUITE_P(Modes, BodyReaderUnionsTest, testing::Values(Mode::kCreate, Mode::kPatch, Mode::kChanges));

TEST_P(BodyReaderUnionsTest, ATagThatComesTwiceIsNoJsonObject) {
  for (const char* const body :
       {R"({"pet":{"kind":"fish","kind":"dog"}})", R"({"pet":{"kind":"fish","kind":"fish"}})",
        R"({"pet":{"kind":7,"kind":"fish"}})", R"({"pet":{"kind":"fish","kind":null}})",
        R"({"pet":{"kind":"cow","kind":"fish"}})", R"({"pet":{"kind":"fish","kin\u0064":"dog"}})"}) {
    try {
      (void)BodyReader(owners(), GetParam()).read(body);
      ADD_FAILURE() << body;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kMalformedJson) << body;
      EXPECT_EQ(error.details().at(0).field, "pet.kind") << body;
    }
  }
}

TEST_P(BodyReaderUnionsTest, AUnionInsideAUnionHasATagOfItsOwn) {
  EXPECT_EQ(json(R"({"pet":{"kind":"cat","toy":{"kind":"ball","size":1}}})", "pet"),
            R"({"kind":"cat","toy":{"kind":"ball","size":1}})");
  EXPECT_EQ(json(R"({"pet":{"toy":{"knots":[1,2],"kind":"rope"},"kind":"cat"}})", "pet"),
            R"({"kind":"cat","toy":{"kind":"rope","knots":[1,2]}})");
  EXPECT_EQ(json(R"({"pet":{"toy":null,"kind":"cat"}})", "pet"), R"({"kind":"cat","toy":null})");
}

TEST_P(BodyReaderUnionsTest, TheInnerTagIsNotTheOuterOne) {
  EXPECT_EQ(violations(R"({"pet":{"toy":{"kind":"cat"},"kind":"cat"}})"), "pet.toy.kind enum\n");
  EXPECT_EQ(violations(R"({"pet":{"kind":{"kind":"cat"}}})"), "pet.kind type\n");
  EXPECT_EQ(violations(R"({"pet":{"toy":{"kind":"ball","size":10},"kind":"cat"}})"), "pet.toy.size max\n");
  EXPECT_EQ(violations(R"({"pet":{"extra":{"kind":"cat"},"kind":"dog"}})"), "");
}

TEST_P(BodyReaderUnionsTest, TheTagIsComparedAsItIs) {
  EXPECT_EQ(violations(R"({"pet":{"kind":"Cat"}})"), "pet.kind enum\n");
  EXPECT_EQ(violations(R"({"pet":{"kind":"cat "}})"), "pet.kind enum\n");
  EXPECT_EQ(violations(R"({"pet":{"kind":""}})"), "pet.kind enum\n");
  EXPECT_EQ(violations(R"({"pet":{"k\u0069nd":"f\u0069sh"}})"), "") << "escapes are the text they stand for";
}

TEST_P(BodyReaderUnionsTest, WhatIsBesideABadUnionIsStillRead) {
  EXPECT_EQ(violations(R"({"pets":[{"kind":"cow","x":[{}]},{"kind":"fish","x":1},7],"age":"x"})"),
            "pets[0].kind enum\npets[1].x unknown\npets[2] type\nage type\n");
  EXPECT_EQ(violations(R"({"byName":{"a":{"kind":"cow"},"b":[],"c":{"kind":"fish","kindOfWater":1}},"age":"x"})"),
            "byName.a.kind enum\nbyName.b type\nbyName.c.kindOfWater type\nage type\n");
}

TEST_P(BodyReaderUnionsTest, InAListItIsWholeInEveryMode) {
  EXPECT_EQ(violations(R"({"pets":[{"kindOfWater":"salt"},{"kind":"dog"}]})"),
            "pets[0].kind required\npets[1].extra required\n");
  EXPECT_EQ(violations(R"({"pets":[{"kind":"cat"},{"toy":null,"kind":"cat"}]})"), "pets[1] duplicate\n");
}

TEST_P(BodyReaderUnionsTest, ALateTagCostsNoMoreThanTheDocument) {
  std::string body = R"({"pet":{"extra":[)";
  for (int i = 0; i < 90'000; ++i) body += "1,";
  body.back() = ']';
  EXPECT_EQ(violations(body + R"(,"kind":"dog"}})"), "");
  EXPECT_EQ(violations(body + R"(,"kind":"cow"}})"), "pet.kind enum\n");
  EXPECT_EQ(violations(body + R"(,"kind":"fish"}})"), "pet.extra unknown\n");
}

TEST_P(BodyReaderUnionsTest, DepthIsLimitedBeforeTheTagHasCome) {
  EXPECT_THROW((void)BodyReader(owners(), GetParam()).read(R"({"pet":{"extra":)" + std::string(100'000, '[')), Error);
  EXPECT_THROW((void)BodyReader(owners(), GetParam()).read(R"({"pet":{"extra":{"a")"), Error);
}

TEST(BodyReaderUnionsWholeTest, WithoutATagNothingIsKnown) {
  const BodyReader reader(owners(), Mode::kCreate);
  EXPECT_EQ(violations_of([&] { (void)reader.read(R"({"pet":{},"byName":{"a":{"toy":{}}}})"); }),
            "pet.kind required\nbyName.a.kind required\n");
  EXPECT_EQ(violations_of([&] { (void)reader.read(R"({"pet":{"kind":"cat","toy":{}}})"); }), "pet.toy.kind required\n");
}

TEST(BodyReaderUnionsWholeTest, TwoTagsMayShareASchema) {
  const auto both = Schema::make("Water", "", {Field::enumeration("kind", {"salt", "sweet"}), Field::integer("depth")});
  const auto schema = Schema::make("S", "", {Field::tagged_union("water", "kind", {{"salt", both}, {"sweet", both}})});
  const BodyReader reader(schema, Mode::kCreate);
  for (const std::string kind : {"salt", "sweet"}) {
    const std::string text = R"({"kind":")" + kind + R"(","depth":1})";
    EXPECT_EQ(to_json(reader.read(R"({"water":)" + text + "}").at("water")), text);
  }
}

TEST(BodyReaderUnionsWholeTest, AStoredUnionIsReadByItsTag) {
  const Field stored = without_constraints(pet());
  EXPECT_EQ(to_json(read_stored(stored, R"({"gone":[{}],"toy":{"size":99,"kind":"ball"},"kind":"cat"})")),
            R"({"kind":"cat","toy":{"kind":"ball","size":99}})");
  EXPECT_THROW((void)read_stored(stored, R"({"toy":null})"), Error);
  EXPECT_THROW((void)read_stored(stored, R"({"kind":"cow"})"), Error);
}

}  // namespace
}  // namespace apiwright::validation

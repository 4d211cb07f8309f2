#include "apiwright/validation/field.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace apiwright::validation {
namespace {

/// The text of the std::logic_error that `declare` throws; empty when it throws none.
template <typename Declare>
std::string complaint(Declare declare) {
  try {
    (void)declare();
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "";
}

TEST(FieldTest, WireNameIsTheCamelCaseOfTheName) {
  EXPECT_EQ(to_wire_name("created_at"), "createdAt");
  EXPECT_EQ(to_wire_name("email"), "email");
  EXPECT_EQ(to_wire_name("address_line_2"), "addressLine2");
  EXPECT_EQ(to_wire_name(""), "");
  EXPECT_EQ(Field::date_time("created_at").wire_name(), "createdAt");
}

TEST(FieldTest, BuildersKeepWhatTheyAreTold) {
  const Field field = Field::string("name").length(1, 100).searchable().sortable().describe("A name.").example("Ada");
  EXPECT_EQ(field.kind(), Kind::kString);
  EXPECT_EQ(field.min_length(), 1U);
  EXPECT_EQ(field.max_length(), 100U);
  EXPECT_TRUE(field.is_searchable());
  EXPECT_TRUE(field.is_sortable());
  EXPECT_FALSE(field.is_unique());
  EXPECT_EQ(field.description(), "A name.");
  EXPECT_EQ(field.example(), Value("Ada"));
}

TEST(FieldTest, IsRequiredUnlessSomethingSaysOtherwise) {
  EXPECT_TRUE(Field::string("x").is_required());
  EXPECT_FALSE(Field::string("x").optional().is_required());
  EXPECT_FALSE(Field::string("x").nullable().is_required());
  EXPECT_FALSE(Field::string("x").default_value("a").is_required());
  EXPECT_FALSE(Field::string("x").read_only().is_required());
  EXPECT_FALSE(Field::string("x").internal().is_required());
}

TEST(FieldTest, UniqueOrSearchableTextHasAKeyColumn) {
  EXPECT_TRUE(Field::email("x").unique().has_key_column());
  EXPECT_TRUE(Field::string("x").searchable().has_key_column());
  EXPECT_FALSE(Field::string("x").has_key_column());
  EXPECT_FALSE(Field::integer("x").unique().has_key_column());
}

TEST(FieldTest, AnEmailHasAtMost255CodePoints) { EXPECT_EQ(Field::email("email").max_length(), 255U); }

TEST(FieldTest, ABadPatternIsRefusedWhereItIsDeclaredNamingTheField) {
  EXPECT_NE(complaint([] { return Field::string("sku").pattern("["); }).find("`sku`"), std::string::npos);
  // Back references need exponential time; RE2 has none.
  EXPECT_NE(complaint([] { return Field::string("sku").pattern(R"((a)\1)"); }), "");
}

TEST(FieldTest, APatternBeyondItsMemoryIsRefused) {
  EXPECT_NE(complaint([] { return Field::string("x").pattern("((a{100}){100}){100}"); }), "");
}

TEST(FieldTest, ACallThatMakesNoSenseForTheKindNamesFieldAndCall) {
  EXPECT_EQ(complaint([] { return Field::integer("age").length(1, 2); }), "Field `age`: length() makes no sense here");
  EXPECT_NE(complaint([] { return Field::email("x").pattern("a"); }), "");
  EXPECT_NE(complaint([] { return Field::string("x").range(1, 2); }), "");
  EXPECT_NE(complaint([] { return Field::string("x").items(1, 2); }), "");
  EXPECT_NE(complaint([] { return Field::string("x").distinct(); }), "");
  EXPECT_NE(complaint([] { return Field::uuid("x").searchable(); }), "");
  EXPECT_NE(complaint([] { return Field::string("x").default_value(Absent{}); }), "");
  EXPECT_NE(complaint([] { return Field::array("x", Field::string("")).unique(); }), "");
  EXPECT_NE(complaint([] { return Field::array("x", Field::string("")).filterable(); }), "");
  EXPECT_NE(complaint([] { return Field::array("x", Field::string("")).sortable(); }), "");
}

TEST(FieldTest, BoundsMustBeInOrder) {
  EXPECT_NE(complaint([] { return Field::string("x").length(2, 1); }), "");
  EXPECT_NE(complaint([] { return Field::integer("x").range(2, 1); }), "");
  EXPECT_NE(complaint([] { return Field::array("x", Field::string("")).items(2, 1); }), "");
}

TEST(FieldTest, ADecimalHasAtMost18Digits) {
  EXPECT_EQ(complaint([] { return Field::decimal("x", 18, 18); }), "");
  EXPECT_NE(complaint([] { return Field::decimal("x", 19, 2); }), "");
  EXPECT_NE(complaint([] { return Field::decimal("x", 2, 3); }), "");
  EXPECT_NE(complaint([] { return Field::decimal("x", 0, 0); }), "");
  EXPECT_NE(complaint([] { return Field::decimal("x", 2, -1); }), "");
}

TEST(FieldTest, AnEnumerationHasValuesEachOnce) {
  EXPECT_NE(complaint([] { return Field::enumeration("x", {}); }), "");
  EXPECT_NE(complaint([] { return Field::enumeration("x", {"a", "a"}); }), "");
  EXPECT_EQ(Field::enumeration("x", {"b", "a"}).values(), (std::vector<std::string>{"b", "a"}));
}

TEST(FieldTest, AnElementIsNeverLeftOut) {
  EXPECT_EQ(complaint([] { return Field::array("x", Field::array("y", Field::string("z"))); }), "");
  EXPECT_NE(complaint([] { return Field::array("x", Field::string("y").optional()); }), "");
  const Field roles = Field::array("roles", Field::string("role").length(1, 64)).items(0, 16).distinct();
  ASSERT_NE(roles.element(), nullptr);
  EXPECT_EQ(roles.element()->max_length(), 64U);
  EXPECT_EQ(roles.max_items(), 16U);
  EXPECT_TRUE(roles.is_distinct());
}

TEST(FieldTest, WhatTheServerSetsIsReadOnlyAndOfItsKind) {
  const Field author = Field::uuid("author_id").set_to(ServerValue::kCurrentUser);
  EXPECT_TRUE(author.is_read_only());
  EXPECT_FALSE(author.is_required());
  EXPECT_EQ(author.server_value(), ServerValue::kCurrentUser);
  EXPECT_EQ(Field::date_time("opened_at").set_to(ServerValue::kNow).server_value(), ServerValue::kNow);
  EXPECT_EQ(Field::uuid("x").server_value(), std::nullopt);
  EXPECT_NE(complaint([] { return Field::string("x").set_to(ServerValue::kCurrentUser); }), "");
  EXPECT_NE(complaint([] { return Field::date_time("x").set_to(ServerValue::kCurrentUser); }), "");
  EXPECT_EQ(complaint([] { return Field::uuid("x").set_to(ServerValue::kNow); }),
            "Field `x`: set_to() makes no sense here");
  EXPECT_NE(complaint([] { return Field::array("x", Field::uuid("y").set_to(ServerValue::kCurrentUser)); }), "");
}

TEST(FieldTest, TheServersValuesGoByTheseNames) {
  EXPECT_EQ(server_value_named("current_user"), ServerValue::kCurrentUser);
  EXPECT_EQ(server_value_named("now"), ServerValue::kNow);
  for (const char* name : {"", "Now", "currentUser"}) {
    EXPECT_THROW(static_cast<void>(server_value_named(name)), std::logic_error) << name;
  }
}

TEST(FieldTest, AnImmutableFieldIsStillGiven) {
  const Field slug = Field::string("slug").immutable();
  EXPECT_TRUE(slug.is_immutable());
  EXPECT_TRUE(slug.is_required());
  EXPECT_FALSE(slug.is_read_only());
  EXPECT_NE(complaint([] { return Field::map("x", Field::string("y").immutable()); }), "");
}

}  // namespace
}  // namespace apiwright::validation

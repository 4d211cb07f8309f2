#include "apiwright/validation/schema.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace apiwright::validation {
namespace {

SchemaPtr make(std::vector<Field> fields) { return Schema::make("Thing", "things", std::move(fields)); }

TEST(SchemaTest, FindsFieldsByNameAndByWireName) {
  const auto schema = make({Field::uuid("id"), Field::date_time("created_at")});
  EXPECT_EQ(schema->index_of("created_at"), 1U);
  EXPECT_EQ(schema->find("created_at"), 1U);
  EXPECT_EQ(schema->find_wire("createdAt"), 1U);
  EXPECT_EQ(schema->find("createdAt"), std::nullopt);
  EXPECT_EQ(schema->find_wire("created_at"), std::nullopt);
  EXPECT_EQ(schema->field(0).name(), "id");
}

TEST(SchemaTest, AskingForAnUnknownFieldIsAMistakeOfTheProgram) {
  EXPECT_THROW((void)make({Field::uuid("id")})->index_of("nope"), std::logic_error);
}

TEST(SchemaTest, NamesMustBeSnakeCase) {
  for (const char* name : {"", "Name", "1st", "_x", "a-b", "a b", "é", "a\"b"}) {
    EXPECT_THROW(make({Field::string(name)}), std::logic_error) << name;
  }
  EXPECT_THROW(Schema::make("Thing", "Things", {}), std::logic_error);
  EXPECT_THROW(Schema::make("Thing", "things; --", {}), std::logic_error);
  EXPECT_NO_THROW(make({Field::string("line_2")}));
}

TEST(SchemaTest, ABodyOnlySchemaNeedsNoTableButATitle) {
  EXPECT_NO_THROW(Schema::make("Login", "", {}));
  EXPECT_THROW(Schema::make("", "", {}), std::logic_error);
}

TEST(SchemaTest, NoTwoFieldsShareAName) {
  EXPECT_THROW(make({Field::string("a"), Field::integer("a")}), std::logic_error);
}

TEST(SchemaTest, NoTwoFieldsShareAWireName) {
  EXPECT_THROW(make({Field::string("line1"), Field::string("line_1")}), std::logic_error);
}

TEST(SchemaTest, NoFieldHasTheNameOfAKeyColumn) {
  EXPECT_THROW(make({Field::email("email").unique(), Field::string("email_key")}), std::logic_error);
  EXPECT_NO_THROW(make({Field::email("email"), Field::string("email_key")}));
}

TEST(SchemaTest, ADefaultMustBeAValueOfTheField) {
  EXPECT_THROW(make({Field::integer("x").default_value("1")}), std::logic_error);
  EXPECT_THROW(make({Field::integer("x").range(1, 2).default_value(3)}), std::logic_error);
  EXPECT_THROW(make({Field::enumeration("x", {"a"}).default_value("b")}), std::logic_error);
  EXPECT_THROW(make({Field::string("x").length(2, 3).default_value("a")}), std::logic_error);
  EXPECT_THROW(make({Field::string("x").default_value(Null{})}), std::logic_error);
  EXPECT_THROW(make({Field::decimal("x", 4, 2).default_value(Decimal{.unscaled = 1, .scale = 0})}), std::logic_error);
  EXPECT_THROW(make({Field::array("x", Field::integer("y")).default_value(Array{Value("a")})}), std::logic_error);
  EXPECT_NO_THROW(make({Field::decimal("x", 4, 2).default_value(Decimal{.unscaled = -150, .scale = 2})}));
  EXPECT_NO_THROW(make({Field::array("x", Field::integer("y")).default_value(Array{})}));
  EXPECT_NO_THROW(
      make({Field::boolean("x").default_value(false), Field::string("y").nullable().default_value(Null{})}));
}

TEST(SchemaTest, AnExampleMustBeAValueOrItsText) {
  EXPECT_NO_THROW(make({Field::uuid("x").example("0198c1f2-0000-7000-8000-000000000000")}));
  EXPECT_NO_THROW(make({Field::date_time("x").example(Timestamp{})}));
  EXPECT_THROW(make({Field::uuid("x").example("0198c1f2")}), std::logic_error);
  EXPECT_THROW(make({Field::email("x").example("nobody")}), std::logic_error);
}

TEST(SchemaTest, WhatIsNeverStoredCanNotBeQueried) {
  EXPECT_THROW(make({Field::string("password").transient().sortable()}), std::logic_error);
  EXPECT_THROW(make({Field::string("password").filterable().transient()}), std::logic_error);
}

TEST(SchemaTest, WhatIsKeptForGoodIsAColumn) {
  const auto inner = Schema::make("Inner", "", {Field::string("code").immutable()});
  EXPECT_THROW(make({Field::object("x", inner)}), std::logic_error);
  EXPECT_NO_THROW(Schema::make("Body", "", {Field::object("x", inner)}));
  EXPECT_THROW(make({Field::string("x").immutable().transient()}), std::logic_error);
  EXPECT_NO_THROW(make({Field::string("x").immutable().default_value("a")}));
}

TEST(SchemaTest, TheServerSetsColumnsAndInPlaceOfADefault) {
  EXPECT_NO_THROW(make({Field::uuid("x").set_to(ServerValue::kCurrentUser).nullable().internal()}));
  EXPECT_THROW(Schema::make("Body", "", {Field::uuid("x").set_to(ServerValue::kCurrentUser)}), std::logic_error);
  EXPECT_THROW(make({Field::date_time("x").set_to(ServerValue::kNow).default_value(Timestamp{})}), std::logic_error);
  EXPECT_THROW(make({Field::date_time("x").set_to(ServerValue::kNow).transient()}), std::logic_error);
}

TEST(SchemaTest, WithoutItsConstraintsItKnowsWhatWasDeclared) {
  const SchemaPtr inner = Schema::make("Inner", "", {Field::string("x").length(1, 2)});
  const SchemaPtr outer = Schema::make("Outer", "outers", {Field::object("inner", inner)});
  EXPECT_EQ(&inner->declared(), inner.get());
  EXPECT_EQ(&outer->stored_form(0).schema()->declared(), inner.get());
  EXPECT_EQ(&inner->without_constraints()->without_constraints()->declared(), inner.get());
}

}  // namespace
}  // namespace apiwright::validation

// Fields that have states, parts and sums of parts.

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "apiwright/validation/body_reader.hpp"
#include "validation/violations_of.hpp"

namespace apiwright::validation {
namespace {

std::string refusal(const BodyReader& reader, std::string_view body) {
  return violations_of([&] { static_cast<void>(reader.read(body)); });
}

Field state() {
  return Field::enumeration("state", {"open", "paid", "void"})
      .default_value(std::string("open"))
      .transitions({{"open", {"paid", "void"}}});
}

SchemaPtr stored(Field field) { return Schema::make("Bill", "bills", {Field::uuid("id"), std::move(field)}); }

SchemaPtr lines() {
  static const auto kSchema = Schema::make(
      "Line", "lines",
      {Field::uuid("id").read_only(), Field::uuid("bill_id").references("bills"), Field::integer("count").range(1, 100),
       Field::decimal("price", 12, 2), Field::number("weight").optional(), Field::string("code").immutable(),
       Field::integer("rank").nullable()});
  return kSchema;
}

SchemaPtr bills(Field total) {
  return Schema::make(
      "Bill", "bills",
      {Field::uuid("id").read_only(), Field::parts("lines", lines(), "bill_id").items(1, 3), std::move(total)});
}

Field total() { return Field::decimal("total", 12, 2).set_to(SumOfParts{"lines", {"count", "price"}}); }

TEST(TransitionsTest, a_value_has_the_successors_that_are_listed) {
  const auto field = state();
  EXPECT_EQ(field.successors("open"), (std::vector<std::string>{"paid", "void"}));
  EXPECT_TRUE(field.successors("paid").empty());
  EXPECT_TRUE(field.successors("lost").empty());
  EXPECT_TRUE(Field::string("text").successors("open").empty());
}

TEST(TransitionsTest, they_are_of_an_enumerations_own_values) {
  EXPECT_THROW(Field::string("state").transitions({}), std::logic_error);
  EXPECT_THROW(Field::enumeration("state", {"a"}).transitions({{"b", {}}}), std::logic_error);
  EXPECT_THROW(Field::enumeration("state", {"a"}).transitions({{"a", {"b"}}}), std::logic_error);
}

TEST(TransitionsTest, a_field_with_them_always_has_a_value_that_its_writers_see) {
  EXPECT_NO_THROW(stored(state()));
  EXPECT_THROW(stored(Field::enumeration("state", {"a"}).transitions({})), std::logic_error) << "no beginning";
  EXPECT_THROW(stored(state().nullable()), std::logic_error);
  EXPECT_THROW(stored(state().optional()), std::logic_error);
  EXPECT_THROW(stored(state().immutable()), std::logic_error);
  EXPECT_THROW(stored(state().write_only()), std::logic_error);
  EXPECT_THROW(stored(state().transient()), std::logic_error);
  EXPECT_THROW(Schema::make("Body", "", {state()}), std::logic_error) << "nothing is kept of it";
}

TEST(PartsTest, a_new_row_brings_what_clients_send_of_them) {
  const BodyReader reader(bills(total()), Mode::kCreate);
  const auto record = reader.read(R"({"lines":[{"count":2,"price":"0.50","code":"x"}]})");
  const auto& sent = *record.at("lines").as<Array>().front().as<Object>().record;
  EXPECT_EQ(sent.at("count").as<std::int64_t>(), 2);
  EXPECT_FALSE(sent.schema().find("bill_id"));
  EXPECT_FALSE(sent.schema().find("id"));
}

TEST(PartsTest, what_is_wrong_with_one_is_told_where_it_stands) {
  const BodyReader reader(bills(total()), Mode::kCreate);
  EXPECT_EQ(refusal(reader, R"({})"), "lines required\n");
  EXPECT_EQ(refusal(reader, R"({"lines":[]})"), "lines min_length\n");
  EXPECT_EQ(refusal(reader, R"({"lines":[{"count":0,"price":"1","code":"x"}]})"), "lines[0].count min\n");
  EXPECT_EQ(refusal(reader, R"({"lines":[{"count":1,"price":"1","code":"x","billId":null}]})"),
            "lines[0].billId unknown\n");
}

TEST(PartsTest, they_are_in_no_body_but_that_of_a_new_row) {
  for (const auto mode : {Mode::kReplace, Mode::kPatch, Mode::kChanges}) {
    EXPECT_EQ(refusal(BodyReader(bills(total()), mode), R"({"lines":[]})"), "lines unknown\n");
  }
  EXPECT_NO_THROW(static_cast<void>(BodyReader(bills(total()), Mode::kReplace).read("{}")));
  EXPECT_FALSE(BodyReader::trusting(bills(total()), Mode::kChanges).accepts(1));
  EXPECT_FALSE(BodyReader::importing(bills(total())).accepts(1));
}

TEST(PartsTest, they_name_their_row_by_a_reference_and_have_no_parts_themselves) {
  EXPECT_THROW(Field::parts("lines", lines(), "count"), std::logic_error);
  EXPECT_THROW(Field::parts("lines", lines(), "order_id"), std::logic_error);
  const auto nested = Schema::make("Box", "boxes",
                                   {Field::uuid("id").read_only(), Field::uuid("shelf_id").references("shelves"),
                                    Field::parts("lines", lines(), "bill_id")});
  EXPECT_THROW(Field::parts("boxes", nested, "shelf_id"), std::logic_error);
}

TEST(SumOfPartsTest, it_is_of_exact_numbers_that_are_always_given_and_has_room_for_their_places) {
  const auto sum = [](Field field, std::vector<std::string> factors, std::string parts = "lines") {
    return bills(std::move(field).set_to(SumOfParts{std::move(parts), std::move(factors)}));
  };
  EXPECT_NO_THROW(sum(Field::integer("pieces"), {"count"}));
  EXPECT_NO_THROW(sum(Field::decimal("squares", 18, 4), {"price", "price"}));
  EXPECT_THROW(sum(Field::decimal("squares", 18, 3), {"price", "price"}), std::logic_error);
  EXPECT_THROW(sum(Field::integer("total"), {"price"}), std::logic_error);
  EXPECT_THROW(sum(Field::integer("total"), {"rank"}), std::logic_error) << "may be null";
  EXPECT_THROW(sum(Field::decimal("total", 12, 2), {"weight"}), std::logic_error) << "is not exact";
  EXPECT_THROW(sum(Field::integer("total"), {"length"}), std::logic_error);
  EXPECT_THROW(sum(Field::integer("total"), {"count"}, "id"), std::logic_error);
  EXPECT_THROW(sum(Field::integer("total").nullable(), {"count"}), std::logic_error);
  EXPECT_THROW(sum(Field::number("total"), {"count"}), std::logic_error);
  EXPECT_THROW(sum(Field::integer("total"), {}), std::logic_error);
}

}  // namespace
}  // namespace apiwright::validation

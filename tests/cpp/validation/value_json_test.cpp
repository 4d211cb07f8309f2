#include "apiwright/validation/value_json.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>

namespace apiwright::validation {
namespace {

SchemaPtr lines() {
  static const SchemaPtr kSchema = Schema::make(
      "Line", "", {Field::string("sku_code"), Field::integer("quantity").optional(), Field::string("note").nullable()});
  return kSchema;
}

Object line(Value sku, Value quantity, Value note) {
  Record record(lines());
  record.set("sku_code", std::move(sku));
  record.set("quantity", std::move(quantity));
  record.set("note", std::move(note));
  return {std::make_shared<const Record>(std::move(record))};
}

TEST(ValueJsonTest, NothingAndNullAreNull) {
  EXPECT_EQ(to_json(Value()), "null");
  EXPECT_EQ(to_json(Null{}), "null");
}

TEST(ValueJsonTest, ScalarsThatJsonHasAreThemselves) {
  EXPECT_EQ(to_json(true), "true");
  EXPECT_EQ(to_json(false), "false");
  EXPECT_EQ(to_json(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(to_json("a\"b\\\n"), R"("a\"b\\\n")");
}

TEST(ValueJsonTest, DecimalsIdsAndTimesAreTexts) {
  EXPECT_EQ(to_json(Decimal{.unscaled = 1250, .scale = 2}), R"("12.50")");
  EXPECT_EQ(to_json(*Uuid::parse("0198C1F2-ABCD-7000-8000-000000000000")), R"("0198c1f2-abcd-7000-8000-000000000000")");
  EXPECT_EQ(to_json(*parse_timestamp("1815-12-10T00:00:00Z")),
            '"' + format_timestamp(*parse_timestamp("1815-12-10T00:00:00Z")) + '"');
}

TEST(ValueJsonTest, ADoubleComesBackAsItself) {
  for (const double value : {0.1, 1e308, 5e-324, -1.5, 1.0 / 3, std::numeric_limits<double>::max()}) {
    EXPECT_EQ(std::strtod(to_json(value).c_str(), nullptr), value) << value;
  }
}

TEST(ValueJsonTest, AnArraysItemsStandInTheirOrder) {
  EXPECT_EQ(to_json(Array{}), "[]");
  EXPECT_EQ(to_json(Array{Value(2), Value(Null{}), Value(Array{Value("a")})}), R"([2,null,["a"]])");
}

TEST(ValueJsonTest, AnObjectHasItsWireNamesWithoutWhatIsAbsent) {
  EXPECT_EQ(to_json(line("x", 2, Null{})), R"({"skuCode":"x","quantity":2,"note":null})");
  EXPECT_EQ(to_json(line("x", Absent{}, "n")), R"({"skuCode":"x","note":"n"})");
  EXPECT_EQ(to_json(line(Absent{}, Absent{}, Absent{})), "{}");
}

TEST(ValueJsonTest, AnObjectsNamesAreEscaped) {
  Record record(Schema::make("T", "", {Field::integer("a\"b\n")}));
  record.set(0, 1);
  EXPECT_EQ(to_json(Object{std::make_shared<const Record>(std::move(record))}), R"({"a\"b\n":1})");
}

TEST(ValueJsonTest, AMapsNamesAreEscaped) {
  const std::string nul("a\0b", 3);
  EXPECT_EQ(to_json(Map{}), "{}");
  EXPECT_EQ(to_json(Map{{{.name = "\"},", .value = 1}, {.name = nul, .value = line("x", 1, "n")}}}),
            R"({"\"},":1,"a\u0000b":{"skuCode":"x","quantity":1,"note":"n"}})");
}

TEST(ValueJsonTest, JsonStandsAsItIs) {
  EXPECT_EQ(to_json(Json{R"({"a":[1.50,1e400]})"}), R"({"a":[1.50,1e400]})");
  EXPECT_EQ(to_json(Array{Value(Json{"null"}), Value(Json{"{}"})}), "[null,{}]");
}

TEST(ValueJsonTest, WritesIntoWhatIsBeingWritten) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.key("lines");
  write_json(writer, Array{Value(line("x", 1, "n"))});
  writer.key("n");
  write_json(writer, 1);
  writer.end_object();
  EXPECT_EQ(text, R"({"lines":[{"skuCode":"x","quantity":1,"note":"n"}],"n":1})");
}

}  // namespace
}  // namespace apiwright::validation

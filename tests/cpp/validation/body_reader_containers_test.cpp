#include <gtest/gtest.h>

#include <string>

#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/value_json.hpp"
#include "validation/violations_of.hpp"

namespace apiwright::validation {
namespace {

SchemaPtr line() {
  static const SchemaPtr kSchema =
      Schema::make("Line", "",
                   {Field::string("sku_code").length(1, 8), Field::integer("quantity").range(1, 99).default_value(1),
                    Field::string("note").nullable(), Field::uuid("id").read_only(), Field::string("key").internal()});
  return kSchema;
}

SchemaPtr order() {
  static const SchemaPtr kSchema = Schema::make(
      "Order", "",
      {Field::object("main", line()), Field::array("items", Field::object("item", line())).items(0, 4).distinct(),
       Field::array("grid", Field::array("row", Field::integer("cell")).items(1, 3)).optional().distinct(),
       Field::map("stock", Field::integer("count").range(0, 9)).items(0, 3).optional(),
       Field::map("lines", Field::object("line", line())).optional(), Field::json("extra").optional()});
  return kSchema;
}

class BodyReaderContainersTest : public testing::Test {
 protected:
  std::string violations(std::string_view body) const {
    return violations_of([&] { (void)changes_.read(body); });
  }
  std::string json(std::string_view body, std::string_view name) const { return to_json(changes_.read(body).at(name)); }

  BodyReader create_{order(), Mode::kCreate};
  BodyReader changes_{order(), Mode::kChanges};
};

TEST_F(BodyReaderContainersTest, AnObjectIsARecordOfItsOwnSchema) {
  const Record record = create_.read(R"({"main":{"skuCode":"a","quantity":2,"note":null},"items":[{"skuCode":"b"}]})");
  const Record& main = *record.at("main").as<Object>().record;
  EXPECT_EQ(main.schema_ptr(), line());
  EXPECT_EQ(main.at("quantity"), Value(2));
  EXPECT_TRUE(main.was_sent(1));
  const Record& item = *record.at("items").as<Array>().front().as<Object>().record;
  EXPECT_EQ(item.at("quantity"), Value(1));
  EXPECT_FALSE(item.was_sent(1));
  EXPECT_TRUE(item.at("note").is_null());
}

TEST_F(BodyReaderContainersTest, ViolationsInsideHaveTheirWholePath) {
  EXPECT_EQ(violations(R"({"items":[{"skuCode":"a"},{"skuCode":""},{"skuCode":"c","quantity":100}],
                           "main":{"skuCode":7},"grid":[[1],[2,"x"]],"stock":{"a":1,"b":10},
                           "lines":{"x y":{"quantity":1}}})"),
            "items[1].skuCode min_length\nitems[2].quantity max\nmain.skuCode type\ngrid[1][1] type\nstock.b max\n"
            "lines.x y.skuCode required\n");
}

TEST_F(BodyReaderContainersTest, UnknownReadOnlyAndInternalMembersInsideAreRefused) {
  EXPECT_EQ(violations(R"({"main":{"skuCode":"a","nope":{"skuCode":[1]},"id":"x","key":"k","sku_code":"b"}})"),
            "main.nope unknown\nmain.id unknown\nmain.key unknown\nmain.sku_code unknown\n");
}

TEST_F(BodyReaderContainersTest, AmongChangesAnObjectIsReplacedWhole) {
  EXPECT_EQ(violations(R"({"main":{"quantity":3}})"), "main.skuCode required\n");
  EXPECT_EQ(violations(R"({"main":{"skuCode":null}})"), "main.skuCode type\n");
  EXPECT_EQ(violations(R"({"main":{"skuCode":"a","quantity":null}})"), "main.quantity type\n");
  EXPECT_EQ(json(R"({"main":{"skuCode":"a"}})", "main"), R"({"skuCode":"a","quantity":1,"note":null})");
}

TEST_F(BodyReaderContainersTest, TheWrongContainerIsOneViolation) {
  EXPECT_EQ(
      violations(R"({"main":[{"skuCode":1}],"items":{"a":{}},"grid":[1,{"a":[2]},[3]],"stock":[1],
                           "lines":{"a":[{}],"b":1,"c":null}})"),
      "main type\nitems type\ngrid[0] type\ngrid[1] type\nstock type\nlines.a type\nlines.b type\nlines.c type\n");
}

TEST_F(BodyReaderContainersTest, ListsInsideListsAreBoundedEachByItself) {
  EXPECT_EQ(json(R"({"grid":[[1,2,3],[4]]})", "grid"), "[[1,2,3],[4]]");
  EXPECT_EQ(violations(R"({"grid":[[],[1,2,3,4],[5]]})"), "grid[0] min_length\ngrid[1] max_length\n");
}

TEST_F(BodyReaderContainersTest, DistinctComparesCompositesByTheirContent) {
  EXPECT_EQ(violations(R"({"grid":[[1,2],[2,1],[1,2.0]],"items":[{"skuCode":"a","quantity":1},{"skuCode":"a"}]})"),
            "grid[2] duplicate\nitems[1] duplicate\n");
}

TEST_F(BodyReaderContainersTest, DistinctNumbersAreDistinctAsNumbers) {
  const auto schema = Schema::make("T", "", {Field::array("xs", Field::number("x")).distinct()});
  EXPECT_EQ(violations_of([&] { (void)BodyReader(schema, Mode::kCreate).read(R"({"xs":[1,10e-1,0.0,-0.0]})"); }),
            "xs[1] duplicate\nxs[3] duplicate\n");
}

TEST_F(BodyReaderContainersTest, AMapKeepsItsOwnNamesInTheirOrder) {
  EXPECT_EQ(json(R"({"stock":{"zebra":1,"":2,"__proto__":3}})", "stock"), R"({"zebra":1,"":2,"__proto__":3})");
  EXPECT_EQ(violations(R"({"stock":{"a":1,"b":2,"c":3,"d":4,"e":"x"}})"), "stock max_length\n");
}

TEST_F(BodyReaderContainersTest, AMapsNamesAreInNormalFormEachOnce) {
  EXPECT_EQ(json("{\"stock\":{\"e\\u0301\":1}}", "stock"), "{\"\xC3\xA9\":1}");
  EXPECT_EQ(violations(R"({"stock":{"\u00e9":1,"e\u0301":2}})"), "stock.\xC3\xA9 duplicate\n");
  EXPECT_EQ(violations(R"({"stock":{"e\u0301":1,"\u00e9":2}})"), "stock.\xC3\xA9 duplicate\n");
}

TEST_F(BodyReaderContainersTest, HostileNamesOfAMapAreRefusedOrCut) {
  EXPECT_EQ(violations(std::string(R"({"stock":{"a\u0000b":1}})")).substr(0, 7), "stock.a");
  EXPECT_THROW((void)changes_.read(R"({"stock":{"\ud800":1}})"), Error);
  EXPECT_LT(violations("{\"stock\":{\"" + std::string(100'000, 'k') + "\":\"x\"}}").size(), 200U);
}

TEST_F(BodyReaderContainersTest, ManyNamesThatNeedTheirNormalFormAreReadInGoodTime) {
  const auto schema = Schema::make("T", "", {Field::map("m", Field::integer("x")).items(0, 1'000'000)});
  std::string body = R"({"m":{)";
  for (int i = 0; i < 40'000; ++i) body += "\"e\\u0301" + std::to_string(i) + "\":1,";
  body.back() = '}';
  const Record record = BodyReader(schema, Mode::kCreate).read(body + '}');
  EXPECT_EQ(record.at("m").as<Map>().entries.size(), 40'000U);
}

TEST_F(BodyReaderContainersTest, AnyJsonIsKeptAsItCameWithoutWhiteSpace) {
  for (const char* text : {"null", "true", "1.50", "1e300", "\"a\\\"b\"", "[]", "{}", R"({"a":[1,{"b":null}],"":""})",
                           R"([[[["x"]]]])", "12345678901234567890"}) {
    EXPECT_EQ(json(std::string(R"({ "extra" : )") + text + " }", "extra"), text);
  }
  EXPECT_EQ(json(R"({"extra":[ 1 , { "a" : 2 } ]})", "extra"), R"([1,{"a":2}])");
  EXPECT_THROW((void)changes_.read(R"({"extra":{"a":1,"a":2}})"), Error);
  EXPECT_THROW((void)changes_.read(R"({"extra":"\udc00"})"), Error);
}

TEST_F(BodyReaderContainersTest, DepthIsLimitedWhereverItIs) {
  for (const std::string name : {"extra", "grid", "nope", "main"}) {
    const std::string body = "{\"" + name + "\":" + std::string(100'000, '[');
    EXPECT_THROW((void)changes_.read(body), Error) << name;
  }
}

TEST_F(BodyReaderContainersTest, ManyViolationsInsideAreBounded) {
  const auto schema = Schema::make("T", "", {Field::array("xs", Field::object("x", line())).items(0, 1'000'000)});
  std::string body = R"({"xs":[)";
  for (int i = 0; i < 20'000; ++i) body += R"({"a":1},)";
  body.back() = ']';
  try {
    (void)BodyReader(schema, Mode::kCreate).read(body + '}');
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.details().size(), Violations::kLimit);
  }
}

TEST_F(BodyReaderContainersTest, TheApplicationItselfSetsReadOnlyAndInternalFieldsOfTheBody) {
  const auto reader = BodyReader::trusting(line(), Mode::kCreate);
  const Record record = reader.read(R"({"skuCode":"a","id":"0198c1f2-abcd-7000-8000-000000000000","key":"k"})");
  EXPECT_EQ(record.at("key"), Value("k"));
  EXPECT_EQ(record.at("id"), Value(*Uuid::parse("0198c1f2-abcd-7000-8000-000000000000")));
}

TEST_F(BodyReaderContainersTest, ADocumentMayBeToldInsteadOfRead) {
  const Record record = changes_.read([](json::Handler& handler) {
    handler.start_object();
    handler.key("grid");
    handler.start_array();
    handler.start_array();
    handler.integer(1);
    handler.end_array();
    handler.end_array();
    handler.end_object();
  });
  EXPECT_EQ(to_json(record.at("grid")), "[[1]]");
  EXPECT_EQ(violations_of([&] { (void)changes_.read([](json::Handler& handler) { handler.null(); }); }), " type\n");
  EXPECT_EQ(violations_of([&] { (void)changes_.read([](json::Handler&) {}); }), " type\n");
}

}  // namespace
}  // namespace apiwright::validation

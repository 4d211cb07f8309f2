#include "json/document.hpp"

#include <gtest/gtest.h>

#include <string>

#include "apiwright/base/error.hpp"

namespace apiwright::json {
namespace {

TEST(Document, HoldsEveryKindOfValueInItsPlace) {
  const Value document = read_document(R"({"a":[1,"x",[],{"b":null}],"c":{"d":true},"e":1.50,"f":-3,"a2":"y"})", {});
  const Object& object = *document.as<Object>();
  ASSERT_EQ(object.size(), 5U);
  const Array& array = *find(object, "a")->as<Array>();
  ASSERT_EQ(array.size(), 4U);
  EXPECT_EQ(*array[0].as<std::int64_t>(), 1);
  EXPECT_EQ(*array[1].as<std::string>(), "x");
  EXPECT_TRUE(array[2].as<Array>()->empty());
  EXPECT_NE(find(*array[3].as<Object>(), "b")->as<Null>(), nullptr);
  EXPECT_TRUE(*find(*find(object, "c")->as<Object>(), "d")->as<bool>());
  EXPECT_EQ(find(object, "e")->as<Number>()->text, "1.50");
  EXPECT_EQ(*find(object, "f")->as<std::int64_t>(), -3);
  EXPECT_EQ(*find(object, "a2")->as<std::string>(), "y");
  EXPECT_EQ(find(object, "g"), nullptr);
  EXPECT_EQ(document.as<Array>(), nullptr);
}

TEST(Document, AScalarIsADocumentToo) {
  EXPECT_EQ(*read_document("\"x\"", {}).as<std::string>(), "x");
  EXPECT_NE(read_document(" null ", {}).as<Null>(), nullptr);
}

TEST(Document, IsAsStrictAsTheReader) {
  for (const char* const bad : {"", "{", "{\"a\":1,\"a\":2}", "[1,]", "[[[1]]]", "1 2", "[1,2,3,4,5,6]", "\"\xFF\""}) {
    try {
      static_cast<void>(read_document(bad, {.bytes = 100, .depth = 2, .values = 6}));
      ADD_FAILURE() << bad;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kMalformedJson) << bad;
    }
  }
}

TEST(Document, WipingLeavesNoText) {
  Value document = read_document(R"({"a":"secret","b":["secret",{"c":"secret"}]})", {});
  wipe(document);
  const Object& object = *document.as<Object>();
  EXPECT_EQ(*find(object, "a")->as<std::string>(), "");
  EXPECT_EQ(*(*find(object, "b")->as<Array>())[0].as<std::string>(), "");
}

}  // namespace
}  // namespace apiwright::json

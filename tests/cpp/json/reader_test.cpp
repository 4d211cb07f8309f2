#include "apiwright/json/reader.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "apiwright/base/error.hpp"
#include "recorder.hpp"

namespace apiwright::json {
namespace {

using testing::events_of;
using testing::message_of;
using testing::Recorder;
using testing::refusal_of;

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string nested(std::size_t depth) { return repeated("[", depth) + repeated("]", depth); }

TEST(JsonReader, TellsADocumentsPartsInOrder) {
  EXPECT_EQ(events_of(R"({"a":[1,-2.50,"x",true,false,null,{}],"b":{"c":[]}})"),
            R"({ "a": [ 1 num(-2.50) "x" true false null { } ] "b": { "c": [ ] } })");
}

TEST(JsonReader, NestsToTheLimitAndNoFurther) {
  EXPECT_NO_THROW((void)events_of(nested(32)));
  EXPECT_EQ(message_of(nested(33)), "The JSON is nested too deeply at byte 33.");
  EXPECT_NO_THROW((void)events_of(repeated("{\"a\":", 32) + "1" + repeated("}", 32)));
  EXPECT_EQ(refusal_of(repeated("{\"a\":", 33) + "1" + repeated("}", 33)).code(), ErrorCode::kMalformedJson);
  EXPECT_EQ(refusal_of(repeated("[", 1'000'000)).code(), ErrorCode::kMalformedJson);
  EXPECT_EQ(refusal_of(repeated("[{\"a\":", 1'000'000)).code(), ErrorCode::kMalformedJson);
}

TEST(JsonReader, SiblingsAreNoDepth) { EXPECT_NO_THROW((void)events_of("[" + repeated("[[]],", 99) + "[]]")); }

TEST(JsonReader, DepthIsAsTheLimitsSay) {
  EXPECT_EQ(events_of("1", {.depth = 0}), "1");
  EXPECT_EQ(refusal_of("[]", {.depth = 0}).code(), ErrorCode::kMalformedJson);
  EXPECT_NO_THROW((void)events_of(nested(1'000), {.depth = 1'000}));
}

TEST(JsonReader, CountsValuesAndMemberNames) {
  const std::string document = R"({"a":[1,2],"b":null})";  // object, a, array, 1, 2, b, null
  EXPECT_NO_THROW((void)events_of(document, {.values = 7}));
  EXPECT_EQ(message_of(document, {.values = 6}), "The JSON has too many values at byte 19.");
  EXPECT_EQ(message_of(document, {.values = 5}), "The JSON has too many values at byte 14.");
}

TEST(JsonReader, BoundsTheBytes) {
  EXPECT_NO_THROW((void)events_of("[1,2]", {.bytes = 5}));
  EXPECT_EQ(message_of("[1,2]", {.bytes = 4}), "The JSON is too long at byte 4.");
}

TEST(JsonReader, NamesADuplicateMemberByItsPath) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"a":1,"a":1})", "a"},
      {R"({"a":1,"b":2,"a":3})", "a"},
      {R"({"a":{"b":[{},[],{"c":1,"c":2}]}})", "a.b[2].c"},
      {R"([{"c":1},{"c":1},{"d":[0,1],"c":1,"c":2}])", "[2].c"},
      {R"([[],[[{"x":[],"x":[]}]]])", "[1][0][0].x"},
      {R"({"a":{"x":1},"b":{"x":1},"a":0})", "a"},
      {R"({"":1,"":2})", ""},
      {R"({"\u0061":1,"a":2})", "a"},
      {R"({"a":{"b":1},"c":{"b":1,"d":{"b":1},"b":1}})", "c.b"},
  };
  for (const auto& [bytes, path] : cases) {
    const Error error = refusal_of(bytes);
    EXPECT_EQ(error.code(), ErrorCode::kMalformedJson) << bytes;
    ASSERT_EQ(error.details().size(), 1U) << bytes;
    EXPECT_EQ(error.details()[0].field, path);
    EXPECT_EQ(error.details()[0].code, "duplicate");
  }
}

TEST(JsonReader, TheSameNameInDifferentObjectsIsNoDuplicate) {
  EXPECT_NO_THROW((void)events_of(R"([{"a":{"a":{"a":1}}},{"a":1},{"a":1,"A":2,"a ":3,"aa":4,"":5}])"));
  EXPECT_NO_THROW((void)events_of(R"({"a":{"x":1,"y":2},"x":1,"y":{"a":1},"b":2})"));
}

TEST(JsonReader, FindsADuplicateAmongManyMembers) {
  for (const std::size_t count : {15U, 16U, 17U, 18U, 5'000U}) {
    std::string members;
    for (std::size_t i = 0; i < count; ++i) members += "\"name" + std::to_string(i) + "\":{\"name0\":0},";
    EXPECT_NO_THROW((void)events_of("{" + members + "\"last\":0}"));
    for (const std::size_t again : {std::size_t{0}, count / 2, count - 1}) {
      const std::string name = "name" + std::to_string(again);
      const Error error = refusal_of("{" + members + "\"" + name + "\":0}");
      ASSERT_EQ(error.details().size(), 1U) << count;
      EXPECT_EQ(error.details()[0].field, name);
    }
  }
}

TEST(JsonReader, AManyMembersObjectLeavesNothingToTheNext) {
  std::string members;
  for (int i = 0; i < 50; ++i) members += (i > 0 ? ",\"n" : "\"n") + std::to_string(i) + "\":0";
  EXPECT_NO_THROW((void)events_of("[{" + members + "},{" + members + "},{\"n0\":0}]"));
}

TEST(JsonReader, CutsALongPathBetweenCharacters) {
  const std::string name = "x" + repeated("\u00E9", 200);
  const Error error = refusal_of("{\"" + name + "\":1,\"" + name + "\":2}");
  ASSERT_EQ(error.details().size(), 1U);
  EXPECT_EQ(error.details()[0].field, name.substr(0, 255));
}

TEST(JsonReader, SaysWhatIsWrongAndWhere) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "The JSON ends too early at byte 0."},
      {"{\"a\":", "The JSON ends too early at byte 5."},
      {"[\"abc", "The JSON ends too early at byte 5."},
      {"[1,]", "The JSON is not well-formed at byte 3."},
      {"{} x", "Something follows the JSON at byte 3."},
      {"[\"a\", \"\xFF\"]", "The JSON is not well-formed UTF-8 at byte 7."},
      {"[\u00E9]", "The JSON is not well-formed at byte 1."},
      {R"({"a":1,"a":2})", "A member is given twice at byte 10."},
      {"[tru]", "The JSON is not well-formed at byte 4."},
      {"[01]", "The JSON is not well-formed at byte 2."},
      {"-", "The JSON ends too early at byte 1."},
      {"[1.e5]", "The JSON is not well-formed at byte 3."},
      {"[\"a\nb\"]", "The JSON is not well-formed at byte 3."},
      {R"(["\x41"])", "The JSON is not well-formed at byte 3."},
      {R"(["\u12G4"])", "The JSON is not well-formed at byte 6."},
      {R"(["\ud800 "])", "The JSON is not well-formed at byte 8."},
      {R"(["\ud800\u0041"])", "The JSON is not well-formed at byte 14."},
      {R"(["\udc00"])", "The JSON is not well-formed at byte 8."},
      {"[\"a\", \"b\xE2\x82\"]", "The JSON is not well-formed UTF-8 at byte 8."},
      {"[1]\x80", "The JSON is not well-formed UTF-8 at byte 3."},
  };
  for (const auto& [bytes, message] : cases) EXPECT_EQ(message_of(bytes), message) << bytes;
}

TEST(JsonReader, NeverEchoesTheInputInAMessage) {
  for (const char* bytes : {R"({"hunter2":1,"hunter2":1})", R"(["hunter2\x"])", R"(["hunter2)", R"({"a":hunter2})",
                            R"("hunter2" "hunter2")", "[\"hunter2\n\"]"}) {
    EXPECT_EQ(message_of(bytes).find("hunter2"), std::string::npos) << bytes;
  }
}

class ThrowingHandler final : public Recorder {
 public:
  void key(std::string_view /*name*/) override { throw std::length_error("from the handler"); }
};

TEST(JsonReader, PassesOnWhatAHandlerThrows) {
  ThrowingHandler handler;
  EXPECT_THROW(read(R"({"a":1})", handler), std::length_error);
}

class LendingRecorder final : public Recorder {
 public:
  void key(std::string_view name) override { texts.push_back(name); }
  void string(std::string_view value) override { texts.push_back(value); }
  std::vector<std::string_view> texts;
};

TEST(JsonReader, LendsTextsOfTheDocumentItselfWhereNothingIsEscaped) {
  const std::string document = R"({"a":"text","\u00e9":["","hé"]})";
  LendingRecorder handler;
  read(document, handler);
  ASSERT_EQ(handler.texts.size(), 5U);
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    const auto offset = handler.texts[i].data() - document.data();
    ASSERT_GE(offset, 0) << i;
    EXPECT_EQ(document.substr(static_cast<std::size_t>(offset), handler.texts[i].size()), handler.texts[i]);
  }
}

TEST(JsonReader, AnEscapedNameIsRememberedAfterOtherTextsHadEscapes) {
  EXPECT_EQ(refusal_of(R"({"\u0061":"\n\n","b\t":"\t","a":1})").details().at(0).field, "a");
  EXPECT_EQ(refusal_of(R"({"\u0061":{"\u0062":["\u0063",{"\u0064":1,"\u0064":1}]}})").details().at(0).field,
            "a.b[1].d");
}

TEST(JsonReader, ReadsBytesThatNoNulFollows) {
  const std::vector<char> bytes{'[', '1', '2', ']'};
  Recorder recorder;
  read({bytes.data(), bytes.size()}, recorder);
  EXPECT_EQ(recorder.events(), "[ 12 ]");
  Recorder number;
  read({bytes.data() + 1, 2}, number);
  EXPECT_EQ(number.events(), "12");
}

TEST(JsonReader, RefusesAViewOfNothing) {
  Recorder recorder;
  EXPECT_THROW(read({}, recorder), Error);
}

}  // namespace
}  // namespace apiwright::json

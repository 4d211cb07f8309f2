#include "apiwright/json/writer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "apiwright/json/reader.hpp"
#include "recorder.hpp"

namespace apiwright::json {
namespace {

using std::string_literals::operator""s;

std::string as_json_string(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}

TEST(JsonWriter, PutsCommasAndNestingWhereTheyBelong) {
  std::string out;
  Writer(out)
      .begin_object()
      .key("a")
      .begin_array()
      .integer(1)
      .begin_array()
      .end_array()
      .begin_object()
      .end_object()
      .string("x")
      .null()
      .boolean(true)
      .end_array()
      .key("b")
      .begin_object()
      .key("c")
      .raw("[1.50]")
      .end_object()
      .key("d")
      .boolean(false)
      .end_object();
  EXPECT_EQ(out, R"({"a":[1,[],{},"x",null,true],"b":{"c":[1.50]},"d":false})");
}

TEST(JsonWriter, WritesMembersInOneCall) {
  std::string out;
  const std::string text = "t";
  Writer(out)
      .begin_object()
      .member("text", text)
      .member("literal", "l")
      .member("int", 0)
      .member("wide", std::int64_t{1} << 40)
      .member("flag", true)
      .end_object();
  EXPECT_EQ(out, R"({"text":"t","literal":"l","int":0,"wide":1099511627776,"flag":true})");
}

TEST(JsonWriter, AppendsToWhatIsThere) {
  std::string out = "data: ";
  Writer(out).begin_array().integer(1).integer(2).end_array();
  EXPECT_EQ(out, "data: [1,2]");
}

TEST(JsonWriter, WritesEveryInt64) {
  std::string out;
  Writer(out)
      .begin_array()
      .integer(std::numeric_limits<std::int64_t>::min())
      .integer(-1)
      .integer(0)
      .integer(std::numeric_limits<std::int64_t>::max())
      .end_array();
  EXPECT_EQ(out, "[-9223372036854775808,-1,0,9223372036854775807]");
}

// RFC 8259, section 7: the quotation mark, the reverse solidus and the control characters must be escaped.
TEST(JsonWriter, EscapesWhatMustBeAndNothingElse) {
  EXPECT_EQ(as_json_string(""), "\"\"");
  EXPECT_EQ(as_json_string("plain / text"), "\"plain / text\"");
  EXPECT_EQ(as_json_string("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(as_json_string("\0\x01\x1F"s), R"("\u0000\u0001\u001f")");
  EXPECT_EQ(as_json_string("a\"b\nc"), R"("a\"b\nc")");
  EXPECT_EQ(as_json_string("\x7F\u00E9\u2028\U0001F600"), "\"\x7F\u00E9\u2028\U0001F600\"");
}

TEST(JsonWriter, EscapesMemberNames) {
  std::string out;
  Writer(out).begin_object().member("a\"b", 1).end_object();
  EXPECT_EQ(out, R"({"a\"b":1})");
}

TEST(JsonWriter, TheReaderGetsBackWhatWasWritten) {
  std::string text;
  for (int c = 0; c < 128; ++c) text += static_cast<char>(c);
  text += "\u00E9\u20AC\U0001F600";
  testing::Recorder recorder;
  read(as_json_string(text), recorder);
  EXPECT_EQ(recorder.events(), '"' + text + '"');
}

}  // namespace
}  // namespace apiwright::json

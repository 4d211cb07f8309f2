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

// Texts are looked at eight bytes at a time: what must be escaped is found at every place of every length.
TEST(JsonWriter, FindsWhatMustBeEscapedAtEveryPlace) {
  for (int c = 0; c < 256; ++c) {
    for (std::size_t length = 1; length <= 20; ++length) {
      for (std::size_t place = 0; place < length; ++place) {
        std::string text(length, '\x80');  // neighbours whose high bit is set, and which need nothing
        text[place] = static_cast<char>(c);
        std::string expected = text;
        const std::string alone = as_json_string(std::string(1, static_cast<char>(c)));
        expected.replace(place, 1, alone.substr(1, alone.size() - 2));
        ASSERT_EQ(as_json_string(text), '"' + expected + '"') << c << " at " << place << " of " << length;
      }
    }
  }
}

TEST(JsonWriter, WritesATimeAsAString) {
  std::string out;
  Writer(out).begin_array().time(Timestamp(std::chrono::milliseconds(1))).time(Timestamp{}).end_array();
  EXPECT_EQ(out, R"(["1970-01-01T00:00:00.001Z","1970-01-01T00:00:00.000Z"])");
}

TEST(JsonWriter, TakesAMemberNameThatIsEscapedAlready) {
  std::string out;
  Writer writer(out);
  writer.begin_object().raw_key("\"a\":").integer(1).raw_key("\"b\":").null().end_object();
  EXPECT_EQ(out, R"({"a":1,"b":null})");
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

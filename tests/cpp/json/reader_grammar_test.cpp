// The grammar of RFC 8259 and what stands next to it, as tables of what is read and what is refused.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/json/writer.hpp"
#include "recorder.hpp"

namespace apiwright::json {
namespace {

using std::string_literals::operator""s;
using testing::events_of;
using testing::message_of;
using testing::refusal_of;

TEST(JsonGrammar, TakesAnyValueAtTheTop) {
  const std::pair<std::string, std::string> cases[] = {
      {"null", "null"}, {"true", "true"},         {"false", "false"},  {"0", "0"},
      {"-1", "-1"},     {"\"\"", "\"\""},         {"[]", "[ ]"},       {"{}", "{ }"},
      {" 1 ", "1"},     {"\t\n\r 1\r\n\t ", "1"}, {"1.5", "num(1.5)"},
  };
  for (const auto& [bytes, events] : cases) EXPECT_EQ(events_of(bytes), events) << bytes;
}

TEST(JsonGrammar, NumbersInInt64AreIntegersAndOthersKeepTheirText) {
  const std::pair<std::string, std::string> cases[] = {
      {"-0", "0"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"9223372036854775808", "num(9223372036854775808)"},
      {"18446744073709551615", "num(18446744073709551615)"},
      {"18446744073709551616", "num(18446744073709551616)"},
      {"-9223372036854775809", "num(-9223372036854775809)"},
      {"0.0", "num(0.0)"},
      {"-0.0", "num(-0.0)"},
      {"1.50", "num(1.50)"},
      {"1e3", "num(1e3)"},
      {"1E3", "num(1E3)"},
      {"1e+03", "num(1e+03)"},
      {"0e0", "num(0e0)"},
      {"12.340E-05", "num(12.340E-05)"},
      {"1e-400", "num(1e-400)"},
      {"0.1234567890123456789012345", "num(0.1234567890123456789012345)"},
  };
  for (const auto& [bytes, events] : cases) {
    EXPECT_EQ(events_of(bytes), events);
    EXPECT_EQ(events_of("[" + bytes + "]"), "[ " + events + " ]");
  }
}

// RFC 8259, section 6, leaves range and precision to who reads: the field that a number is for decides.
TEST(JsonGrammar, HandsOnNumbersBeyondADouble) {
  EXPECT_EQ(events_of("[1e400]"), "[ num(1e400) ]");
  EXPECT_EQ(events_of("-1e309"), "num(-1e309)");
  const std::string long_number = "1" + std::string(400, '0');
  EXPECT_EQ(events_of(long_number), "num(" + long_number + ")");
}

TEST(JsonGrammar, ReadsStringsWithEveryEscape) {
  const std::pair<std::string, std::string> cases[] = {
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u00E9\u20ac")", "A\u00E9\u00E9\u20AC"},
      {R"("\ud83d\ude00")", "\U0001F600"},
      {R"("\uDBFF\uDFFF")", "\U0010FFFF"},
      {R"("a\u0000b")", "a\0b"s},
      {R"("\uFFFF\uFEFF")", "\uFFFF\uFEFF"},
      {"\"\u00E9\u20AC\U0001F600\x7F\"", "\u00E9\u20AC\U0001F600\x7F"},
      {"\"\u2028\u2029\"", "\u2028\u2029"},
      {R"("/")", "/"},
  };
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(events_of(bytes), '"' + text + '"') << bytes;
    EXPECT_EQ(events_of("{" + bytes + ":0}"), "{ \"" + text + "\": 0 }") << bytes;
  }
}

// Strings are looked at eight bytes at a time: whatever needs a closer look is found at every place of every length.
TEST(JsonGrammar, ReadsEveryByteAtEveryPlaceOfAString) {
  for (int c = 0; c < 256; ++c) {
    for (std::size_t length = 1; length <= 20; ++length) {
      for (std::size_t place = 0; place < length; ++place) {
        std::string text(length, 'a');
        text[place] = static_cast<char>(c);
        const bool good = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
        const std::string document = "[\"" + text + "\"]";
        const Error refusal = refusal_of(document);
        ASSERT_EQ(refusal.message() == "was read", good) << document;
        if (good) {
          ASSERT_EQ(events_of(document), "[ \"" + text + "\" ]");
        }
      }
    }
  }
}

TEST(JsonGrammar, ReadsEveryCodePointAsItselfAndEscaped) {
  for (std::uint32_t unit = 1; unit <= 0xFFFF; ++unit) {
    if (unit >= 0xD800 && unit <= 0xDFFF) continue;
    std::array<char, 16> escaped{};
    (void)std::snprintf(escaped.data(), escaped.size(), "\"\\u%04x\"", unit);
    std::string out;
    append_string(out, nlohmann::json::parse(escaped.data()).get<std::string>());
    ASSERT_EQ(events_of(escaped.data()), events_of(out)) << unit;
  }
}

TEST(JsonGrammar, RefusesWhatTheGrammarDoesNotHave) {
  const std::string bad[] = {
      // structure
      "",
      " ",
      "[",
      "]",
      "{",
      "}",
      "[1",
      "[1,",
      "[1,]",
      "[,1]",
      "[,]",
      "[1,,2]",
      "[1 2]",
      "[1:2]",
      "[1}",
      "{\"a\"}",
      "{\"a\":}",
      "{\"a\" 1}",
      "{\"a\":1",
      "{\"a\":1,",
      "{\"a\":1,}",
      "{,\"a\":1}",
      "{\"a\":1,,\"b\":2}",
      "{\"a\":1 \"b\":2}",
      "{\"a\"::1}",
      "{\"a\":1]",
      "{1:1}",
      "{a:1}",
      "{'a':1}",
      "{null:1}",
      "{[]:1}",
      "{\"a\",1}",
      "[[]",
      "[]]",
      "{}}",
      "[{]}",
      ",",
      ":",
      "[\"a\"",
      "[\"\",\n1,",
      "*",
      "[\x0C]",
      // after the document
      "1 2",
      "[] []",
      "{}{}",
      "nulltrue",
      "null,",
      "1;",
      "[]x",
      "\"a\" \"b\"",
      "{}#",
      "true false",
      // literals
      "nul",
      "nulll",
      "Null",
      "NULL",
      "tru",
      "TRUE",
      "fals",
      "True",
      "undefined",
      "None",
      // numbers
      "-",
      "+1",
      "01",
      "-01",
      "00",
      "1.",
      ".5",
      "-.5",
      "1.e1",
      "1e",
      "1e+",
      "1E-",
      "1eE2",
      "0x1F",
      "1_000",
      "1,000.0 ",
      "--1",
      "- 1",
      "1.2.3",
      "0.1.",
      "1e1.5",
      "NaN",
      "-NaN",
      "nan",
      "Infinity",
      "-Infinity",
      "inf",
      "-inf",
      "1f",
      "\u0661",
      "[-]",
      "[1.]",
      "[+1]",
      "[1a]",
      // strings
      "\"",
      "\"a",
      "\"\\\"",
      "'a'",
      "\"\\a\"",
      "\"\\x41\"",
      "\"\\0\"",
      "\"\\'\"",
      "\"\\U0041\"",
      "\"\\\n\"",
      "\"\\u\"",
      "\"\\u1\"",
      "\"\\u123\"",
      "\"\\u12G4\"",
      "\"\\u 123\"",
      "\"\\u+123\"",
      "\"\\",
      "\"\\u12",
      "\"a\nb\"",
      "\"a\tb\"",
      "\"\r\"",
      "\"\x1F\"",
      "\"\x01\"",
      "a",
      "\\n",
      "\"a\"b",
      // white space that is none of JSON's, and comments
      "\u00A0[]",
      "[]\u2028",
      "\x0B[]",
      "[\u3000]",
      "// x\n1",
      "/* x */1",
      "1 // x",
      "1 /* x */",
      "[1,/**/2]",
      "#x\n1",
  };
  for (const std::string& bytes : bad) EXPECT_EQ(refusal_of(bytes).code(), ErrorCode::kMalformedJson) << bytes;
}

TEST(JsonGrammar, RefusesLoneSurrogates) {
  for (const char* bytes :
       {R"("\ud800")", R"("\udc00")", R"("\ud800\ud800")", R"("\udc00\ud800")", R"("\ud800a")", R"("\ud800\n")",
        R"("\ud800\u0041")", R"("\ud800\ue000")", R"("\ud83d\")", R"("\ud83d\u)", R"("\uDFAA")", R"({"\ud800":1})"}) {
    EXPECT_EQ(refusal_of(bytes).code(), ErrorCode::kMalformedJson) << bytes;
  }
}

TEST(JsonGrammar, RefusesBytesThatAreNoUtf8) {
  for (const std::string& text :
       {"\x80"s, "\xBF"s, "\xC3"s, "\xC3\x28"s, "\xE2\x82"s, "\xF0\x9F\x98"s, "\xC0\x80"s, "\xC1\xBF"s, "\xE0\x80\xAF"s,
        "\xE0\x9F\xBF"s, "\xF0\x80\x80\xAF"s, "\xF0\x8F\xBF\xBF"s, "\xED\xA0\x80"s, "\xED\xBF\xBF"s,
        "\xF4\x90\x80\x80"s, "\xF5\x80\x80\x80"s, "\xFE"s, "\xFF"s, "\xE9"s}) {
    const std::string in_string = "[\"" + text + "\"]";
    EXPECT_EQ(message_of(in_string).find("The JSON is not well-formed UTF-8 at byte "), 0U) << in_string;
    EXPECT_EQ(refusal_of("{\"" + text + "\":1}").code(), ErrorCode::kMalformedJson);
    EXPECT_EQ(refusal_of(text).code(), ErrorCode::kMalformedJson);
    EXPECT_EQ(refusal_of("[" + text + "]").code(), ErrorCode::kMalformedJson);
  }
}

TEST(JsonGrammar, RefusesOtherEncodings) {
  EXPECT_EQ(refusal_of("[\0\"\0a\0\"\0]\0"s).code(), ErrorCode::kMalformedJson);
  EXPECT_EQ(refusal_of("\0[\0]"s).code(), ErrorCode::kMalformedJson);
  EXPECT_EQ(refusal_of("\xFF\xFE[\0]\0"s).code(), ErrorCode::kMalformedJson);
}

TEST(JsonGrammar, RefusesAByteOrderMark) {
  EXPECT_EQ(message_of("\xEF\xBB\xBF{}"), "The JSON begins with a byte order mark at byte 0.");
  EXPECT_EQ(refusal_of("\xEF\xBB\xBF").code(), ErrorCode::kMalformedJson);
  EXPECT_EQ(refusal_of("\xEF\xBB{}").code(), ErrorCode::kMalformedJson);
  EXPECT_EQ(refusal_of("{}\xEF\xBB\xBF").code(), ErrorCode::kMalformedJson);
  EXPECT_EQ(events_of("\"\xEF\xBB\xBF\""), "\"\xEF\xBB\xBF\"");
}

TEST(JsonGrammar, RefusesNulBytesWhereverTheyStand) {
  const std::string document = R"({"a":[1,"b"]})";
  for (std::size_t at = 0; at <= document.size(); ++at) {
    std::string bytes = document;
    bytes.insert(at, 1, '\0');
    EXPECT_EQ(message_of(bytes), "The JSON has a NUL byte at byte " + std::to_string(at) + ".");
  }
  EXPECT_EQ(refusal_of("{}\0garbage"s).code(), ErrorCode::kMalformedJson);
}

TEST(JsonGrammar, RefusesEveryTruncation) {
  const std::string document = R"({"a":[1,-2.5e3,"x\u20ac\ud83d\ude00y",true,null],"b":{"c":false}})";
  EXPECT_NO_THROW((void)events_of(document));
  for (std::size_t length = 0; length < document.size(); ++length) {
    EXPECT_EQ(refusal_of(document.substr(0, length)).code(), ErrorCode::kMalformedJson) << length;
  }
}

}  // namespace
}  // namespace apiwright::json

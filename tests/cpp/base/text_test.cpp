#include "apiwright/base/text.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright {
namespace {

using std::string_literals::operator""s;

/// Any code point's bytes, surrogates included.
std::string encode(std::uint32_t c) {
  const auto continuation = [](std::uint32_t bits) { return static_cast<char>(0x80U | (bits & 0x3FU)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0U | c >> 6U), continuation(c)};
  if (c < 0x10000) return {static_cast<char>(0xE0U | c >> 12U), continuation(c >> 6U), continuation(c)};
  return {static_cast<char>(0xF0U | c >> 18U), continuation(c >> 12U), continuation(c >> 6U), continuation(c)};
}

TEST(IsUtf8, TakesEveryCodePointAndNoSurrogate) {
  for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    ASSERT_EQ(is_utf8(encode(c)), !surrogate) << std::hex << c;
  }
}

TEST(IsUtf8, RefusesWhatIsBeyondUnicode) {
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // U+110000
  EXPECT_FALSE(is_utf8("\xF5\x80\x80\x80"));
  EXPECT_FALSE(is_utf8("\xF8\x88\x80\x80\x80"));
  EXPECT_FALSE(is_utf8("\xFC\x84\x80\x80\x80\x80"));
  EXPECT_FALSE(is_utf8("\xFE"));
  EXPECT_FALSE(is_utf8("\xFF"));
}

TEST(IsUtf8, RefusesOverlongForms) {
  for (const std::string& text : {"\xC0\x80"s, "\xC0\xAF"s, "\xC1\xBF"s, "\xE0\x80\x80"s, "\xE0\x9F\xBF"s,
                                  "\xF0\x80\x80\x80"s, "\xF0\x8F\xBF\xBF"s}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(IsUtf8, RefusesEveryTruncationAndStrayContinuation) {
  for (const std::string& character : {"\xC2\x80"s, "\xE2\x82\xAC"s, "\xF0\x9F\x98\x80"s}) {
    for (std::size_t length = 1; length < character.size(); ++length) {
      EXPECT_FALSE(is_utf8(character.substr(0, length)));
      EXPECT_FALSE(is_utf8(character.substr(0, length) + "a"));
      EXPECT_FALSE(is_utf8(character.substr(length)));
    }
  }
  EXPECT_FALSE(is_utf8("\x80"));
  EXPECT_FALSE(is_utf8("\xC2\xC0"));
}

TEST(IsUtf8, FindsABadByteAnywhere) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    EXPECT_TRUE(is_utf8(text));
    text[at] = '\xFF';
    EXPECT_FALSE(is_utf8(text)) << at;
  }
}

TEST(IsUtf8, TakesNothingAndNul) {
  EXPECT_TRUE(is_utf8({}));
  EXPECT_TRUE(is_utf8("a\0b"s));
}

TEST(IsAscii, FindsAHighByteAnywhere) {
  EXPECT_TRUE(is_ascii({}));
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, '\x7F');
    EXPECT_TRUE(is_ascii(text));
    text[at] = '\x80';
    EXPECT_FALSE(is_ascii(text)) << at;
  }
}

// Examples of Unicode Standard Annex 15.
TEST(ToNfc, ComposesAndKeepsCompatibilityForms) {
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},
      {"plain\0ASCII"s, "plain\0ASCII"s},
      {"A\u030A", "\u00C5"},        // figure 3: A, ring above
      {"\u212B", "\u00C5"},         // Ångström sign
      {"\u2126", "\u03A9"},         // ohm sign
      {"s\u0323\u0307", "\u1E69"},  // figure 5
      {"s\u0307\u0323", "\u1E69"},  // the marks in the other order
      {"\uFB01", "\uFB01"},         // figure 6: the ligature stays
      {"2\u2075", "2\u2075"},
      {"\u1100\u1161\u11A8", "\uAC01"},  // Hangul jamo
      {"\u0958", "\u0915\u093C"},        // a composition exclusion
  };
  for (const auto& [text, nfc] : cases) EXPECT_EQ(to_nfc(text), nfc) << text;
}

TEST(ToNfc, RefusesWhatIsNoUtf8WithoutEchoingIt) {
  for (const auto transform : {to_nfc, casefold}) {
    try {
      (void)transform("abc\xFF");
      FAIL() << "bad UTF-8 was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInternal);
      EXPECT_EQ(error.message().find("abc"), std::string::npos);
    }
  }
}

TEST(Casefold, TextsThatDifferInCaseAloneAreEqual) {
  const std::pair<std::string, std::string> pairs[] = {
      {"Somebody@Example.COM", "somebody@example.com"},
      {"MASSE", "masse"},
      {"Stra\u00DFe", "STRASSE"},
      {"\u00C9T\u00C9", "\u00E9t\u00E9"},
      {"E\u0301", "\u00E9"},                         // composed or not
      {"\u03A3\u03C3\u03C2", "\u03C3\u03C3\u03C3"},  // both small sigmas
      {"\u0416", "\u0436"},
      {"\u212A", "k"},                     // Kelvin sign
      {"\uFF21", "a"},                     // fullwidth
      {"\uFB01", "FI"},                    // ligature
      {"soft\u00ADhyphen", "softhyphen"},  // default-ignorable
      {"\u1E9E", "ss"},
  };
  for (const auto& [a, b] : pairs) EXPECT_EQ(casefold(a), casefold(b)) << a;
}

TEST(Casefold, TextsThatDifferInMoreStayApart) {
  EXPECT_NE(casefold("e"), casefold("\u00E9"));
  EXPECT_NE(casefold("i"), casefold("\u0131"));  // dotless i
  EXPECT_NE(casefold("a"), casefold("\u0430"));  // Cyrillic a
}

TEST(Casefold, LeavesAsciiThatHasNoCase) {
  std::string text;
  for (int c = 0; c < 128; ++c) text += static_cast<char>(c);
  const std::string folded = casefold(text);
  for (std::size_t c = 0; c < 128; ++c) {
    const bool upper = c >= 'A' && c <= 'Z';
    EXPECT_EQ(folded[c], static_cast<char>(upper ? c + 32 : c));
  }
}

TEST(Casefold, FoldedTextsStayAsTheyAre) {
  for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string folded = casefold(encode(c));
    ASSERT_EQ(casefold(folded), folded) << std::hex << c;
  }
}

TEST(CountCodePoints, CountsThemAndNotTheirBytes) {
  EXPECT_EQ(count_code_points(""), 0U);
  EXPECT_EQ(count_code_points("abc"), 3U);
  EXPECT_EQ(count_code_points("\u00E9"), 1U);
  EXPECT_EQ(count_code_points("e\u0301"), 2U);
  EXPECT_EQ(count_code_points("\u20AC\U0001F600!"), 3U);
}

}  // namespace
}  // namespace apiwright

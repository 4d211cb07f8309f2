#include "apiwright/engine/preconditions.hpp"

#include <gtest/gtest.h>

#include <string>

namespace apiwright::engine {
namespace {

bool is_list(std::string_view text) { return TagList::parse(text).has_value(); }

TagList list(std::string_view text) {
  auto parsed = TagList::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(*TagList::parse("\"none\""));
}

std::string repeated(std::size_t count, const std::string& text) {
  std::string all;
  for (std::size_t index = 0; index < count; ++index) all += text;
  return all;
}

TEST(TagListTest, is_a_star_or_tags_in_quotes_between_commas) {
  for (const auto* text : {"*", " * ", "\"1\"", "W/\"1\"", "\"\"", "\"a\",\"b\"", "\"a\" ,  W/\"b\"", "\"a\",,\"b\",",
                           "\"1-Zm9v\"", "\"\xC3\xA4\""}) {
    EXPECT_TRUE(is_list(text)) << text;
  }
}

TEST(TagListTest, anything_else_is_none) {
  for (const auto* text : {"", " ", ",", "1", "\"1", "1\"", "'1'", "w/\"1\"", "W/", "W/1", "\"1\" \"2\"", "\"1\"\"2\"",
                           "*, \"1\"", "\"1\", *", "**", "\"a b\"", "\"a\tb\"", "\"\x7F\"", "\"1\";q=1"}) {
    EXPECT_FALSE(is_list(text)) << text;
  }
  EXPECT_FALSE(is_list(std::string("\"\0\"", 3)));
}

TEST(TagListTest, is_bounded_in_tags_and_in_length) {
  EXPECT_TRUE(is_list(repeated(TagList::kMaxTags, "\"1\",")));
  EXPECT_FALSE(is_list(repeated(TagList::kMaxTags + 1, "\"1\",")));
  EXPECT_FALSE(is_list('"' + std::string(TagList::kMaxLength, 'x') + '"'));
}

TEST(TagListTest, matches_a_tag_by_the_weak_comparison) {
  EXPECT_TRUE(list("\"1-a\"").matches("\"1-a\""));
  EXPECT_TRUE(list("W/\"1-a\"").matches("\"1-a\""));
  EXPECT_TRUE(list("\"x\", W/\"1-a\"").matches("\"1-a\""));
  EXPECT_TRUE(list("*").matches("\"1-a\""));
  EXPECT_FALSE(list("\"1-b\"").matches("\"1-a\""));
  EXPECT_FALSE(list("\"1\"").matches("\"1-a\""));
}

TEST(TagListTest, matches_a_version_by_the_strong_comparison_whatever_its_holder_saw) {
  EXPECT_TRUE(list("\"12-a\"").matches_version(12));
  EXPECT_TRUE(list("\"12-b\"").matches_version(12));
  EXPECT_TRUE(list("\"12\"").matches_version(12));
  EXPECT_TRUE(list("\"3\", \"12\"").matches_version(12));
  EXPECT_TRUE(list("*").matches_version(12));
  for (const auto* text : {"W/\"12-a\"", "\"1\"", "\"123\"", "\"-12\"", "\"012\"", "\"12x\"", "\"\""}) {
    EXPECT_FALSE(list(text).matches_version(12)) << text;
  }
}

TEST(TagListTest, without_versions_only_the_star_matches) {
  EXPECT_TRUE(list("*").matches_version(std::nullopt));
  EXPECT_FALSE(list("\"1\"").matches_version(std::nullopt));
}

TEST(PreconditionsTest, both_headers_are_read_and_each_malformed_one_is_named) {
  validation::Violations violations;
  const auto good = parse_preconditions({"\"1\"", "*"}, violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_TRUE(good.if_match && good.if_none_match);
  const auto none = parse_preconditions({}, violations);
  EXPECT_FALSE(none.if_match || none.if_none_match);
  static_cast<void>(parse_preconditions({"1", ""}, violations));
  ASSERT_EQ(violations.details().size(), 2U);
  EXPECT_EQ(violations.details()[0].field, "header.If-Match");
  EXPECT_EQ(violations.details()[1].field, "header.If-None-Match");
  EXPECT_EQ(violations.details()[1].code, "format");
}

}  // namespace
}  // namespace apiwright::engine

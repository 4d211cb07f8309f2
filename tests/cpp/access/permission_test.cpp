#include "apiwright/access/permission.hpp"

#include <gtest/gtest.h>

#include <array>

namespace apiwright::access {
namespace {

constexpr std::array kPermissions{"publish", "articles:write", "articles:comments:hide", "a", "a1_-:b-_2"};
constexpr std::array kNeither{
    "",    ":",       "articles:", ":write", "articles::write", "Articles:write", "1st:read", "-a", "_a",
    "a:1", "a b",     "a:b ",      "a\n",    "articles.*",      "articles:w*",    "a:*:b",    "**", "*:*",
    ":*",  "*:write", "articles*", "a:*:*",  "\u00e4",          "a:\u00df"};

TEST(Permission, is_lower_case_words_joined_by_colons) {
  for (const auto* text : kPermissions) EXPECT_TRUE(is_permission(text)) << text;
  for (const auto* text : kNeither) EXPECT_FALSE(is_permission(text)) << text;
  EXPECT_FALSE(is_permission("*"));
  EXPECT_FALSE(is_permission("articles:*"));
}

TEST(Permission, is_granted_by_a_permission_or_a_wildcard_and_nothing_else) {
  for (const auto* text : kPermissions) EXPECT_TRUE(is_grant(text)) << text;
  for (const auto* text : {"*", "articles:*", "articles:comments:*"}) EXPECT_TRUE(is_grant(text)) << text;
  for (const auto* text : kNeither) EXPECT_FALSE(is_grant(text)) << text;
}

TEST(Permission, grants_itself_alone) {
  EXPECT_TRUE(grants("articles:write", "articles:write"));
  EXPECT_FALSE(grants("articles:write", "articles:writer"));
  EXPECT_FALSE(grants("articles:write", "articles"));
  EXPECT_FALSE(grants("articles", "articles:write"));
  EXPECT_FALSE(grants("articles:write", "articles:write:all"));
}

TEST(Permission, wildcard_grants_what_begins_with_its_words) {
  EXPECT_TRUE(grants("articles:*", "articles:write"));
  EXPECT_TRUE(grants("articles:*", "articles:comments:hide"));
  EXPECT_TRUE(grants("articles:comments:*", "articles:comments:hide"));
  EXPECT_FALSE(grants("articles:comments:*", "articles:write"));
  EXPECT_FALSE(grants("articles:*", "articles"));
  EXPECT_FALSE(grants("articles:*", "articles-old:write"));
  EXPECT_FALSE(grants("articles:*", "articlesx:write"));
}

TEST(Permission, star_grants_every_permission_and_nothing_that_is_none) {
  for (const auto* text : kPermissions) EXPECT_TRUE(grants("*", text)) << text;
  for (const auto* text : kNeither) EXPECT_FALSE(grants("*", text)) << text;
  EXPECT_FALSE(grants("*", "*"));
  EXPECT_FALSE(grants("articles:*", "articles:*"));
}

}  // namespace
}  // namespace apiwright::access

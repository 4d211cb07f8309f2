#include "apiwright/engine/idempotency_key.hpp"

#include <gtest/gtest.h>

#include <string>

namespace apiwright::engine {
namespace {

TEST(IdempotencyKeyTest, is_one_key_bare_and_as_a_quoted_string) {
  EXPECT_EQ(parse_idempotency_key("8e03978e-40d5"), "8e03978e-40d5");
  EXPECT_EQ(parse_idempotency_key("\"8e03978e-40d5\""), "8e03978e-40d5");
  EXPECT_EQ(parse_idempotency_key(R"("a\"b\\c")"), R"(a"b\c)");
  EXPECT_EQ(parse_idempotency_key(R"(a"b\c)"), R"(a"b\c)");
  EXPECT_EQ(parse_idempotency_key("a key"), "a key");
}

TEST(IdempotencyKeyTest, anything_else_is_none) {
  for (const auto* sent :
       {"", "\"", "\"\"", "\"a", "\"a\"b\"", "\"a\\\"", R"("a\b")", "\"a\";p=1", "a\tb", "\x7F", "\xC3\xA4", "a\nb"}) {
    EXPECT_EQ(parse_idempotency_key(sent), std::nullopt) << sent;
  }
  EXPECT_EQ(parse_idempotency_key(std::string("a\0b", 3)), std::nullopt);
}

TEST(IdempotencyKeyTest, has_255_characters_at_most) {
  const std::string longest(kMaxIdempotencyKey, 'k');
  EXPECT_EQ(parse_idempotency_key(longest), longest);
  EXPECT_EQ(parse_idempotency_key('"' + longest + '"'), longest);
  EXPECT_EQ(parse_idempotency_key(longest + 'k'), std::nullopt);
  EXPECT_EQ(parse_idempotency_key('"' + longest + "k\""), std::nullopt);
}

}  // namespace
}  // namespace apiwright::engine

#include "apiwright/base/secret.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <utility>

namespace apiwright {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_convertible_v<std::string, Secret>);

/// The text's whole buffer, past its size too.
std::string memory_of(std::string& text) {
  text.resize(text.capacity());
  return text;
}

TEST(Wipe, LeavesNothingInAShortOrALongText) {
  for (const std::size_t length : {0U, 1U, 15U, 16U, 1'000U}) {
    std::string text(length, 's');
    const char* const memory = text.data();
    wipe(text);
    EXPECT_TRUE(text.empty());
    EXPECT_EQ(text.data(), memory);
    EXPECT_EQ(memory_of(text).find('s'), std::string::npos);
  }
}

TEST(Wipe, ReachesWhatALongerTextLeftBehind) {
  std::string text(1'000, 's');
  const char* const memory = text.data();
  text = "now";
  wipe(text);
  EXPECT_EQ(text.data(), memory);
  text.resize(text.capacity());
  EXPECT_EQ(std::string(memory, text.size()).find('s'), std::string::npos);
}

TEST(EqualInConstantTime, IsEquality) {
  using std::string_view_literals::operator""sv;
  EXPECT_TRUE(equal_in_constant_time("", {}));
  EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
  EXPECT_TRUE(equal_in_constant_time("a\0b"sv, "a\0b"sv));
  EXPECT_FALSE(equal_in_constant_time("a\0b"sv, "a\0c"sv));
  EXPECT_FALSE(equal_in_constant_time("secret", "secreT"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secre"));
  EXPECT_FALSE(equal_in_constant_time("", "s"));
}

TEST(Secret, MovesAndLeavesTheSourceEmpty) {
  for (const std::string text : {"short", "long enough to live on the heap, surely"}) {
    Secret first{text};
    Secret second(std::move(first));
    EXPECT_EQ(second.reveal(), text);
    EXPECT_EQ(first.reveal(), "");  // NOLINT(bugprone-use-after-move): what it promises
    first = std::move(second);
    EXPECT_EQ(first.reveal(), text);
    EXPECT_EQ(second.reveal(), "");  // NOLINT(bugprone-use-after-move)
  }
}

TEST(Secret, AMovedShortTextIsWipedInPlace) {
  Secret first{std::string_view("hunter2")};
  const char* const memory = first.reveal().data();
  const Secret second(std::move(first));
  EXPECT_EQ(std::string(memory, 7), std::string(7, '\0'));
}

}  // namespace
}  // namespace apiwright

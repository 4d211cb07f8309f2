#include "apiwright/validation/path.hpp"

#include <gtest/gtest.h>

#include "apiwright/base/text.hpp"

namespace apiwright::validation {
namespace {

TEST(PathTest, IsTheNameItWasMadeFrom) {
  const std::string name = "query.limit";
  EXPECT_EQ(Path(name).to_string(), "query.limit");
  EXPECT_EQ(Path("email").to_string(), "email");
  EXPECT_EQ(Path("").to_string(), "");
}

TEST(PathTest, AnItemStandsInBrackets) {
  EXPECT_EQ(Path("roles").item(0).to_string(), "roles[0]");
  EXPECT_EQ(Path("roles").item(12).to_string(), "roles[12]");
}

TEST(PathTest, MembersAndItemsFollowWhatTheyLieIn) {
  const Path whole("");
  const Path items = whole.member("items");
  const Path third = items.item(2);
  EXPECT_EQ(third.member("quantity").to_string(), "items[2].quantity");
  EXPECT_EQ(whole.item(0).to_string(), "[0]");
  EXPECT_EQ(third.item(1).to_string(), "items[2][1]");
}

TEST(PathTest, ADeepHostilePathIsCut) {
  const std::string name(200, 'n');
  const Path first(name);
  const Path second = first.member(name);
  const Path third = second.member(name);
  const Path fourth = third.member(name);
  const Path fifth = fourth.member(name);
  const std::string text = fifth.member(name).to_string();
  EXPECT_LE(text.size(), 512U + 131U);
  EXPECT_TRUE(text.ends_with("…"));
}

TEST(PathTest, AHostileNameIsCutAtACodePoint) {
  std::string name = "x";
  for (int i = 0; i < 1000; ++i) name += "é";
  const std::string text = Path(name).to_string();
  EXPECT_LE(text.size(), 131U);
  EXPECT_TRUE(is_utf8(text));
  EXPECT_TRUE(text.ends_with("…"));
}

}  // namespace
}  // namespace apiwright::validation

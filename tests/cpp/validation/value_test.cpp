#include "apiwright/validation/value.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace apiwright::validation {
namespace {

TEST(ValueTest, IsAbsentUntilGivenData) {
  EXPECT_TRUE(Value().is_absent());
  EXPECT_FALSE(Value().is_null());
  EXPECT_TRUE(Value(Null{}).is_null());
}

TEST(ValueTest, TakesEachTypeAsItself) {
  EXPECT_EQ(Value(true).as<bool>(), true);
  EXPECT_EQ(Value(7).as<std::int64_t>(), 7);
  EXPECT_EQ(Value("text").as<std::string>(), "text");
  EXPECT_EQ((Value(Decimal{.unscaled = 125, .scale = 1}).as<Decimal>().to_string()), "12.5");
  EXPECT_EQ(Value(Uuid{}).as<Uuid>(), Uuid{});
  EXPECT_EQ(Value(Timestamp{}).as<Timestamp>(), Timestamp{});
}

TEST(ValueTest, ReadingAnotherTypeThrows) {
  const Value value(7);
  EXPECT_THROW((void)value.as<std::string>(), std::bad_variant_access);
}

TEST(ValueTest, EqualMeansSameTypeAndSameData) {
  EXPECT_EQ(Value("a"), Value(std::string("a")));
  EXPECT_NE(Value("a"), Value("b"));
  EXPECT_NE(Value(1), Value(true));
  EXPECT_NE(Value(Null{}), Value());
  EXPECT_NE(Value(Decimal{.unscaled = 10, .scale = 1}), Value(Decimal{.unscaled = 1, .scale = 0}));
}

TEST(ValueTest, ArraysHoldValuesAndCompareDeeply) {
  const Value first(Array{Value("a"), Value(2), Value(Null{})});
  const Value same(Array{Value("a"), Value(2), Value(Null{})});
  EXPECT_EQ(first, same);
  EXPECT_NE(first, Value(Array{Value("a")}));
  EXPECT_EQ(first.as<Array>().at(1), Value(2));
}

TEST(ValueTest, CopiesAreIndependentAndMovesKeepTheData) {
  Value original(Array{Value("one"), Value("two")});
  Value copy = original;
  copy.data = Null{};
  EXPECT_EQ(original.as<Array>().size(), 2U);
  const Value moved = std::move(original);
  EXPECT_EQ(moved.as<Array>().at(1), Value("two"));
  static_assert(std::is_nothrow_move_constructible_v<Value>);
  static_assert(std::is_nothrow_move_assignable_v<Value>);
}

TEST(ValueTest, TakesNothingThatIsNoAlternative) {
  struct Other {};
  static_assert(!std::is_constructible_v<Value, Other>);
}

}  // namespace
}  // namespace apiwright::validation

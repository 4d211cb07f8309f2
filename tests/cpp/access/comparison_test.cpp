#include "apiwright/access/comparison.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace apiwright::access {
namespace {

using validation::Kind;

TEST(Comparison, is_named_by_its_sign) {
  EXPECT_EQ(comparison_of("=="), Comparison::kEqual);
  EXPECT_EQ(comparison_of("!="), Comparison::kNotEqual);
  EXPECT_EQ(comparison_of("<"), Comparison::kLess);
  EXPECT_EQ(comparison_of("<="), Comparison::kLessOrEqual);
  EXPECT_EQ(comparison_of(">"), Comparison::kGreater);
  EXPECT_EQ(comparison_of(">="), Comparison::kGreaterOrEqual);
}

TEST(Comparison, of_another_sign_is_refused_with_those_there_are) {
  for (const auto* sign : {"=", "<>", "", "=>", "like", "< "}) {
    try {
      static_cast<void>(comparison_of(sign));
      ADD_FAILURE() << sign;
    } catch (const std::logic_error& error) {
      EXPECT_EQ(error.what(), "There is no comparison `" + std::string(sign) + "`: it is one of == != < <= > >=");
    }
  }
}

TEST(Comparison, four_ask_for_an_order) {
  EXPECT_FALSE(is_order(Comparison::kEqual));
  EXPECT_FALSE(is_order(Comparison::kNotEqual));
  for (const auto* sign : {"<", "<=", ">", ">="}) EXPECT_TRUE(is_order(comparison_of(sign))) << sign;
}

TEST(Comparison, numbers_times_and_texts_have_an_order) {
  for (const auto kind : {Kind::kString, Kind::kInteger, Kind::kNumber, Kind::kDecimal, Kind::kDateTime}) {
    EXPECT_TRUE(has_order(kind));
  }
  for (const auto kind : {Kind::kEmail, Kind::kUuid, Kind::kBoolean, Kind::kEnum, Kind::kArray, Kind::kObject,
                          Kind::kUnion, Kind::kMap, Kind::kJson}) {
    EXPECT_FALSE(has_order(kind));
  }
}

}  // namespace
}  // namespace apiwright::access

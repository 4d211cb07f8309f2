#include "apiwright/validation/violations.hpp"

#include <gtest/gtest.h>

namespace apiwright::validation {
namespace {

TEST(ViolationsTest, NoneRaisesNothing) {
  const Violations violations;
  EXPECT_TRUE(violations.empty());
  EXPECT_NO_THROW(violations.raise_if_any());
}

TEST(ViolationsTest, RaisesAllOfThemInTheOrderAdded) {
  Violations violations;
  violations.add("name", "required", "Is required.");
  violations.add("email", "format", "Must be an e-mail address.");
  try {
    violations.raise_if_any();
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    ASSERT_EQ(error.details().size(), 2U);
    EXPECT_EQ(error.details()[0], (Detail{"name", "Is required.", "required"}));
    EXPECT_EQ(error.details()[1], (Detail{"email", "Must be an e-mail address.", "format"}));
  }
}

TEST(ViolationsTest, DropsWhatComesAfterTheLimit) {
  Violations violations;
  for (std::size_t i = 0; i < Violations::kLimit + 5; ++i) violations.add(std::to_string(i), "unknown", "");
  ASSERT_EQ(violations.details().size(), Violations::kLimit);
  EXPECT_EQ(violations.details().back().field, std::to_string(Violations::kLimit - 1));
}

}  // namespace
}  // namespace apiwright::validation

#include "apiwright/access/predicate.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace apiwright::access {
namespace {

using validation::Absent;
using validation::Field;
using validation::Null;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;
using validation::Value;

constexpr std::array kTruths{Truth::kFalse, Truth::kUnknown, Truth::kTrue};

SchemaPtr schema() {
  static const auto made =
      Schema::make("Thing", "things", {Field::integer("a").nullable(), Field::integer("b").nullable()});
  return made;
}

// A field for each operand that holds what makes `field = 1` come out as wanted.
Record record_of(Truth a, Truth b) {
  const auto value = [](Truth truth) -> Value {
    if (truth == Truth::kUnknown) return Null{};
    return std::int64_t{truth == Truth::kTrue ? 1 : 0};
  };
  Record record(schema());
  record.set("a", value(a));
  record.set("b", value(b));
  return record;
}

Predicate is_one(std::size_t field) { return Predicate::equals(field, std::int64_t{1}); }

Predicate constant(Truth truth) {
  Predicate predicate;
  predicate.constant = truth;
  return predicate;
}

// Kleene's tables, written out.
constexpr std::array<std::array<Truth, 3>, 3> kAnd{{
    {Truth::kFalse, Truth::kFalse, Truth::kFalse},
    {Truth::kFalse, Truth::kUnknown, Truth::kUnknown},
    {Truth::kFalse, Truth::kUnknown, Truth::kTrue},
}};
constexpr std::array<std::array<Truth, 3>, 3> kOr{{
    {Truth::kFalse, Truth::kUnknown, Truth::kTrue},
    {Truth::kUnknown, Truth::kUnknown, Truth::kTrue},
    {Truth::kTrue, Truth::kTrue, Truth::kTrue},
}};

TEST(Predicate, conjunction_and_disjunction_follow_kleenes_tables) {
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 3; ++b) {
      const auto record = record_of(kTruths.at(a), kTruths.at(b));
      EXPECT_EQ(Predicate::all_of({is_one(0), is_one(1)}).evaluate(record), kAnd.at(a).at(b)) << a << b;
      EXPECT_EQ(Predicate::any_of({is_one(0), is_one(1)}).evaluate(record), kOr.at(a).at(b)) << a << b;
    }
  }
}

TEST(Predicate, folding_a_constant_never_changes_the_outcome) {
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 3; ++b) {
      const auto record = record_of(kTruths.at(a), Truth::kTrue);
      for (const bool first : {false, true}) {
        std::vector<Predicate> operands{is_one(0), constant(kTruths.at(b))};
        if (first) std::swap(operands[0], operands[1]);
        EXPECT_EQ(Predicate::all_of(operands).evaluate(record), kAnd.at(a).at(b)) << a << b;
        EXPECT_EQ(Predicate::any_of(operands).evaluate(record), kOr.at(a).at(b)) << a << b;
      }
      EXPECT_EQ(Predicate::all_of({constant(kTruths.at(a)), constant(kTruths.at(b))}).evaluate(record),
                kAnd.at(a).at(b));
      EXPECT_EQ(Predicate::any_of({constant(kTruths.at(a)), constant(kTruths.at(b))}).evaluate(record),
                kOr.at(a).at(b));
    }
  }
}

TEST(Predicate, negation_turns_true_and_false_and_leaves_unknown) {
  constexpr std::array kNot{Truth::kTrue, Truth::kUnknown, Truth::kFalse};
  for (std::size_t a = 0; a < 3; ++a) {
    const auto record = record_of(kTruths.at(a), Truth::kTrue);
    EXPECT_EQ(Predicate::negate(is_one(0)).evaluate(record), kNot.at(a));
    EXPECT_EQ(Predicate::negate(Predicate::negate(is_one(0))).evaluate(record), kTruths.at(a));
    EXPECT_EQ(Predicate::negate(constant(kTruths.at(a))).evaluate(record), kNot.at(a));
  }
}

TEST(Predicate, decisive_constants_leave_nothing_to_ask_the_database) {
  EXPECT_TRUE(Predicate::any_of({is_one(0), Predicate::always()}).is_always());
  EXPECT_TRUE(Predicate::all_of({is_one(0), Predicate::never()}).is_never());
  EXPECT_TRUE(Predicate::negate(Predicate::always()).is_never());
  EXPECT_TRUE(Predicate::negate(Predicate::never()).is_always());
}

TEST(Predicate, neutral_constants_fall_away) {
  EXPECT_EQ(Predicate::any_of({Predicate::never(), is_one(0)}).kind, Predicate::Kind::kEquals);
  EXPECT_EQ(Predicate::all_of({is_one(0), Predicate::always()}).kind, Predicate::Kind::kEquals);
  EXPECT_EQ(Predicate::all_of({is_one(0), Predicate::always(), is_one(1)}).operands.size(), 2U);
}

TEST(Predicate, of_no_operands_is_the_neutral_element) {
  EXPECT_TRUE(Predicate::all_of({}).is_always());
  EXPECT_TRUE(Predicate::any_of({}).is_never());
}

TEST(Predicate, unknown_counts_as_never_since_it_denies) {
  EXPECT_TRUE(constant(Truth::kUnknown).is_never());
  EXPECT_TRUE(Predicate::negate(constant(Truth::kUnknown)).is_never());
  EXPECT_FALSE(is_one(0).is_never());
  EXPECT_FALSE(is_one(0).is_always());
}

TEST(Predicate, comparing_an_absent_field_is_unknown) {
  Record record(schema());
  EXPECT_EQ(is_one(0).evaluate(record), Truth::kUnknown);
  record.set("a", Null{});
  EXPECT_EQ(is_one(0).evaluate(record), Truth::kUnknown);
}

}  // namespace
}  // namespace apiwright::access

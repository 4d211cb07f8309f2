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
  EXPECT_EQ(Predicate::any_of({Predicate::never(), is_one(0)}).kind, Predicate::Kind::kCompare);
  EXPECT_EQ(Predicate::all_of({is_one(0), Predicate::always()}).kind, Predicate::Kind::kCompare);
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

constexpr std::array kComparisons{Comparison::kEqual,       Comparison::kNotEqual, Comparison::kLess,
                                  Comparison::kLessOrEqual, Comparison::kGreater,  Comparison::kGreaterOrEqual};

std::vector<Truth> all_comparisons(const Record& record, std::size_t field, const Value& wanted) {
  std::vector<Truth> truths;
  for (const auto comparison : kComparisons) {
    truths.push_back(Predicate::compare(field, comparison, wanted).evaluate(record));
  }
  return truths;
}

const std::vector<Truth> kBefore{Truth::kFalse, Truth::kTrue, Truth::kTrue, Truth::kTrue, Truth::kFalse, Truth::kFalse};
const std::vector<Truth> kSame{Truth::kTrue, Truth::kFalse, Truth::kFalse, Truth::kTrue, Truth::kFalse, Truth::kTrue};
const std::vector<Truth> kAfter{Truth::kFalse, Truth::kTrue, Truth::kFalse, Truth::kFalse, Truth::kTrue, Truth::kTrue};

TEST(Predicate, compares_values_of_each_kind_that_has_an_order) {
  const auto made = Schema::make("Thing", "things", {Field::integer("any")});  // a Record holds what it is given
  const std::vector<std::pair<Value, Value>> ascending{
      {std::int64_t{-1}, INT64_MAX},
      {-0.5, 1e300},
      {Decimal{999, 2}, Decimal{1000, 2}},
      {std::string("a"), std::string("aa")},
      {std::string("Z"), std::string("a")},
      {std::string("z"), std::string("\u00e4")},  // bytes of 128 and more come last
      {std::string("\uffff"), std::string("\U0001f600")},
      {Timestamp(std::chrono::milliseconds(-1)), Timestamp(std::chrono::milliseconds(0))},
  };
  for (const auto& [less, more] : ascending) {
    Record record(made);
    record.set("any", less);
    EXPECT_EQ(all_comparisons(record, 0, more), kBefore);
    EXPECT_EQ(all_comparisons(record, 0, less), kSame);
    record.set("any", more);
    EXPECT_EQ(all_comparisons(record, 0, less), kAfter);
  }
}

TEST(Predicate, every_comparison_with_null_is_unknown) {
  const std::vector<Truth> unknown(kComparisons.size(), Truth::kUnknown);
  EXPECT_EQ(all_comparisons(record_of(Truth::kUnknown, Truth::kTrue), 0, std::int64_t{1}), unknown);
  EXPECT_EQ(all_comparisons(Record(schema()), 0, std::int64_t{1}), unknown);
}

TEST(Predicate, an_order_of_values_that_have_none_is_unknown_and_so_denies) {
  Record record(schema());
  record.set("a", Uuid{});
  EXPECT_EQ(Predicate::compare(0, Comparison::kLessOrEqual, Uuid{}).evaluate(record), Truth::kUnknown);
  EXPECT_EQ(Predicate::compare(0, Comparison::kLess, std::int64_t{1}).evaluate(record), Truth::kUnknown);
}

TEST(Predicate, in_asks_whether_the_field_is_one_of_the_values) {
  const auto among = Predicate::in(0, {std::int64_t{7}, std::int64_t{1}});
  EXPECT_EQ(among.evaluate(record_of(Truth::kTrue, Truth::kTrue)), Truth::kTrue);
  EXPECT_EQ(among.evaluate(record_of(Truth::kFalse, Truth::kTrue)), Truth::kFalse);
  EXPECT_EQ(among.evaluate(record_of(Truth::kUnknown, Truth::kTrue)), Truth::kUnknown);
  EXPECT_EQ(among.evaluate(Record(schema())), Truth::kUnknown);
}

TEST(Predicate, in_none_is_false_even_for_null) {
  EXPECT_TRUE(Predicate::in(0, {}).is_never());
  Predicate unfolded;
  unfolded.kind = Predicate::Kind::kIn;
  for (const auto truth : kTruths) EXPECT_EQ(unfolded.evaluate(record_of(truth, Truth::kTrue)), Truth::kFalse);
}

TEST(Predicate, is_null_is_never_unknown) {
  const auto is_null = Predicate::is_null(0);
  EXPECT_EQ(is_null.evaluate(record_of(Truth::kUnknown, Truth::kTrue)), Truth::kTrue);
  EXPECT_EQ(is_null.evaluate(Record(schema())), Truth::kTrue);
  EXPECT_EQ(is_null.evaluate(record_of(Truth::kFalse, Truth::kTrue)), Truth::kFalse);
  EXPECT_EQ(Predicate::negate(is_null).evaluate(Record(schema())), Truth::kFalse);
}

}  // namespace
}  // namespace apiwright::access

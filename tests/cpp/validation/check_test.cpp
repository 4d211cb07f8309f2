#include "apiwright/validation/check.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

namespace apiwright::validation {
namespace {

/// What a check gave: the value, or the violations as `code: message`.
struct Outcome {
  Value value;
  std::vector<std::string> violations;
};

template <typename Check>
Outcome run(Check check) {
  Violations violations;
  Outcome outcome{.value = check(violations), .violations = {}};
  for (const Detail& detail : violations.details()) {
    EXPECT_EQ(detail.field, "field");
    outcome.violations.push_back(detail.code + ": " + detail.message);
  }
  EXPECT_EQ(outcome.value.is_absent(), !outcome.violations.empty());
  return outcome;
}

Outcome text(const Field& field, std::string_view input) {
  return run([&](Violations& violations) { return check_text(field, input, "field", violations); });
}

Outcome number(const Field& field, std::string_view input) {
  return run([&](Violations& violations) { return check_number(field, input, "field", violations); });
}

Outcome parameter(const Field& field, std::string_view input) {
  return run([&](Violations& violations) { return check_parameter(field, input, "field", violations); });
}

std::string only(const Outcome& outcome) {
  EXPECT_EQ(outcome.violations.size(), 1U);
  return outcome.violations.empty() ? "" : outcome.violations.front();
}

std::string repeat(std::string_view unit, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += unit;
  return all;
}

TEST(CheckStringTest, LengthIsCountedInCodePoints) {
  const Field field = Field::string("x").length(2, 3);
  EXPECT_EQ(text(field, "né").value, Value("né"));
  EXPECT_EQ(text(field, "👩👩👩").value, Value("👩👩👩"));
  EXPECT_EQ(only(text(field, "é")), "min_length: Must be at least 2 characters long.");
  EXPECT_EQ(only(text(field, "👩👩👩👩")), "max_length: Must be at most 3 characters long.");
}

TEST(CheckStringTest, OneCharacterIsNotCalledCharacters) {
  EXPECT_EQ(only(text(Field::string("x").length(1, 5), "")), "min_length: Must be at least 1 character long.");
}

TEST(CheckStringTest, LengthIsCountedAfterNfcWhichIsWhatIsKept) {
  EXPECT_EQ(text(Field::string("x").length(1, 1), "e\u0301").value, Value("é"));
}

TEST(CheckStringTest, FourCodePointsThatComposeToOneAreWithinALimitOfOne) {
  EXPECT_EQ(text(Field::string("x").length(1, 1), "\u03B1\u0313\u0300\u0345").value, Value("\u1F82"));
}

TEST(CheckStringTest, AHopelesslyLongTextIsRefusedBeforeItIsNormalised) {
  EXPECT_EQ(only(text(Field::string("x").length(1, 10), repeat("é", 1'000'000))),
            "max_length: Must be at most 10 characters long.");
}

TEST(CheckStringTest, TheNullCharacterIsRefusedAndOtherControlsAreNot) {
  using namespace std::string_view_literals;
  EXPECT_EQ(only(text(Field::string("x"), "a\0b"sv)), "format: Must not contain the null character.");
  EXPECT_EQ(text(Field::string("x"), "a\tb\n\x01").value, Value("a\tb\n\x01"));
}

TEST(CheckStringTest, LongRunsOfCombiningMarksAreRefusedInLinearTime) {
  const std::string hostile = "a" + repeat("\u0316\u0301", 500'000);
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(only(text(Field::string("x"), hostile)), "format: Must not contain more than 30 combining marks in a row.");
  EXPECT_EQ(only(text(Field::string("x"), "a" + repeat("\u0344", 200))),  // decomposes to two marks
            "format: Must not contain more than 30 combining marks in a row.");
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(5));
}

TEST(CheckStringTest, UsualRunsOfCombiningMarksAreKept) {
  const std::string marked = repeat("a" + repeat("\u0323\u0307", 15) + "한글 ", 100);
  EXPECT_FALSE(text(Field::string("x"), marked).value.is_absent());
}

TEST(CheckStringTest, APatternMustMatchTheWholeText) {
  const Field field = Field::string("x").pattern("[a-z]+|é");
  EXPECT_EQ(text(field, "abc").value, Value("abc"));
  EXPECT_EQ(text(field, "e\u0301").value, Value("é"));
  EXPECT_EQ(only(text(field, "abc1")), "pattern: Must have the required form.");
  EXPECT_EQ(only(text(field, "abc\n")), "pattern: Must have the required form.");
}

TEST(CheckStringTest, EveryViolationOfOneTextIsReported) {
  const auto outcome = text(Field::string("x").length(3, 5).pattern("[a-z]*"), "A");
  EXPECT_EQ(outcome.violations, (std::vector<std::string>{"min_length: Must be at least 3 characters long.",
                                                          "pattern: Must have the required form."}));
}

TEST(CheckStringTest, AHostilePatternInputTakesLinearTime) {
  EXPECT_EQ(only(text(Field::string("x").pattern("(a*)*b"), repeat("a", 200'000))),
            "pattern: Must have the required form.");
}

TEST(CheckEmailTest, IsKeptAsTypedInNfc) {
  EXPECT_EQ(text(Field::email("x"), "Ada@Example.COM").value, Value("Ada@Example.COM"));
  EXPECT_EQ(text(Field::email("x"), "ade\u0301@example.com").value, Value("adé@example.com"));
}

TEST(CheckEmailTest, SaysWhetherItIsTooLongOrNoAddress) {
  EXPECT_EQ(only(text(Field::email("x"), "nobody")), "format: Must be an e-mail address.");
  EXPECT_EQ(only(text(Field::email("x"), "")), "format: Must be an e-mail address.");
  EXPECT_EQ(only(text(Field::email("x"), "a@" + repeat("b", 254))), "max_length: Must be at most 255 characters long.");
  EXPECT_EQ(only(text(Field::email("x"), repeat("a", 5'000'000))), "max_length: Must be at most 255 characters long.");
}

TEST(CheckTextTest, AUuidIsReadInEitherCase) {
  const auto expected = Uuid::parse("0198c1f2-abcd-7000-8000-000000000000");
  EXPECT_EQ(text(Field::uuid("x"), "0198C1F2-ABCD-7000-8000-000000000000").value, Value(*expected));
  EXPECT_EQ(only(text(Field::uuid("x"), "0198c1f2abcd70008000000000000000")), "format: Must be a UUID.");
}

TEST(CheckTextTest, ADateTimeIsReadInAnyOffset) {
  EXPECT_EQ(text(Field::date_time("x"), "2026-01-01T01:00:00+01:00").value,
            Value(*parse_timestamp("2026-01-01T00:00:00Z")));
  for (const char* bad : {"2026-01-01", "2026-02-29T00:00:00Z", "tomorrow", ""}) {
    EXPECT_EQ(only(text(Field::date_time("x"), bad)), "format: Must be a date and time such as 2026-01-01T00:00:00Z.");
  }
}

TEST(CheckTextTest, AnEnumIsOneOfItsValuesExactly) {
  const Field field = Field::enumeration("x", {"active", "inactive"});
  EXPECT_EQ(text(field, "inactive").value, Value("inactive"));
  EXPECT_EQ(only(text(field, "Active")), "enum: Must be one of: active, inactive.");
}

TEST(CheckTextTest, TextForAnotherKindIsOfTheWrongType) {
  EXPECT_EQ(only(text(Field::integer("x"), "1")), "type: Must be a whole number.");
  EXPECT_EQ(only(text(Field::boolean("x"), "true")), "type: Must be true or false.");
  EXPECT_EQ(only(text(Field::array("x", Field::string("y")), "a")), "type: Must be a list.");
}

TEST(CheckIntegerTest, ANumberWithoutFractionIsAnInteger) {
  for (const char* same : {"100", "100.0", "1e2", "1E+2", "1.00e2", "1000e-1", "0.1e3"}) {
    EXPECT_EQ(number(Field::integer("x"), same).value, Value(100)) << same;
  }
  for (const char* zero : {"0", "-0", "0.0", "0e999999999999999999999", "-0.000e-7"}) {
    EXPECT_EQ(number(Field::integer("x"), zero).value, Value(0)) << zero;
  }
}

TEST(CheckIntegerTest, AFractionIsOfTheWrongType) {
  for (const char* fraction : {"1.5", "1e-1", "0.1", "12345678901234567890123.5", "1e-99999999999999999999"}) {
    EXPECT_EQ(only(number(Field::integer("x"), fraction)), "type: Must be a whole number.") << fraction;
  }
}

TEST(CheckIntegerTest, ItsBoundsAreIncluded) {
  const Field field = Field::integer("x").range(-1, 10);
  EXPECT_EQ(number(field, "-1").value, Value(-1));
  EXPECT_EQ(number(field, "1e1").value, Value(10));
  EXPECT_EQ(only(number(field, "-2")), "min: Must be at least -1.");
  EXPECT_EQ(only(number(field, "11")), "max: Must be at most 10.");
}

TEST(CheckIntegerTest, ReachesFromEndToEndOf64Bits) {
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  const Field field = Field::integer("x");
  EXPECT_EQ(number(field, "9223372036854775807").value, Value(kMax));
  EXPECT_EQ(number(field, "-9223372036854775808").value, Value(kMin));
  EXPECT_EQ(number(field, "-9223372036854775808.00").value, Value(kMin));
  EXPECT_EQ(number(field, "922337203685477580700e-2").value, Value(kMax));
}

TEST(CheckIntegerTest, Beyond64BitsIsPastTheBound) {
  const Field field = Field::integer("x");
  for (const char* big : {"9223372036854775808", "18446744073709551616", "1e19", "1e999999999999999999999",
                          "99999999999999999999999999999999"}) {
    EXPECT_EQ(only(number(field, big)), "max: Must be at most 9223372036854775807.") << big;
  }
  EXPECT_EQ(only(number(field, "-9223372036854775809")), "min: Must be at least -9223372036854775808.");
  EXPECT_EQ(only(number(Field::integer("x").range(0, 5), "1e400")), "max: Must be at most 5.");
}

TEST(CheckIntegerTest, WhatIsNoNumberIsOfTheWrongType) {
  for (const char* bad : {"", "-", "01", "1.", ".5", "+1", "1e", "1e+", "0x10", "NaN", "1 ", "1,5"}) {
    EXPECT_EQ(only(number(Field::integer("x"), bad)), "type: Must be a whole number.") << bad;
  }
}

TEST(CheckDecimalTest, IsExactFromTextAndFromNumber) {
  const Field field = Field::decimal("x", 10, 2);
  for (const char* same : {"12.5", "12.50", "12.500"}) {
    EXPECT_EQ(text(field, same).value, Value(Decimal{.unscaled = 1250, .scale = 2})) << same;
    EXPECT_EQ(number(field, same).value, Value(Decimal{.unscaled = 1250, .scale = 2})) << same;
  }
  EXPECT_EQ(number(field, "0.1").value, Value(Decimal{.unscaled = 10, .scale = 2}));
  EXPECT_EQ(number(field, "1.25e1").value, Value(Decimal{.unscaled = 1250, .scale = 2}));
  EXPECT_EQ(text(field, "-0.00").value, Value(Decimal{.unscaled = 0, .scale = 2}));
  EXPECT_EQ(text(field, "-99999999.99").value, Value(Decimal{.unscaled = -9'999'999'999, .scale = 2}));
}

TEST(CheckDecimalTest, TooManyPlacesAreNamed) {
  EXPECT_EQ(only(text(Field::decimal("x", 10, 2), "12.505")), "format: Must have at most 2 decimal places.");
  EXPECT_EQ(only(number(Field::decimal("x", 10, 1), "1e-2")), "format: Must have at most 1 decimal place.");
  EXPECT_EQ(only(number(Field::decimal("x", 10, 0), "1.5")), "format: Must be a whole number.");
}

TEST(CheckDecimalTest, MoreDigitsThanItHoldsArePastItsBound) {
  const Field field = Field::decimal("x", 10, 2);
  EXPECT_EQ(only(text(field, "100000000")), "max: Must be at most 99999999.99.");
  EXPECT_EQ(only(number(field, "-1e300")), "min: Must be at least -99999999.99.");
  EXPECT_EQ(only(text(Field::decimal("x", 10, 2).range(0, 5), "100000000")), "max: Must be at most 5.");
  EXPECT_EQ(text(Field::decimal("x", 18, 0), "999999999999999999").value,
            Value(Decimal{.unscaled = 999'999'999'999'999'999, .scale = 0}));
  EXPECT_EQ(only(text(Field::decimal("x", 18, 0), "1000000000000000000")), "max: Must be at most 999999999999999999.");
}

TEST(CheckDecimalTest, RangeIsInWholeUnitsBothIncluded) {
  const Field field = Field::decimal("x", 10, 2).range(-1, 100);
  EXPECT_FALSE(text(field, "100.00").value.is_absent());
  EXPECT_FALSE(text(field, "-1.00").value.is_absent());
  EXPECT_FALSE(text(field, "-0.99").value.is_absent());
  EXPECT_EQ(only(text(field, "100.01")), "max: Must be at most 100.");
  EXPECT_EQ(only(text(field, "-1.01")), "min: Must be at least -1.");
  EXPECT_EQ(only(text(Field::decimal("x", 10, 2).range(0, 5), "-0.01")), "min: Must be at least 0.");
}

TEST(CheckDecimalTest, TextThatIsNoPlainNumberIsRefused) {
  for (const char* bad : {"", "a", "1e2", "1,50", "+1", ".5", "5.", "012", " 1", "1 ", "٣"}) {
    EXPECT_EQ(only(text(Field::decimal("x", 10, 2), bad)), "format: Must be a decimal number such as 12.50.") << bad;
  }
}

TEST(CheckNumberTest, ANumberForAnotherKindIsOfTheWrongType) {
  EXPECT_EQ(only(number(Field::string("x"), "1")), "type: Must be a string.");
  EXPECT_EQ(only(number(Field::enumeration("x", {"a", "b"}), "1")), "type: Must be one of: a, b.");
}

TEST(CheckParameterTest, ReadsEveryKindFromText) {
  EXPECT_EQ(parameter(Field::integer("x"), "20").value, Value(20));
  EXPECT_EQ(parameter(Field::boolean("x"), "true").value, Value(true));
  EXPECT_EQ(parameter(Field::boolean("x"), "false").value, Value(false));
  EXPECT_EQ(parameter(Field::enumeration("x", {"active"}), "active").value, Value("active"));
  EXPECT_EQ(parameter(Field::decimal("x", 10, 2), "1.5").value, Value(Decimal{.unscaled = 150, .scale = 2}));
}

TEST(CheckParameterTest, AnIntegerIsWrittenPlainly) {
  for (const char* bad : {"", "1.0", "1e2", " 1", "+1", "0x1", "one", "1_000"}) {
    EXPECT_EQ(only(parameter(Field::integer("x"), bad)), "type: Must be a whole number.") << bad;
  }
  EXPECT_EQ(only(parameter(Field::integer("x").range(1, 100), "99999999999999999999")), "max: Must be at most 100.");
}

TEST(CheckParameterTest, ABooleanIsTrueOrFalse) {
  for (const char* bad : {"", "1", "True", "yes"}) {
    EXPECT_EQ(only(parameter(Field::boolean("x"), bad)), "type: Must be true or false.") << bad;
  }
}

TEST(CheckParameterTest, BytesThatAreNoUtf8AreRefused) {
  EXPECT_EQ(only(parameter(Field::string("x"), "\xFF")), "format: Must be text in UTF-8.");
  EXPECT_EQ(only(parameter(Field::email("x"), "a\xC0@b.example")), "format: Must be text in UTF-8.");
}

TEST(CheckParameterTest, AListHasNoTextForm) {
  Violations violations;
  EXPECT_THROW((void)check_parameter(Field::array("x", Field::string("y")), "a", "x", violations), std::logic_error);
}

}  // namespace
}  // namespace apiwright::validation

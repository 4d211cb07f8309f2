#include "apiwright/base/decimal.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace apiwright {
namespace {

struct Case {
  std::string text;
  std::int64_t unscaled;
};

TEST(Decimal, ReadsEveryFormOfAJsonNumberExactly) {
  const Case cases[] = {
      {"0", 0},
      {"-0", 0},
      {"0.00", 0},
      {"0e99999999999999999999", 0},
      {"12", 1200},
      {"-12.5", -1250},
      {"0.01", 1},
      {"-0.01", -1},
      {"1.250e1", 1250},
      {"1.250E+1", 1250},
      {"125000e-4", 1250},
      {"1200e-4", 12},
      {"0.1", 10},
      {"0.29", 29},  // 0.29 * 100 is 28.999… in binary
      {"100", 10000},
      {"1.000000000000000000000000000000000", 100},
      {"0.000000000000000000000000000001e30", 100},
      {"99999999.99", 9999999999},
      {"-99999999.99", -9999999999},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Decimal::parse(c.text, 10, 2), (Decimal{c.unscaled, 2})) << c.text;
  }
}

TEST(Decimal, RefusesNonZeroDigitsBeyondTheScale) {
  for (const char* text : {"0.001", "12.345", "1e-3", "12.340000000001", "1e-99999999999999999999"}) {
    EXPECT_EQ(Decimal::parse(text, 10, 2), std::nullopt) << text;
  }
}

TEST(Decimal, RefusesMoreDigitsThanThePrecision) {
  for (const char* text : {"100000000", "100000000.00", "1e8", "1e99999999999999999999", "12345678901234567890",
                           "1234567890123456789012345678901234567890"}) {
    EXPECT_EQ(Decimal::parse(text, 10, 2), std::nullopt) << text;
  }
}

TEST(Decimal, RefusesWhatIsNoNumber) {
  using std::string_literals::operator""s;
  for (const std::string& text :
       {""s,    "-"s,        "+1"s,   ".5"s,       "5."s,    "01"s,    "-01"s,  "00"s,   "1e"s,
        "1e+"s, "e1"s,       "1.e1"s, "--1"s,      " 1"s,    "1 "s,    "1,5"s,  "0x10"s, "1_000"s,
        "NaN"s, "Infinity"s, "1\0"s,  "\xD9\xA1"s, "1.2.3"s, "1e1e1"s, "1e1.5"s}) {
    EXPECT_EQ(Decimal::parse(text, 10, 2), std::nullopt) << text;
  }
}

TEST(Decimal, EighteenDigitsAreTheMost) {
  EXPECT_EQ(Decimal::parse("999999999999999999", 18, 0), (Decimal{999'999'999'999'999'999, 0}));
  EXPECT_EQ(Decimal::parse("0.000000000000000001", 18, 18), (Decimal{1, 18}));
  EXPECT_EQ(Decimal::parse("-0.999999999999999999", 18, 18), (Decimal{-999'999'999'999'999'999, 18}));
  EXPECT_EQ(Decimal::parse("1000000000000000000", 18, 0), std::nullopt);
  EXPECT_EQ(Decimal::parse("1000000000000000000", 30, 0), std::nullopt);
  EXPECT_EQ(Decimal::parse("1", 18, 18), std::nullopt);
}

TEST(Decimal, IsWrittenWithAllItsPlaces) {
  EXPECT_EQ((Decimal{1250, 2}.to_string()), "12.50");
  EXPECT_EQ((Decimal{-1250, 2}.to_string()), "-12.50");
  EXPECT_EQ((Decimal{5, 2}.to_string()), "0.05");
  EXPECT_EQ((Decimal{-5, 2}.to_string()), "-0.05");
  EXPECT_EQ((Decimal{0, 2}.to_string()), "0.00");
  EXPECT_EQ((Decimal{100, 2}.to_string()), "1.00");
  EXPECT_EQ((Decimal{42, 0}.to_string()), "42");
  EXPECT_EQ((Decimal{1, 18}.to_string()), "0.000000000000000001");
  EXPECT_EQ((Decimal{std::numeric_limits<std::int64_t>::min(), 0}.to_string()), "-9223372036854775808");
}

TEST(Decimal, WhatIsWrittenIsReadBackTheSame) {
  for (std::int64_t unscaled = -100'000; unscaled <= 100'000; unscaled += 37) {
    const Decimal decimal{unscaled, 3};
    EXPECT_EQ(Decimal::parse(decimal.to_string(), 10, 3), decimal);
  }
}

}  // namespace
}  // namespace apiwright

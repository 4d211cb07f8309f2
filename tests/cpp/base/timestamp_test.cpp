#include "apiwright/base/timestamp.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright {
namespace {

using std::chrono::milliseconds;
using std::string_literals::operator""s;

std::string normalised(const std::string& text) {
  const auto time = parse_timestamp(text);
  return time ? format_timestamp(*time) : "refused";
}

TEST(Timestamp, IsWrittenInUtcWithMilliseconds) {
  EXPECT_EQ(format_timestamp(Timestamp{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_timestamp(Timestamp{milliseconds(1'767'225'600'000)}), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(format_timestamp(Timestamp{milliseconds(-1)}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_timestamp(Timestamp{milliseconds(1'582'934'400'007)}), "2020-02-29T00:00:00.007Z");
}

TEST(Timestamp, IsAppendedToWhatIsThere) {
  std::string out = "at ";
  append_timestamp(out, Timestamp{});
  EXPECT_EQ(out, "at 1970-01-01T00:00:00.000Z");
}

// RFC 3339, section 5.8. The last is a time zone of 1937 with seconds rounded away.
TEST(Timestamp, ReadsTheExamplesOfRfc3339) {
  EXPECT_EQ(normalised("1985-04-12T23:20:50.52Z"), "1985-04-12T23:20:50.520Z");
  EXPECT_EQ(normalised("1996-12-19T16:39:57-08:00"), "1996-12-20T00:39:57.000Z");
  EXPECT_EQ(normalised("1990-12-31T23:59:60Z"), "1991-01-01T00:00:00.000Z");
  EXPECT_EQ(normalised("1990-12-31T15:59:60-08:00"), "1991-01-01T00:00:00.000Z");
  EXPECT_EQ(normalised("1937-01-01T12:00:27.87+00:20"), "1937-01-01T11:40:27.870Z");
}

TEST(Timestamp, ReadsEitherCaseAndEveryOffset) {
  EXPECT_EQ(normalised("2026-01-01t00:00:00z"), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(normalised("2026-01-01T00:00:00-00:00"), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(normalised("2026-01-01T00:00:00+23:59"), "2025-12-31T00:01:00.000Z");
  EXPECT_EQ(normalised("2026-01-01T00:00:00-23:59"), "2026-01-01T23:59:00.000Z");
}

TEST(Timestamp, CutsFractionsToMilliseconds) {
  EXPECT_EQ(normalised("2026-01-01T00:00:00.9Z"), "2026-01-01T00:00:00.900Z");
  EXPECT_EQ(normalised("2026-01-01T00:00:00.0009Z"), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(normalised("2026-01-01T00:00:00.999999999Z"), "2026-01-01T00:00:00.999Z");
  EXPECT_EQ(normalised("1969-12-31T23:59:59.9999Z"), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(normalised("2026-01-01T00:00:00.Z"), "refused");
  EXPECT_EQ(normalised("2026-01-01T00:00:00.0000000000Z"), "refused");
}

TEST(Timestamp, KnowsTheCalendar) {
  EXPECT_EQ(normalised("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(normalised("2000-02-29T00:00:00Z"), "2000-02-29T00:00:00.000Z");
  for (const char* day : {"2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "2024-04-31", "2024-00-01",
                          "2024-13-01", "2024-01-00", "2024-01-32"}) {
    EXPECT_EQ(normalised(day + "T00:00:00Z"s), "refused") << day;
  }
}

TEST(Timestamp, RefusesTimesThatNoDayHas) {
  for (const char* time : {"24:00:00", "23:60:00", "23:59:61", "25:00:00", "99:99:99"}) {
    EXPECT_EQ(normalised("2026-01-01T"s + time + "Z"), "refused") << time;
  }
}

TEST(Timestamp, LeapSecondIsTheNextSecondsStartAndOnlyAtTheEndOfAUtcDay) {
  EXPECT_EQ(normalised("2016-12-31T23:59:60.999Z"), "2017-01-01T00:00:00.000Z");
  EXPECT_EQ(normalised("2017-01-01T05:29:60+05:30"), "2017-01-01T00:00:00.000Z");
  EXPECT_EQ(normalised("2016-12-31T23:58:60Z"), "refused");
  EXPECT_EQ(normalised("2016-12-31T12:00:60Z"), "refused");
  EXPECT_EQ(normalised("2016-12-31T23:59:60+01:00"), "refused");
}

TEST(Timestamp, YearsReachFrom0000To9999InUtc) {
  EXPECT_EQ(normalised("0000-01-01T00:00:00Z"), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(normalised("0000-02-29T00:00:00Z"), "0000-02-29T00:00:00.000Z");
  EXPECT_EQ(normalised("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(normalised("0000-01-01T00:00:00+00:01"), "refused");
  EXPECT_EQ(normalised("9999-12-31T23:59:59-00:01"), "refused");
  EXPECT_EQ(normalised("9999-12-31T23:59:60Z"), "refused");
}

TEST(Timestamp, OutsideThoseYearsItHasNoText) {
  const Timestamp last = *parse_timestamp("9999-12-31T23:59:59.999Z");
  const Timestamp first = *parse_timestamp("0000-01-01T00:00:00Z");
  EXPECT_THROW((void)format_timestamp(last + milliseconds(1)), Error);
  EXPECT_THROW((void)format_timestamp(first - milliseconds(1)), Error);
}

TEST(Timestamp, RefusesEverythingElse) {
  for (const std::string& text : {""s,
                                  "2026"s,
                                  "2026-01-01"s,
                                  "2026-01-01T00:00Z"s,
                                  "2026-01-01T00:00:00"s,
                                  "2026-01-01 00:00:00Z"s,
                                  "2026-1-01T00:00:00Z"s,
                                  "26-01-01T00:00:00Z"s,
                                  "+2026-01-01T00:00:00Z"s,
                                  "-026-01-01T00:00:00Z"s,
                                  "20260101T000000Z"s,
                                  "2026-01-01T00:00:00+0100"s,
                                  "2026-01-01T00:00:00+01"s,
                                  "2026-01-01T00:00:00+24:00"s,
                                  "2026-01-01T00:00:00+01:60"s,
                                  "2026-01-01T00:00:00+1:00"s,
                                  "2026-01-01T00:00:00ZZ"s,
                                  "2026-01-01T00:00:00Z "s,
                                  " 2026-01-01T00:00:00Z"s,
                                  "2026-01-01T00:00:00Z\0"s,
                                  "2026-01-01T00:00:00,5Z"s,
                                  "2026-01-01T00:00:00 Z"s,
                                  "2026-01-01T0x:00:00Z"s,
                                  "12026-01-01T00:00:00Z"s,
                                  "2026-W01-1T00:00:00Z"s}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(Timestamp, WhatIsWrittenIsReadBackTheSame) {
  const milliseconds step(std::chrono::hours(24 * 97) + milliseconds(54'321'123));
  const Timestamp end = *parse_timestamp("9999-12-31T23:59:59.999Z");
  for (Timestamp time = *parse_timestamp("0000-01-01T00:00:00Z"); time <= end; time += step) {
    ASSERT_EQ(parse_timestamp(format_timestamp(time)), time);
  }
}

}  // namespace
}  // namespace apiwright

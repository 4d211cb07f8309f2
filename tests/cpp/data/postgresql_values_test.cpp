#include "data/postgresql_values.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>

#include "data/postgresql_fixture.hpp"

namespace apiwright::data {
namespace {

class PostgresqlValuesTest : public PostgresqlTest, public testing::WithParamInterface<bool> {
 protected:
  PostgresqlValuesTest() : PostgresqlTest({.prepare = GetParam()}) {}
};

INSTANTIATE_TEST_SUITE_P(Statements, PostgresqlValuesTest, testing::Bool(), kept_or_sent_whole);

TEST_P(PostgresqlValuesTest, AMomentBeyondMicrosecondsIsRefusedUnsent) {
  using Limits = std::numeric_limits<std::int64_t>;
  for (const auto count : {Limits::max(), Limits::min(), Limits::max() / 1000}) {
    EXPECT_FALSE(postgresql::microseconds_of(Timestamp(std::chrono::milliseconds(count))));
  }
  EXPECT_EQ(postgresql::timestamp_of(Limits::min()).time_since_epoch().count(),
            946'684'800'000 - 9'223'372'036'854'776);
}

TEST_P(PostgresqlValuesTest, ANumericCutShortIsNone) {
  EXPECT_FALSE(postgresql::decimal_of("", 2));
  EXPECT_FALSE(postgresql::decimal_of(std::string_view("\0\2\0\0\0\0\0\0\0\1", 10), 2));
  EXPECT_TRUE(postgresql::decimal_of(std::string_view("\0\1\0\0\0\0\0\0\0\1", 10), 2));
}

TEST_P(PostgresqlValuesTest, EveryTypeComesBackAsItWas) {
  const auto id = Uuid::generate(Timestamp(std::chrono::milliseconds(1'700'000'000'123)));
  const auto row = connection().prepare(
      "SELECT ?::bigint, ?::boolean, ?::text, ?::uuid, ?::timestamptz, ?::numeric(18, 2), ?::bytea, ?::text,"
      " ?::double precision, ?::jsonb");
  row->bind(1, std::int64_t{-9'007'199'254'740'993});
  row->bind(2, true);
  row->bind(3, "Grüße");
  row->bind(4, id);
  row->bind(5, Timestamp(std::chrono::milliseconds(-5)));
  row->bind(6, Decimal{.unscaled = -1250, .scale = 2});
  row->bind_bytes(7, std::string_view("\xff\x00\x01", 3));
  row->bind_null(8);
  row->bind(9, 0.1);
  row->bind(10, R"({"a": [1, "ä"]})");
  ASSERT_TRUE(row->step());
  EXPECT_EQ(row->integer(0), -9'007'199'254'740'993);
  EXPECT_TRUE(row->boolean(1));
  EXPECT_EQ(row->text(2), "Grüße");
  EXPECT_EQ(row->uuid(3), id);
  EXPECT_EQ(row->timestamp(4), Timestamp(std::chrono::milliseconds(-5)));
  EXPECT_EQ(row->decimal(5, 2), (Decimal{.unscaled = -1250, .scale = 2}));
  EXPECT_EQ(row->bytes(6), std::string_view("\xff\x00\x01", 3));
  EXPECT_TRUE(row->is_null(7));
  EXPECT_EQ(row->real(8), 0.1);
  EXPECT_EQ(row->text(9), R"({"a": [1, "ä"]})");
  EXPECT_FALSE(row->step());
}

TEST_P(PostgresqlValuesTest, DecimalsAreExactAtTheirLimits) {
  const auto row = connection().prepare("SELECT ?::numeric");
  for (const auto& [unscaled, scale] : {std::pair{std::int64_t{0}, 0},
                                        {0, 18},
                                        {1, 18},
                                        {-1, 4},
                                        {10'000, 4},
                                        {999'999'999'999'999'999, 0},
                                        {-999'999'999'999'999'999, 18},
                                        {999'999'999'999'999'999, 1},
                                        {123'456'789, 5},
                                        {100'000'000, 0}}) {
    const Decimal value{.unscaled = unscaled, .scale = scale};
    row->bind(1, value);
    ASSERT_TRUE(row->step());
    EXPECT_EQ(row->decimal(0, scale), value) << value.to_string();
    row->reset();
  }
}

TEST_P(PostgresqlValuesTest, ANumberThatIsNoDecimalOfTheScaleIsRefused) {
  for (const auto* number : {"'NaN'", "'Infinity'", "0.001", "1e17", "12345678901234567.89", "1e1000"}) {
    const auto row = connection().prepare(std::string("SELECT ") + number + "::numeric");
    ASSERT_TRUE(row->step());
    EXPECT_EQ(error_of([&] { static_cast<void>(row->decimal(0, 2)); }).code(), ErrorCode::kInternal) << number;
  }
}

TEST_P(PostgresqlValuesTest, MomentsAreCutToMilliseconds) {
  const auto row = connection().prepare(
      "SELECT timestamptz '1969-12-31 23:59:59.9999Z', timestamptz '9999-12-31 23:59:59.999Z', timestamptz "
      "'0001-01-01Z'");
  ASSERT_TRUE(row->step());
  EXPECT_EQ(format_timestamp(row->timestamp(0)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_timestamp(row->timestamp(1)), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(format_timestamp(row->timestamp(2)), "0001-01-01T00:00:00.000Z");
}

TEST_P(PostgresqlValuesTest, WhatIsBoundAsAnotherTypeGoesAsItsText) {
  const auto id = *Uuid::parse("0190a1b2-0000-7000-8000-0000000000ff");
  const auto row = connection().prepare(
      "SELECT ?::text, ?::text, ?::uuid, ?::integer, ?::numeric, ?::text, ?::timestamptz, ?::double precision");
  row->bind(1, id);
  row->bind(2, Timestamp(std::chrono::milliseconds(1500)));
  row->bind(3, "0190A1B2-0000-7000-8000-0000000000FF");
  row->bind(4, -7);
  row->bind(5, 12);
  row->bind(6, Decimal{.unscaled = 1250, .scale = 2});
  row->bind(7, "2026-01-01T00:00:00+01:00");
  row->bind(8, 3);
  ASSERT_TRUE(row->step());
  EXPECT_EQ(row->text(0), "0190a1b2-0000-7000-8000-0000000000ff");
  EXPECT_EQ(row->text(1), "1970-01-01T00:00:01.500Z");
  EXPECT_EQ(row->uuid(2), id);
  EXPECT_EQ(row->integer(3), -7);
  EXPECT_EQ(row->decimal(4, 0), (Decimal{.unscaled = 12, .scale = 0}));
  EXPECT_EQ(row->text(5), "12.50");
  EXPECT_EQ(format_timestamp(row->timestamp(6)), "2025-12-31T23:00:00.000Z");
  EXPECT_EQ(row->real(7), 3);
}

TEST_P(PostgresqlValuesTest, SmallIntegersCountsAndSumsAreIntegers) {
  const auto row = connection().prepare(
      "SELECT 1, 2::smallint, count(*), sum(x), max(x) FROM (SELECT 1::bigint WHERE false) AS v (x)");
  ASSERT_TRUE(row->step());
  EXPECT_EQ(row->integer(0), 1);
  EXPECT_EQ(row->integer(1), 2);
  EXPECT_EQ(row->integer(2), 0);
  EXPECT_TRUE(row->is_null(3));
  EXPECT_EQ(row->integer(4), 0);
  EXPECT_EQ(integer_of(connection(), "SELECT sum(x) FROM (VALUES (40::bigint), (2)) AS v (x)"), 42);
}

TEST_P(PostgresqlValuesTest, AColumnOfAnotherTypeIsAnInternalError) {
  const auto row = connection().prepare("SELECT 'not a uuid', 1::bigint");
  ASSERT_TRUE(row->step());
  EXPECT_EQ(error_of([&] { static_cast<void>(row->uuid(0)); }).code(), ErrorCode::kInternal);
  EXPECT_EQ(error_of([&] { static_cast<void>(row->integer(0)); }).code(), ErrorCode::kInternal);
  EXPECT_EQ(error_of([&] { static_cast<void>(row->timestamp(1)); }).code(), ErrorCode::kInternal);
  EXPECT_EQ(error_of([&] { static_cast<void>(row->text(1)); }).code(), ErrorCode::kInternal);
}

TEST_P(PostgresqlValuesTest, EmptyTextIsNotNullAndU0000IsRefusedAsTheClientsFault) {
  const auto row = connection().prepare("SELECT ?::text, ?::bytea");
  row->bind(1, std::string_view());
  row->bind_bytes(2, std::string_view());
  ASSERT_TRUE(row->step());
  EXPECT_FALSE(row->is_null(0));
  EXPECT_FALSE(row->is_null(1));
  row->reset();
  EXPECT_EQ(error_of([&] { row->bind(1, std::string_view("a\0b", 3)); }).code(), ErrorCode::kUnprocessable);
  const auto json = connection().prepare("SELECT ?::jsonb");
  json->bind(1, R"("\u0000")");
  EXPECT_EQ(error_of([&] { json->step(); }).code(), ErrorCode::kUnprocessable);
}

}  // namespace
}  // namespace apiwright::data

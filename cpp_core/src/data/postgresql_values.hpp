#pragma once

#include <libpq-fe.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "apiwright/base/decimal.hpp"
#include "apiwright/base/timestamp.hpp"

namespace apiwright::data::postgresql {

// Types as the catalogue numbers them (pg_type.dat); they never change.
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kFloat4 = 700;
constexpr Oid kFloat8 = 701;
constexpr Oid kTimestamptz = 1184;
constexpr Oid kNumeric = 1700;
constexpr Oid kUuid = 2950;
constexpr Oid kJsonb = 3802;
/// False for those above, jsonb but for its first byte: the binary form of texts, names, json and enumerations is their
/// text.
[[nodiscard]] bool is_text(Oid type) noexcept;

/// Integers in their binary form: big-endian.
[[nodiscard]] std::array<char, 8> big_endian(std::uint64_t value) noexcept;
/// The integer of at most eight bytes, without a sign.
[[nodiscard]] std::uint64_t from_big_endian(std::string_view bytes) noexcept;
/// The integer of two, four or eight bytes; none of another length.
[[nodiscard]] std::optional<std::int64_t> signed_integer(std::string_view bytes) noexcept;

/// Microseconds since 2000; none beyond what they hold.
[[nodiscard]] std::optional<std::int64_t> microseconds_of(Timestamp time) noexcept;
/// Cut to milliseconds.
[[nodiscard]] Timestamp timestamp_of(std::int64_t microseconds) noexcept;

/// A numeric's binary form at `scale` places; none when it has digits beyond, more than Decimal holds, or is no number.
[[nodiscard]] std::optional<Decimal> decimal_of(std::string_view bytes, int scale) noexcept;

}  // namespace apiwright::data::postgresql

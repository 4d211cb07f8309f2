#include "data/postgresql_values.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>

namespace apiwright::data::postgresql {
namespace {

using Microseconds = std::chrono::microseconds;

constexpr std::chrono::sys_days kEpoch = std::chrono::year{2000} / std::chrono::January / 1;
constexpr std::int64_t kMicroseconds = 1000;  // in a millisecond
constexpr int kDigits = 4;                    // decimal ones of each of a numeric's
constexpr std::uint64_t kPositive = 0x0000;
constexpr std::uint64_t kNegative = 0x4000;
constexpr std::size_t kHeader = 8;

/// A numeric as it is sent: count of digits (base 10000), weight of the first, sign, places, digits; each two bytes.
struct Numeric {
  explicit Numeric(std::string_view in_bytes) noexcept : bytes(in_bytes) {}

  [[nodiscard]] std::uint64_t word(std::size_t at) const noexcept { return from_big_endian(bytes.substr(2 * at, 2)); }
  [[nodiscard]] bool is_number() const noexcept {
    return bytes.size() >= kHeader && bytes.size() == kHeader + 2 * word(0) && (sign() == kPositive || is_negative());
  }
  [[nodiscard]] std::uint64_t sign() const noexcept { return word(2); }
  [[nodiscard]] bool is_negative() const noexcept { return sign() == kNegative; }
  [[nodiscard]] int count() const noexcept { return static_cast<int>(word(0)); }
  [[nodiscard]] int weight() const noexcept { return static_cast<std::int16_t>(word(1)); }
  /// The decimal digit worth 10^`place`.
  [[nodiscard]] int digit(int place) const noexcept {
    const int floor = place >= 0 ? place / kDigits : (place - kDigits + 1) / kDigits;
    const int index = weight() - floor;
    if (index < 0 || index >= count()) return 0;
    const auto four = static_cast<std::int64_t>(word(kHeader / 2 + static_cast<std::size_t>(index)));
    return static_cast<int>(four / power_of_ten(place - floor * kDigits) % 10);
  }
  [[nodiscard]] int highest_place() const noexcept { return weight() * kDigits + kDigits - 1; }
  [[nodiscard]] int lowest_place() const noexcept { return (weight() - count() + 1) * kDigits; }

  std::string_view bytes;
};

bool has_digits_below(const Numeric& numeric, int place) noexcept {
  for (int each = place - 1; each >= numeric.lowest_place(); --each) {
    if (numeric.digit(each) != 0) return true;
  }
  return false;
}

std::optional<std::int64_t> digits_down_to(const Numeric& numeric, int place) noexcept {
  std::int64_t value = 0;
  for (int each = numeric.highest_place(); each >= place; --each) {
    if (value >= power_of_ten(Decimal::kMaxDigits - 1)) return std::nullopt;
    value = value * 10 + numeric.digit(each);
  }
  return value;
}

}  // namespace

bool is_text(Oid type) noexcept {
  constexpr std::array kOthers = {kBool, kBytea, kInt8, kInt2, kInt4, kFloat4, kFloat8, kTimestamptz, kNumeric, kUuid};
  return std::find(kOthers.begin(), kOthers.end(), type) == kOthers.end();
}

std::array<char, 8> big_endian(std::uint64_t value) noexcept {
  std::array<char, 8> bytes{};
  for (std::size_t i = bytes.size(); i-- > 0; value >>= 8U) bytes.at(i) = static_cast<char>(value & 0xFFU);
  return bytes;
}

std::uint64_t from_big_endian(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

std::optional<std::int64_t> signed_integer(std::string_view bytes) noexcept {
  const auto value = from_big_endian(bytes);
  switch (bytes.size()) {
    case 2:
      return static_cast<std::int16_t>(value);
    case 4:
      return static_cast<std::int32_t>(value);
    case 8:
      return static_cast<std::int64_t>(value);
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> microseconds_of(Timestamp time) noexcept {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / (2 * kMicroseconds);
  const auto count = time.time_since_epoch().count();
  if (count > kMost || count < -kMost) return std::nullopt;
  return Microseconds(time - kEpoch).count();
}

Timestamp timestamp_of(std::int64_t microseconds) noexcept {
  return kEpoch + std::chrono::floor<std::chrono::milliseconds>(Microseconds(microseconds));
}

std::optional<Decimal> decimal_of(std::string_view bytes, int scale) noexcept {
  const Numeric numeric(bytes);
  if (!numeric.is_number() || has_digits_below(numeric, -scale)) return std::nullopt;
  const auto value = digits_down_to(numeric, -scale);
  if (!value) return std::nullopt;
  return Decimal{.unscaled = numeric.is_negative() ? -*value : *value, .scale = scale};
}

}  // namespace apiwright::data::postgresql

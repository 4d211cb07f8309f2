#include "validation/number.hpp"

#include <algorithm>
#include <cstddef>

namespace apiwright::validation {
namespace {

constexpr std::int64_t kFarExponent = 1'000'000'000'000;

std::size_t count_digits(std::string_view text) noexcept {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

/// The text's parts, checked for grammar alone.
struct Parts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;
};

std::string_view take_digits(std::string_view& rest) noexcept {
  const std::string_view digits = rest.substr(0, count_digits(rest));
  rest.remove_prefix(digits.size());
  return digits;
}

bool take(std::string_view& rest, char c) noexcept {
  if (rest.empty() || rest.front() != c) return false;
  rest.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_exponent(std::string_view& rest) noexcept {
  const bool negative = take(rest, '-');
  if (!negative) take(rest, '+');
  const std::string_view digits = take_digits(rest);
  if (digits.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : digits) value = std::min(value * 10 + (c - '0'), kFarExponent);
  return negative ? -value : value;
}

std::optional<Parts> split(std::string_view rest) noexcept {
  Parts parts{.negative = take(rest, '-')};
  parts.whole = take_digits(rest);
  if (parts.whole.empty() || (parts.whole.size() > 1 && parts.whole.front() == '0')) return std::nullopt;
  if (take(rest, '.')) {
    parts.fraction = take_digits(rest);
    if (parts.fraction.empty()) return std::nullopt;
  }
  if (take(rest, 'e') || take(rest, 'E')) {
    const auto exponent = take_exponent(rest);
    if (!exponent) return std::nullopt;
    parts.exponent = *exponent;
  }
  return rest.empty() ? std::optional(parts) : std::nullopt;
}

/// Adds digits from the most to the least significant one.
class Accumulator {
 public:
  Accumulator(Number& number, std::int64_t first_place) noexcept : number_(number), place_(first_place) {}

  void add(std::string_view digits) noexcept {
    for (const char c : digits) add(static_cast<unsigned>(c - '0'));
  }

 private:
  void add(unsigned digit) noexcept {
    if (digit != 0) {
      if (!started_) number_.magnitude = place_ + 1;
      // Zeros are held back until a digit follows, so that trailing ones do not count; past 19 digits it may wrap.
      const std::int64_t shift = started_ ? std::min<std::int64_t>(number_.exponent - place_, 19) : 0;
      number_.digits = number_.digits * power_of_ten(shift) + digit;
      number_.exponent = place_;
      started_ = true;
    }
    --place_;
  }

  Number& number_;
  std::int64_t place_;
  bool started_ = false;
};

}  // namespace

std::optional<Number> Number::parse(std::string_view text) noexcept {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  Number number{.negative = parts->negative};
  Accumulator accumulator(number, parts->exponent + static_cast<std::int64_t>(parts->whole.size()) - 1);
  accumulator.add(parts->whole);
  accumulator.add(parts->fraction);
  return number;
}

std::uint64_t power_of_ten(std::int64_t exponent) noexcept {
  std::uint64_t power = 1;
  for (std::int64_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

std::int64_t widest(int digits) noexcept { return static_cast<std::int64_t>(power_of_ten(digits)) - 1; }

}  // namespace apiwright::validation

#include "validation/check_numeric.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "apiwright/validation/check.hpp"

namespace apiwright::validation {
namespace {

void add_beyond(bool below, const std::string& bound, Path path, Violations& violations) {
  violations.add(path.to_string(), below ? "min" : "max",
                 (below ? "Must be at least " : "Must be at most ") + bound + ".");
}

/// Whole bounds stand without places, as they were most likely written.
std::string decimal_bound(const Field& field, std::int64_t bound) {
  const auto unit = static_cast<std::int64_t>(power_of_ten(field.scale()));
  if (bound % unit == 0) return std::to_string(bound / unit);
  return Decimal{.unscaled = bound, .scale = field.scale()}.to_string();
}

void add_beyond_decimal(const Field& field, bool below, Path path, Violations& violations) {
  add_beyond(below, decimal_bound(field, below ? field.min() : field.max()), path, violations);
}

/// The shortest text that reads as this double again.
std::string shortest(double value) {
  constexpr std::size_t kLongest = 32;
  std::array<char, kLongest> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), error == std::errc{} ? end : text.data()};
}

void add_beyond_number(bool below, const NumberRange& range, Path path, Violations& violations) {
  const bool excluded = below ? range.min_excluded : range.max_excluded;
  const double bound = below ? range.min : range.max;
  const char* const order = below ? (excluded ? "greater than " : "at least ") : (excluded ? "less than " : "at most ");
  if (std::isinf(bound)) {
    violations.add(path.to_string(), below ? "min" : "max", "Must be a finite number.");
  } else {
    violations.add(path.to_string(), below ? "min" : "max", std::string("Must be ") + order + shortest(bound) + ".");
  }
}

}  // namespace

Value check_integer_number(const Field& field, const Number& number, Path path, Violations& violations) {
  constexpr std::int64_t kMaxMagnitude = 19;  // decimal digits of 2^63
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (number.exponent < 0) {
    refuse_type(field, path, violations);
    return {};
  }
  const std::uint64_t size = number.magnitude > kMaxMagnitude ? std::numeric_limits<std::uint64_t>::max()
                                                              : number.digits * power_of_ten(number.exponent);
  if (size > kMax + (number.negative ? 1 : 0)) {
    add_beyond(number.negative, std::to_string(number.negative ? field.min() : field.max()), path, violations);
    return {};
  }
  return check_integer(field, static_cast<std::int64_t>(number.negative ? 0 - size : size), path, violations);
}

Value check_decimal_number(const Field& field, const Number& number, Path path, Violations& violations) {
  if (number.exponent < -field.scale()) {
    const std::string places = std::to_string(field.scale());
    violations.add(path.to_string(), "format",
                   field.scale() == 0
                       ? "Must be a whole number."
                       : "Must have at most " + places + (places == "1" ? " decimal place." : " decimal places."));
    return {};
  }
  if (number.magnitude > field.precision() - field.scale()) {
    add_beyond_decimal(field, number.negative, path, violations);
    return {};
  }
  const auto size = static_cast<std::int64_t>(number.digits * power_of_ten(number.exponent + field.scale()));
  const Decimal decimal{.unscaled = number.negative ? -size : size, .scale = field.scale()};
  if (decimal.unscaled < field.min() || decimal.unscaled > field.max()) {
    add_beyond_decimal(field, decimal.unscaled < field.min(), path, violations);
    return {};
  }
  return decimal;
}

Value check_number_text(const Field& field, std::string_view text, Path path, Violations& violations) {
  const auto number = Number::parse(text);
  if (!number) {
    refuse_type(field, path, violations);
    return {};
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Too small for a double is zero; too large is no number.
  if (error == std::errc::result_out_of_range && number->magnitude > 0) {
    value = number->negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  return check_real(field, value, path, violations);
}

Value check_real(const Field& field, double value, Path path, Violations& violations) {
  if (field.kind() != Kind::kNumber || std::isnan(value)) {
    refuse_type(field, path, violations);
    return {};
  }
  const NumberRange& range = field.number_range();
  const bool below = value < range.min || (range.min_excluded && value == range.min);
  const bool above = value > range.max || (range.max_excluded && value == range.max);
  if (below || above || std::isinf(value)) {
    add_beyond_number(below || (!above && value < 0), range, path, violations);
    return {};
  }
  return value == 0 ? 0.0 : value;  // one zero: equal values are written alike
}

Value check_integer(const Field& field, std::int64_t value, Path path, Violations& violations) {
  if (field.kind() == Kind::kNumber) return check_real(field, static_cast<double>(value), path, violations);
  if (field.kind() != Kind::kInteger) return check_number(field, std::to_string(value), path, violations);
  if (value >= field.min() && value <= field.max()) return value;
  const bool below = value < field.min();
  add_beyond(below, std::to_string(below ? field.min() : field.max()), path, violations);
  return {};
}

}  // namespace apiwright::validation

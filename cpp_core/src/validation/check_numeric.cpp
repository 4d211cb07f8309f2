#include "validation/check_numeric.hpp"

#include <limits>
#include <string>

#include "apiwright/validation/check.hpp"

namespace apiwright::validation {
namespace {

void add_beyond(bool below, const std::string& bound, Path path, Violations& violations) {
  violations.add(path.to_string(), below ? "min" : "max",
                 (below ? "Must be at least " : "Must be at most ") + bound + ".");
}

/// Where a decimal lies to a bound in whole units: -1 below, 0 on it, 1 above.
int compare(const Decimal& value, std::int64_t bound) noexcept {
  const auto unit = static_cast<std::int64_t>(power_of_ten(value.scale));
  const std::int64_t whole = value.unscaled / unit;
  const std::int64_t rest = whole == bound ? value.unscaled % unit : 0;
  if (whole != bound) return whole < bound ? -1 : 1;
  return rest < 0 ? -1 : rest > 0 ? 1 : 0;
}

/// The last value that `precision` digits can hold, or the field's own bound if that is nearer to zero.
std::string decimal_bound(const Field& field, bool lower) {
  const auto widest = static_cast<std::int64_t>(power_of_ten(field.precision())) - 1;
  const Decimal last{.unscaled = lower ? -widest : widest, .scale = field.scale()};
  const std::int64_t bound = lower ? field.min() : field.max();
  const int order = compare(last, bound);
  return (lower ? order >= 0 : order <= 0) ? last.to_string() : std::to_string(bound);
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
    add_beyond(number.negative, decimal_bound(field, number.negative), path, violations);
    return {};
  }
  const auto size = static_cast<std::int64_t>(number.digits * power_of_ten(number.exponent + field.scale()));
  const Decimal decimal{.unscaled = number.negative ? -size : size, .scale = field.scale()};
  const bool below = compare(decimal, field.min()) < 0;
  if (below || compare(decimal, field.max()) > 0) {
    add_beyond(below, decimal_bound(field, below), path, violations);
    return {};
  }
  return decimal;
}

Value check_integer(const Field& field, std::int64_t value, Path path, Violations& violations) {
  if (field.kind() != Kind::kInteger) return check_number(field, std::to_string(value), path, violations);
  if (value >= field.min() && value <= field.max()) return value;
  const bool below = value < field.min();
  add_beyond(below, std::to_string(below ? field.min() : field.max()), path, violations);
  return {};
}

}  // namespace apiwright::validation

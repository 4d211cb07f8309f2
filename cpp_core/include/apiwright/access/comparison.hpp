#pragma once

#include <string_view>

#include "apiwright/validation/field.hpp"

namespace apiwright::access {

enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

/// `==`, `!=`, `<`, `<=`, `>` or `>=`; throws std::logic_error for anything else.
[[nodiscard]] Comparison comparison_of(std::string_view sign);

/// True for the four that ask which of two values comes first.
[[nodiscard]] constexpr bool is_order(Comparison comparison) noexcept {
  return comparison != Comparison::kEqual && comparison != Comparison::kNotEqual;
}

/// True for kinds whose values come one after the other: numbers, times, and text by its bytes in UTF-8.
[[nodiscard]] bool has_order(validation::Kind kind) noexcept;

}  // namespace apiwright::access

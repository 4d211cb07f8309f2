#pragma once

#include <string_view>

#include "apiwright/validation/field.hpp"
#include "apiwright/validation/path.hpp"
#include "apiwright/validation/violations.hpp"
#include "validation/number.hpp"

namespace apiwright::validation {

/// A number for an integer field, and for a decimal one; as in check.hpp.
[[nodiscard]] Value check_integer_number(const Field& field, const Number& number, Path path, Violations& violations);
[[nodiscard]] Value check_decimal_number(const Field& field, const Number& number, Path path, Violations& violations);

/// A number for a field of Kind::kNumber: `text` by JSON's grammar, else it has the wrong type.
[[nodiscard]] Value check_number_text(const Field& field, std::string_view text, Path path, Violations& violations);

}  // namespace apiwright::validation

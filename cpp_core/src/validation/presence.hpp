#pragma once

#include "apiwright/validation/field.hpp"

namespace apiwright::validation {

/// A client may send it.
[[nodiscard]] inline bool is_settable(const Field& field) noexcept {
  return !field.is_read_only() && !field.is_internal();
}

/// What a field has that a whole object leaves out; Absent: nothing.
[[nodiscard]] inline Value value_left_out(const Field& field) {
  if (field.default_value()) return *field.default_value();
  if (field.is_nullable() && !field.is_optional() && !field.is_required()) return Null{};
  return Absent{};
}

}  // namespace apiwright::validation

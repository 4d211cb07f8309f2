#pragma once

#include <string>

#include "apiwright/validation/field.hpp"

namespace apiwright::repositories {

/// A name of a compiled Schema as SQL takes it, whatever words SQL keeps for itself (`order`, `group`).
[[nodiscard]] inline std::string quoted(const std::string& name) {
  std::string text(1, '"');
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  text += '"';
  return text;
}

/// The column beside a field's own that holds its case-folded form.
[[nodiscard]] inline std::string key_column(const validation::Field& field) { return field.name() + "_key"; }

}  // namespace apiwright::repositories

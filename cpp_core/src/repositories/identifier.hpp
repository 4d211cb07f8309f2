#pragma once

#include <string>
#include <string_view>

#include "apiwright/validation/field.hpp"

namespace apiwright::repositories {

/// A name of a compiled Schema as SQL takes it, whatever words SQL keeps for itself (`order`, `group`).
[[nodiscard]] inline std::string quoted(std::string_view name) {
  std::string text(1, '"');
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  text += '"';
  return text;
}

/// A text where SQL takes no parameter: the declaration's own, in statements about tables.
[[nodiscard]] inline std::string text_literal(std::string_view text) {
  std::string literal(1, '\'');
  for (const char c : text) literal.append(c == '\'' ? 2 : 1, c);
  literal += '\'';
  return literal;
}

/// The column beside a field's own that holds its case-folded form.
[[nodiscard]] inline std::string key_column(const validation::Field& field) { return field.name() + "_key"; }

/// The column by which lists compare and sort a field, quoted.
[[nodiscard]] inline std::string list_column(const validation::Field& field) {
  return quoted(field.has_key_column() ? key_column(field) : field.name());
}

}  // namespace apiwright::repositories

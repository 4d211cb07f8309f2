#pragma once

#include "apiwright/json/writer.hpp"
#include "apiwright/validation/schema.hpp"

namespace apiwright::validation {

/// What a JSON Schema is of.
enum class Side {
  kBody,
  kPatch,    ///< a merge patch, and the objects in it
  kChanges,  ///< some fields, each with a whole value
  kRow,
};

[[nodiscard]] inline bool is_secret(const Field& field) noexcept {
  return field.is_write_only() || field.is_transient();
}

/// The JSON Schema of one field's values.
void write_field(json::Writer& out, const Field& field, Side side);

/// The members of a JSON Schema that tell what an object inside a body or a row holds.
void write_members(json::Writer& out, const Schema& schema, Side side);

}  // namespace apiwright::validation

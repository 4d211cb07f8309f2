#pragma once

#include <string>
#include <string_view>

#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/merge_patch.hpp"
#include "apiwright/validation/value_json.hpp"

namespace apiwright::validation {

/// A row as a repository reads it, made of a body: what it holds as JSON has come back from JSON.
inline Record row_of(const SchemaPtr& schema, std::string_view body) {
  Record row = BodyReader(schema, Mode::kCreate).read(body);
  for (std::size_t i = 0; i < schema->fields().size(); ++i) {
    const Field& field = schema->field(i);
    if (!field.is_composite() || row.at(i).is_absent() || row.at(i).is_null()) continue;
    if (field.kind() != Kind::kJson) row.set(i, read_stored(schema->stored_form(i), to_json(row.at(i))));
  }
  return row;
}

/// The fields that `patch` names, as JSON, after it has been laid over the row of a body.
inline std::string patched_row(const SchemaPtr& schema, std::string_view body, std::string_view patch) {
  const Record changes = merge_patch(row_of(schema, body), BodyReader(schema, Mode::kPatch).read(patch));
  return to_json(Object{std::make_shared<const Record>(changes)});
}

}  // namespace apiwright::validation

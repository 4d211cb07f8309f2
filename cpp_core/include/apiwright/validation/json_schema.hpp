#pragma once

#include <string>
#include <vector>

#include "apiwright/validation/body_reader.hpp"

namespace apiwright::validation {

/// JSON Schema 2020-12 (as in OpenAPI 3.1) of what `reader` accepts: `additionalProperties: false`, lengths, patterns,
/// formats (email, uuid, date-time, password for write-only strings), enums, defaults, descriptions, examples. In
/// kPatch mode nothing is required, and nothing in the objects inside: what only the row decides is not told.
[[nodiscard]] std::string body_json_schema(const BodyReader& reader);

/// JSON Schema of a row in an answer: every field that is not hidden. `guarded` names those that some callers do not
/// see: they are not required. Throws std::logic_error for a name that is no field's.
[[nodiscard]] std::string row_json_schema(const Schema& schema, const std::vector<std::string>& guarded = {});

}  // namespace apiwright::validation

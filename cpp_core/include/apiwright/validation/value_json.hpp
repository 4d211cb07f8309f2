#pragma once

#include "apiwright/json/writer.hpp"
#include "apiwright/validation/record.hpp"

namespace apiwright::validation {

/// A value as it stands in JSON: decimals, ids and times as texts; Absent as null. Of an object the members that are
/// Absent are left out.
void write_json(json::Writer& writer, const Value& value);

/// The same as text of its own.
[[nodiscard]] std::string to_json(const Value& value);

}  // namespace apiwright::validation

#pragma once

#include "apiwright/validation/record.hpp"

namespace apiwright::validation {

/// Lays a merge patch (RFC 7396), read in Mode::kPatch, over a row: the fields that it names, each with its whole new
/// value. A record that is no patch comes back as it is.
///
/// * An object keeps the members that the patch does not name; null empties a nullable one, sets the default of one
///   that has it, else takes away what is optional. Where the row has none, it is made of the patch as of a body: what
///   is required must be there.
/// * A union is merged when the patch names the variant that the row has, or none; another one replaces it whole.
/// * A map is merged by its names. Null takes a name away, so values that may be null can't be made null by a patch.
/// * JSON is merged by the RFC's pseudo-code, its objects inwards.
/// * All else, lists among it, is replaced whole.
///
/// Checks what only the row decides: what is required in new objects, choices, how many names a map has, and that no
/// value grows past what a document may be (json::Limits; code `max_length`). What the patch does not name is not
/// checked again: its constraints may have become stricter since. Throws Error(kValidationError) with every violation,
/// each by its whole path. Costs what reading and writing the named fields costs.
[[nodiscard]] Record merge_patch(const Record& row, const Record& patch);

}  // namespace apiwright::validation

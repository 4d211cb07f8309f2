#pragma once

#include <cstddef>
#include <vector>

#include "apiwright/validation/field.hpp"
#include "apiwright/validation/path.hpp"
#include "apiwright/validation/violations.hpp"

namespace apiwright::validation {

/// Notes a number of items or members that `field`, an array or a map, may not have.
void check_count(const Field& field, std::size_t count, Path path, Violations& violations);

/// Notes each item that is equal to an earlier one. Absent ones are refused already.
void refuse_repeated_items(const Array& items, Path path, Violations& violations);

/// Notes each name that is there twice. It can only be in normal form: the reader has refused the others.
void refuse_repeated_names(const std::vector<Map::Entry>& entries, Path path, Violations& violations);

}  // namespace apiwright::validation

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apiwright/repositories/table.hpp"

namespace apiwright::repositories {

/// Tables as JSON that people read and keep in version control: a column or an index a line, all in the order of their
/// names, so that equal tables are the same text. Titles are left out.
[[nodiscard]] std::string to_json(const std::vector<Table>& tables);

/// The tables of that text, their columns `id` first and then by name. Throws Error(kMalformedJson) for no JSON, and
/// Error(kValidationError) with a detail for the first part that makes no sense, by its path.
[[nodiscard]] std::vector<Table> tables_from_json(std::string_view text);

}  // namespace apiwright::repositories

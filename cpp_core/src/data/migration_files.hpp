#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "apiwright/data/migrations.hpp"

namespace apiwright::data {

/// The folder's migrations, by version from 1 without a gap. Files that do not end in `.sql` are none of ours. Throws
/// Error(kValidationError) with a detail for every file that is wrong.
[[nodiscard]] std::vector<Migration> read_migrations(const std::filesystem::path& folder);

/// What its files' names begin with: `0001_users`.
[[nodiscard]] std::string stem_of(std::int64_t version, const std::string& name);

}  // namespace apiwright::data

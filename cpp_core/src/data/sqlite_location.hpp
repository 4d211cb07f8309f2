#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace apiwright::data {

/// The absolute path that a `sqlite:///relative.db` or `sqlite:////absolute.db` URL names (percent-decoded; relative to
/// the working folder now). Throws Error(kValidationError) naming `DATABASE_URL`: another scheme, no file, a database
/// in memory (it would be another one for each connection), or a folder that does not exist. Opens nothing.
[[nodiscard]] std::filesystem::path parse_sqlite_url(std::string_view url);

/// Makes the file, readable for its owner alone, unless it exists: SQLite would let everybody read it. Thread-safe.
/// Throws Error(kUnavailable).
void create_private_file(const std::filesystem::path& path);

}  // namespace apiwright::data

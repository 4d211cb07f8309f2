#pragma once

#include <string_view>
#include <vector>

#include "apiwright/repositories/table.hpp"

namespace apiwright::repositories {

/// The tables that apiwright's own migrations make and an application's may add columns and indexes to.
[[nodiscard]] const std::vector<Table>& extensible_tables();

/// True for those that they make for themselves alone, and for SQLite's own.
[[nodiscard]] bool is_reserved(std::string_view table) noexcept;

}  // namespace apiwright::repositories

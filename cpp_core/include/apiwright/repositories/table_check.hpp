#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/error.hpp"
#include "apiwright/data/connection.hpp"
#include "apiwright/validation/schema.hpp"

namespace apiwright::repositories {

/// Something that is declared and not so in the database.
struct TableFinding {
  Detail detail;              ///< `Article.slug`, and what is the matter
  bool can_be_added = false;  ///< without a change of what is there
};

/// What the database lacks of these schemas' tables, and what of its own stands in their way. More tables, more columns
/// that need no value, looser ones and other defaults are fine: a release that is being replaced may still use them.
/// Types that SQLite does not tell apart (times and integers) are those of `tables_json`, the last migration's, where
/// it has them. SQLite. Throws Error(kUnprocessable) as require_sound() does, and what tables_from_json throws.
[[nodiscard]] std::vector<TableFinding> check_tables(data::Connection& connection,
                                                     const std::vector<validation::SchemaPtr>& declared,
                                                     std::string_view tables_json = {});

/// Adds what can be added (tables, columns that may be null or have a default, indexes) in a transaction of its own,
/// and makes empty tables anew that were themselves added so; sentences of what it did. What it adds is a draft: a
/// migration that says the same takes it up (see drafts.hpp). Throws Error(kUnprocessable) with a detail for everything
/// else that is the matter, having done nothing.
std::vector<std::string> add_declared(data::Connection& connection, const std::vector<validation::SchemaPtr>& declared,
                                      std::string_view tables_json = {});

}  // namespace apiwright::repositories

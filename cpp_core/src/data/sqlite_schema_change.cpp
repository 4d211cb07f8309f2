#include "data/sqlite_schema_change.hpp"

#include <algorithm>
#include <cctype>

#include "apiwright/base/error.hpp"

namespace apiwright::data {
namespace {

constexpr std::string_view kParts =
    "SELECT type, tbl_name, name FROM sqlite_schema"
    " WHERE type IN ('index', 'trigger', 'view') AND name NOT LIKE 'sqlite#_%' ESCAPE '#'"
    " UNION ALL SELECT 'column', t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c"
    " WHERE t.type = 'table'";
constexpr std::string_view kDangling = "SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1";

bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

SqliteSchemaChange::SqliteSchemaChange(Connection& connection) : connection_(connection), before_(parts()) {}

SqliteSchemaChange::Parts SqliteSchemaChange::parts() const {
  Parts parts;
  const auto rows = connection_.prepare(kParts);
  while (rows->step()) {
    parts.insert({std::string(rows->text(0)), std::string(rows->text(1)), std::string(rows->text(2))});
  }
  return parts;
}

bool SqliteSchemaChange::names(const std::string& word) const {
  for (auto at = scripts_.find(word); at != std::string::npos; at = scripts_.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || !is_word_character(scripts_[at - 1]);
    if (begins && (end == scripts_.size() || !is_word_character(scripts_[end]))) return true;
  }
  return false;
}

void SqliteSchemaChange::check() const {
  check_references();
  const auto after = parts();
  std::set<std::string> tables;
  for (const auto& part : after) tables.insert(part.table);
  for (const auto& part : before_) {
    // What belongs to a table that has gone went with it.
    if (after.contains(part) || !tables.contains(part.table) || names(part.name)) continue;
    throw Error(ErrorCode::kUnprocessable, "It would take away the " + part.kind + " " + part.name + " of " +
                                               part.table + ", which it does not name.");
  }
}

void SqliteSchemaChange::check_references() const {
  const auto dangling = connection_.prepare(kDangling);
  if (!dangling->step()) return;
  throw Error(ErrorCode::kUnprocessable, "It would leave rows of " + std::string(dangling->text(0)) +
                                             " that refer to rows of " + std::string(dangling->text(1)) +
                                             " which are not there.");
}

}  // namespace apiwright::data

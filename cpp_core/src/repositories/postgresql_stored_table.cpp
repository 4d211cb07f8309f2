// A table as PostgreSQL has it, by its catalogue.

#include <array>
#include <charconv>
#include <utility>

#include "repositories/ddl.hpp"
#include "repositories/stored_table.hpp"

namespace apiwright::repositories {
namespace {

const std::string kOfTable =
    "(SELECT oid FROM pg_catalog.pg_class WHERE relname = ? AND relkind IN ('r', 'p')"
    " AND pg_catalog.pg_table_is_visible(oid))";

// Types in the words of PostgresqlDdl.
const std::string kColumns =
    "SELECT a.attname, CASE"
    " WHEN a.atttypid = 'timestamptz'::regtype THEN 'timestamptz'"
    " WHEN a.atttypid = 'text'::regtype AND c.collname = 'C' THEN 'text COLLATE \"C\"'"
    " ELSE replace(pg_catalog.format_type(a.atttypid, a.atttypmod), ',', ', ') END,"
    " a.attnotnull, a.atthasdef OR a.attidentity <> ''"
    " FROM pg_catalog.pg_attribute AS a LEFT JOIN pg_catalog.pg_collation AS c ON c.oid = a.attcollation"
    " WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = " +
    kOfTable + " ORDER BY a.attnum";
const std::string kChecks =
    "SELECT conname, pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint"
    " WHERE contype = 'c' AND conrelid = " +
    kOfTable;
// An index that a constraint has made is the constraint's.
const std::string kIndexes =
    "SELECT c.relname, i.indisunique, coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), ''),"
    " (SELECT string_agg(coalesce(a.attname::text, ''), chr(10) ORDER BY k.place)"
    " FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)"
    " LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
    " WHERE k.place <= i.indnkeyatts)"
    " FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid"
    " WHERE i.indisvalid AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint AS o WHERE o.conindid = i.indexrelid "
    "AND o.contype <> "
    "'f')"
    " AND i.indrelid = " +
    kOfTable;
const std::string kReferences =
    "SELECT a.attname, t.relname FROM pg_catalog.pg_constraint AS o"
    " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.conrelid AND a.attnum = o.conkey[1]"
    " JOIN pg_catalog.pg_class AS t ON t.oid = o.confrelid"
    " WHERE o.contype = 'f' AND o.conrelid = " +
    kOfTable;

constexpr std::array<std::pair<std::string_view, ColumnType>, 7> kTypes = {{
    {"uuid", ColumnType::kUuid},
    {"bigint", ColumnType::kInteger},
    {"double precision", ColumnType::kNumber},
    {"boolean", ColumnType::kBoolean},
    {"timestamptz", ColumnType::kTimestamp},
    {"text COLLATE \"C\"", ColumnType::kText},
    {"json", ColumnType::kJson},
}};

// `numeric(12, 2)`
std::optional<Column> decimal_of(std::string_view type) {
  constexpr std::string_view kBegin = "numeric(";
  if (!type.starts_with(kBegin)) return std::nullopt;
  Column found{.name = {}, .type = ColumnType::kDecimal};
  const char* const end = type.data() + type.size();
  const auto precision = std::from_chars(type.data() + kBegin.size(), end, found.precision);
  if (precision.ec != std::errc() || end - precision.ptr < 3) return std::nullopt;
  if (std::from_chars(precision.ptr + 2, end, found.scale).ec != std::errc()) return std::nullopt;
  return found;
}

std::optional<Column> by_type(std::string_view type) {
  for (const auto& [name, ours] : kTypes) {
    if (type == name) return Column{.name = {}, .type = ours};
  }
  return decimal_of(type);
}

/// The names and rules of a table's checks.
using Checks = std::map<std::string, std::string>;

// Texts with a backslash, which is doubled there, are E'…'.
std::string as_plain(std::string_view rule) {
  std::string plain;
  for (std::size_t at = 0; at < rule.size(); ++at) {
    const auto two = rule.substr(at, 2);
    if (two == "E'" && (at == 0 || rule[at - 1] == ' ' || rule[at - 1] == '[' || rule[at - 1] == '(')) continue;
    plain += rule[at];
    if (two == R"(\\)") ++at;
  }
  return plain;
}

// What a text or a JSON text is besides; none: nothing tells.
std::optional<Column> by_check(const Checks& checks, const std::string& prefix) {
  const auto& ddl = Ddl::of(Dialect::kPostgresql);
  if (const auto known = checks.find(ddl.stored_name(prefix + "_known")); known != checks.end()) {
    return Column{.name = {}, .type = ColumnType::kEnum, .values = literals_in(as_plain(known->second))};
  }
  for (const auto& [ending, type] : {std::pair{"_array", ColumnType::kArray}, {"_object", ColumnType::kObject}}) {
    if (checks.contains(ddl.stored_name(prefix + ending))) return Column{.name = {}, .type = type};
  }
  return std::nullopt;
}

bool is_shared(ColumnType type) { return type == ColumnType::kText || type == ColumnType::kJson; }

Checks checks_of(data::Connection& connection, const std::string& table) {
  Checks checks;
  const auto rows = rows_of(connection, kChecks, table);
  while (rows->step()) checks.emplace(rows->text(0), rows->text(1));
  return checks;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  lines.emplace_back(text);
  return lines;
}

// `(deleted_at IS NULL)`
IndexedRows rows_in(std::string_view condition) {
  if (!condition.empty() && condition.back() == ')') condition.remove_suffix(1);
  return indexed_rows(condition);
}

std::map<std::string, Index> indexes_of(data::Connection& connection, const std::string& table) {
  std::map<std::string, Index> indexes;
  const auto rows = rows_of(connection, kIndexes, table);
  while (rows->step()) {
    Index index{.name = std::string(rows->text(0)), .columns = {}, .unique = rows->boolean(1)};
    index.rows = rows_in(rows->text(2));
    const bool is_ours = rows->text(2).empty() == (index.rows == IndexedRows::kAll);
    if (is_ours) index.columns = lines_of(rows->text(3));
    indexes[index.name] = std::move(index);
  }
  return indexes;
}

}  // namespace

void StoredTable::read_postgresql(data::Connection& connection, const std::string& name) {
  const auto checks = checks_of(connection, name);
  const auto prefix = name + "_";
  const auto columns = rows_of(connection, kColumns, name);
  while (columns->step()) {
    const std::string column(columns->text(0));
    StoredColumn stored{std::string(columns->text(1)), columns->boolean(2), columns->boolean(3)};
    stored.described = by_type(stored.type);
    stored.is_told = stored.described && !is_shared(stored.described->type);
    if (stored.described && !stored.is_told) {
      const auto told = by_check(checks, prefix + column);
      stored.is_told = told.has_value();
      if (told) stored.described = told;
    }
    if (stored.described) stored.described->name = column;
    columns_[column] = std::move(stored);
  }
  indexes_ = indexes_of(connection, name);
  const auto references = rows_of(connection, kReferences, name);
  while (references->step()) references_[std::string(references->text(0))] = std::string(references->text(1));
}

}  // namespace apiwright::repositories

// A table as SQLite has it.

#include <charconv>
#include <utility>

#include "repositories/stored_table.hpp"

namespace apiwright::repositories {
namespace {

constexpr std::string_view kSql = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?";
constexpr std::string_view kColumns =
    "SELECT name, type, \"notnull\", dflt_value IS NOT NULL FROM pragma_table_info(?) ORDER BY cid";
constexpr std::string_view kIndexes =
    "SELECT name, \"unique\", partial FROM pragma_index_list(?) WHERE origin = 'c' ORDER BY name";
constexpr std::string_view kIndexSql =
    "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL";
constexpr std::string_view kIndexColumns = "SELECT coalesce(name, '') FROM pragma_index_info(?) ORDER BY seqno";
constexpr std::string_view kReferences = "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?) ORDER BY id";

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Where the parenthesis that opens at `at` closes, whatever stands in quotes; npos: nowhere.
std::size_t closing(std::string_view sql, std::size_t at) {
  int depth = 0;
  char quote = 0;
  for (; at < sql.size(); ++at) {
    const char c = sql[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

/// The names and rules of a table's constraints, in the text of the statement that made it.
class Constraints {
 public:
  Constraints(const std::string& table, std::string sql) : table_(table), sql_(std::move(sql)) {}

  /// What they tell of a column; none: nothing.
  [[nodiscard]] std::optional<Column> told(const std::string& column) const {
    const auto prefix = table_ + "_" + column + "_";
    if (const auto rule = rule_of(prefix + "known")) {
      return Column{.name = column, .type = ColumnType::kEnum, .values = literals_in(*rule)};
    }
    for (const auto& [ending, type] : {std::pair{"length", ColumnType::kUuid},
                                       {"boolean", ColumnType::kBoolean},
                                       {"array", ColumnType::kArray},
                                       {"object", ColumnType::kObject}}) {
      if (rule_of(prefix + ending)) return Column{.name = column, .type = type};
    }
    return decimal_of(column);
  }

 private:
  [[nodiscard]] std::optional<Column> decimal_of(const std::string& column) const {
    const auto prefix = table_ + "_" + column + "_decimal_";
    const auto at = sql_.find(prefix);
    if (at == std::string::npos) return std::nullopt;
    Column found{.name = column, .type = ColumnType::kDecimal};
    const char* const end = sql_.data() + sql_.size();
    const auto precision = std::from_chars(sql_.data() + at + prefix.size(), end, found.precision);
    if (precision.ec != std::errc() || precision.ptr == end || *precision.ptr != '_') return std::nullopt;
    if (std::from_chars(precision.ptr + 1, end, found.scale).ec != std::errc()) return std::nullopt;
    return found;
  }

  /// The text of a constraint between its parentheses; none when there is none of that name.
  [[nodiscard]] std::optional<std::string> rule_of(const std::string& constraint) const {
    constexpr std::string_view kCheck = "CHECK ";
    for (auto at = sql_.find(constraint); at != std::string::npos; at = sql_.find(constraint, at + 1)) {
      const auto end = at + constraint.size();
      const bool is_whole = at > 0 && !is_word_character(sql_[at - 1]) && !is_word_character(sql_[end]);
      const auto open = sql_.find('(', end);
      if (!is_whole || open == std::string::npos) continue;
      // Between the name and its rule stands no more than a quote and CHECK.
      const auto between = std::string_view(sql_).substr(end, open - end);
      if (!between.ends_with(kCheck) || between.size() > kCheck.size() + 2) continue;
      const auto close = closing(sql_, open);
      if (close != std::string::npos) return sql_.substr(open + 1, close - open - 1);
    }
    return std::nullopt;
  }

  const std::string& table_;
  std::string sql_;
};

std::optional<Column> by_type(const std::string& column, const std::string& type) {
  if (type == "TEXT") return Column{.name = column, .type = ColumnType::kText};
  if (type == "INTEGER") return Column{.name = column, .type = ColumnType::kInteger};
  if (type == "REAL") return Column{.name = column, .type = ColumnType::kNumber};
  return std::nullopt;
}

std::map<std::string, Index> indexes_of(data::Connection& connection, const std::string& table) {
  std::map<std::string, IndexedRows> rows;
  const auto texts = rows_of(connection, kIndexSql, table);
  while (texts->step()) rows[std::string(texts->text(0))] = indexed_rows(texts->text(1));
  std::map<std::string, Index> indexes;
  const auto found = rows_of(connection, kIndexes, table);
  while (found->step()) {
    Index index{.name = std::string(found->text(0)), .columns = {}, .unique = found->boolean(1)};
    index.rows = rows[index.name];
    const bool is_ours = found->boolean(2) == (index.rows != IndexedRows::kAll);
    const auto columns = rows_of(connection, kIndexColumns, index.name);
    while (is_ours && columns->step()) index.columns.emplace_back(columns->text(0));
    indexes[index.name] = std::move(index);
  }
  return indexes;
}

}  // namespace

void StoredTable::read_sqlite(data::Connection& connection, const std::string& name) {
  const auto table = rows_of(connection, kSql, name);
  if (!table->step()) return;
  const Constraints constraints(name, std::string(table->text(0)));
  const auto columns = rows_of(connection, kColumns, name);
  while (columns->step()) {
    const std::string column(columns->text(0));
    StoredColumn stored{std::string(columns->text(1)), columns->boolean(2), columns->boolean(3)};
    stored.described = constraints.told(column);
    stored.is_told = stored.described.has_value();
    if (!stored.is_told) stored.described = by_type(column, stored.type);
    columns_[column] = std::move(stored);
  }
  indexes_ = indexes_of(connection, name);
  const auto references = rows_of(connection, kReferences, name);
  while (references->step()) references_[std::string(references->text(0))] = std::string(references->text(1));
}

}  // namespace apiwright::repositories

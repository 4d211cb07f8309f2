#include "repositories/stored_table.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

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
constexpr std::string_view kLiving = " WHERE deleted_at IS NULL";
constexpr std::string_view kDeleted = " WHERE deleted_at IS NOT NULL";

data::StatementUse rows_of(data::Connection& connection, std::string_view sql, const std::string& name) {
  auto rows = connection.prepare(sql);
  rows->bind(1, std::string_view(name));
  return rows;
}

// Of a partial index; kAll: by a condition that is none of ours.
IndexedRows indexed_rows(std::string_view sql) {
  if (sql.ends_with(kLiving)) return IndexedRows::kLiving;
  return sql.ends_with(kDeleted) ? IndexedRows::kDeleted : IndexedRows::kAll;
}

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

/// The texts in quotes.
std::vector<std::string> literals_in(std::string_view rule) {
  std::vector<std::string> texts;
  for (auto at = rule.find('\''); at != std::string_view::npos; at = rule.find('\'', at)) {
    std::string text;
    for (++at; at < rule.size(); ++at) {
      if (rule[at] != '\'') {
        text += rule[at];
      } else if (rule.substr(at, 2) == "''") {
        text += rule[at++];
      } else {
        break;
      }
    }
    texts.push_back(std::move(text));
    ++at;
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace

StoredTable::StoredTable(data::Connection& connection, std::string name) : name_(std::move(name)) {
  const auto table = rows_of(connection, kSql, name_);
  if (!table->step()) return;
  sql_ = std::string(table->text(0));
  const auto columns = rows_of(connection, kColumns, name_);
  while (columns->step()) {
    columns_[std::string(columns->text(0))] = {std::string(columns->text(1)), columns->boolean(2), columns->boolean(3)};
  }
  read_indexes(connection);
  const auto references = rows_of(connection, kReferences, name_);
  while (references->step()) references_[std::string(references->text(0))] = std::string(references->text(1));
}

void StoredTable::read_indexes(data::Connection& connection) {
  std::map<std::string, IndexedRows> rows;
  const auto texts = rows_of(connection, kIndexSql, name_);
  while (texts->step()) rows[std::string(texts->text(0))] = indexed_rows(texts->text(1));
  const auto indexes = rows_of(connection, kIndexes, name_);
  while (indexes->step()) {
    Index index{.name = std::string(indexes->text(0)), .columns = {}, .unique = indexes->boolean(1)};
    index.rows = rows[index.name];
    const bool is_ours = indexes->boolean(2) == (index.rows != IndexedRows::kAll);
    const auto columns = rows_of(connection, kIndexColumns, index.name);
    while (is_ours && columns->step()) index.columns.emplace_back(columns->text(0));
    indexes_[index.name] = std::move(index);
  }
}

const StoredTable::StoredColumn* StoredTable::find_column(const std::string& column) const {
  const auto found = columns_.find(column);
  return found == columns_.end() ? nullptr : &found->second;
}

const Index* StoredTable::find_index(const std::string& index) const {
  const auto found = indexes_.find(index);
  return found == indexes_.end() ? nullptr : &found->second;
}

std::string StoredTable::referenced_by(const std::string& column) const {
  const auto found = references_.find(column);
  return found == references_.end() ? std::string() : found->second;
}

bool StoredTable::is_told_by_constraint(const std::string& column) const {
  return told_by_constraint(column).has_value();
}

std::optional<Column> StoredTable::described(const std::string& column) const {
  if (auto told = told_by_constraint(column)) return told;
  static const std::map<std::string_view, ColumnType> types{
      {"TEXT", ColumnType::kText}, {"INTEGER", ColumnType::kInteger}, {"REAL", ColumnType::kNumber}};
  const auto found = types.find(columns_.at(column).type);
  if (found == types.end()) return std::nullopt;
  return Column{.name = column, .type = found->second};
}

std::optional<Column> StoredTable::told_by_constraint(const std::string& column) const {
  const auto prefix = name_ + "_" + column + "_";
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

std::optional<Column> StoredTable::decimal_of(const std::string& column) const {
  const auto prefix = name_ + "_" + column + "_decimal_";
  const auto at = sql_.find(prefix);
  if (at == std::string::npos) return std::nullopt;
  Column found{.name = column, .type = ColumnType::kDecimal};
  const char* const end = sql_.data() + sql_.size();
  const auto precision = std::from_chars(sql_.data() + at + prefix.size(), end, found.precision);
  if (precision.ec != std::errc() || precision.ptr == end || *precision.ptr != '_') return std::nullopt;
  if (std::from_chars(precision.ptr + 1, end, found.scale).ec != std::errc()) return std::nullopt;
  return found;
}

std::optional<std::string> StoredTable::rule_of(const std::string& constraint) const {
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

}  // namespace apiwright::repositories

#include "repositories/stored_table.hpp"

#include <algorithm>
#include <utility>

namespace apiwright::repositories {

StoredTable::StoredTable(data::Connection& connection, const std::string& name) {
  if (connection.dialect() == Dialect::kSqlite) {
    read_sqlite(connection, name);
  } else {
    read_postgresql(connection, name);
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

data::StatementUse rows_of(data::Connection& connection, std::string_view sql, const std::string& name) {
  auto rows = connection.prepare(sql);
  rows->bind(1, std::string_view(name));
  return rows;
}

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

IndexedRows indexed_rows(std::string_view condition) {
  if (condition.ends_with("deleted_at IS NULL")) return IndexedRows::kLiving;
  return condition.ends_with("deleted_at IS NOT NULL") ? IndexedRows::kDeleted : IndexedRows::kAll;
}

}  // namespace apiwright::repositories

// Tables to JSON.

#include <algorithm>
#include <utility>

#include "apiwright/json/writer.hpp"
#include "apiwright/repositories/table_json.hpp"
#include "repositories/column_type_names.hpp"

namespace apiwright::repositories {
namespace {

using Members = std::vector<std::pair<std::string, std::string>>;  ///< names, and values as JSON

std::string text(std::string_view value) {
  std::string json;
  json::append_string(json, value);
  return json;
}

std::string texts(const std::vector<std::string>& values) {
  std::string json;
  for (const auto& value : values) json += (json.empty() ? "" : ", ") + text(value);
  return "[" + json + "]";
}

std::string on_one_line(const Members& members) {
  std::string json;
  for (const auto& [name, value] : members) json += (json.empty() ? "" : ", ") + text(name) + ": " + value;
  return "{" + json + "}";
}

std::string on_lines(const Members& members, std::size_t depth) {
  if (members.empty()) return "{}";
  const std::string indent(2 * depth, ' ');
  std::string json = "{";
  for (const auto& [name, value] : members) {
    json.append(json.size() == 1 ? "\n" : ",\n").append(indent).append("  ");
    json.append(text(name)).append(": ").append(value);
  }
  return json + "\n" + indent + "}";
}

Members sorted(Members members) {
  std::sort(members.begin(), members.end());
  return members;
}

std::string to_json(const Column& column) {
  Members members{{"type", text(name_of(column.type))}};
  if (column.type == ColumnType::kDecimal) {
    members.emplace_back("precision", std::to_string(column.precision));
    members.emplace_back("scale", std::to_string(column.scale));
  }
  if (column.type == ColumnType::kEnum) members.emplace_back("values", texts(column.values));
  if (column.nullable) members.emplace_back("nullable", "true");
  if (!column.default_json.empty()) members.emplace_back("default", column.default_json);
  if (column.key != KeyForm::kNone) members.emplace_back("key", text(column.key == KeyForm::kEmail ? "email" : "text"));
  if (!column.references.empty()) members.emplace_back("references", text(column.references));
  return on_one_line(members);
}

std::string to_json(const Index& index) {
  Members members{{"columns", texts(index.columns)}};
  if (index.unique) members.emplace_back("unique", "true");
  if (index.rows == IndexedRows::kLiving) members.emplace_back("living", "true");
  if (index.rows == IndexedRows::kDeleted) members.emplace_back("deleted", "true");
  return on_one_line(members);
}

std::string to_json(const Table& table) {
  Members columns;
  for (const auto& column : table.columns) columns.emplace_back(column.name, to_json(column));
  Members indexes;
  for (const auto& index : table.indexes) indexes.emplace_back(index.name, to_json(index));
  return on_lines(
      {{"columns", on_lines(sorted(std::move(columns)), 3)}, {"indexes", on_lines(sorted(std::move(indexes)), 3)}}, 2);
}

}  // namespace

std::string to_json(const std::vector<Table>& tables) {
  Members members;
  for (const auto& table : tables) members.emplace_back(table.name, to_json(table));
  return on_lines({{"format", "1"}, {"tables", on_lines(sorted(std::move(members)), 1)}}, 0) + "\n";
}

}  // namespace apiwright::repositories

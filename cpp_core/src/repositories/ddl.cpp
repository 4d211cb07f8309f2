#include "repositories/ddl.hpp"

#include <utility>

#include "apiwright/base/error.hpp"
#include "json/document.hpp"
#include "repositories/identifier.hpp"
#include "repositories/postgresql_ddl.hpp"
#include "repositories/sqlite_ddl.hpp"
#include "repositories/stored_value.hpp"

namespace apiwright::repositories {
namespace {

std::string_view unless_exists(IfExists if_exists) { return if_exists == IfExists::kKeep ? "IF NOT EXISTS " : ""; }

std::string_view condition_of(IndexedRows rows) {
  switch (rows) {
    case IndexedRows::kLiving:
      return " WHERE deleted_at IS NULL";
    case IndexedRows::kDeleted:
      return " WHERE deleted_at IS NOT NULL";
    case IndexedRows::kAll:
      break;
  }
  return "";
}

std::string text_of(const std::string& json) {
  const auto value = json::read_document(json, {});
  const auto* text = value.as<std::string>();
  if (text != nullptr) return *text;
  throw Error(ErrorCode::kInternal, "A column's default is not of its type.");
}

void append_item(std::string& list, const std::string& item) { list += (list.empty() ? "\n  " : ",\n  ") + item; }

}  // namespace

const Ddl& Ddl::of(Dialect dialect) {
  static const SqliteDdl sqlite;
  static const PostgresqlDdl postgresql;
  if (dialect == Dialect::kSqlite) return sqlite;
  return postgresql;
}

std::string Ddl::name(const std::string& text) const { return quoted(stored_name(text)); }

std::string Ddl::create_table(const Table& table, IfExists if_exists, std::string_view made_as) const {
  std::string items;
  for (const auto& column : table.columns) {
    for (const auto& definition : definitions_of(column)) append_item(items, definition);
  }
  append_item(items, constraint({table.name + "_primary_key", "PRIMARY KEY (id)"}));
  for (const auto& column : table.columns) {
    for (const auto& check : checks_of(table.name, column)) append_item(items, constraint(check));
    if (refers_inline() && !column.references.empty()) {
      append_item(items, constraint(reference_of(table.name, column)));
    }
  }
  std::string sql = "CREATE TABLE ";
  return sql.append(unless_exists(if_exists)) + quoted(made_as.empty() ? table.name : made_as) + " (" + items + "\n)" +
         table_options() + ";\n";
}

std::string Ddl::create_index(const Table& table, const Index& index, IfExists if_exists) const {
  std::string columns;
  for (const auto& column : index.columns) columns += (columns.empty() ? "" : ", ") + quoted(column);
  std::string sql = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  sql.append(unless_exists(if_exists)) += name(index.name) + " ON " + quoted(table.name) + " (" + columns + ")";
  return sql.append(condition_of(index.rows)) + ";\n";
}

std::vector<std::string> Ddl::definitions_of(const Column& column) const {
  const std::string presence = column.nullable ? "" : " NOT NULL";
  const bool has_default = !column.default_json.empty();
  std::vector<std::string> lines;
  lines.push_back(quoted(column.name) + " " + type_of(column) + presence +
                  (has_default ? " DEFAULT " + literal(column, column.default_json) : ""));
  if (column.key != KeyForm::kNone) {
    lines.push_back(quoted(key_column(column)) + " " + type_of(Column{}) + presence +
                    (has_default ? " DEFAULT " + key_literal(column, column.default_json) : ""));
  }
  return lines;
}

Ddl::Constraint Ddl::reference_of(const std::string& table, const Column& column) {
  return {table + "_" + column.name + "_reference",
          "FOREIGN KEY (" + quoted(column.name) + ") REFERENCES " + quoted(column.references) + " (id)"};
}

std::string Ddl::constraint(const Constraint& constraint) const {
  return "CONSTRAINT " + name(constraint.name) + " " + constraint.rule;
}

std::string Ddl::literal(const Column& column, const std::string& json) const {
  switch (column.type) {
    case ColumnType::kText:
    case ColumnType::kEnum:
    case ColumnType::kUuid:
      return text_literal(text_of(json));
    case ColumnType::kTimestamp:
      return timestamp_literal(text_of(json));
    case ColumnType::kDecimal:
      return decimal_literal(column, text_of(json));
    case ColumnType::kBoolean:
      return boolean_literal(json == "true");
    case ColumnType::kInteger:
    case ColumnType::kNumber:
      return json;
    case ColumnType::kArray:
    case ColumnType::kObject:
    case ColumnType::kJson:
      break;
  }
  return text_literal(json);
}

std::string Ddl::key_literal(const Column& column, const std::string& json) {
  return text_literal(key_of(column.key, text_of(json)));
}

std::string version_triggers(const std::string& table, IfExists if_exists) {
  const auto name = text_literal(table);
  std::string sql = "INSERT INTO table_versions (table_name, version) VALUES (" + name +
                    ", random()) ON CONFLICT (table_name) DO NOTHING;\n";
  for (const auto& [event, moment] : {std::pair{"INSERT", "insert"}, {"DELETE", "delete"}, {"UPDATE", "update"}}) {
    sql.append("CREATE TRIGGER ").append(unless_exists(if_exists));
    sql.append(quoted(table + "_version_after_" + moment)).append(" AFTER ").append(event).append(" ON ");
    sql.append(quoted(table)).append(" BEGIN\n  UPDATE table_versions SET version = random() WHERE table_name = ");
    sql.append(name).append(";\nEND;\n");
  }
  return sql;
}

std::string text_literals(const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& text : texts) list += (list.empty() ? "" : ", ") + text_literal(text);
  return list;
}

}  // namespace apiwright::repositories

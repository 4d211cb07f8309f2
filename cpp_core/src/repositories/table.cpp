#include "apiwright/repositories/table.hpp"

#include <set>
#include <utility>
#include <vector>

#include "apiwright/base/error.hpp"
#include "repositories/identifier.hpp"
#include "repositories/stored_value.hpp"

namespace apiwright::repositories {
namespace {

using validation::Field;
using validation::Kind;
using validation::Schema;

constexpr std::string_view kColumns = "SELECT name FROM pragma_table_info(?)";

/// The statements of one Schema.
class TableWriter {
 public:
  explicit TableWriter(const Schema& schema)
      : schema_(schema), living_(schema.find("deleted_at") ? " WHERE deleted_at IS NULL" : "") {}

  [[nodiscard]] std::string table() {
    for (const auto& field : schema_.fields()) {
      if (!field.is_transient()) add_column(field);
    }
    add_constraint("primary_key", "PRIMARY KEY (id)");
    for (const auto& field : schema_.fields()) {
      if (!field.is_transient()) add_constraints(field);
    }
    return "CREATE TABLE IF NOT EXISTS " + quoted(schema_.table()) + " (" + columns_ + constraints_ + "\n) STRICT;\n";
  }

  [[nodiscard]] std::string indexes() const {
    std::string sql;
    for (const auto& field : schema_.fields()) {
      if (!field.is_transient() && field.name() != "id") sql += index_of(field);
    }
    return sql;
  }

 private:
  void add_column(const Field& field) {
    const std::string presence = field.is_nullable() || field.is_optional() ? "" : " NOT NULL";
    add(columns_, quoted(field.name()) + " " + type_of(field) + presence + default_of(field));
    if (field.has_key_column()) add(columns_, quoted(key_column(field)) + " TEXT" + presence);
  }

  void add_constraints(const Field& field) {
    const auto& name = field.name();
    const auto column = quoted(name);
    switch (field.kind()) {
      case Kind::kUuid:
        add_constraint(name + "_length", "CHECK (length(" + column + ") = 36)");
        break;
      case Kind::kEnum:
        add_constraint(name + "_known", "CHECK (" + column + " IN (" + texts(field.values()) + "))");
        break;
      case Kind::kBoolean:
        add_constraint(name + "_boolean", "CHECK (" + column + " IN (0, 1))");
        break;
      case Kind::kArray:
      case Kind::kObject:
      case Kind::kUnion:
      case Kind::kMap:
        // No JSON functions: SQLite 3.40 refuses them in constraints under trusted_schema=OFF.
        if (field.kind() == Kind::kArray) {
          add_constraint(name + "_array", "CHECK (" + column + " LIKE '[%]')");
        } else {
          add_constraint(name + "_object", "CHECK (" + column + " LIKE '{%}')");
        }
        break;
      case Kind::kString:
      case Kind::kEmail:
      case Kind::kInteger:
      case Kind::kNumber:
      case Kind::kDecimal:
      case Kind::kDateTime:
      case Kind::kJson:
        break;
    }
    if (!field.referenced_table().empty()) {
      add_constraint(name + "_reference",
                     "FOREIGN KEY (" + column + ") REFERENCES " + quoted(field.referenced_table()) + " (id)");
    }
  }

  void add_constraint(const std::string& name, const std::string& rule) {
    add(constraints_, "CONSTRAINT " + quoted(schema_.table() + "_" + name) + " " + rule, true);
  }

  static void add(std::string& list, const std::string& item, bool after_others = false) {
    list += (list.empty() && !after_others ? "\n  " : ",\n  ") + item;
  }

  [[nodiscard]] std::string index_of(const Field& field) const {
    const auto column = field.has_key_column() ? key_column(field) : field.name();
    if (field.is_unique()) return index("UNIQUE ", column + "_unique", {column}, living_);
    // A foreign key's own check looks at deleted rows too.
    if (!field.referenced_table().empty()) return index("", column, listed_by(field, column), "");
    if (field.is_filterable() || field.is_sortable() || field.is_indexed())
      return index("", "", listed_by(field, column), living_);
    return {};
  }

  // Rows with one value come newest first where nothing else is asked for.
  [[nodiscard]] std::vector<std::string> listed_by(const Field& field, const std::string& column) const {
    const bool found_by_value = field.is_filterable() || !field.referenced_table().empty();
    if (found_by_value && field.name() != "created_at" && schema_.find("created_at"))
      return {column, "created_at", "id"};
    return {column, "id"};
  }

  [[nodiscard]] std::string index(const std::string& kind, std::string name, const std::vector<std::string>& columns,
                                  const std::string& rows) const {
    std::string list;
    std::string joined;
    for (const auto& column : columns) {
      list += (list.empty() ? "" : ", ") + quoted(column);
      if (column != "id") joined += (joined.empty() ? "" : "_") + column;
    }
    if (name.empty()) name = joined;
    return "CREATE " + kind + "INDEX IF NOT EXISTS " + quoted(schema_.table() + "_" + name) + " ON " +
           quoted(schema_.table()) + " (" + list + ")" + rows + ";\n";
  }

  [[nodiscard]] static std::string type_of(const Field& field) {
    switch (field.kind()) {
      case Kind::kInteger:
      case Kind::kDecimal:
      case Kind::kBoolean:
      case Kind::kDateTime:
        return "INTEGER";
      case Kind::kNumber:
        return "REAL";
      case Kind::kString:
      case Kind::kEmail:
      case Kind::kUuid:
      case Kind::kEnum:
      case Kind::kArray:
      case Kind::kObject:
      case Kind::kUnion:
      case Kind::kMap:
      case Kind::kJson:
        break;
    }
    return "TEXT";
  }

  // For rows that others insert: the repository gives each column its value.
  [[nodiscard]] static std::string default_of(const Field& field) {
    if (field.name() == "version") return " DEFAULT 1";
    if (!field.default_value() || field.has_key_column()) return {};
    const auto& data = field.default_value()->data;
    if (const auto* flag = std::get_if<bool>(&data)) return *flag ? " DEFAULT 1" : " DEFAULT 0";
    if (const auto* number = std::get_if<std::int64_t>(&data)) return " DEFAULT " + std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&data)) return " DEFAULT " + literal(*text);
    const auto* array = std::get_if<validation::Array>(&data);
    return array != nullptr && array->empty() ? " DEFAULT '[]'" : "";
  }

  [[nodiscard]] static std::string texts(const std::vector<std::string>& values) {
    std::string list;
    for (const auto& value : values) list += (list.empty() ? "" : ", ") + literal(value);
    return list;
  }

  // DDL takes no parameters; the texts are the declaration's own.
  [[nodiscard]] static std::string literal(const std::string& text) {
    std::string quoted_text(1, '\'');
    for (const char c : text) quoted_text.append(c == '\'' ? 2 : 1, c);
    quoted_text += '\'';
    return quoted_text;
  }

  const Schema& schema_;
  std::string living_;
  std::string columns_;
  std::string constraints_;
};

std::set<std::string, std::less<>> columns_of(data::Connection& connection, const std::string& table) {
  std::set<std::string, std::less<>> columns;
  auto statement = connection.prepare(kColumns);
  statement->bind(1, std::string_view(table));
  while (statement->step()) columns.emplace(statement->text(0));
  return columns;
}

void require_columns(data::Connection& connection, const Schema& schema) {
  const auto columns = columns_of(connection, schema.table());
  std::vector<Detail> missing;
  for (const auto& field : schema.fields()) {
    if (field.is_transient()) continue;
    const bool has_key = !field.has_key_column() || columns.contains(key_column(field));
    if (columns.contains(field.name()) && has_key) continue;
    missing.push_back({field.name(), "Has no column in the table as it is.", "required"});
  }
  if (missing.empty()) return;
  throw Error(ErrorCode::kUnprocessable, "The table " + schema.table() + " exists, but not as it is declared.",
              std::move(missing));
}

}  // namespace

std::string create_table_sql(const Schema& schema) {
  TableWriter writer(schema);
  return writer.table() + writer.indexes();
}

std::string version_triggers_sql(const Schema& schema) {
  const auto& table = schema.table();
  std::string sql = "INSERT INTO table_versions (table_name, version) VALUES (";
  sql.append(1, '\'').append(table).append("', random()) ON CONFLICT (table_name) DO NOTHING;\n");
  for (const auto& [event, name] : {std::pair{"INSERT", "insert"}, {"DELETE", "delete"}, {"UPDATE", "update"}}) {
    sql += "CREATE TRIGGER IF NOT EXISTS " + quoted(table + "_version_after_" + name) + " AFTER " + event + " ON " +
           quoted(table) + " BEGIN\n  UPDATE table_versions SET version = random() WHERE table_name = ";
    sql.append(1, '\'').append(table).append("';\nEND;\n");
  }
  return sql;
}

void create_table(data::Connection& connection, const Schema& schema) {
  const bool existed = connection.has_table(schema.table());
  if (existed) require_columns(connection, schema);
  connection.execute_script(create_table_sql(schema));
  if (connection.has_table("table_versions")) connection.execute_script(version_triggers_sql(schema));
}

}  // namespace apiwright::repositories

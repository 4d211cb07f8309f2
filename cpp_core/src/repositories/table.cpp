#include "apiwright/repositories/table.hpp"

#include <algorithm>
#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/validation/value_json.hpp"
#include "repositories/ddl.hpp"
#include "repositories/identifier.hpp"
#include "repositories/stored_table.hpp"

namespace apiwright::repositories {
namespace {

using validation::Field;
using validation::Kind;
using validation::Schema;

ColumnType type_of(const Field& field) {
  switch (field.kind()) {
    case Kind::kString:
    case Kind::kEmail:
      return ColumnType::kText;
    case Kind::kUuid:
      return ColumnType::kUuid;
    case Kind::kInteger:
      return ColumnType::kInteger;
    case Kind::kNumber:
      return ColumnType::kNumber;
    case Kind::kDecimal:
      return ColumnType::kDecimal;
    case Kind::kBoolean:
      return ColumnType::kBoolean;
    case Kind::kDateTime:
      return ColumnType::kTimestamp;
    case Kind::kEnum:
      return ColumnType::kEnum;
    case Kind::kArray:
      return ColumnType::kArray;
    case Kind::kObject:
    case Kind::kUnion:
    case Kind::kMap:
      return ColumnType::kObject;
    case Kind::kJson:
      break;
  }
  return ColumnType::kJson;
}

// For rows that others insert, and those that were there before the column: the repository gives each column its value.
std::string default_of(const Field& field) {
  if (field.name() == "version") return "1";
  if (!field.default_value() || field.default_value()->is_null()) return {};
  return validation::to_json(*field.default_value());
}

KeyForm key_form_of(const Field& field) {
  if (!field.has_key_column()) return KeyForm::kNone;
  return field.kind() == Kind::kEmail ? KeyForm::kEmail : KeyForm::kText;
}

Column column_of(const Field& field) {
  Column column{.name = field.name(),
                .type = type_of(field),
                .precision = field.precision(),
                .scale = field.scale(),
                .values = field.values(),
                .nullable = (field.is_nullable() || field.is_optional()) && field.name() != "id",
                .default_json = default_of(field),
                .key = key_form_of(field),
                .references = field.referenced_table()};
  std::sort(column.values.begin(), column.values.end());
  return column;
}

/// The indexes of one Schema.
class Indexes {
 public:
  explicit Indexes(const Schema& schema)
      : schema_(schema), living_(schema.find("deleted_at") ? IndexedRows::kLiving : IndexedRows::kAll) {}

  [[nodiscard]] std::vector<Index> all() {
    for (const auto& field : schema_.fields()) {
      if (!field.is_transient() && field.name() != "id") add_index_of(field);
    }
    return std::move(indexes_);
  }

 private:
  void add_index_of(const Field& field) {
    const auto column = listed_column(field);
    const bool refers = !field.referenced_table().empty();
    if (field.is_unique()) {
      indexes_.push_back({named({column, "unique"}), {column}, true, living_});
    } else if (refers || (field.is_filterable() && !is_measure(field))) {
      add_lists_of(field, refers ? IndexedRows::kAll : living_);  // a foreign key's own check looks at deleted rows too
    } else if (field.is_filterable() || field.is_sortable() || field.is_indexed()) {
      add_list({column}, living_);
    } else if (field.name() == "deleted_at") {
      add_list({column}, IndexedRows::kDeleted);
    }
  }

  // The lists of rows with one value: newest first where nothing else is asked for. Of few values each has many rows,
  // which want an index for every order; those of others are sorted when they are asked for.
  void add_lists_of(const Field& field, IndexedRows rows) {
    const auto column = listed_column(field);
    const bool has_times = schema_.find("created_at").has_value();
    if (has_times) add_list({column, "created_at"}, rows);
    if (field.is_sortable() || !has_times) add_list({column}, rows);
    if (field.kind() != Kind::kBoolean && field.kind() != Kind::kEnum) return;
    for (const auto& order : schema_.fields()) {
      if (!order.is_sortable() || order.name() == field.name() || order.name() == "created_at") continue;
      add_list({column, listed_column(order)}, rows);
    }
  }

  // A moment or an amount is asked for by its range, which an index of its own serves.
  static bool is_measure(const Field& field) {
    return field.kind() == Kind::kDateTime || field.kind() == Kind::kNumber || field.kind() == Kind::kDecimal;
  }

  static std::string listed_column(const Field& field) {
    return field.has_key_column() ? key_column(field) : field.name();
  }

  // The id decides between equals, so it ends each.
  void add_list(std::vector<std::string> columns, IndexedRows rows) {
    auto name = named(columns);
    columns.emplace_back("id");
    indexes_.push_back({std::move(name), std::move(columns), false, rows});
  }

  // `articles_status_created_at`
  [[nodiscard]] std::string named(const std::vector<std::string>& parts) const {
    std::string name = schema_.table();
    for (const auto& part : parts) name += '_' + part;
    return name;
  }

  const Schema& schema_;
  IndexedRows living_;
  std::vector<Index> indexes_;
};

void require_columns(data::Connection& connection, const Table& table) {
  const StoredTable stored(connection, table.name);
  std::vector<Detail> missing;
  for (const auto& column : table.columns) {
    const bool has_key = column.key == KeyForm::kNone || stored.columns().contains(key_column(column));
    if (stored.columns().contains(column.name) && has_key) continue;
    missing.push_back({column.name, "Has no column in the table as it is.", "required"});
  }
  if (missing.empty()) return;
  throw Error(ErrorCode::kUnprocessable, "The table " + table.name + " exists, but not as it is declared.",
              std::move(missing));
}

template <typename Item>
std::vector<Item> by_name(std::vector<Item> items) {
  std::sort(items.begin(), items.end(), [](const Item& left, const Item& right) { return left.name < right.name; });
  return items;
}

template <typename Item>
const Item* find(const std::vector<Item>& items, std::string_view name) noexcept {
  const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const Column* Table::find_column(std::string_view column) const noexcept { return find(columns, column); }

const Index* Table::find_index(std::string_view index) const noexcept { return find(indexes, index); }

bool operator==(const Table& left, const Table& right) {
  return left.name == right.name && by_name(left.columns) == by_name(right.columns) &&
         by_name(left.indexes) == by_name(right.indexes);
}

Table table_of(const Schema& schema) {
  Table table{.name = schema.table(), .title = schema.title(), .columns = {}, .indexes = Indexes(schema).all()};
  for (const auto& field : schema.fields()) {
    if (!field.is_transient()) table.columns.push_back(column_of(field));
  }
  return table;
}

std::string key_column(const Column& column) { return column.name + "_key"; }

std::string create_table_sql(const Schema& schema, Dialect dialect) {
  const auto table = table_of(schema);
  const auto& ddl = Ddl::of(dialect);
  auto sql = ddl.create_table(table, IfExists::kKeep);
  for (const auto& index : table.indexes) sql += ddl.create_index(table, index, IfExists::kKeep);
  for (const auto& column : table.columns) sql += ddl.add_reference(table, column);
  return sql;
}

std::string version_triggers_sql(const Schema& schema) { return version_triggers(schema.table(), IfExists::kKeep); }

void create_table(data::Connection& connection, const Schema& schema) {
  const bool existed = connection.has_table(schema.table());
  if (existed) require_columns(connection, table_of(schema));
  connection.execute_script(create_table_sql(schema, connection.dialect()));
  if (connection.keeps_table_versions()) connection.execute_script(version_triggers_sql(schema));
}

}  // namespace apiwright::repositories

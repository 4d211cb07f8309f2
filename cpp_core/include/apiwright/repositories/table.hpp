#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apiwright/data/connection.hpp"
#include "apiwright/validation/schema.hpp"

namespace apiwright::repositories {

using data::Dialect;

/// What a column holds, whatever a database calls it.
enum class ColumnType {
  kText,
  kUuid,
  kInteger,
  kNumber,
  kDecimal,
  kBoolean,
  kTimestamp,
  kEnum,
  kArray,
  kObject,
  kJson,
};

/// How the column `<name>_key` beside a text that is unique or searchable is made of it: not at all, case-folded, or as
/// e-mail addresses are compared.
enum class KeyForm { kNone, kText, kEmail };

struct Column {
  std::string name;
  ColumnType type = ColumnType::kText;
  int precision = 0;                ///< of a decimal: digits in all,
  int scale = 0;                    ///< and after the point
  std::vector<std::string> values;  ///< of an enum, sorted
  bool nullable = false;
  std::string default_json;  ///< what a row that says nothing gets, as JSON; empty: nothing
  KeyForm key = KeyForm::kNone;
  std::string references;  ///< the table whose `id` it holds; empty: none

  friend bool operator==(const Column&, const Column&) = default;
};

/// Which rows an index holds: all, or of softly deleted ones none, or those alone.
enum class IndexedRows { kAll, kLiving, kDeleted };

struct Index {
  std::string name;
  std::vector<std::string> columns;
  bool unique = false;
  IndexedRows rows = IndexedRows::kAll;

  friend bool operator==(const Index&, const Index&) = default;
};

/// A table in no database's own words: what a Schema needs, and what a migration changes. Equal when its columns and
/// indexes are, whatever their order and the title.
struct Table {
  std::string name;
  std::string title;  ///< the Schema's, for messages
  std::vector<Column> columns;
  std::vector<Index> indexes;

  /// Null when there is none of that name.
  [[nodiscard]] const Column* find_column(std::string_view column) const noexcept;
  [[nodiscard]] const Index* find_index(std::string_view index) const noexcept;

  friend bool operator==(const Table& left, const Table& right);
};

/// The table of a Schema: its stored fields in their order. Filterable, sortable and referring columns have an index;
/// with `deleted_at`, unique indexes and those for lists are over the rows that are not deleted, and one is over those
/// that are, by when.
[[nodiscard]] Table table_of(const validation::Schema& schema);

/// `title` → `title_key`.
[[nodiscard]] std::string key_column(const Column& column);

/// The statements that make a Schema's table unless it exists: every constraint and index named `<table>_<columns>…`,
/// in SQLite STRICT. It is what a migration would say; an application with several releases writes that instead, since
/// this never changes a table that is there.
[[nodiscard]] std::string create_table_sql(const validation::Schema& schema, Dialect dialect = Dialect::kSqlite);

/// What keeps the table's row in `table_versions` (see Repository) up to date in SQLite.
[[nodiscard]] std::string version_triggers_sql(const validation::Schema& schema);

/// Makes the table in the connection's transaction, with version triggers where `table_versions` exists. Idempotent.
/// Throws Error(kUnprocessable) naming the fields that a table which existed before has no column for.
void create_table(data::Connection& connection, const validation::Schema& schema);

}  // namespace apiwright::repositories

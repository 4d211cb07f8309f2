#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apiwright/data/connection.hpp"
#include "apiwright/repositories/table.hpp"

namespace apiwright::repositories {

/// A table as the database has it.
class StoredTable {
 public:
  struct StoredColumn {
    std::string type;  ///< the database's own, as Ddl writes it
    bool not_null = false;
    bool has_default = false;
    /// What it holds as far as it can be told: by the database's type, and by the names and rules of its constraints,
    /// where they are ours. None for a type of which we have none.
    std::optional<Column> described{};
    bool is_told = false;  ///< false when only a type is known that several of ours share
  };

  /// Reads it; a table that is not there has no columns.
  StoredTable(data::Connection& connection, const std::string& name);

  [[nodiscard]] bool exists() const noexcept { return !columns_.empty(); }
  [[nodiscard]] const std::map<std::string, StoredColumn>& columns() const noexcept { return columns_; }
  [[nodiscard]] const StoredColumn* find_column(const std::string& column) const;
  /// By the name that Ddl gives it in this database.
  [[nodiscard]] const Index* find_index(const std::string& index) const;
  /// The table that a column refers to; empty: none.
  [[nodiscard]] std::string referenced_by(const std::string& column) const;

 private:
  void read_sqlite(data::Connection& connection, const std::string& name);
  void read_postgresql(data::Connection& connection, const std::string& name);

  std::map<std::string, StoredColumn> columns_;
  std::map<std::string, Index> indexes_;
  std::map<std::string, std::string> references_;
};

/// A statement about the table of this name, its one parameter.
[[nodiscard]] data::StatementUse rows_of(data::Connection& connection, std::string_view sql, const std::string& name);

/// The texts in quotes, sorted.
[[nodiscard]] std::vector<std::string> literals_in(std::string_view rule);

/// Which rows an index holds, by how its condition or its statement ends; kAll: by none, or one that is not ours.
[[nodiscard]] IndexedRows indexed_rows(std::string_view condition);

}  // namespace apiwright::repositories

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/data/connection.hpp"
#include "apiwright/repositories/table.hpp"

namespace apiwright::repositories {

/// A table as SQLite has it.
class StoredTable {
 public:
  struct StoredColumn {
    std::string type;  ///< SQLite's own
    bool not_null = false;
    bool has_default = false;
  };

  /// Reads it; a table that is not there has no columns.
  StoredTable(data::Connection& connection, std::string name);

  [[nodiscard]] bool exists() const noexcept { return !columns_.empty(); }
  [[nodiscard]] const std::map<std::string, StoredColumn>& columns() const noexcept { return columns_; }
  [[nodiscard]] const StoredColumn* find_column(const std::string& column) const;
  [[nodiscard]] const Index* find_index(const std::string& index) const;
  /// The table that a column refers to; empty: none.
  [[nodiscard]] std::string referenced_by(const std::string& column) const;

  /// What a column holds as far as it can be told: by the names and rules of its constraints (where they are ours),
  /// else by its type. None for a type of which we have none.
  [[nodiscard]] std::optional<Column> described(const std::string& column) const;
  /// False when only SQLite's own type is known, which several of ours share.
  [[nodiscard]] bool is_told_by_constraint(const std::string& column) const;

 private:
  void read_indexes(data::Connection& connection);
  [[nodiscard]] std::optional<Column> told_by_constraint(const std::string& column) const;
  /// The text of a constraint between its parentheses; none when there is none of that name.
  [[nodiscard]] std::optional<std::string> rule_of(const std::string& constraint) const;
  [[nodiscard]] std::optional<Column> decimal_of(const std::string& column) const;

  std::string name_;
  std::string sql_;
  std::map<std::string, StoredColumn> columns_;
  std::map<std::string, Index> indexes_;
  std::map<std::string, std::string> references_;
};

}  // namespace apiwright::repositories

#pragma once

#include <set>
#include <string>
#include <tuple>

#include "apiwright/data/connection.hpp"

namespace apiwright::data {

/// What a transaction that changes tables must leave as it found it: rows that refer to rows that are there, and
/// whatever its scripts do not name.
class SqliteSchemaChange {
 public:
  /// Notes what there is, in the transaction that begins.
  explicit SqliteSchemaChange(Connection& connection);

  void note_script(const std::string& sql) { scripts_ += sql + "\n"; }

  /// Throws Error(kUnprocessable): a row refers to none, or a column, an index, a trigger or a view has gone that no
  /// script names (a table made anew lacks what somebody else added to it).
  void check() const;

 private:
  struct Part {
    std::string kind;
    std::string table;
    std::string name;
    friend bool operator<(const Part& left, const Part& right) {
      return std::tie(left.kind, left.table, left.name) < std::tie(right.kind, right.table, right.name);
    }
  };
  using Parts = std::set<Part>;

  [[nodiscard]] Parts parts() const;
  [[nodiscard]] bool names(const std::string& word) const;
  void check_references() const;

  Connection& connection_;
  Parts before_;
  std::string scripts_;
};

}  // namespace apiwright::data

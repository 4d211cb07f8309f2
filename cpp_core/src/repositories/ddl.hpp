#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apiwright/repositories/table.hpp"

namespace apiwright::repositories {

struct Difference;

/// What a CREATE does about something of that name: refuse, or keep it as it is.
enum class IfExists { kRefuse, kKeep };

/// The statements about tables of one database, each with its `;` and a new line. Immutable, thread-safe.
class Ddl {
 public:
  virtual ~Ddl() = default;
  Ddl(const Ddl&) = delete;
  Ddl& operator=(const Ddl&) = delete;

  [[nodiscard]] static const Ddl& of(Dialect dialect);

  /// `made_as`: under another name than its own, which its constraints keep.
  [[nodiscard]] std::string create_table(const Table& table, IfExists if_exists, std::string_view made_as = {}) const;
  [[nodiscard]] std::string create_index(const Table& table, const Index& index, IfExists if_exists) const;
  /// A name of a table, a constraint or an index as the database keeps it: a long one may be cut.
  [[nodiscard]] virtual std::string stored_name(const std::string& text) const = 0;
  /// Empty where create_table says it.
  [[nodiscard]] virtual std::string add_reference(const Table& table, const Column& column) const = 0;

  /// True when the database's own type of the column is called so, whatever a decimal's digits.
  [[nodiscard]] virtual bool stores_as(const Column& column, std::string_view type) const {
    return type_of(column) == type;
  }

  /// What turns the one set of tables into the other, in one transaction.
  [[nodiscard]] virtual std::string script(const Difference& difference) const = 0;

 protected:
  struct Constraint {
    std::string name;
    std::string rule;
  };

  Ddl() = default;

  /// The same, quoted.
  [[nodiscard]] std::string name(const std::string& text) const;

  [[nodiscard]] virtual std::string type_of(const Column& column) const = 0;
  [[nodiscard]] virtual std::string boolean_literal(bool value) const = 0;
  [[nodiscard]] virtual std::string decimal_literal(const Column& column, const std::string& text) const = 0;
  [[nodiscard]] virtual std::string timestamp_literal(const std::string& text) const = 0;
  /// What a column's values must be beyond their type.
  [[nodiscard]] virtual std::vector<Constraint> checks_of(const std::string& table, const Column& column) const = 0;
  /// Whether create_table names the tables it refers to; else add_reference does.
  [[nodiscard]] virtual bool refers_inline() const = 0;
  /// What follows a table's closing parenthesis.
  [[nodiscard]] virtual std::string table_options() const = 0;

  /// `"title" TEXT NOT NULL DEFAULT ''`, and the key column's, if any.
  [[nodiscard]] std::vector<std::string> definitions_of(const Column& column) const;
  [[nodiscard]] static Constraint reference_of(const std::string& table, const Column& column);
  [[nodiscard]] std::string constraint(const Constraint& constraint) const;
  /// A value of the column given as JSON, and the one of its key column.
  [[nodiscard]] std::string literal(const Column& column, const std::string& json) const;
  [[nodiscard]] static std::string key_literal(const Column& column, const std::string& json);
};

/// SQLite's triggers that change a table's row in `table_versions`, and that row.
[[nodiscard]] std::string version_triggers(const std::string& table, IfExists if_exists);

/// `'draft', 'published'`.
[[nodiscard]] std::string text_literals(const std::vector<std::string>& texts);

}  // namespace apiwright::repositories

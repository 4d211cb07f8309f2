// SQLite's statements for a Difference. What ALTER TABLE cannot do is done as sqlite.org/lang_altertable.html says: the
// table is made anew.

#include <algorithm>

#include "repositories/difference.hpp"
#include "repositories/identifier.hpp"
#include "repositories/sqlite_ddl.hpp"

namespace apiwright::repositories {
namespace {

constexpr std::string_view kLargestWhole = "9007199254740992";  // 2^53: a double holds every integer up to here

std::string key_function(const Column& column) {
  return column.key == KeyForm::kEmail ? "apiwright_email_key" : "apiwright_casefold";
}

/// Such a value has another type than any STRICT column of the target's takes: the statement fails and shows the text.
std::string refused_when(const std::string& condition, const std::string& text, const std::string& otherwise) {
  return "CASE WHEN " + condition + " THEN " + text_literal(text) + " ELSE " + otherwise + " END";
}

std::string rescaled(const Column& before, const Column& after, const std::string& value) {
  if (after.scale == before.scale) return value;
  const std::string factor = "1" + std::string(static_cast<std::size_t>(std::abs(after.scale - before.scale)), '0');
  if (after.scale > before.scale) return value + " * " + factor;
  return refused_when(value + " % " + factor + " <> 0", "more places than " + std::to_string(after.scale),
                      value + " / " + factor);
}

std::string as_uuid(const std::string& value) {
  // A text column takes any text, but no bytes.
  return "CASE WHEN " + value + " LIKE '________-____-____-____-____________' AND length(replace(" + value +
         ", '-', '')) = 32 AND " + value + " NOT GLOB '*[^0-9a-f-]*' OR " + value + " IS NULL THEN " + value +
         " ELSE CAST('no id' AS BLOB) END";
}

/// The value in the new type; one that does not fit fails there or at the column's own type and constraints.
std::string converted(const ColumnChange& change) {
  auto value = quoted(change.before->name);
  const auto from = change.before->type;
  const auto to = change.after->type;
  if (from == ColumnType::kDecimal && to == ColumnType::kDecimal) return rescaled(*change.before, *change.after, value);
  if (from == ColumnType::kText && to == ColumnType::kUuid) return as_uuid(value);
  if (from == ColumnType::kInteger && to == ColumnType::kNumber) {
    return refused_when("abs(" + value + ") > " + std::string(kLargestWhole), "more digits than a number keeps", value);
  }
  return value;
}

}  // namespace

/// The statements of one Difference.
class SqliteDdl::Changes {
 public:
  explicit Changes(const SqliteDdl& ddl) : ddl_(ddl) {}

  [[nodiscard]] std::string script(const Difference& difference) {
    for (const auto& table : difference.dropped) drop(table);
    for (const auto& change : difference.changed) {
      if (!needs_rebuild(change)) drop_indexes(change);
    }
    for (const auto& change : difference.changed) alter(change);
    for (const auto& table : difference.created) create(table);
    for (const auto& change : difference.changed) {
      // A table made anew has lost all of them.
      add_indexes(change.after, needs_rebuild(change) ? change.after.indexes : change.added_indexes);
    }
    for (const auto& table : difference.created) add_indexes(table, table.indexes);
    return std::move(sql_);
  }

 private:
  void drop(const Table& table) {
    begin_part();
    sql_ += "DROP TABLE " + quoted(table.name) + ";\n";
    forget_version(table.name);
  }

  void create(const Table& table) {
    begin_part();
    sql_ += ddl_.create_table(table, IfExists::kRefuse) + version_triggers(table.name, IfExists::kRefuse);
  }

  void add_indexes(const Table& table, const std::vector<Index>& indexes) {
    if (!indexes.empty()) begin_part();
    for (const auto& index : indexes) sql_ += ddl_.create_index(table, index, IfExists::kRefuse);
  }

  void drop_indexes(const TableChange& change) {
    if (!change.dropped_indexes.empty()) begin_part();
    for (const auto& index : change.dropped_indexes) sql_ += "DROP INDEX " + quoted(index.name) + ";\n";
  }

  [[nodiscard]] bool needs_rebuild(const TableChange& change) const {
    return change.is_renamed() || std::any_of(change.columns.begin(), change.columns.end(),
                                              [&](const auto& column) { return needs_rebuild(change, column); });
  }

  [[nodiscard]] bool needs_rebuild(const TableChange& table, const ColumnChange& change) const {
    const auto& [before, after, fill, relaxed] = change;
    const auto is_plain = [&](const std::string& name, const Column& column) {
      return column.references.empty() && ddl_.checks_of(name, column).empty();
    };
    if (change.is_added()) {
      return after->default_json.empty() ? !after->nullable : !after->references.empty();
    }
    if (change.is_dropped()) return !is_plain(table.before.name, *before);
    if (change.is_renamed() && !is_plain(table.before.name, *before)) return true;
    if (change.gets_key() && !after->nullable) return true;
    return change.changes_type() || before->nullable != after->nullable ||
           before->default_json != after->default_json || before->references != after->references;
  }

  void alter(const TableChange& change) {
    const auto size = sql_.size();
    begin_part();
    const auto begun = sql_.size();
    if (change.ends_soft_delete()) {
      sql_ += "DELETE FROM " + quoted(change.before.name) + " WHERE deleted_at IS NOT NULL;\n";
    }
    if (needs_rebuild(change)) return rebuild(change);
    const auto table = "ALTER TABLE " + quoted(change.after.name);
    for (const auto& column : change.columns) drop_columns(table, column);
    for (const auto& column : change.columns) rename_columns(table, column);
    for (const auto& column : change.columns) add_columns(change.after.name, column);
    if (sql_.size() == begun) sql_.resize(size);
  }

  void drop_columns(const std::string& alter_table, const ColumnChange& change) {
    const auto drop = [&](const std::string& column) {
      sql_ += alter_table + " DROP COLUMN " + quoted(column) + ";\n";
    };
    if (change.is_dropped()) drop(change.before->name);
    if ((change.is_dropped() && change.before->key != KeyForm::kNone) || change.loses_key()) {
      drop(key_column(*change.before));
    }
  }

  void rename_columns(const std::string& alter_table, const ColumnChange& change) {
    if (!change.is_renamed()) return;
    const auto rename = [&](const std::string& from, const std::string& to) {
      sql_ += alter_table + " RENAME COLUMN " + quoted(from) + " TO " + quoted(to) + ";\n";
    };
    rename(change.before->name, change.after->name);
    const bool keeps_key = change.before->key != KeyForm::kNone && change.after->key != KeyForm::kNone;
    if (keeps_key) rename(key_column(*change.before), key_column(*change.after));
  }

  void add_columns(const std::string& table, const ColumnChange& change) {
    if (change.is_dropped()) return;
    const auto definitions = ddl_.definitions_of(*change.after);
    if (change.is_added()) {
      for (const auto& definition : definitions) {
        const bool is_key = &definition != &definitions.front();
        sql_ += "ALTER TABLE " + quoted(table) + " ADD COLUMN " + definition +
                (is_key ? "" : inline_constraints(table, *change.after)) + ";\n";
      }
    } else if (change.gets_key()) {
      sql_ += "ALTER TABLE " + quoted(table) + " ADD COLUMN " + definitions.back() + ";\n";
    }
    if (change.gets_key() || change.changes_key()) {
      sql_ += "UPDATE " + quoted(table) + " SET " + quoted(key_column(*change.after)) + " = " +
              key_function(*change.after) + "(" + quoted(change.after->name) + ");\n";
    }
  }

  [[nodiscard]] std::string inline_constraints(const std::string& table, const Column& column) const {
    std::string text;
    for (const auto& check : ddl_.checks_of(table, column)) text += " " + ddl_.constraint(check);
    if (column.references.empty()) return text;
    const auto name = reference_of(table, column).name;
    return text + " " + ddl_.constraint({name, "REFERENCES " + quoted(column.references) + " (id)"});
  }

  void rebuild(const TableChange& change) {
    auto made = change.after.name;
    if (!change.is_renamed()) made += "__new";
    sql_ += "-- ALTER TABLE cannot do this: " + change.before.name + " is made anew, with its rows.\n";
    sql_ += ddl_.create_table(change.after, IfExists::kRefuse, made);
    copy_rows(change, made);
    sql_ += "DROP TABLE " + quoted(change.before.name) + ";\n";
    if (!change.is_renamed()) {
      // Else views of the table, which is not there for a moment, would be in the way.
      sql_ += "PRAGMA legacy_alter_table = ON;\nALTER TABLE " + quoted(made) + " RENAME TO " +
              quoted(change.after.name) + ";\nPRAGMA legacy_alter_table = OFF;\n";
    } else {
      forget_version(change.before.name);
    }
    sql_ += version_triggers(change.after.name, IfExists::kRefuse) +
            "UPDATE table_versions SET version = random() WHERE table_name = " + text_literal(change.after.name) +
            ";\n";
  }

  void copy_rows(const TableChange& change, const std::string& made) {
    std::string columns;
    std::string values;
    const auto add = [&](const std::string& column, const std::string& value) {
      columns += (columns.empty() ? "" : ", ") + quoted(column);
      values += (values.empty() ? "" : ",\n  ") + value;
    };
    for (const auto& column : change.columns) {
      if (column.is_kept()) {
        add(column.after->name, value_of(column));
        if (column.after->key != KeyForm::kNone) add(key_column(*column.after), key_of_value(column));
      } else if (column.is_added() && !column.fill_json.empty()) {
        add(column.after->name, ddl_.literal(*column.after, column.fill_json));
        if (column.after->key != KeyForm::kNone) {
          add(key_column(*column.after), key_literal(*column.after, column.fill_json));
        }
      }
    }
    sql_ += "INSERT INTO " + quoted(made) + " (" + columns + ")\nSELECT\n  " + values + "\nFROM " +
            quoted(change.before.name) + ";\n";
  }

  [[nodiscard]] std::string value_of(const ColumnChange& change) const {
    auto value = converted(change);
    if (change.fill_json.empty()) return value;
    return "coalesce(" + value + ", " + ddl_.literal(*change.after, change.fill_json) + ")";
  }

  [[nodiscard]] std::string key_of_value(const ColumnChange& change) const {
    const bool keeps = change.before->key == change.after->key;
    if (!keeps) return key_function(*change.after) + "(" + value_of(change) + ")";
    auto key = quoted(key_column(*change.before));
    if (change.fill_json.empty()) return key;
    return "coalesce(" + key + ", " + key_literal(*change.after, change.fill_json) + ")";
  }

  void forget_version(const std::string& table) {
    sql_ += "DELETE FROM table_versions WHERE table_name = " + text_literal(table) + ";\n";
  }

  void begin_part() {
    if (!sql_.empty()) sql_ += '\n';
  }

  const SqliteDdl& ddl_;
  std::string sql_;
};

std::string SqliteDdl::script(const Difference& difference) const { return Changes(*this).script(difference); }

}  // namespace apiwright::repositories

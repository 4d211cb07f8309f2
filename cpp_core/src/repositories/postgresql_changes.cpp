// PostgreSQL's statements for a Difference.

#include <algorithm>
#include <functional>

#include "repositories/difference.hpp"
#include "repositories/identifier.hpp"
#include "repositories/postgresql_ddl.hpp"

namespace apiwright::repositories {
namespace {

constexpr std::string_view kLargestWhole = "9007199254740992";  // 2^53: a double holds every integer up to here

// What the core's keys of e-mail addresses look like, as far as a pattern can tell.
constexpr std::string_view kAddressKey =
    R"(^[^@.\x01-\x20\x7f"(),:;<>\[\\\]]+(\.[^@.\x01-\x20\x7f"(),:;<>\[\\\]]+)*)"
    R"(@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+(?![0-9]+$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$)";

/// Ends the migration with a sentence when a row is so.
std::string refuse_rows(const std::string& table, const std::string& condition, const std::string& sentence) {
  return "DO $$ BEGIN\n  IF EXISTS (SELECT 1 FROM " + quoted(table) + " WHERE " + condition +
         ") THEN\n    RAISE EXCEPTION " + text_literal(sentence) + ";\n  END IF;\nEND $$;\n";
}

/// Of what a value must not be to become one of the new type; empty where the database itself refuses.
std::string misfit(const Column& before, const Column& after) {
  const auto value = quoted(after.name);
  if (before.type == ColumnType::kDecimal && after.scale < before.scale) {
    return value + " <> round(" + value + ", " + std::to_string(after.scale) + ")";
  }
  if (before.type == ColumnType::kInteger && after.type == ColumnType::kNumber) {
    return "abs(" + value + "::numeric) > " + std::string(kLargestWhole);
  }
  if (before.type == ColumnType::kNumber && after.type == ColumnType::kInteger)
    return value + " <> trunc(" + value + ")";
  return {};
}

}  // namespace

/// The statements of one Difference.
class PostgresqlDdl::Changes {
 public:
  explicit Changes(const PostgresqlDdl& ddl) : ddl_(ddl) {}

  [[nodiscard]] std::string script(const Difference& difference) {
    for (const auto& change : difference.changed) release(change);
    drop(difference.dropped);
    for (const auto& change : difference.changed) alter(change);
    for (const auto& table : difference.created) {
      begin_part();
      sql_ += ddl_.create_table(table, IfExists::kRefuse);
    }
    for (const auto& change : difference.changed) add_indexes(change.after, change.added_indexes);
    for (const auto& table : difference.created) add_indexes(table, table.indexes);
    for (const auto& change : difference.changed) add_references(change);
    for (const auto& table : difference.created) {
      for (const auto& column : table.columns) sql_ += ddl_.add_reference(table, column);
    }
    return std::move(sql_);
  }

 private:
  /// Appends what `part` appends, after an empty line if that is anything.
  void in_part(const std::function<void()>& part) {
    const auto size = sql_.size();
    begin_part();
    const auto begun = sql_.size();
    part();
    if (sql_.size() == begun) sql_.resize(size);
  }

  void begin_part() {
    if (!sql_.empty()) sql_ += '\n';
  }

  /// Whether a reference goes, or has another name or target.
  [[nodiscard]] static bool refers_otherwise(const TableChange& table, const ColumnChange& change) {
    if (change.is_added()) return !change.after->references.empty();
    if (change.is_dropped()) return !change.before->references.empty();
    return change.before->references != change.after->references ||
           (!change.after->references.empty() && (table.is_renamed() || change.is_renamed()));
  }

  // What stands in the way of dropping and changing.
  void release(const TableChange& change) {
    in_part([&] {
      for (const auto& column : change.columns) {
        if (column.before && !column.before->references.empty() && refers_otherwise(change, column)) {
          drop_constraint(change.before.name, reference_of(change.before.name, *column.before).name);
        }
      }
      for (const auto& index : change.dropped_indexes) sql_ += "DROP INDEX " + ddl_.name(index.name) + ";\n";
    });
  }

  void drop(const std::vector<Table>& tables) {
    if (tables.empty()) return;
    begin_part();
    std::string names;
    for (const auto& table : tables) names += (names.empty() ? "" : ", ") + quoted(table.name);
    sql_ += "DROP TABLE " + names + ";\n";  // together: they may refer to one another
  }

  void add_indexes(const Table& table, const std::vector<Index>& indexes) {
    if (!indexes.empty()) begin_part();
    for (const auto& index : indexes) sql_ += ddl_.create_index(table, index, IfExists::kRefuse);
  }

  void add_references(const TableChange& change) {
    for (const auto& column : change.columns) {
      if (column.after && refers_otherwise(change, column)) sql_ += ddl_.add_reference(change.after, *column.after);
    }
  }

  void alter(const TableChange& change) {
    in_part(
        [&] {
          if (change.ends_soft_delete()) {
            sql_ += "DELETE FROM " + quoted(change.before.name) + " WHERE deleted_at IS NOT NULL;\n";
          }
          if (change.is_renamed()) rename_table(change);
          for (const auto& column : change.columns) drop_checks(change, column);
          for (const auto& column : change.columns) drop_columns(column);
          for (const auto& column : change.columns) rename_columns(column);
          for (const auto& column : change.columns) add_columns(column);
          for (const auto& column : change.columns) change_column(column);
          for (const auto& column : change.columns) add_checks(change, column);
        },
        change.after.name);
  }
  void in_part(const std::function<void()>& part, const std::string& table) {
    table_ = table;
    in_part(part);
  }

  void rename_table(const TableChange& change) {
    sql_ += "ALTER TABLE " + quoted(change.before.name) + " RENAME TO " + quoted(change.after.name) + ";\n";
    alter_table("RENAME CONSTRAINT " + ddl_.name(change.before.name + "_primary_key") + " TO " +
                ddl_.name(change.after.name + "_primary_key"));
  }

  void alter_table(const std::string& action) { sql_ += "ALTER TABLE " + quoted(table_) + " " + action + ";\n"; }

  void drop_constraint(const std::string& table, const std::string& constraint) {
    sql_ += "ALTER TABLE " + quoted(table) + " DROP CONSTRAINT " + ddl_.name(constraint) + ";\n";
  }

  [[nodiscard]] std::string checks_text(const Table& table, const std::optional<Column>& column) const {
    std::string text;
    if (!column) return text;
    for (const auto& check : ddl_.checks_of(table.name, *column)) text += ddl_.constraint(check);
    return text;
  }

  [[nodiscard]] bool checks_differ(const TableChange& table, const ColumnChange& change) const {
    return change.is_kept() && checks_text(table.before, change.before) != checks_text(table.after, change.after);
  }

  void drop_checks(const TableChange& table, const ColumnChange& change) {
    if (!checks_differ(table, change)) return;
    for (const auto& check : ddl_.checks_of(table.before.name, *change.before)) drop_constraint(table_, check.name);
  }

  void add_checks(const TableChange& table, const ColumnChange& change) {
    if (!change.is_added() && !checks_differ(table, change)) return;
    for (const auto& check : ddl_.checks_of(table_, *change.after)) alter_table("ADD " + ddl_.constraint(check));
  }

  void drop_columns(const ColumnChange& change) {
    if (change.is_dropped()) alter_table("DROP COLUMN " + quoted(change.before->name));
    if ((change.is_dropped() && change.before->key != KeyForm::kNone) || change.loses_key()) {
      alter_table("DROP COLUMN " + quoted(key_column(*change.before)));
    }
  }

  void rename_columns(const ColumnChange& change) {
    if (!change.is_renamed()) return;
    alter_table("RENAME COLUMN " + quoted(change.before->name) + " TO " + quoted(change.after->name));
    const bool keeps_key = change.before->key != KeyForm::kNone && change.after->key != KeyForm::kNone;
    if (!keeps_key) return;
    alter_table("RENAME COLUMN " + quoted(key_column(*change.before)) + " TO " + quoted(key_column(*change.after)));
  }

  void add_columns(const ColumnChange& change) {
    if (!change.is_added()) return;
    auto column = *change.after;
    const bool is_filled = !change.fill_json.empty();
    if (is_filled) column.default_json = change.fill_json;
    for (const auto& definition : ddl_.definitions_of(column)) alter_table("ADD COLUMN " + definition);
    if (!is_filled) return;
    // The rows that are there have it; those to come are to say what they have.
    for (const auto& name : names_of(column)) alter_table("ALTER COLUMN " + quoted(name) + " DROP DEFAULT");
  }

  [[nodiscard]] static std::vector<std::string> names_of(const Column& column) {
    if (column.key == KeyForm::kNone) return {column.name};
    return {column.name, key_column(column)};
  }

  void change_column(const ColumnChange& change) {
    if (!change.is_kept()) return;
    change_type(change);
    if (!change.fill_json.empty()) fill(change);
    change_presence(change);
    if (change.gets_key()) add_key(*change.after);
    if (change.changes_key()) require_other_keys(*change.after);
  }

  void change_type(const ColumnChange& change) {
    if (!change.changes_type()) return;
    const auto& [before, after, fill, relaxed] = change;
    const auto misfits = misfit(*before, *after);
    if (!misfits.empty()) {
      sql_ += refuse_rows(table_, misfits,
                          table_ + "." + after->name + " holds values that do not fit " + type_text(*after));
    }
    const auto type = ddl_.type_of(*after);
    if (type == ddl_.type_of(*before)) return;
    const auto column = "ALTER COLUMN " + quoted(after->name) + " ";
    if (!before->default_json.empty()) alter_table(column + "DROP DEFAULT");
    alter_table(column + "TYPE " + type + " USING " + quoted(after->name) + "::" + type);
    if (!after->default_json.empty() && before->default_json == after->default_json) set_default(change);
  }

  void set_default(const ColumnChange& change) {
    const auto& column = *change.after;
    const bool has_one = !column.default_json.empty();
    alter_table("ALTER COLUMN " + quoted(column.name) +
                (has_one ? " SET DEFAULT " + ddl_.literal(column, column.default_json) : " DROP DEFAULT"));
    if (!has_key_before_and_after(change)) return;
    alter_table("ALTER COLUMN " + quoted(key_column(column)) +
                (has_one ? " SET DEFAULT " + key_literal(column, column.default_json) : " DROP DEFAULT"));
  }

  void fill(const ColumnChange& change) {
    const auto name = quoted(change.after->name);
    auto assignments = name + " = " + ddl_.literal(*change.after, change.fill_json);
    if (has_key_before_and_after(change)) {
      assignments += ", " + quoted(key_column(*change.after)) + " = " + key_literal(*change.after, change.fill_json);
    }
    sql_ += "UPDATE " + quoted(table_) + " SET " + assignments + " WHERE " + name + " IS NULL;\n";
  }

  [[nodiscard]] static bool has_key_before_and_after(const ColumnChange& change) {
    return change.before->key != KeyForm::kNone && change.after->key != KeyForm::kNone;
  }

  void change_presence(const ColumnChange& change) {
    const auto& [before, after, fill, relaxed] = change;
    if (before->nullable != after->nullable) {
      const std::string action = after->nullable ? " DROP NOT NULL" : " SET NOT NULL";
      alter_table("ALTER COLUMN " + quoted(after->name) + action);
      if (has_key_before_and_after(change)) alter_table("ALTER COLUMN " + quoted(key_column(*after)) + action);
    }
    if (before->default_json != after->default_json) set_default(change);
  }

  void add_key(const Column& column) {
    const auto key = quoted(key_column(column));
    const auto text = quoted(column.name);
    sql_ += "-- Keys are texts case-folded by apiwright's core. PostgreSQL's lower() does the same to ASCII alone.\n";
    alter_table("ADD COLUMN IF NOT EXISTS " + key + " text");  // there already when it was filled by hand
    alter_table("ALTER COLUMN " + key + " TYPE " + ddl_.type_of(Column{}));
    sql_ += "UPDATE " + quoted(table_) + " SET " + key + " = lower(" + text + " COLLATE \"C\") WHERE " + key +
            " IS NULL AND " + text + " !~ '[^\\x01-\\x7f]';\n";
    auto lacks_key = key + " IS NULL AND " + text + " IS NOT NULL";
    if (column.key == KeyForm::kEmail) lacks_key += " OR " + is_no_address_key(key);
    sql_ += refuse_rows(table_, lacks_key,
                        table_ + "." + column.name + " holds texts whose keys PostgreSQL cannot make: add the column " +
                            key_column(column) + " (text), fill it for them with " + function_of(column) +
                            ", and try again");
    if (!column.nullable) alter_table("ALTER COLUMN " + key + " SET NOT NULL");
    if (column.default_json.empty()) return;
    alter_table("ALTER COLUMN " + key + " SET DEFAULT " + key_literal(column, column.default_json));
  }

  // Both forms of key are the same but for domains beyond ASCII, and for what is no address, whose key is empty.
  void require_other_keys(const Column& column) {
    const std::string foreign = " ~ '@.*[^\\x01-\\x7f]'";
    const auto key = quoted(key_column(column));
    const auto text = quoted(column.name);
    const auto is_no_text_key =
        text + foreign + " AND NOT " + key + foreign + " OR " + key + " = '' AND " + text + " <> ''";
    sql_ += refuse_rows(table_, column.key == KeyForm::kEmail ? is_no_address_key(key) : is_no_text_key,
                        table_ + "." + column.name + " holds texts whose keys PostgreSQL cannot make: fill " +
                            key_column(column) + " for them with " + function_of(column) + ", and try again");
  }

  [[nodiscard]] static std::string is_no_address_key(const std::string& key) {
    return key + " <> '' AND " + key + " !~ " + text_literal(kAddressKey);
  }

  [[nodiscard]] static std::string function_of(const Column& column) {
    return std::string("apiwright.core.validation.") + (column.key == KeyForm::kEmail ? "email_key" : "casefold");
  }

  const PostgresqlDdl& ddl_;
  std::string table_;
  std::string sql_;
};

std::string PostgresqlDdl::script(const Difference& difference) const { return Changes(*this).script(difference); }

}  // namespace apiwright::repositories

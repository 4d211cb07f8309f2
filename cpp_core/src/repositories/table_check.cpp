#include "apiwright/repositories/table_check.hpp"

#include <algorithm>
#include <utility>

#include "apiwright/repositories/table_json.hpp"
#include "repositories/ddl.hpp"
#include "repositories/difference.hpp"
#include "repositories/draft_records.hpp"
#include "repositories/identifier.hpp"
#include "repositories/sound_tables.hpp"
#include "repositories/stored_table.hpp"

namespace apiwright::repositories {
namespace {

/// What is the matter with one declared table, and what would mend what can be added.
class TableComparison {
 public:
  /// `kept`: the table after the last migration, if there is one.
  TableComparison(data::Connection& connection, const Table& declared, const Table* kept)
      : declared_(declared), kept_(kept), dialect_(connection.dialect()), stored_(connection, declared.name) {
    change_.before.name = declared.name;
    change_.after = declared;
    if (!stored_.exists()) {
      report(declared_.title, "The table " + declared_.name + " is missing.", true);
      return;
    }
    for (const auto& column : declared_.columns) compare(column);
    for (const auto& index : declared_.indexes) compare(index);
    look_for_strangers();
  }

  [[nodiscard]] bool is_missing() const noexcept { return !stored_.exists(); }
  [[nodiscard]] const Table& declared() const noexcept { return declared_; }
  [[nodiscard]] const std::vector<TableFinding>& findings() const noexcept { return findings_; }
  [[nodiscard]] const TableChange& additions() const noexcept { return change_; }
  [[nodiscard]] bool can_be_mended() const {
    return std::all_of(findings_.begin(), findings_.end(), [](const auto& finding) { return finding.can_be_added; });
  }

 private:
  void report(std::string what, std::string sentence, bool can_be_added) {
    findings_.push_back({{std::move(what), std::move(sentence), "migration"}, can_be_added});
  }
  void report(const Column& column, std::string sentence, bool can_be_added = false) {
    report(declared_.title + "." + column.name, std::move(sentence), can_be_added);
  }

  void compare(const Column& column) {
    const auto* stored = stored_.find_column(column.name);
    if (stored == nullptr) return report_missing(column);
    if (stored->not_null && column.nullable) report(column, "It may be null, but not in the database.");
    compare_types(column);
    if (stored_.referenced_by(column.name) != column.references) compare_references(column);
    if (column.key != KeyForm::kNone && stored_.find_column(key_column(column)) == nullptr) report_missing_key(column);
  }

  void report_missing(const Column& column) {
    const bool can_be_added = column.nullable || !column.default_json.empty();
    report(column,
           "It has no column in the table " + declared_.name +
               (can_be_added ? "." : ", and rows that are there would have no value for it."),
           can_be_added);
    if (can_be_added) change_.columns.push_back({.before = std::nullopt, .after = column, .fill_json = {}});
  }

  void report_missing_key(const Column& column) {
    report(column, "It has no column " + key_column(column) + " in the table " + declared_.name + ".", column.nullable);
    auto before = column;
    before.key = KeyForm::kNone;
    if (column.nullable) change_.columns.push_back({.before = before, .after = column, .fill_json = {}});
  }

  void compare_types(const Column& column) {
    const auto& [own_type, not_null, has_default, stored, is_told] = *stored_.find_column(column.name);
    const bool same_storage = Ddl::of(dialect_).stores_as(column, own_type);
    if (same_storage && !is_told) return compare_with_kept(column);
    if (!stored || !same_storage || stored->type != column.type || stored->scale != column.scale ||
        stored->precision < column.precision) {
      return report(column, "It is " + (stored ? type_text(*stored) : own_type) + " in the database and " +
                                type_text(column) + " here.");
    }
    if (!std::includes(stored->values.begin(), stored->values.end(), column.values.begin(), column.values.end())) {
      report(column, "It has values that the database refuses.");
    }
  }

  void compare_with_kept(const Column& column) {
    const auto* kept = kept_ == nullptr ? nullptr : kept_->find_column(column.name);
    if (kept == nullptr || (kept->type == column.type && kept->scale == column.scale)) return;
    report(column, "It is " + type_text(*kept) + " in the last migration and " + type_text(column) + " here.");
  }

  void compare_references(const Column& column) {
    const auto target = stored_.referenced_by(column.name);
    report(column, "It refers to " + (column.references.empty() ? "no table" : column.references) +
                       ", but in the database to " + (target.empty() ? "none" : target) + ".");
  }

  void compare(const Index& index) {
    const auto* stored = find_index(index);
    if (stored != nullptr && is_same(*stored, index)) return;
    report(declared_.title,
           "The index " + index.name + (stored == nullptr ? " is missing." : " is not as it is declared."), true);
    if (stored != nullptr) {
      change_.before.indexes.push_back(*stored);
      change_.dropped_indexes.push_back(*stored);
    }
    change_.added_indexes.push_back(index);
  }

  // The database may have its name cut.
  [[nodiscard]] const Index* find_index(const Index& index) const {
    return stored_.find_index(Ddl::of(dialect_).stored_name(index.name));
  }
  static bool is_same(Index stored, const Index& declared) {
    stored.name = declared.name;
    return stored == declared;
  }

  void look_for_strangers() {
    for (const auto& [name, stored] : stored_.columns()) {
      if (is_declared(name) || !stored.not_null || stored.has_default) continue;
      report(declared_.title,
             "The column " + name + " of the table " + declared_.name +
                 " needs a value in every row, but nobody declares it.",
             false);
    }
  }

  [[nodiscard]] bool is_declared(const std::string& column) const {
    return std::any_of(declared_.columns.begin(), declared_.columns.end(), [&](const Column& each) {
      return each.name == column || (each.key != KeyForm::kNone && key_column(each) == column);
    });
  }

  const Table& declared_;
  const Table* kept_;
  const Dialect dialect_;
  StoredTable stored_;
  TableChange change_;
  std::vector<TableFinding> findings_;
};

/// The declared tables, each compared.
class Comparisons {
 public:
  Comparisons(data::Connection& connection, const std::vector<validation::SchemaPtr>& declared,
              std::string_view tables_json)
      : declared_(declared_tables(declared)) {
    if (!tables_json.empty()) kept_ = tables_from_json(tables_json);
    all_.reserve(declared_.size());
    for (const auto& table : declared_) all_.emplace_back(connection, table, kept(table.name));
  }
  [[nodiscard]] const std::vector<TableComparison>& all() const noexcept { return all_; }

 private:
  [[nodiscard]] const Table* kept(const std::string& name) const {
    const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Table& table) { return table.name == name; });
    return found == kept_.end() ? nullptr : &*found;
  }

  std::vector<Table> declared_;
  std::vector<Table> kept_;
  std::vector<TableComparison> all_;
};

bool is_empty(data::Connection& connection, const std::string& table) {
  return !connection.prepare("SELECT 1 FROM " + quoted(table) + " LIMIT 1")->step();
}

/// What add_declared is to do.
Difference additions_of(data::Connection& connection, const std::vector<TableComparison>& comparisons,
                        const DraftRecords& drafts) {
  Difference difference;
  Refusals refusals;
  for (const auto& comparison : comparisons) {
    const auto& table = comparison.declared();
    if (comparison.findings().empty()) continue;
    if (comparison.is_missing()) {
      difference.created.push_back(table);
    } else if (comparison.can_be_mended()) {
      difference.changed.push_back(comparison.additions());
    } else if (drafts.holds_table(table.name) && is_empty(connection, table.name)) {
      difference.dropped.push_back(table);
      difference.created.push_back(table);
    } else {
      for (const auto& finding : comparison.findings()) {
        if (!finding.can_be_added) refusals.add(finding.detail.field, finding.detail.message);
      }
    }
  }
  refusals.throw_if_any();
  return difference;
}

// As it is declared: a text's unique column is the one with its case folded, which nobody wrote.
std::string declared_name(const std::vector<validation::SchemaPtr>& declared, const data::UniqueViolation& violation) {
  for (const auto& schema : declared) {
    if (schema->table() != violation.table) continue;
    for (const auto& field : schema->fields()) {
      const bool is_key = field.has_key_column() && key_column(field) == violation.column;
      if (is_key || field.name() == violation.column) return schema->title() + "." + field.name();
    }
    if (violation.column.empty()) return schema->title();  // an index that is only being made
  }
  return violation.table + "." + violation.column;
}

void run(data::Connection& connection, const std::string& script, const std::vector<validation::SchemaPtr>& declared) {
  try {
    connection.execute_script(script);
  } catch (const data::UniqueViolation& violation) {
    Refusals refusals;
    refusals.add(declared_name(declared, violation),
                 "Several rows have one value, but it is declared unique: change those rows first.");
    refusals.throw_if_any();
  }
}

}  // namespace

std::vector<TableFinding> check_tables(data::Connection& connection, const std::vector<validation::SchemaPtr>& declared,
                                       std::string_view tables_json) {
  const Comparisons comparisons(connection, declared, tables_json);
  std::vector<TableFinding> findings;
  for (const auto& comparison : comparisons.all()) {
    findings.insert(findings.end(), comparison.findings().begin(), comparison.findings().end());
  }
  return findings;
}

std::vector<std::string> add_declared(data::Connection& connection, const std::vector<validation::SchemaPtr>& declared,
                                      std::string_view tables_json) {
  data::Transaction transaction(connection, &data::Connection::begin_schema_change);
  DraftRecords drafts(connection);
  const Comparisons comparisons(connection, declared, tables_json);
  const auto difference = additions_of(connection, comparisons.all(), drafts);
  if (difference.empty()) return {};
  run(connection, Ddl::of(connection.dialect()).script(difference), declared);
  drafts.add(difference);
  transaction.commit();
  return sentences_of(difference);
}

}  // namespace apiwright::repositories

#include "repositories/migration_hints.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "repositories/own_tables.hpp"

namespace apiwright::repositories {
namespace {

const Table* find(const std::vector<Table>& tables, const std::string& name) {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const Table& table) { return table.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

/// `articles.body:text` or `posts:articles`; none for anything else.
std::optional<Rename> parse_rename(const std::string& hint) {
  const auto colon = hint.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto from = hint.substr(0, colon);
  const auto dot = from.find('.');
  Rename rename{.table = from.substr(0, dot),
                .column = dot == std::string::npos ? "" : from.substr(dot + 1),
                .to = hint.substr(colon + 1)};
  const bool lacks_column = dot != std::string::npos && rename.column.empty();
  if (rename.table.empty() || lacks_column || rename.to.empty()) return std::nullopt;
  return rename;
}

/// Reads one list of hints.
class RenameReader {
 public:
  RenameReader(const std::vector<Table>& before, const std::vector<Table>& after) : before_(before), after_(after) {}

  /// What is wrong with the hint; empty: nothing, and it is kept.
  std::string read(const std::string& hint) {
    auto rename = parse_rename(hint);
    if (!rename) return "Write it as articles.old:new, or as old:new for a table.";
    auto complaint = rename->column.empty() ? complaint_of_table(*rename) : complaint_of_column(*rename);
    if (!complaint.empty()) return complaint;
    if (!sources_.insert({rename->table, rename->column}).second) return "It is renamed twice.";
    renames_.push_back(*std::move(rename));
    return {};
  }

  [[nodiscard]] std::vector<Rename> all() && { return std::move(renames_); }

 private:
  [[nodiscard]] std::string complaint_of_table(const Rename& rename) const {
    if (find(before_, rename.table) == nullptr) return "There was no table " + rename.table + ".";
    if (find(extensible_tables(), rename.table) != nullptr) return "The table is apiwright's own and stays as it is.";
    if (find(before_, rename.to) != nullptr) return "There was a table " + rename.to + " already.";
    if (find(after_, rename.to) == nullptr) return "Nobody declares a table " + rename.to + ".";
    return {};
  }

  [[nodiscard]] std::string complaint_of_column(const Rename& rename) const {
    const auto* before = find(before_, rename.table);
    if (before == nullptr) return "There was no table " + rename.table + ".";
    const auto* own = find(extensible_tables(), rename.table);
    if (own != nullptr && own->find_column(rename.column) != nullptr) {
      return "The column is apiwright's own and stays as it is.";
    }
    if (before->find_column(rename.column) == nullptr) return rename.table + " had no column " + rename.column + ".";
    if (before->find_column(rename.to) != nullptr) {
      return rename.table + " had a column " + rename.to + " already: drop that one in a migration before this.";
    }
    const auto* after = find(after_, name_after(rename.table));
    if (after == nullptr || after->find_column(rename.to) == nullptr) {
      return "Nobody declares " + name_after(rename.table) + "." + rename.to + ".";
    }
    return {};
  }

  [[nodiscard]] std::string name_after(const std::string& table) const {
    for (const auto& rename : renames_) {
      if (rename.column.empty() && rename.table == table) return rename.to;
    }
    return table;
  }

  const std::vector<Table>& before_;
  const std::vector<Table>& after_;
  std::set<std::pair<std::string, std::string>> sources_;
  std::vector<Rename> renames_;
};

std::string checked(const std::string& condition, const std::string& column) {
  return condition + ", add --narrow " + column + " (the database checks it when the migration is applied).";
}

/// The sentence against one change of a column; empty when there is none. `name` is the column's, with its table.
std::string complaint_of_added(const TableChange& table, const Column& column) {
  const bool has_default = !column.default_json.empty();
  const bool is_unique = std::any_of(table.after.indexes.begin(), table.after.indexes.end(), [&](const Index& index) {
    return index.unique && (index.columns.front() == column.name || index.columns.front() == key_column(column));
  });
  if (is_unique && has_default) {
    return "It is new and unique, but all rows that are there would get its one default: make it nullable, without a "
           "default.";
  }
  if (column.nullable || has_default) return {};
  const bool takes_default = !is_unique && column.references.empty();
  return std::string("It is new and may not be null, but rows that are there have no value for it: ") +
         (takes_default ? "give it a default, or make it nullable." : "make it nullable.");
}

std::string complaint_of_type(const ColumnChange& change, const std::string& name, bool is_narrowed) {
  switch (conversion_of(*change.before, *change.after)) {
    case Conversion::kNone:
    case Conversion::kSafe:
      return {};
    case Conversion::kImpossible:
      return "Its values do not become " + type_text(*change.after) + " from " + type_text(*change.before) +
             " by themselves: declare a field of another name, fill it with an UPDATE in the files that are made, and "
             "drop this one in a later migration.";
    case Conversion::kChecked:
      break;
  }
  if (is_narrowed) return {};
  if (change.before->type == ColumnType::kEnum && change.after->type == ColumnType::kEnum) {
    return checked("Rows may have a value that is none of it any more: once none has", name);
  }
  return checked(
      "Not every " + type_text(*change.before) + " fits " + type_text(*change.after) + ": once all of them do", name);
}

std::string complaint_of_presence(const ColumnChange& change, const std::string& name, bool is_narrowed) {
  if (!change.is_tightened() || !change.fill_json.empty() || is_narrowed) return {};
  return checked(
      "It may no longer be null, but rows may have no value: give it a default, which they get, or, once all "
      "of them have one",
      name);
}

bool can_be_narrowed(const ColumnChange& change) {
  if (!change.is_kept()) return false;
  return (change.is_tightened() && change.fill_json.empty()) ||
         conversion_of(*change.before, *change.after) == Conversion::kChecked;
}

}  // namespace

std::vector<Rename> read_renames(const std::vector<std::string>& hints, const std::vector<Table>& before,
                                 const std::vector<Table>& after, Refusals& refusals) {
  RenameReader reader(before, after);
  auto tables_first = hints;
  std::stable_partition(tables_first.begin(), tables_first.end(),
                        [](const std::string& hint) { return hint.find('.') == std::string::npos; });
  for (const auto& hint : tables_first) {
    auto complaint = reader.read(hint);
    if (!complaint.empty()) refusals.add("--rename " + hint, std::move(complaint));
  }
  return std::move(reader).all();
}

void refuse_losses(const Difference& difference, const std::vector<std::string>& narrowed, Refusals& refusals) {
  std::set<std::string> unused(narrowed.begin(), narrowed.end());
  for (const auto& table : difference.changed) {
    for (const auto& change : table.columns) {
      if (change.is_dropped()) continue;
      const auto name = table.after.name + "." + change.after->name;
      const bool is_narrowed = can_be_narrowed(change) && unused.erase(name) != 0;
      const auto& what = table.after.title + "." + change.after->name;
      std::vector<std::string> complaints;
      if (change.is_added()) {
        complaints = {complaint_of_added(table, *change.after)};
      } else {
        complaints = {complaint_of_type(change, name, is_narrowed), complaint_of_presence(change, name, is_narrowed)};
      }
      for (auto& complaint : complaints) {
        if (!complaint.empty()) refusals.add(what, std::move(complaint));
      }
    }
  }
  for (const auto& hint : unused) refusals.add("--narrow " + hint, "Nothing of it becomes narrower.");
}

}  // namespace apiwright::repositories

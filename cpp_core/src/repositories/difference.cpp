#include "repositories/difference.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "apiwright/json/writer.hpp"
#include "repositories/column_type_names.hpp"

namespace apiwright::repositories {
namespace {

/// What a table, or a column of one, was called before: empty when what was called so has another name now.
class Names {
 public:
  explicit Names(const std::vector<Rename>& renames) {
    for (const auto& rename : renames) {
      const bool is_table = rename.column.empty();
      before_[is_table ? Name(rename.to, "") : Name(rename.table, rename.to)] = is_table ? rename.table : rename.column;
      gone_.insert({rename.table, rename.column});
    }
  }

  [[nodiscard]] std::string table(const std::string& name) const { return before({name, ""}, name); }
  [[nodiscard]] std::string column(const std::string& table_before, const std::string& name) const {
    return before({table_before, name}, name);
  }

 private:
  using Name = std::pair<std::string, std::string>;

  [[nodiscard]] std::string before(const Name& now, const std::string& unless_renamed) const {
    const auto found = before_.find(now);
    if (found != before_.end()) return found->second;
    return gone_.contains(now) ? std::string() : unless_renamed;
  }

  std::map<Name, std::string> before_;
  std::set<Name> gone_;
};

const Table* find(const std::vector<Table>& tables, const std::string& name) {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const Table& table) { return table.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

ColumnChange change_of(const Column* before, const Column* after) {
  ColumnChange change;
  if (before != nullptr) change.before = *before;
  if (after != nullptr) change.after = *after;
  if (change.is_tightened()) change.fill_json = after->default_json;
  return change;
}

TableChange change_of(const Table& before, const Table& after, const Names& names) {
  TableChange change{.before = before, .after = after, .columns = {}, .dropped_indexes = {}, .added_indexes = {}};
  std::set<std::string> kept;
  for (const auto& column : after.columns) {
    const auto* was = before.find_column(names.column(before.name, column.name));
    if (was != nullptr) kept.insert(was->name);
    change.columns.push_back(change_of(was, &column));
  }
  for (const auto& column : before.columns) {
    if (!kept.contains(column.name)) change.columns.push_back(change_of(&column, nullptr));
  }
  const auto differs_from = [](const Table& table) {
    return [&table](const Index& index) {
      const auto* same = table.find_index(index.name);
      return same == nullptr || *same != index;
    };
  };
  std::copy_if(before.indexes.begin(), before.indexes.end(), std::back_inserter(change.dropped_indexes),
               differs_from(after));
  std::copy_if(after.indexes.begin(), after.indexes.end(), std::back_inserter(change.added_indexes),
               differs_from(before));
  return change;
}

/// Tables in an order in which what others refer to comes first, as far as they do not refer to one another in a ring.
std::vector<Table> referred_first(const std::vector<Table>& tables) {
  std::vector<Table> ordered;
  std::set<std::string> seen;
  const std::function<void(const Table&)> add = [&](const Table& table) {
    if (!seen.insert(table.name).second) return;
    for (const auto& column : table.columns) {
      const auto* referred = find(tables, column.references);
      if (referred != nullptr) add(*referred);
    }
    ordered.push_back(table);
  };
  for (const auto& table : tables) add(table);
  return ordered;
}

std::vector<Table> referred_last(const std::vector<Table>& tables) {
  auto ordered = referred_first(tables);
  std::reverse(ordered.begin(), ordered.end());
  return ordered;
}

std::vector<Table> sorted(std::vector<Table> tables) {
  std::sort(tables.begin(), tables.end(), [](const Table& left, const Table& right) { return left.name < right.name; });
  return tables;
}

/// What stands for no value; empty where nothing can.
std::string stand_in(const Column& column) {
  if (!column.references.empty()) return {};
  switch (column.type) {
    case ColumnType::kText:
      return "\"\"";
    case ColumnType::kInteger:
      return "0";
    case ColumnType::kNumber:
      return "0.0";
    case ColumnType::kDecimal:
      return "\"0\"";
    case ColumnType::kBoolean:
      return "false";
    case ColumnType::kTimestamp:
      return "\"1970-01-01T00:00:00.000Z\"";
    case ColumnType::kEnum: {
      std::string json;
      json::append_string(json, column.values.front());
      return json;
    }
    case ColumnType::kArray:
      return "[]";
    case ColumnType::kObject:
      return "{}";
    case ColumnType::kJson:
      return "null";
    case ColumnType::kUuid:
      break;
  }
  return {};
}

bool is_unique(const Table& table, const Column& column) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& index) {
    const auto& first = index.columns.front();
    return index.unique && (first == column.name || first == key_column(column));
  });
}

/// Gives the rows that are there what a column needs, or lets it be null.
void provide(TableChange& table, ColumnChange& change) {
  const bool needs_value = change.is_added() ? !change.after->nullable : change.is_tightened();
  if (!needs_value || !change.after->default_json.empty()) return;
  change.fill_json = is_unique(table.after, *change.after) ? std::string() : stand_in(*change.after);
  if (!change.fill_json.empty()) return;
  change.relaxed = true;
  change.after->nullable = true;
  for (auto& column : table.after.columns) {
    if (column.name == change.after->name) column.nullable = true;
  }
}

TableChange reversed(const TableChange& change) {
  TableChange back{.before = change.after,
                   .after = change.before,
                   .columns = {},
                   .dropped_indexes = change.added_indexes,
                   .added_indexes = change.dropped_indexes};
  for (const auto& column : change.columns) {
    back.columns.push_back(
        change_of(column.after ? &*column.after : nullptr, column.before ? &*column.before : nullptr));
    if (back.columns.back().after) provide(back, back.columns.back());
  }
  return back;
}

bool widens(const Column& before, const Column& after) {
  return after.scale >= before.scale && after.precision - after.scale >= before.precision - before.scale;
}

}  // namespace

bool ColumnChange::changes_type() const { return is_kept() && conversion_of(*before, *after) != Conversion::kNone; }

bool ColumnChange::gets_key() const {
  return is_kept() && before->key == KeyForm::kNone && after->key != KeyForm::kNone;
}

bool ColumnChange::loses_key() const {
  return is_kept() && before->key != KeyForm::kNone && after->key == KeyForm::kNone;
}

bool ColumnChange::changes_key() const {
  return is_kept() && before->key != KeyForm::kNone && after->key != KeyForm::kNone && before->key != after->key;
}

bool TableChange::ends_soft_delete() const {
  return std::any_of(columns.begin(), columns.end(), [](const ColumnChange& change) {
    return change.is_dropped() && change.before->name == "deleted_at";
  });
}

Difference difference_of(const std::vector<Table>& before, const std::vector<Table>& after,
                         const std::vector<Rename>& renames) {
  const Names names(renames);
  Difference difference;
  std::set<std::string> kept;
  for (const auto& table : sorted(after)) {
    const auto* was = find(before, names.table(table.name));
    if (was == nullptr) {
      difference.created.push_back(table);
      continue;
    }
    kept.insert(was->name);
    auto change = change_of(*was, table, names);
    const bool renames_column = std::any_of(change.columns.begin(), change.columns.end(),
                                            [](const ColumnChange& each) { return each.is_renamed(); });
    if (renames_column || !(*was == table)) difference.changed.push_back(std::move(change));
  }
  for (const auto& table : sorted(before)) {
    if (!kept.contains(table.name)) difference.dropped.push_back(table);
  }
  difference.created = referred_first(difference.created);
  difference.dropped = referred_last(difference.dropped);
  return difference;
}

Difference reversed(const Difference& difference) {
  Difference back{
      .created = referred_first(difference.dropped), .dropped = referred_last(difference.created), .changed = {}};
  for (const auto& change : difference.changed) back.changed.push_back(reversed(change));
  return back;
}

Conversion conversion_of(const Column& before, const Column& after) {
  using Type = ColumnType;
  if (before.type == after.type) {
    if (before.precision == after.precision && before.scale == after.scale && before.values == after.values) {
      return Conversion::kNone;
    }
    const bool fits = before.type == Type::kDecimal ? widens(before, after)
                                                    : std::includes(after.values.begin(), after.values.end(),
                                                                    before.values.begin(), before.values.end());
    return fits ? Conversion::kSafe : Conversion::kChecked;
  }
  static constexpr std::pair<Type, Type> kSafe[] = {{Type::kInteger, Type::kNumber},
                                                    {Type::kEnum, Type::kText},
                                                    {Type::kUuid, Type::kText},
                                                    {Type::kArray, Type::kJson},
                                                    {Type::kObject, Type::kJson}};
  for (const auto& [from, to] : kSafe) {
    if (before.type == from && after.type == to) return Conversion::kSafe;
    if (before.type == to && after.type == from) return Conversion::kChecked;
  }
  return Conversion::kImpossible;
}

std::string type_text(const Column& column) {
  std::string text(name_of(column.type));
  if (column.type != ColumnType::kDecimal) return text;
  return text + "(" + std::to_string(column.precision) + ", " + std::to_string(column.scale) + ")";
}

}  // namespace apiwright::repositories

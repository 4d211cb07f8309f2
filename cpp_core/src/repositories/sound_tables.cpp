#include "repositories/sound_tables.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "apiwright/repositories/migration_draft.hpp"
#include "repositories/own_tables.hpp"
#include "repositories/postgresql_ddl.hpp"

namespace apiwright::repositories {
namespace {

using validation::SchemaPtr;

Table* find(std::vector<Table>& tables, const std::string& name) {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const Table& table) { return table.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

/// Looks at all tables together.
class Inspection {
 public:
  explicit Inspection(const std::vector<Table>& tables) : tables_(tables) {}

  void run() {
    for (const auto& table : tables_) look_at_table(table);
    for (const auto& table : tables_) look_at_references(table);
    refusals_.throw_if_any();
  }

 private:
  void look_at_table(const Table& table) {
    if (is_reserved(table.name)) {
      refusals_.add(table.title, "The table " + table.name + " is apiwright's own: give the class another one.");
    }
    if (table.find_column("id") == nullptr) refusals_.add(table.title, "The table " + table.name + " has no id.");
    claim(table.title, table.name, "table");
    for (const auto& index : table.indexes) claim(table.title, index.name, "index");
    look_at_length(table.title, table.name);
    for (const auto& column : table.columns) {
      look_at_length(name(table, column), column.key == KeyForm::kNone ? column.name : key_column(column));
    }
  }

  // Tables and indexes have their names in common in both databases.
  void claim(const std::string& title, const std::string& claimed, const std::string& as) {
    const auto [holder, is_free] = names_.emplace(claimed, title);
    if (is_free) return;
    refusals_.add(title, "Its " + as + " " + claimed + " has a name that a table or an index of " + holder->second +
                             " has already: give the class another table.");
  }

  void look_at_length(const std::string& what, const std::string& text) {
    if (text.size() <= PostgresqlDdl::kMaxName) return;
    refusals_.add(what, "The name " + text + " has more than 63 bytes, which PostgreSQL cuts: shorten it.");
  }

  void look_at_references(const Table& table) {
    for (const auto& column : table.columns) {
      const auto& target = column.references;
      const bool is_there =
          std::any_of(tables_.begin(), tables_.end(), [&](const Table& each) { return each.name == target; });
      if (target.empty() || is_there || is_reserved(target)) continue;
      refusals_.add(name(table, column), "It refers to the table " + target + ", which nobody declares.");
    }
  }

  static std::string name(const Table& table, const Column& column) { return table.title + "." + column.name; }

  const std::vector<Table>& tables_;
  std::map<std::string, std::string> names_;
  Refusals refusals_;
};

/// One of apiwright's own tables with what `more` adds. What it has itself stays as it is.
Table extended(const Table& own, const Table& more, Refusals& refusals) {
  auto table = own;
  table.title = more.title;
  for (const auto& column : more.columns) {
    const auto* mine = own.find_column(column.name);
    if (mine == nullptr) {
      table.columns.push_back(column);
    } else if (*mine != column) {
      refusals.add(more.title + "." + column.name,
                   "The column is apiwright's own and stays as it is: declare a field of another name.");
    }
  }
  for (const auto& index : more.indexes) {
    if (own.find_index(index.name) == nullptr) table.indexes.push_back(index);
  }
  return table;
}

}  // namespace

void Refusals::throw_if_any() const {
  if (details_.empty()) return;
  throw Error(ErrorCode::kUnprocessable, "The tables cannot become as they are declared.", details_);
}

std::vector<Table> declared_tables(const std::vector<SchemaPtr>& declared) {
  std::vector<Table> tables = extensible_tables();
  std::set<std::string> to_extend;
  for (const auto& own : tables) to_extend.insert(own.name);
  Refusals refusals;
  for (const auto& schema : declared) {
    auto table = table_of(*schema);
    auto* const same = find(tables, table.name);
    if (same == nullptr) {
      tables.push_back(std::move(table));
    } else if (to_extend.erase(table.name) != 0) {
      *same = extended(*same, table, refusals);
    } else {
      refusals.add(table.title, "The table " + table.name + " belongs to " + same->title + ": give one another table.");
    }
  }
  refusals.throw_if_any();
  Inspection(tables).run();
  return tables;
}

std::vector<Table> with_own_tables(std::vector<Table> kept) {
  Refusals refusals;
  for (const auto& own : extensible_tables()) {
    auto* const same = find(kept, own.name);
    if (same == nullptr) {
      kept.push_back(own);
    } else {
      *same = extended(own, *same, refusals);
    }
  }
  refusals.throw_if_any();
  return kept;
}

std::vector<Table> without_own_tables(std::vector<Table> tables) {
  for (const auto& own : extensible_tables()) {
    auto* const same = find(tables, own.name);
    if (same == nullptr) continue;
    std::erase_if(same->columns, [&](const Column& column) { return own.find_column(column.name) != nullptr; });
    std::erase_if(same->indexes, [&](const Index& index) { return own.find_index(index.name) != nullptr; });
  }
  std::erase_if(tables, [](const Table& table) { return table.columns.empty() && table.indexes.empty(); });
  return tables;
}

void require_sound(const std::vector<SchemaPtr>& declared) { static_cast<void>(declared_tables(declared)); }

}  // namespace apiwright::repositories

#include "apiwright/repositories/drafts.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "apiwright/base/error.hpp"
#include "repositories/ddl.hpp"
#include "repositories/draft_records.hpp"
#include "repositories/identifier.hpp"
#include "repositories/stored_table.hpp"

namespace apiwright::repositories {
namespace {

using data::Connection;
using Draft = DraftRecords::Draft;
using Kind = DraftRecords::Kind;

/// One table's drafts that lie in one place.
struct Group {
  std::string table;
  std::string aside;
  std::vector<Draft> drafts;

  [[nodiscard]] bool is_whole_table() const {
    return std::any_of(drafts.begin(), drafts.end(), [](const Draft& each) { return each.kind == Kind::kTable; });
  }
  [[nodiscard]] std::vector<std::string> names(Kind kind) const {
    std::vector<std::string> found;
    for (const auto& draft : drafts) {
      if (draft.kind == kind) found.push_back(draft.name);
    }
    return found;
  }
};

/// The drafts in their place, or those aside.
std::vector<Group> groups_of(const DraftRecords& records, bool aside) {
  std::map<std::pair<std::string, std::string>, Group> groups;
  for (const auto& draft : records.all()) {
    if (draft.aside.empty() == aside) continue;
    auto& group = groups[{draft.table, draft.aside}];
    group.table = draft.table;
    group.aside = draft.aside;
    group.drafts.push_back(draft);
  }
  std::vector<Group> list;
  list.reserve(groups.size());
  for (auto& [place, group] : groups) list.push_back(std::move(group));
  return list;
}

std::string free_name(Connection& connection, const std::string& table) {
  const auto& ddl = Ddl::of(connection.dialect());
  auto name = ddl.stored_name(table + "__draft");
  for (int number = 2; connection.has_table(name); ++number) {
    name = ddl.stored_name(table + "__draft" + std::to_string(number));
  }
  return name;
}

std::string joined(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + quoted(name);
  return list;
}

// PostgreSQL looks at references at once, and would keep a table that another one refers to.
std::string references_too(const Connection& connection) {
  return connection.dialect() == Dialect::kPostgresql ? " CASCADE" : "";
}

std::string forget_version(Connection& connection, const std::string& table) {
  if (!connection.keeps_table_versions()) return {};
  return "DELETE FROM table_versions WHERE table_name = " + text_literal(table) + ";\n";
}

/// Moves the values of one table's drafts to a table of their own.
std::string aside_script(Connection& connection, const Group& group, const std::string& aside) {
  const auto table = quoted(group.table);
  const auto copy = "CREATE TABLE " + quoted(aside) + " AS SELECT ";
  if (group.is_whole_table()) {
    return copy + "* FROM " + table + ";\nDROP TABLE " + table + references_too(connection) + ";\n" +
           forget_version(connection, group.table);
  }
  const StoredTable stored(connection, group.table);
  const auto& ddl = Ddl::of(connection.dialect());
  auto columns = group.names(Kind::kColumn);
  std::erase_if(columns, [&](const std::string& column) { return stored.find_column(column) == nullptr; });
  std::string script;
  if (!columns.empty()) script += copy + "id, " + joined(columns) + " FROM " + table + ";\n";
  for (const auto& index : group.names(Kind::kIndex))
    script += "DROP INDEX IF EXISTS " + quoted(ddl.stored_name(index)) + ";\n";
  for (const auto& column : columns) script += "ALTER TABLE " + table + " DROP COLUMN " + quoted(column) + ";\n";
  return script;
}

std::string back_script(const Group& group, const std::vector<std::string>& columns) {
  const auto table = quoted(group.table);
  const auto aside = quoted(group.aside);
  if (group.is_whole_table()) {
    const auto list = joined(columns);
    return "INSERT INTO " + table + " (" + list + ") SELECT " + list + " FROM " + aside + ";\n";
  }
  std::string assignments;
  for (const auto& column : columns) {
    if (column == "id") continue;
    assignments += (assignments.empty() ? "" : ", ") + quoted(column) + " = aside." + quoted(column);
  }
  if (assignments.empty()) return {};
  return "UPDATE " + table + " SET " + assignments + " FROM " + aside + " AS aside WHERE aside.id = " + table +
         ".id;\n";
}

[[noreturn]] void refuse_rows(const Group& group, std::string cause) {
  throw Error(ErrorCode::kUnprocessable, "The rows of the draft of " + group.table +
                                             " do not fit the table that the migrations made. They stay in " +
                                             group.aside + ": drop that table to give them up.")
      .caused_by(std::move(cause));
}

bool refers_to(const StoredTable& stored, const std::string& table) {
  return std::any_of(stored.columns().begin(), stored.columns().end(),
                     [&](const auto& column) { return stored.referenced_by(column.first) == table; });
}

/// Those of tables that others refer to before those others': PostgreSQL looks at references with each statement.
std::vector<Group> referenced_first(Connection& connection, std::vector<Group> groups) {
  std::vector<Group> ordered;
  while (!groups.empty()) {
    auto next = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      const StoredTable stored(connection, group.table);
      return std::none_of(groups.begin(), groups.end(), [&](const Group& other) {
        return other.table != group.table && refers_to(stored, other.table);
      });
    });
    if (next == groups.end()) next = groups.begin();  // in a circle no order would do
    ordered.push_back(std::move(*next));
    groups.erase(next);
  }
  return ordered;
}

/// Moves one table's drafts into what is there now; a sentence about what has no place there.
std::string bring_back(Connection& connection, const Group& group) {
  const StoredTable target(connection, group.table);
  const StoredTable source(connection, group.aside);
  std::vector<std::string> columns;
  std::vector<std::string> left;
  for (const auto& [column, stored] : source.columns()) {
    (target.find_column(column) == nullptr ? left : columns).push_back(column);
  }
  try {
    connection.execute_script(back_script(group, columns));
    if (left.empty()) connection.execute_script("DROP TABLE " + quoted(group.aside));
  } catch (const data::UniqueViolation& violation) {
    refuse_rows(group, "several have one value of " + violation.column);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInternal) throw;
    refuse_rows(group, error.cause());
  }
  if (left.empty()) return {};
  return "The table " + group.aside + " keeps what has no column any more: " + joined(left) + ".";
}

}  // namespace

void set_drafts_aside(Connection& connection) {
  data::Transaction transaction(connection, &Connection::begin_schema_change);
  DraftRecords records(connection);
  const auto groups = groups_of(records, false);
  if (groups.empty()) return;
  for (const auto& group : groups) {
    const bool is_there = connection.has_table(group.table);
    const auto aside = free_name(connection, group.table);
    if (is_there) connection.execute_script(aside_script(connection, group, aside));
    for (auto draft : group.drafts) {
      records.remove(draft);
      draft.aside = aside;
      if (draft.kind != Kind::kIndex && connection.has_table(aside)) records.add(draft);
    }
  }
  transaction.commit();
}

std::vector<std::string> bring_drafts_back(Connection& connection) {
  data::Transaction transaction(connection, &Connection::begin_schema_change);
  DraftRecords records(connection);
  std::vector<std::string> sentences;
  bool any = false;
  for (const auto& group : referenced_first(connection, groups_of(records, true))) {
    if (connection.has_table(group.aside) && !connection.has_table(group.table)) continue;
    any = true;
    if (connection.has_table(group.aside)) {
      auto sentence = bring_back(connection, group);
      if (!sentence.empty()) sentences.push_back(std::move(sentence));
    }
    for (const auto& draft : group.drafts) records.remove(draft);
  }
  if (any) transaction.commit();
  return sentences;
}

}  // namespace apiwright::repositories

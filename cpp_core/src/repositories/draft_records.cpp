#include "repositories/draft_records.hpp"

#include <string_view>

namespace apiwright::repositories {
namespace {

// PostgreSQL's types; SQLite keeps whole numbers in columns that are called so.
constexpr const char* kCreate =
    "CREATE TABLE IF NOT EXISTS schema_drafts ("
    " table_name text NOT NULL,"
    " kind bigint NOT NULL,"
    " name text NOT NULL,"
    " aside text NOT NULL,"
    " CONSTRAINT schema_drafts_primary_key PRIMARY KEY (table_name, kind, name, aside))";
constexpr std::string_view kSelect = "SELECT table_name, kind, name, aside FROM schema_drafts ORDER BY 1, 2, 3, 4";
constexpr std::string_view kInsert =
    "INSERT INTO schema_drafts (table_name, kind, name, aside) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
constexpr std::string_view kDelete =
    "DELETE FROM schema_drafts WHERE table_name = ? AND kind = ? AND name = ? AND aside = ?";

}  // namespace

DraftRecords::DraftRecords(data::Connection& connection) : connection_(connection) {
  if (!connection.has_table("schema_drafts")) return;
  const auto rows = connection.prepare(kSelect);
  while (rows->step()) {
    drafts_.insert({std::string(rows->text(0)), static_cast<Kind>(rows->integer(1)), std::string(rows->text(2)),
                    std::string(rows->text(3))});
  }
}

void DraftRecords::add(const Difference& difference) {
  connection_.execute_script(kCreate);
  for (const auto& table : difference.created) add({table.name, Kind::kTable, "", ""});
  for (const auto& change : difference.changed) {
    const auto& table = change.after.name;
    if (holds_table(table)) continue;  // the table is, with all of it
    for (const auto& column : change.columns) {
      if (column.is_added()) add({table, Kind::kColumn, column.after->name, ""});
      if (column.after->key != KeyForm::kNone) add({table, Kind::kColumn, key_column(*column.after), ""});
    }
    for (const auto& index : change.added_indexes) add({table, Kind::kIndex, index.name, ""});
  }
}

void DraftRecords::add(const Draft& draft) {
  write(kInsert, draft);
  drafts_.insert(draft);
}

void DraftRecords::remove(const Draft& draft) {
  write(kDelete, draft);
  drafts_.erase(draft);
}

void DraftRecords::write(std::string_view sql, const Draft& draft) {
  const auto row = connection_.prepare(sql);
  row->bind(1, std::string_view(draft.table));
  row->bind(2, static_cast<int>(draft.kind));
  row->bind(3, std::string_view(draft.name));
  row->bind(4, std::string_view(draft.aside));
  row->step();
}

}  // namespace apiwright::repositories

#include "apiwright/data/migrations.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "apiwright/base/error.hpp"
#include "data/migration_files.hpp"

namespace apiwright::data {
namespace {

constexpr std::string_view kHistoryTable = "schema_migrations";
// PostgreSQL's types; SQLite keeps whole numbers in columns that are called so.
constexpr const char* kCreateHistory =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    " scope text NOT NULL,"
    " version bigint NOT NULL,"
    " name text NOT NULL,"
    " checksum text NOT NULL,"
    " applied_at timestamptz NOT NULL,"
    " CONSTRAINT schema_migrations_primary_key PRIMARY KEY (scope, version))";
constexpr std::string_view kSelectHistory =
    "SELECT version, checksum, applied_at FROM schema_migrations WHERE scope = ? ORDER BY version";
constexpr std::string_view kInsertHistory =
    "INSERT INTO schema_migrations (scope, version, name, checksum, applied_at) VALUES (?, ?, ?, ?, ?)";
constexpr std::string_view kDeleteHistory = "DELETE FROM schema_migrations WHERE scope = ? AND version = ?";

struct Applied {
  std::string checksum;
  Timestamp at;
};
using History = std::map<std::int64_t, Applied>;

History read_history(Connection& connection, const std::string& scope) {
  History history;
  if (!connection.has_table(kHistoryTable)) return history;
  const auto rows = connection.prepare(kSelectHistory);
  rows->bind(1, scope);
  while (rows->step()) {
    history.emplace(rows->integer(0), Applied{.checksum = std::string(rows->text(1)), .at = rows->timestamp(2)});
  }
  return history;
}

[[noreturn]] void refuse(const std::string& name, const std::string& reason) {
  throw Error(ErrorCode::kUnprocessable, "The migration " + name + " " + reason,
              {{.field = name, .message = "It " + reason, .code = "format"}});
}

/// When `migration` was applied. Throws when it is no longer what was applied.
std::optional<Timestamp> applied_at(const History& history, const Migration& migration) {
  const auto found = history.find(migration.version);
  if (found == history.end()) return {};
  if (found->second.checksum != migration.checksum) {
    refuse(stem_of(migration.version, migration.name),
           "was edited after it was applied: restore it, and write the change as a new one.");
  }
  return found->second.at;
}

void record(Connection& connection, const std::string& scope, const Migration& migration, Timestamp now) {
  const auto row = connection.prepare(kInsertHistory);
  row->bind(1, scope);
  row->bind(2, migration.version);
  row->bind(3, migration.name);
  row->bind(4, migration.checksum);
  row->bind(5, now);
  row->step();
}

void forget(Connection& connection, const std::string& scope, std::int64_t version) {
  const auto row = connection.prepare(kDeleteHistory);
  row->bind(1, scope);
  row->bind(2, version);
  row->step();
}

/// Runs a half of a migration. What goes wrong with it, it is to blame for, by its name.
void run_half(Connection& connection, Transaction& transaction, const Migration& migration, const std::string& sql,
              const std::function<void()>& note) {
  const auto stem = stem_of(migration.version, migration.name);
  try {
    connection.execute_script(sql);
    note();
    transaction.commit();
  } catch (const UniqueViolation& violation) {
    refuse(stem, "cannot be run: several rows have one value of " + violation.table + "." + violation.column + ".");
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInternal && error.code() != ErrorCode::kUnprocessable) throw;
    throw Error(error.code(),
                "The migration " + stem + " cannot be run: " + error.message() + " Nothing of it is kept.")
        .caused_by(error.cause());
  }
}

/// False when another process applied it meanwhile.
bool apply(Connection& connection, const std::string& scope, const Migration& migration, const Clock& clock) {
  Transaction transaction(connection, &Connection::begin_schema_change);
  connection.execute_script(kCreateHistory);
  if (applied_at(read_history(connection, scope), migration)) return false;
  run_half(connection, transaction, migration, migration.up,
           [&] { record(connection, scope, migration, clock.now()); });
  return true;
}

/// The last applied one, gone; nothing when none is left.
std::optional<std::string> take_back_last(Connection& connection, const std::string& scope,
                                          const std::vector<Migration>& known) {
  Transaction transaction(connection, &Connection::begin_schema_change);
  const auto history = read_history(connection, scope);
  if (history.empty()) return {};
  const auto version = history.rbegin()->first;
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const Migration& each) { return each.version == version; });
  if (found == known.end()) refuse(std::to_string(version), "is a newer release's: take it back with that release.");
  static_cast<void>(applied_at(history, *found));
  run_half(connection, transaction, *found, found->down, [&] { forget(connection, scope, version); });
  return stem_of(version, found->name);
}

}  // namespace

Migrations::Migrations(std::string scope, const std::filesystem::path& folder)
    : scope_(std::move(scope)), migrations_(read_migrations(folder)) {}

std::vector<MigrationStatus> Migrations::status(Connection& connection) const {
  const auto history = read_history(connection, scope_);
  std::vector<MigrationStatus> all;
  all.reserve(migrations_.size());
  for (const auto& migration : migrations_) {
    all.push_back({.migration = migration, .applied_at = applied_at(history, migration)});
  }
  return all;
}

std::vector<std::string> Migrations::up(Connection& connection, const Clock& clock) const {
  std::vector<std::string> names;
  // Read first: an edit is found before anything is applied, and where nothing is pending no lock is taken.
  for (const auto& [migration, at] : status(connection)) {
    if (!at && apply(connection, scope_, migration, clock)) names.push_back(stem_of(migration.version, migration.name));
  }
  return names;
}

std::vector<std::string> Migrations::down(Connection& connection, std::size_t steps) const {
  std::vector<std::string> names;
  while (names.size() < steps) {
    auto name = take_back_last(connection, scope_, migrations_);
    if (!name) break;
    names.push_back(*std::move(name));
  }
  return names;
}

std::size_t Migrations::pending(Connection& connection) const {
  const auto all = status(connection);
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const MigrationStatus& each) { return !each.applied_at; }));
}

}  // namespace apiwright::data

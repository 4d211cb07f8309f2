#include "data/sqlite_handle.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "apiwright/base/error.hpp"
#include "data/stepwise_connection.hpp"

namespace apiwright::data {
namespace {

constexpr std::chrono::seconds kRetryAfter{1};

// SQLite's own words name tables and constraints, never values: they are for the log.
std::string words_of(const SqliteHandle& handle) { return std::string("SQLite: ") + sqlite3_errmsg(handle.native); }

[[noreturn]] void throw_unavailable(const char* message, std::string cause) {
  throw Error::retry_later(ErrorCode::kUnavailable, message, kRetryAfter).caused_by(std::move(cause));
}

[[noreturn]] void throw_internal(const SqliteHandle& handle, const char* message) {
  throw Error(ErrorCode::kInternal, message).caused_by(words_of(handle));
}

// "UNIQUE constraint failed: users.email_key, users.tenant", or "… failed: index 'name'" for an index on an expression.
UniqueViolation unique_violation(std::string_view message) {
  constexpr std::string_view kPrefix = "constraint failed: ";
  const auto start = message.find(kPrefix);
  auto name = start == std::string_view::npos ? std::string_view{} : message.substr(start + kPrefix.size());
  name = name.substr(0, name.find(','));
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return {std::string{}, std::string(name)};
  return {std::string(name.substr(0, dot)), std::string(name.substr(dot + 1))};
}

[[noreturn]] void throw_constraint(const SqliteHandle& handle, int extended) {
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      throw unique_violation(sqlite3_errmsg(handle.native));
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      throw ForeignKeyViolation{};
    default:
      throw_internal(handle, "The database refused a value.");
  }
}

/// What ends a transaction as a whole.
[[noreturn]] void throw_failed(int code, std::string words) {
  switch (code & 0xff) {
    case SQLITE_OK:
      throw_unavailable("The change was not stored.", "SQLite: the transaction was lost or its COMMIT failed");
    case SQLITE_FULL:
      throw_unavailable("The database has no room.", std::move(words));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Error(ErrorCode::kInternal, "The database cannot be read.").caused_by(std::move(words));
    default:
      throw_unavailable("The database is not available.", std::move(words));
  }
}

}  // namespace

void throw_sqlite(SqliteHandle& handle, int code) {
  switch (code & 0xff) {  // the primary code of an extended one
    case SQLITE_CONSTRAINT:
      throw_constraint(handle, code);
    case SQLITE_INTERRUPT:
      throw ReadLimitReached{};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      throw_unavailable("The database is busy.", words_of(handle));
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      handle.broken = true;
      [[fallthrough]];
    case SQLITE_FULL:
      handle.failed = code;
      throw_failed(code, words_of(handle));
    default:
      throw_internal(handle, "The database refused a statement.");
  }
}

void throw_cannot_open() { throw_unavailable("The database cannot be opened.", "SQLite: the file cannot be opened"); }

void throw_not_stored(const SqliteHandle& handle) {
  // The connection's own words may be another statement's by now.
  throw_failed(handle.failed, std::string("SQLite: ") + sqlite3_errstr(handle.failed));
}

}  // namespace apiwright::data

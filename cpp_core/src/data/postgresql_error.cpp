// What the server refuses, by its SQLSTATE (PostgreSQL 15, appendix A); never by its words, which quote values and
// follow its language.

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/data/connection.hpp"
#include "data/postgresql_handle.hpp"

namespace apiwright::data {
namespace {

constexpr std::chrono::seconds kRetryAfter{1};
constexpr const char* kHowToPool = "; a pooler that gives each transaction another session wants DATABASE_PREPARE=off";

std::string_view field_of(const PGresult* result, int field) {
  const char* text = result == nullptr ? nullptr : PQresultErrorField(result, field);
  return text == nullptr ? std::string_view{} : text;
}

[[noreturn]] void throw_unavailable(const char* message, std::string cause) {
  throw Error::retry_later(ErrorCode::kUnavailable, message, kRetryAfter).caused_by(std::move(cause));
}

[[noreturn]] void throw_as(ErrorCode code, const char* message, std::string cause) {
  throw Error(code, message).caused_by(std::move(cause));
}

std::string cause_of(const PGresult* result) {
  const auto state = field_of(result, PG_DIAG_SQLSTATE);
  const auto constraint = field_of(result, PG_DIAG_CONSTRAINT_NAME);
  std::string cause = "PostgreSQL: " + std::string(state.empty() ? "the connection failed" : state);
  if (!constraint.empty()) cause.append(" (").append(constraint).append(")");
  return cause;
}

// The severity without translation: what ends the session, whatever its state says.
bool ends_session(const PGresult* result) {
  const auto severity = field_of(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

UniqueViolation unique_violation(PostgresqlHandle& handle, const PGresult* result) {
  const auto name = field_of(result, PG_DIAG_CONSTRAINT_NAME);
  auto found = handle.unique_columns.find(name);
  if (found == handle.unique_columns.end()) {
    handle.unique_columns_are_old = true;
    // In a lost transaction nothing can be asked; the next one will know.
    if (PQtransactionStatus(handle.native) == PQTRANS_IDLE) read_unique_columns(handle);
    found = handle.unique_columns.find(name);
  }
  const bool known = found != handle.unique_columns.end();
  return {std::string(field_of(result, PG_DIAG_TABLE_NAME)), known ? found->second : std::string()};
}

[[noreturn]] void throw_class(PostgresqlHandle& handle, std::string_view state, std::string cause) {
  const auto kind = state.substr(0, 2);
  if (kind == "08" || kind == "57" || kind == "58" || state == "25006") {  // no way to it, or not its old self
    handle.broken = true;
    throw_unavailable("The database is not available.", std::move(cause));
  }
  if (kind == "53") throw_unavailable("The database has no room.", std::move(cause));
  if (kind == "XX") throw_as(ErrorCode::kInternal, "The database cannot be read.", std::move(cause));
  if (kind == "22" || kind == "23") {
    throw_as(ErrorCode::kInternal, "The database refused a value.", std::move(cause));
  }
  throw_as(ErrorCode::kInternal, "The database refused a statement.", std::move(cause));
}

[[noreturn]] void throw_state(PostgresqlHandle& handle, const PGresult* result, std::string cause) {
  const auto state = field_of(result, PG_DIAG_SQLSTATE);
  if (state == "23505") throw unique_violation(handle, result);
  if (state == "23503") throw ForeignKeyViolation{};
  if (state == "40001" || state == "40P01" || state == "55P03") {  // serialization, deadlock, lock_timeout
    throw_unavailable("The database is busy.", std::move(cause));
  }
  if (state == "57014") throw_as(ErrorCode::kTimeout, "This took too long.", std::move(cause));
  if (state == "25P02") throw_not_stored();
  if (state == "22021" || state == "22P05") {  // U+0000, plain or escaped in JSON
    throw_as(ErrorCode::kUnprocessable, "A text holds a character that the database cannot store.", std::move(cause));
  }
  if (state == "0A000") throw_unavailable("The database has changed.", std::move(cause));  // behind a kept statement
  if (state == "26000" || state == "42P05") {  // what was prepared is gone, or somebody else's
    throw_unavailable("The database does not keep what was prepared.", std::move(cause) + kHowToPool);
  }
  throw_class(handle, state, std::move(cause));
}

}  // namespace

void throw_postgresql(PostgresqlHandle& handle, const PGresult* result) {
  auto cause = cause_of(result);
  if (PQstatus(handle.native) != CONNECTION_OK || ends_session(result)) handle.broken = true;
  if (handle.broken) throw_unavailable("The database is not available.", std::move(cause));
  throw_state(handle, result, std::move(cause));
}

void throw_not_stored() {
  throw_unavailable("The change was not stored.", "PostgreSQL: the transaction had failed before");
}

}  // namespace apiwright::data

#include "data/postgresql_connection.hpp"

#include <algorithm>
#include <exception>
#include <string>

#include "apiwright/base/error.hpp"
#include "data/postgresql_text.hpp"

namespace apiwright::data {
namespace {

constexpr std::chrono::milliseconds kAnswerGrace{1'000};
// Any number, as long as no other application of the database has the same: "apiwrigh" in ASCII.
constexpr const char* kLockSchema = "SELECT pg_catalog.pg_advisory_xact_lock(7021227780812138344)";
constexpr std::string_view kHold = "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(?, 0))";
constexpr const char* kHasTable =
    "SELECT 1 FROM pg_catalog.pg_class WHERE relname = ? AND relkind IN ('r', 'p')"
    " AND pg_catalog.pg_table_is_visible(oid)";

std::string milliseconds(std::chrono::milliseconds time) { return std::to_string(time.count()); }

// At least one: 0 is no limit.
std::chrono::milliseconds left_until(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds{1});
}

void ignore_notice(void* /*unused*/, const PGresult* /*notice*/) {}

[[noreturn]] void refuse_script() {
  throw Error(ErrorCode::kInternal, "The database refused a statement.")
      .caused_by("PostgreSQL: a script may not begin, end or divide a transaction");
}

}  // namespace

PostgresqlConnection::PostgresqlConnection(const std::string& conninfo, const PostgresqlLimits& limits)
    : session_(conninfo), handle_{.native = session_.native()}, statements_(handle_), limits_(limits) {
  configure();
}

void PostgresqlConnection::configure() {
  PQsetNoticeReceiver(handle_.native, ignore_notice, nullptr);
  handle_.answer_limit = limits_.statement.count() > 0 ? limits_.statement + kAnswerGrace : limits_.statement;
  handle_.prepares = limits_.prepare;
  if (limits_.prepare) {
    run_sql(handle_, settings(false));
  } else {
    handle_.settings = settings(true);
  }
}

// Unlike SET LOCAL, it is no warning in the server's log that the transaction has no BEGIN.
std::string PostgresqlConnection::settings(bool of_transaction) const {
  const auto set = [&](const char* name, const std::string& value) {
    return std::string("pg_catalog.set_config(") + name + ", CAST(" + value + " AS text)" +
           (of_transaction ? ", true)" : ", false)");
  };
  return "SELECT " + set("'TimeZone'", "'UTC'") + ", " + set("'standard_conforming_strings'", "'on'") + ", " +
         set("'statement_timeout'", milliseconds(limits_.statement)) + ", " +
         set("'lock_timeout'", milliseconds(limits_.lock)) + ", " +
         set("'idle_in_transaction_session_timeout'", milliseconds(limits_.idle_in_transaction));
}

StatementUse PostgresqlConnection::prepare(std::string_view sql) {
  drop_statements();
  return StatementUse(statements_.lend(sql));
}

void PostgresqlConnection::drop_statements() {
  // In a transaction a failure would lose it.
  if (handle_.dropped.empty() || handle_.in_transaction || handle_.broken) return;
  std::string sql;
  for (const auto& name : handle_.dropped) sql += "DEALLOCATE " + name + ";";
  handle_.dropped.clear();
  try {
    run_sql(handle_, sql);
  } catch (const Error&) {
    // Gone already; or the connection is, as the next statement will tell.
  }
}

void PostgresqlConnection::execute_script(const std::string& sql) {
  if (sql.find('\0') != std::string::npos || controls_transactions(sql)) refuse_script();
  check_transaction();
  run_sql(handle_, sql);
}

bool PostgresqlConnection::has_table(std::string_view name) {
  const auto found = prepare(kHasTable);
  found->bind(1, name);
  return found->step();
}

void PostgresqlConnection::attempt(const std::function<void()>& step) {
  check_transaction();
  handle_.ahead.emplace_back("SAVEPOINT attempt");
  try {
    step();
  } catch (...) {
    undo_to("attempt");
    throw;
  }
  handle_.ahead.emplace_back("RELEASE SAVEPOINT attempt");
}

// Nothing was sent yet, and nothing but the BEGIN waits.
bool PostgresqlConnection::is_untouched() const {
  const std::size_t begun = handle_.settings.empty() ? 1 : 2;
  return handle_.ahead.size() == begun && PQtransactionStatus(handle_.native) == PQTRANS_IDLE;
}

void PostgresqlConnection::step_by_commit(Statement& statement,
                                          std::function<void(const std::exception_ptr&)> refused) {
  PostgresqlDeferred deferred{.question = dynamic_cast<PostgresqlStatement&>(statement).question(),
                              .refused = std::move(refused)};
  const bool may_wait = is_untouched() && !handle_.deferred;
  run_deferred(handle_);
  handle_.deferred = std::move(deferred);
  if (!may_wait) run_deferred(handle_);
}

void PostgresqlConnection::hold(std::string_view name) {
  if (!writes_) return;
  const auto lock = prepare(kHold);
  lock->bind(1, name);
  lock->step();
}

void PostgresqlConnection::begin_read() { begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }

void PostgresqlConnection::begin_write() {
  if (handle_.unique_columns_are_old) read_unique_columns(handle_);
  begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  writes_ = true;
}

void PostgresqlConnection::begin_schema_change() {
  begin_write();
  try {
    run_sql(handle_, "SET LOCAL lock_timeout = 0");
    run_sql(handle_, kLockSchema);
    run_sql(handle_, "SET LOCAL lock_timeout = " + milliseconds(limits_.lock));
  } catch (...) {
    rollback();
    throw;
  }
}

void PostgresqlConnection::begin(const std::string& sql) {
  if (handle_.in_transaction) {
    throw Error(ErrorCode::kInternal, "The database refused a statement.").caused_by("PostgreSQL: a nested BEGIN");
  }
  drop_statements();
  handle_.ahead = {sql};
  if (!handle_.settings.empty()) handle_.ahead.push_back(handle_.settings);
  handle_.in_transaction = true;
}

void PostgresqlConnection::commit() {
  check_transaction();
  if (is_untouched()) return commit_deferred();
  run_deferred(handle_);
  const auto result = storing([&] { return run_sql(handle_, "COMMIT"); });
  // A COMMIT of a lost transaction rolls back, and calls it well.
  if (std::string_view(PQcmdStatus(result.get())) != "COMMIT") throw_not_stored();
  forget_transaction();
}

// A statement outside of a transaction is one of its own.
void PostgresqlConnection::commit_deferred() {
  forget_transaction();
  storing([&] {
    run_deferred(handle_);
    return PostgresqlResult{};
  });
}

PostgresqlResult PostgresqlConnection::storing(const std::function<PostgresqlResult()>& step) const {
  try {
    return step();
  } catch (const Error& error) {
    if (!handle_.broken) throw;
    throw Error(ErrorCode::kUnavailable, "It is not known whether the change was stored.").caused_by(error.cause());
  }
}

void PostgresqlConnection::forget_transaction() noexcept {
  handle_.in_transaction = false;
  handle_.ahead.clear();
  writes_ = false;
}

void PostgresqlConnection::rollback() noexcept {
  forget_transaction();
  handle_.deferred.reset();
  if (handle_.broken || PQtransactionStatus(handle_.native) == PQTRANS_IDLE) return;
  try {
    run_sql(handle_, "ROLLBACK");
  } catch (const std::exception&) {
    handle_.broken = true;
  }
}

void PostgresqlConnection::check_transaction() const {
  if (handle_.lost_transaction()) throw_not_stored();
}

void PostgresqlConnection::set_savepoint() {
  check_transaction();
  if (deadline_) handle_.ahead.push_back(statement_limit());
  handle_.ahead.emplace_back("SAVEPOINT work");
}

void PostgresqlConnection::release_savepoint() {
  check_transaction();
  handle_.ahead.emplace_back("RELEASE SAVEPOINT work");
}

void PostgresqlConnection::rollback_to_savepoint() noexcept { undo_to("work"); }

void PostgresqlConnection::undo_to(const std::string& savepoint) noexcept {
  try {
    run_sql(handle_, "ROLLBACK TO SAVEPOINT " + savepoint + "; RELEASE SAVEPOINT " + savepoint);
  } catch (const std::exception&) {
    // Else the COMMIT would store what was to be undone.
    handle_.broken = true;
  }
}

void PostgresqlConnection::limit_statements(std::chrono::steady_clock::time_point deadline) {
  // Who takes the steps ends them first.
  const auto idle = std::max(left_until(deadline), limits_.idle_in_transaction) + kAnswerGrace;
  handle_.ahead.push_back("SET LOCAL idle_in_transaction_session_timeout = " + milliseconds(idle));
  deadline_ = deadline;
}

void PostgresqlConnection::lift_limit() noexcept { deadline_.reset(); }

bool PostgresqlConnection::try_run(const std::function<void(Connection&)>& run, PostgresqlQuestions& questions) {
  handle_.gathered = &questions;
  try {
    run(*this);
  } catch (const NotYetAnswered&) {
    handle_.gathered = nullptr;
    return false;
  } catch (...) {
    handle_.gathered = nullptr;
    throw;
  }
  handle_.gathered = nullptr;
  return true;
}

std::string PostgresqlConnection::statement_limit() const {
  const bool limited = limits_.statement.count() > 0;
  const auto left = limited ? std::min(left_until(*deadline_), limits_.statement) : left_until(*deadline_);
  return "SET LOCAL statement_timeout = " + milliseconds(left);
}

}  // namespace apiwright::data

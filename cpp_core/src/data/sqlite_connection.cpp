#include "data/sqlite_connection.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Exception.h>

#include <map>
#include <mutex>
#include <thread>

#include "apiwright/base/error.hpp"
#include "data/sqlite_functions.hpp"
#include "data/sqlite_location.hpp"

namespace apiwright::data {
namespace {

constexpr const char* kPragmas = R"sql(
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
)sql";
constexpr std::chrono::milliseconds kRetryPause{5};

int milliseconds_of(std::chrono::milliseconds time) noexcept { return static_cast<int>(time.count()); }

Poco::Data::Session open_session(const std::filesystem::path& path) {
  static std::once_flag registered;
  try {
    std::call_once(registered, [] {
      // No statistics of memory: they cost a lock of the whole process for each piece, a tenth of a small read. Refused
      // where SQLite is in use already, which is as well.
      sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // NOLINT(*-vararg)
      Poco::Data::SQLite::Connector::registerConnector();
    });
    create_private_file(path);
    return {"SQLite", path.string()};
  } catch (const Poco::Exception&) {
    throw_cannot_open();
  }
}

int note_log_pages(void* target, sqlite3* /*native*/, const char* /*schema*/, int pages) {
  *static_cast<int*>(target) = pages;
  return SQLITE_OK;
}

int look_at_limit(void* target) {
  auto& limit = *static_cast<ReadLimit*>(target);
  return --limit.looks < 0 || std::chrono::steady_clock::now() > limit.deadline ? 1 : 0;
}

// A migration that ended its transaction would leave half of itself behind.
int refuse_transactions(void* /*unused*/, int action, const char* /*a*/, const char* /*b*/, const char* /*c*/,
                        const char* /*d*/) {
  const bool refused =
      action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT || action == SQLITE_ATTACH || action == SQLITE_DETACH;
  return refused ? SQLITE_DENY : SQLITE_OK;
}

}  // namespace

SqliteConnection::SqliteConnection(const std::filesystem::path& path, SqliteRole role,
                                   std::chrono::milliseconds busy_timeout)
    : busy_timeout_(busy_timeout),
      session_(open_session(path)),
      handle_{.native = Poco::Data::SQLite::Utility::dbHandle(session_)},
      statements_(handle_) {
  configure(role);
}

void SqliteConnection::configure(SqliteRole role) {
  sqlite3_extended_result_codes(handle_.native, 1);
  sqlite3_busy_timeout(handle_.native, milliseconds_of(busy_timeout_));
  // Else a misspelt column in double quotes is a text.
  sqlite3_db_config(handle_.native, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);  // NOLINT(*-vararg)
  sqlite3_db_config(handle_.native, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);  // NOLINT(*-vararg)
  enter_wal_mode();
  run_script(kPragmas);
  if (role == SqliteRole::kReader) {
    run_script("PRAGMA query_only = ON");
    // KiB, taken as pages are read. With SQLite's 2 MiB a row by id in a table of a million misses it twice as often.
    run_script("PRAGMA cache_size = -16000");
    sqlite3_progress_handler(handle_.native, ReadLimit::kLook, look_at_limit, &handle_.limit);
  }
  if (role == SqliteRole::kTool) add_functions(handle_.native);
  if (role == SqliteRole::kWriter) {
    // What a savepoint may restore would go to a temporary file past 64 KiB, which there may be no place for.
    run_script("PRAGMA temp_store = MEMORY");
    // The hook takes the place of the automatic checkpoint.
    sqlite3_wal_hook(handle_.native, note_log_pages, &log_pages_);
  }
}

void SqliteConnection::enter_wal_mode() {
  // SQLite does not wait for other connections here, and two may open a new file at once.
  const auto deadline = std::chrono::steady_clock::now() + busy_timeout_;
  while (true) {
    try {
      const auto mode = prepare("PRAGMA journal_mode = WAL");
      if (mode->step() && mode->text(0) == "wal") return;
      throw Error(ErrorCode::kValidationError, "DATABASE_URL: The file system cannot keep a write-ahead log.",
                  {{.field = "DATABASE_URL", .message = "Use a local file system.", .code = "format"}});
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kUnavailable || broken() || std::chrono::steady_clock::now() > deadline) throw;
    }
    std::this_thread::sleep_for(kRetryPause);
  }
}

StatementUse SqliteConnection::prepare(std::string_view sql) { return StatementUse(statements_.lend(sql)); }

void SqliteConnection::run(std::string_view sql) { prepare(sql)->step(); }

void SqliteConnection::run_script(const char* sql) {
  const int code = sqlite3_exec(handle_.native, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw_sqlite(handle_, code);
}

void SqliteConnection::execute_script(const std::string& sql) {
  if (sql.find('\0') != std::string::npos) throw_sqlite(handle_, SQLITE_ERROR);
  check_transaction();
  if (schema_change_) schema_change_->note_script(sql);
  sqlite3_set_authorizer(handle_.native, refuse_transactions, nullptr);
  const int code = sqlite3_exec(handle_.native, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_set_authorizer(handle_.native, nullptr, nullptr);
  if (code != SQLITE_OK) throw_sqlite(handle_, code);
}

std::vector<std::string> SqliteConnection::explain(std::string_view sql) {
  std::vector<std::string> plan;
  std::map<std::int64_t, std::size_t> depths;  // by step; a parent comes before its steps
  auto statement = prepare("EXPLAIN QUERY PLAN " + std::string(sql));
  while (statement->step()) {
    const auto parent = depths.find(statement->integer(1));
    const std::size_t depth = parent == depths.end() ? 0 : parent->second + 1;
    depths.emplace(statement->integer(0), depth);
    plan.push_back(std::string(2 * depth, ' ') + std::string(statement->text(3)));
  }
  return plan;
}

bool SqliteConnection::has_table(std::string_view name) {
  const auto found = prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  found->bind(1, name);
  return found->step();
}

bool SqliteConnection::keeps_table_versions() {
  // Once there, the table is never taken away again.
  if (!keeps_table_versions_) keeps_table_versions_ = has_table("table_versions");
  return keeps_table_versions_;
}

void SqliteConnection::step_by_commit(Statement& statement, std::function<void(const std::exception_ptr&)> refused) {
  try {
    statement.step();
  } catch (...) {
    refused(std::current_exception());
  }
}

void SqliteConnection::begin_read() { begin("BEGIN"); }

void SqliteConnection::begin_write() { begin("BEGIN IMMEDIATE"); }

void SqliteConnection::begin_schema_change() {
  // Outside of the transaction, inside of which it would do nothing.
  run_script("PRAGMA foreign_keys = OFF");
  try {
    begin_write();
    schema_change_.emplace(*this);
  } catch (...) {
    rollback();
    end_schema_change();
    throw;
  }
}

void SqliteConnection::end_schema_change() noexcept {
  schema_change_.reset();
  // A script may have set the other one, and failed before it set it back.
  const int code = sqlite3_exec(handle_.native, "PRAGMA foreign_keys = ON; PRAGMA legacy_alter_table = OFF", nullptr,
                                nullptr, nullptr);
  if (code != SQLITE_OK) handle_.broken = true;
}

void SqliteConnection::begin(std::string_view sql) {
  handle_.failed = SQLITE_OK;
  run(sql);
  handle_.in_transaction = true;
}

void SqliteConnection::commit() {
  check_transaction();
  if (schema_change_) schema_change_->check();
  try {
    run("COMMIT");
  } catch (const Error&) {
    throw_not_stored(handle_);
  }
  handle_.in_transaction = false;
  if (schema_change_) end_schema_change();
}

void SqliteConnection::rollback() noexcept {
  // SQLite may have done it by itself.
  if (sqlite3_get_autocommit(handle_.native) == 0) try_to_roll_back();
  handle_.in_transaction = false;
  handle_.failed = SQLITE_OK;
  if (sqlite3_get_autocommit(handle_.native) == 0) handle_.broken = true;
  if (schema_change_) end_schema_change();
}

void SqliteConnection::try_to_roll_back() noexcept {
  handle_.limit = {};
  handle_.failed = SQLITE_OK;
  try {
    run("ROLLBACK");
  } catch (...) {
    sqlite3_exec(handle_.native, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void SqliteConnection::check_transaction() const {
  if (handle_.lost_transaction()) throw_not_stored(handle_);
}

void SqliteConnection::set_savepoint() { run("SAVEPOINT work"); }

void SqliteConnection::release_savepoint() { run("RELEASE work"); }

void SqliteConnection::rollback_to_savepoint() noexcept {
  try {
    run("ROLLBACK TO work");
    run("RELEASE work");
  } catch (const std::exception&) {
    // Else the COMMIT would store what was to be undone.
    if (!handle_.lost_transaction()) handle_.failed = SQLITE_ABORT;
  }
}

void SqliteConnection::limit_statements(std::chrono::steady_clock::time_point deadline) noexcept {
  handle_.limit = {.deadline = deadline};
  sqlite3_progress_handler(handle_.native, ReadLimit::kLook, look_at_limit, &handle_.limit);
}

void SqliteConnection::lift_limit() noexcept {
  sqlite3_progress_handler(handle_.native, 0, nullptr, nullptr);
  handle_.limit = {};
}

bool SqliteConnection::checkpoint(int mode, std::chrono::milliseconds wait) noexcept {
  sqlite3_busy_timeout(handle_.native, milliseconds_of(wait));
  const int code = sqlite3_wal_checkpoint_v2(handle_.native, nullptr, mode, nullptr, nullptr);
  sqlite3_busy_timeout(handle_.native, milliseconds_of(busy_timeout_));
  return code == SQLITE_OK;
}

}  // namespace apiwright::data

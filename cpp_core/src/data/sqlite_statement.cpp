#include "data/sqlite_statement.hpp"

#include <limits>
#include <string>

#include "apiwright/base/error.hpp"

namespace apiwright::data {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n;";

}  // namespace

SqliteStatement::SqliteStatement(SqliteHandle& handle, std::string_view sql) : handle_(handle) {
  if (sql.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) fail(SQLITE_TOOBIG);
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(handle_.native, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &native_, &rest);
  if (code != SQLITE_OK) fail(code);
  const auto tail = sql.substr(static_cast<std::size_t>(rest - sql.data()));
  if (native_ == nullptr || tail.find_first_not_of(kWhiteSpace) != std::string_view::npos) {
    sqlite3_finalize(native_);
    fail(SQLITE_ERROR);
  }
  reads_only_ = sqlite3_stmt_readonly(native_) != 0;
}

SqliteStatement::~SqliteStatement() { sqlite3_finalize(native_); }

void SqliteStatement::fail(int code) { throw_sqlite(handle_, code); }

void SqliteStatement::check(int code) {
  if (code != SQLITE_OK) fail(code);
}

void SqliteStatement::bind_null(int index) { check(sqlite3_bind_null(native_, index)); }

void SqliteStatement::bind(int index, std::int64_t value) { check(sqlite3_bind_int64(native_, index, value)); }

void SqliteStatement::bind(int index, double value) { check(sqlite3_bind_double(native_, index, value)); }

void SqliteStatement::bind(int index, bool value) { check(sqlite3_bind_int(native_, index, value ? 1 : 0)); }

void SqliteStatement::bind(int index, std::string_view value) {
  // A view without data would be bound as NULL.
  const char* data = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_text64(native_, index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));  // NOLINT
}

void SqliteStatement::bind(int index, const Uuid& value) {
  const auto text = value.text();
  bind(index, std::string_view(text.data(), text.size()));
}

void SqliteStatement::bind(int index, Timestamp value) { bind(index, std::int64_t{value.time_since_epoch().count()}); }

void SqliteStatement::bind(int index, const Decimal& value) { bind(index, value.unscaled); }

void SqliteStatement::bind_bytes(int index, std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_blob64(native_, index, data, value.size(), SQLITE_TRANSIENT));  // NOLINT
}

bool SqliteStatement::step() {
  if (finished_) return false;
  if (handle_.lost_transaction()) throw_not_stored(handle_);
  const int code = sqlite3_step(native_);
  if (code == SQLITE_ROW) return true;
  finished_ = true;
  if (code == SQLITE_DONE) {
    if (!reads_only_) changes_ = sqlite3_changes64(handle_.native);
    return false;
  }
  changes_ = 0;
  // Rewound only after the error was read: a reset may replace the connection's message.
  try {
    fail(code);
  } catch (...) {
    sqlite3_reset(native_);
    throw;
  }
}

bool SqliteStatement::is_null(int column) const { return sqlite3_column_type(native_, column) == SQLITE_NULL; }

std::int64_t SqliteStatement::integer(int column) const { return sqlite3_column_int64(native_, column); }

double SqliteStatement::real(int column) const { return sqlite3_column_double(native_, column); }

bool SqliteStatement::boolean(int column) const { return integer(column) != 0; }

std::string_view SqliteStatement::text(int column) const {
  // By its value, since each question to a column takes the connection's mutex; no other thread is at this connection.
  sqlite3_value* value = sqlite3_column_value(native_, column);
  const void* data = sqlite3_value_text(value);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

Uuid SqliteStatement::uuid(int column) const {
  const auto value = Uuid::parse(text(column));
  if (!value) throw Error(ErrorCode::kInternal, "The database holds a malformed id.");
  return *value;
}

Timestamp SqliteStatement::timestamp(int column) const { return Timestamp(Timestamp::duration(integer(column))); }

Decimal SqliteStatement::decimal(int column, int scale) const { return {.unscaled = integer(column), .scale = scale}; }

std::string_view SqliteStatement::bytes(int column) const {
  const void* data = sqlite3_column_blob(native_, column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(native_, column))};
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(native_);
  sqlite3_clear_bindings(native_);
  finished_ = false;
}

void SqliteStatement::release() noexcept {
  reset();
  lent_ = false;
}

}  // namespace apiwright::data

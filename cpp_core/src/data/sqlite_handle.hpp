#pragma once

#include <sqlite3.h>

#include <chrono>
#include <climits>
#include <exception>

namespace apiwright::data {

/// How far a reader may go before its statements are interrupted.
struct ReadLimit {
  /// Steps of SQLite's machine between two looks at the limit: some tens of microseconds.
  static constexpr int kLook = 1000;

  int looks = INT_MAX;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

/// What one connection shares with its statements: the native handle and what is known of its state. One thread at a
/// time.
struct SqliteHandle {
  sqlite3* native = nullptr;
  bool in_transaction = false;
  int failed = SQLITE_OK;  ///< no room, I/O, memory: the transaction may be gone in part, and can only be rolled back
  bool broken = false;     ///< I/O, memory or the file itself failed: the connection is not to be kept
  ReadLimit limit;         ///< what is left of it; a reader's

  /// True when the transaction failed or SQLite has rolled it back by itself: what would run now would be stored
  /// without what ran before.
  [[nodiscard]] bool lost_transaction() const noexcept {
    return in_transaction && (failed != SQLITE_OK || sqlite3_get_autocommit(native) != 0);
  }
};

/// Throws what the module's callers know for the native result `code` (UniqueViolation or Error; ReadLimitReached), and
/// notes a broken handle.
[[noreturn]] void throw_sqlite(SqliteHandle& handle, int code);

/// The same where Poco could not open a session. Its exceptions carry no usable code.
[[noreturn]] void throw_cannot_open();

/// The transaction was lost, or its COMMIT failed: nothing of it is stored. Throws what it failed with.
[[noreturn]] void throw_not_stored(const SqliteHandle& handle);

}  // namespace apiwright::data

#pragma once

#include <sqlite3.h>

#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace apiwright::support {

/// What SQLite itself ran, by its own trace, on any connection opened while this lives. Make it before the database;
/// one at a time.
class TracedStatements {
 public:
  TracedStatements() {
    static_cast<void>(take());
    sqlite3_auto_extension(entry());
  }
  ~TracedStatements() { sqlite3_cancel_auto_extension(entry()); }
  TracedStatements(const TracedStatements&) = delete;
  TracedStatements& operator=(const TracedStatements&) = delete;

  /// Since the last call.
  [[nodiscard]] static std::vector<std::string> take() {
    const std::lock_guard lock(mutex());
    return std::exchange(texts(), {});
  }

 private:
  using Entry = void (*)();

  static std::mutex& mutex() {
    static std::mutex mutex;
    return mutex;
  }
  static std::vector<std::string>& texts() {
    static std::vector<std::string> texts;
    return texts;
  }
  static int note(unsigned /*event*/, void* /*context*/, void* /*statement*/, void* text) {
    const std::lock_guard lock(mutex());
    texts().emplace_back(static_cast<const char*>(text));
    return 0;
  }
  static int trace(sqlite3* native, const char** /*error*/, const void* /*routines*/) {
    return sqlite3_trace_v2(native, SQLITE_TRACE_STMT, note, nullptr);
  }
  // SQLite declares every entry point so, and calls it with trace's parameters.
  static Entry entry() { return reinterpret_cast<Entry>(trace); }  // NOLINT(*-reinterpret-cast)
};

}  // namespace apiwright::support

#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <string_view>

namespace apiwright::support {

/// How often SQLite itself ran a `SELECT count(*)`, on any connection opened while this lives: by its own trace. Make
/// it before the database; one at a time.
class TracedCounts {
 public:
  TracedCounts() {
    runs() = 0;
    sqlite3_auto_extension(entry());
  }
  ~TracedCounts() { sqlite3_cancel_auto_extension(entry()); }
  TracedCounts(const TracedCounts&) = delete;
  TracedCounts& operator=(const TracedCounts&) = delete;

  /// Since the last call.
  [[nodiscard]] static int take() { return runs().exchange(0); }

 private:
  using Entry = void (*)();

  static std::atomic<int>& runs() {
    static std::atomic<int> runs = 0;
    return runs;
  }
  static int note(unsigned /*event*/, void* /*context*/, void* /*statement*/, void* text) {
    if (std::string_view(static_cast<const char*>(text)).starts_with("SELECT count(*)")) ++runs();
    return 0;
  }
  static int trace(sqlite3* native, const char** /*error*/, const void* /*routines*/) {
    return sqlite3_trace_v2(native, SQLITE_TRACE_STMT, note, nullptr);
  }
  // SQLite declares every entry point so, and calls it with trace's parameters.
  static Entry entry() { return reinterpret_cast<Entry>(trace); }  // NOLINT(*-reinterpret-cast)
};

}  // namespace apiwright::support

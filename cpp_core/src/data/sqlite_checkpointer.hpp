#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "apiwright/tasks/executor.hpp"
#include "data/sqlite_connection.hpp"

namespace apiwright::data {

/// Copies the write-ahead log into the database beside the writer, on a thread and connection of its own, so that no
/// commit waits for it. After each kInterval pages it copies what no reader still needs (PASSIVE). While writes never
/// pause that cannot empty the log: past kBound pages (64 MiB) the writer itself stops, for at most kPatience waiting
/// for readers, and empties it. A log larger than that has a reader that does not end. after_commit and stop are the
/// writer's.
class SqliteCheckpointer {
 public:
  static constexpr int kInterval = 1000;  ///< pages of 4 KiB; SQLite's own default
  static constexpr int kBound = 16 * kInterval;
  static constexpr std::chrono::milliseconds kPatience{100};

  SqliteCheckpointer(std::filesystem::path path, std::chrono::milliseconds busy_timeout);

  /// Told outside a transaction.
  void after_commit(SqliteConnection& writer) noexcept;

  void stop(std::chrono::milliseconds grace);

 private:
  void schedule();
  void checkpoint() noexcept;

  std::filesystem::path path_;
  std::chrono::milliseconds busy_timeout_;
  int scheduled_at_ = 0;
  std::unique_ptr<SqliteConnection> connection_;  // the executor's thread's
  tasks::Executor executor_;
};

}  // namespace apiwright::data

#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "apiwright/data/database.hpp"
#include "apiwright/tasks/executor.hpp"
#include "data/sqlite_connection.hpp"

namespace apiwright::data {

/// The threads that read, and as many connections. A read that takes longer than anybody waits for it is interrupted.
/// submit is thread-safe; stop is called once, by one thread.
/// Poco's SessionPool would start a timer's thread and throw when full; here a thread never waits for a connection.
class SqliteReaders {
 public:
  SqliteReaders(std::filesystem::path path, const DatabaseOptions& options);

  void submit(Work work);
  void stop(std::chrono::milliseconds grace);

 private:
  void perform(const Work& work) noexcept;
  void run(const Work& work);
  std::unique_ptr<SqliteConnection> take();
  void give_back(std::unique_ptr<SqliteConnection> connection);

  std::filesystem::path path_;
  std::chrono::milliseconds busy_timeout_;
  std::chrono::milliseconds time_limit_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<SqliteConnection>> idle_;  // the last used, with its warm cache, is taken first
  tasks::Executor executor_;
};

}  // namespace apiwright::data

#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "apiwright/data/database.hpp"
#include "apiwright/tasks/executor.hpp"
#include "data/sqlite_checkpointer.hpp"
#include "data/sqlite_connection.hpp"

namespace apiwright::data {

/// The one thread that writes, in the order of submission. submit is thread-safe; stop is called once, by one thread.
/// How works share a transaction is decided in perform() alone: today each has its own.
class SqliteWriter {
 public:
  SqliteWriter(const std::filesystem::path& path, const DatabaseOptions& options);

  void submit(Work work);
  void stop(std::chrono::milliseconds grace);

 private:
  void perform(const Work& work) noexcept;
  void run(const Work& work);
  SqliteConnection& connection();

  std::filesystem::path path_;
  std::chrono::milliseconds busy_timeout_;
  SqliteCheckpointer checkpointer_;
  std::unique_ptr<SqliteConnection> connection_;  // the executor's thread's
  tasks::Executor executor_;
};

}  // namespace apiwright::data

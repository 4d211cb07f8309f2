#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "apiwright/data/database.hpp"
#include "apiwright/tasks/executor.hpp"
#include "data/sqlite_checkpointer.hpp"
#include "data/sqlite_connection.hpp"
#include "data/transaction_steps.hpp"

namespace apiwright::data {

/// The one thread that writes, in the order of submission. Works that waited while a commit was synced form a group:
/// they share the next transaction, each in a savepoint, and are told after its end. An interactive transaction is
/// never in a group: what came before it is stored first, what comes after it waits. submit and submit_begin are
/// thread-safe; stop is called once, by one thread.
class SqliteWriter {
 public:
  static constexpr std::size_t kGroupLimit = 128;  ///< works; past it a sync costs each of them little

  SqliteWriter(const std::filesystem::path& path, const DatabaseOptions& options);

  void submit(Work work);
  void submit_begin(std::chrono::milliseconds time_limit, Database::Begun begun);
  /// Ends an open interactive transaction at once.
  void stop(std::chrono::milliseconds grace);

 private:
  struct Member {
    std::shared_ptr<const Work> work;
    std::exception_ptr failure = nullptr;
  };

  void join_group(std::shared_ptr<const Work> work);
  void perform_group() noexcept;
  [[nodiscard]] bool store_group() noexcept;
  [[nodiscard]] bool run_group();
  void run(Member& member);
  void tell_group() noexcept;
  void perform_steps(const std::shared_ptr<TransactionSteps>& steps, const Database::Begun& begun) noexcept;
  void set_open(std::shared_ptr<TransactionSteps> steps) noexcept;
  void end_steps() noexcept;
  SqliteConnection& connection();

  std::filesystem::path path_;
  std::chrono::milliseconds busy_timeout_;
  SqliteCheckpointer checkpointer_;
  std::unique_ptr<SqliteConnection> connection_;  // the executor's thread's, as is
  std::vector<Member> group_;
  std::mutex open_mutex_;
  std::shared_ptr<TransactionSteps> open_;  // the interactive transaction that the writer serves now
  bool stopping_ = false;
  tasks::Executor executor_;
};

}  // namespace apiwright::data

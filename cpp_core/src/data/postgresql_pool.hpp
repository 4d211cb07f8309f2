#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "apiwright/tasks/executor.hpp"
#include "data/postgresql_connection.hpp"

namespace apiwright::data {

/// Threads, and as many connections at most: what is submitted waits for a thread, within the queue's limits, and never
/// for a connection. A connection that the server has ended meanwhile is replaced before it is used, so the first use
/// after a restart succeeds. submit is thread-safe; stop is called once, by one thread.
class PostgresqlPool {
 public:
  using Use = std::function<void(PostgresqlConnection&)>;  ///< throws nothing
  using Refuse = std::function<void(const std::exception_ptr&)>;

  PostgresqlPool(std::string conninfo, const PostgresqlLimits& limits, tasks::ExecutorOptions threads);

  /// Calls one of the two, once: `refuse` with an Error(kUnavailable) when it waited too long, the server cannot be
  /// reached or the pool stops. Throws one with retry_after, both uncalled, when the queue is full.
  void submit(Use use, Refuse refuse);
  void stop(std::chrono::milliseconds grace);

 private:
  void perform(const Use& use, const Refuse& refuse) noexcept;
  std::unique_ptr<PostgresqlConnection> take();
  std::unique_ptr<PostgresqlConnection> take_idle();
  void give_back(std::unique_ptr<PostgresqlConnection> connection);

  std::string conninfo_;
  PostgresqlLimits limits_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<PostgresqlConnection>> idle_;  // the last used, with its warm caches, is taken first
  tasks::Executor executor_;
};

}  // namespace apiwright::data

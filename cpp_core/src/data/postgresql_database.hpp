#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "apiwright/data/database.hpp"
#include "data/postgresql_brief_reader.hpp"
#include "data/postgresql_pool.hpp"
#include "data/transaction_steps.hpp"

namespace apiwright::data {

/// A server's database. Reads and writes have pools of their own, so that no read waits behind writes that wait for
/// each other's rows; each work has a transaction of its own, and the server gathers their commits. wait_limit bounds a
/// statement too, and busy_timeout the wait for a row that another transaction has. Thread-safe.
class PostgresqlDatabase final : public Database {
 public:
  /// `conninfo` from parse_postgresql_url; at most 1 + options.readers + options.writers sessions, beside those of
  /// connect().
  PostgresqlDatabase(std::string conninfo, const DatabaseOptions& options);
  ~PostgresqlDatabase() override;
  PostgresqlDatabase(const PostgresqlDatabase&) = delete;
  PostgresqlDatabase& operator=(const PostgresqlDatabase&) = delete;

  /// Always false: a thread that waits for the server does nothing else.
  [[nodiscard]] bool try_read(const std::function<void(Connection&)>& run) override;
  [[nodiscard]] bool is_remote() const noexcept override { return true; }
  void submit_read(Work work) override;
  void submit_write(Work work) override;
  /// Other writes go on meanwhile, unless they want the same rows. One writer's session is taken for as long.
  void submit_begin(std::chrono::milliseconds time_limit, Begun begun) override;
  /// By options.direct_url where that is given. Its statements take as long as they take.
  [[nodiscard]] std::unique_ptr<Connection> connect() override;
  void stop(std::chrono::milliseconds grace) override;

 private:
  using Steps = std::shared_ptr<TransactionSteps>;

  void serve(PostgresqlConnection& connection, const Steps& steps, const Begun& begun) noexcept;
  void add_open(const Steps& steps);
  void remove_open(const Steps& steps) noexcept;
  void end_open() noexcept;
  void refuse_when_stopping() const;

  std::string conninfo_;
  std::string direct_conninfo_;
  PostgresqlLimits tool_limits_;
  std::mutex open_mutex_;
  std::vector<Steps> open_;  // the interactive transactions that are served now
  std::atomic<bool> stopping_ = false;
  std::once_flag stopped_;
  PostgresqlBriefReader brief_reader_;
  PostgresqlPool readers_;
  PostgresqlPool writers_;
};

}  // namespace apiwright::data

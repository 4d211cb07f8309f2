#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "apiwright/data/connection.hpp"
#include "apiwright/data/interactive_transaction.hpp"
#include "apiwright/data/runner.hpp"

namespace apiwright::data {

struct DatabaseOptions {
  std::size_t readers = 2;                        ///< threads that read, each with its own connection
  std::size_t writers = 4;                        ///< threads that write, likewise; SQLite has one
  std::size_t queue_limit = 4096;                 ///< waiting reads, and waiting writes; past it Error(kUnavailable)
  std::chrono::milliseconds wait_limit{10'000};   ///< work that waited longer is refused unrun; a longer read ends
  std::chrono::milliseconds busy_timeout{5'000};  ///< for another process's write lock
  std::string direct_url;  ///< what connect() takes instead of the URL: past a pooler; empty: the same
  bool prepare = true;  ///< statements stay prepared in a session; false behind a pooler that changes it, as PgBouncer
};

/// A database: threads with connections and bounded queues before them. Thread-safe. Opens nothing and starts no thread
/// before the first use. Each work has a transaction of its own.
class Database : public Runner {
 public:
  /// Told once: the transaction, or what went wrong. May not block on the same database, nor throw.
  using Begun = std::function<void(std::unique_ptr<InteractiveTransaction>, std::exception_ptr)>;

  ~Database() override = default;

  /// `url`: `sqlite:///relative.db`, `sqlite:////absolute.db`, or `postgresql://user:password@host/database` with
  /// libpq's parameters. Throws Error(kValidationError) naming `DATABASE_URL` for any other.
  [[nodiscard]] static std::unique_ptr<Database> open(const std::string& url, const DatabaseOptions& options = {});

  /// Runs `run` on this thread, in a read snapshot, when it ends within a small budget of the database's steps: rows by
  /// id or a page by an index do, counting thousands does not. Otherwise false, with `run` called in vain or not at
  /// all: submit_read it then. Rethrows what `run` throws.
  [[nodiscard]] bool try_read(const std::function<void(Connection&)>& run) override = 0;

  /// Runs on a reader thread in a read snapshot; Error(kTimeout) when it takes longer than wait_limit. Throws
  /// Error(kUnavailable) with retry_after, `work` untold, when the queue is full.
  void submit_read(Work work) override = 0;
  /// Runs on the writer, in a write transaction that is durable (synchronous=FULL) before `done`.
  void submit_write(Work work) override = 0;

  /// Opens a transaction that its user takes step by step, for `time_limit` (from its beginning, at most a day). Every
  /// other write waits meanwhile. Throws Error(kUnavailable), `begun` untold, when the queue is full.
  virtual void submit_begin(std::chrono::milliseconds time_limit, Begun begun) = 0;
  /// The same, waiting for it. Throws Error(kUnavailable) when the writer is not to be had within wait_limit.
  [[nodiscard]] std::unique_ptr<InteractiveTransaction> begin(std::chrono::milliseconds time_limit);

  /// A connection of one's own, for migrations and tools. Throws Error(kUnavailable) when it cannot be had.
  [[nodiscard]] virtual std::unique_ptr<Connection> connect() = 0;

  /// Takes no more work, rolls an open interactive transaction back, finishes what waits for up to `grace`, closes
  /// every connection. Idempotent.
  virtual void stop(std::chrono::milliseconds grace) = 0;

 protected:
  Database() = default;
  Database(const Database&) = default;
  Database& operator=(const Database&) = default;
};

}  // namespace apiwright::data

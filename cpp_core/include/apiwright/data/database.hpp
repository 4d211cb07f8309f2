#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "apiwright/data/connection.hpp"

namespace apiwright::data {

/// Work for a database. `run` gets a connection inside a transaction (a read snapshot, or a write): what it throws
/// rolls back. `done` is told once, after the COMMIT: nothing on success, else what went wrong. Writes that waited
/// share a COMMIT; each is rolled back alone, but when the database has no room or fails, all of them get
/// Error(kUnavailable). Neither callback may block on the same database; `done` may not throw.
struct Work {
  std::function<void(Connection&)> run;
  std::function<void(std::exception_ptr)> done;
};

struct DatabaseOptions {
  std::size_t readers = 2;                        ///< threads that read, each with its own connection
  std::size_t queue_limit = 4096;                 ///< waiting reads, and waiting writes; past it Error(kUnavailable)
  std::chrono::milliseconds wait_limit{10'000};   ///< work that waited longer is refused unrun; a longer read ends
  std::chrono::milliseconds busy_timeout{5'000};  ///< for another process's write lock
};

/// A database: threads with connections and bounded queues before them. Thread-safe. Opens nothing and starts no thread
/// before the first use.
class Database {
 public:
  /// `url`: `sqlite:///relative.db`, `sqlite:////absolute.db`. Throws Error(kValidationError) naming `DATABASE_URL` for
  /// any other.
  [[nodiscard]] static std::unique_ptr<Database> open(const std::string& url, DatabaseOptions options = {});

  virtual ~Database() = default;

  /// Runs `run` on this thread, in a read snapshot, when it ends within a small budget of the database's steps: rows by
  /// id or a page by an index do, counting thousands does not. Otherwise false, with `run` called in vain or not at
  /// all: submit_read it then. Rethrows what `run` throws.
  [[nodiscard]] virtual bool try_read(const std::function<void(Connection&)>& run) = 0;

  /// Runs on a reader thread in a read snapshot; Error(kTimeout) when it takes longer than wait_limit. Throws
  /// Error(kUnavailable) with retry_after, `work` untold, when the queue is full.
  virtual void submit_read(Work work) = 0;
  /// Runs on the writer, in a write transaction that is durable (synchronous=FULL) before `done`.
  virtual void submit_write(Work work) = 0;

  /// The same, waiting for the end; rethrows what went wrong.
  void read(const std::function<void(Connection&)>& run);
  void write(const std::function<void(Connection&)>& run);

  /// A connection of one's own, for migrations and tools. Throws Error(kUnavailable) when it cannot be had.
  [[nodiscard]] virtual std::unique_ptr<Connection> connect() = 0;

  /// Takes no more work, finishes what waits for up to `grace`, closes every connection. Idempotent.
  virtual void stop(std::chrono::milliseconds grace) = 0;

 protected:
  Database() = default;
  Database(const Database&) = default;
  Database& operator=(const Database&) = default;
};

}  // namespace apiwright::data

#include "data/sqlite_readers.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "apiwright/base/error.hpp"
#include "data/job.hpp"
#include "data/snapshot.hpp"

namespace apiwright::data {
namespace {

void run_in_snapshot(SqliteConnection& connection, const Work& work, std::chrono::milliseconds limit) {
  connection.limit_reads({.deadline = std::chrono::steady_clock::now() + limit});
  try {
    const Snapshot snapshot(connection);
    work.run(connection);
  } catch (const ReadLimitReached&) {
    throw Error(ErrorCode::kTimeout, "This took too long.");
  }
}

}  // namespace

SqliteReaders::SqliteReaders(std::filesystem::path path, const DatabaseOptions& options)
    : path_(std::move(path)),
      busy_timeout_(options.busy_timeout),
      time_limit_(options.wait_limit),
      executor_({.name = "aw-reader",
                 .threads = std::max<std::size_t>(options.readers, 1),
                 .queue_limit = options.queue_limit,
                 .wait_limit = options.wait_limit}) {}

void SqliteReaders::submit(Work work) {
  executor_.submit(job_of(std::move(work), [this](const Work& accepted) { perform(accepted); }));
}

void SqliteReaders::perform(const Work& work) noexcept {
  std::exception_ptr failure;
  try {
    run(work);
  } catch (...) {
    failure = std::current_exception();
  }
  work.done(failure);
}

void SqliteReaders::run(const Work& work) {
  auto connection = take();
  try {
    run_in_snapshot(*connection, work, time_limit_);
  } catch (...) {
    give_back(std::move(connection));
    throw;
  }
  give_back(std::move(connection));
}

std::unique_ptr<SqliteConnection> SqliteReaders::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return std::make_unique<SqliteConnection>(path_, SqliteRole::kReader, busy_timeout_);
}

void SqliteReaders::give_back(std::unique_ptr<SqliteConnection> connection) {
  if (connection->broken()) return;
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

void SqliteReaders::stop(std::chrono::milliseconds grace) {
  executor_.stop(grace);
  idle_.clear();
}

}  // namespace apiwright::data

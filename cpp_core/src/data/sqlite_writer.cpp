#include "data/sqlite_writer.hpp"

#include <utility>

#include "apiwright/tasks/completion_queue.hpp"

namespace apiwright::data {
namespace {

/// Undone unless released.
class Savepoint {
 public:
  explicit Savepoint(SqliteConnection& connection) : connection_(connection) { connection_.set_savepoint(); }
  ~Savepoint() {
    if (!released_) connection_.rollback_to_savepoint();
  }
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  void release() {
    connection_.release_savepoint();
    released_ = true;
  }

 private:
  SqliteConnection& connection_;
  bool released_ = false;
};

void run_in_savepoint(SqliteConnection& connection, const Work& work) {
  Savepoint savepoint(connection);
  work.run(connection);
  savepoint.release();
}

}  // namespace

SqliteWriter::SqliteWriter(const std::filesystem::path& path, const DatabaseOptions& options)
    : path_(path),
      busy_timeout_(options.busy_timeout),
      checkpointer_(path, options.busy_timeout),
      executor_({.name = "aw-writer",
                 .threads = 1,
                 .queue_limit = options.queue_limit,
                 .wait_limit = options.wait_limit,
                 .when_idle = [this] { perform_group(); }}) {
  group_.reserve(kGroupLimit);
}

void SqliteWriter::submit(Work work) {
  auto shared = std::make_shared<const Work>(std::move(work));
  executor_.submit({.run = [this, shared] { join_group(shared); },
                    .refuse = [shared](const std::exception_ptr& reason) { shared->done(reason); }});
}

void SqliteWriter::join_group(std::shared_ptr<const Work> work) {
  group_.push_back({.work = std::move(work)});
  if (group_.size() == kGroupLimit) perform_group();
}

void SqliteWriter::perform_group() noexcept {
  if (group_.empty()) return;
  const bool stored = store_group();
  if (connection_ && connection_->broken()) connection_.reset();
  tell_group();
  if (connection_ && stored) checkpointer_.after_commit(*connection_);
}

bool SqliteWriter::store_group() noexcept {
  try {
    return run_group();
  } catch (...) {
    // A member's own error does not hold either: it may rest on another's row, which is not stored.
    for (Member& member : group_) member.failure = std::current_exception();
    return false;
  }
}

bool SqliteWriter::run_group() {
  Transaction transaction(connection());
  bool any = false;
  for (Member& member : group_) {
    run(member);
    connection().check_transaction();
    any = any || !member.failure;
  }
  if (any) transaction.commit();
  return any;
}

void SqliteWriter::run(Member& member) {
  try {
    // One that is alone has the whole transaction to roll back.
    if (group_.size() == 1) {
      member.work->run(connection());
    } else {
      run_in_savepoint(connection(), *member.work);
    }
  } catch (...) {
    member.failure = std::current_exception();
  }
}

void SqliteWriter::tell_group() noexcept {
  {
    const tasks::WakeUpOnce once;
    for (const Member& member : group_) member.work->done(member.failure);
  }
  group_.clear();
}

SqliteConnection& SqliteWriter::connection() {
  if (!connection_) connection_ = std::make_unique<SqliteConnection>(path_, SqliteRole::kWriter, busy_timeout_);
  return *connection_;
}

void SqliteWriter::stop(std::chrono::milliseconds grace) {
  executor_.stop(grace);
  checkpointer_.stop(std::chrono::milliseconds{0});
  if (connection_) connection_->checkpoint(SQLITE_CHECKPOINT_TRUNCATE, std::chrono::milliseconds{0});
  connection_.reset();
}

}  // namespace apiwright::data

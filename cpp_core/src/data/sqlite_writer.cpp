#include "data/sqlite_writer.hpp"

#include <utility>

#include "apiwright/tasks/completion_queue.hpp"
#include "data/savepoint.hpp"
#include "data/transaction_server.hpp"

namespace apiwright::data {
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

void SqliteWriter::submit_begin(std::chrono::milliseconds time_limit, Database::Begun begun) {
  const auto steps = std::make_shared<TransactionSteps>(time_limit);
  const auto told = std::make_shared<const Database::Begun>(std::move(begun));
  executor_.submit({.run = [this, steps, told] { perform_steps(steps, *told); },
                    .refuse = [told](const std::exception_ptr& reason) { (*told)(nullptr, reason); }});
}

void SqliteWriter::perform_steps(const std::shared_ptr<TransactionSteps>& steps,
                                 const Database::Begun& begun) noexcept {
  perform_group();
  bool stored = false;
  try {
    set_open(steps);
    stored =
        serve_steps(connection(), *steps, [&] { begun(std::make_unique<InteractiveTransaction>(steps), nullptr); });
  } catch (...) {
    begun(nullptr, std::current_exception());
  }
  set_open(nullptr);
  if (connection_ && connection_->broken()) connection_.reset();
  if (connection_ && stored) checkpointer_.after_commit(*connection_);
}

void SqliteWriter::set_open(std::shared_ptr<TransactionSteps> steps) noexcept {
  const std::lock_guard lock(open_mutex_);
  open_ = std::move(steps);
  if (open_ && stopping_) open_->stop();
}

void SqliteWriter::end_steps() noexcept {
  const std::lock_guard lock(open_mutex_);
  stopping_ = true;
  if (open_) open_->stop();
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
  end_steps();
  executor_.stop(grace);
  checkpointer_.stop(std::chrono::milliseconds{0});
  if (connection_) connection_->checkpoint(SQLITE_CHECKPOINT_TRUNCATE, std::chrono::milliseconds{0});
  connection_.reset();
}

}  // namespace apiwright::data

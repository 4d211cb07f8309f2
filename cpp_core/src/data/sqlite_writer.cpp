#include "data/sqlite_writer.hpp"

#include <exception>
#include <utility>

#include "data/job.hpp"

namespace apiwright::data {

SqliteWriter::SqliteWriter(const std::filesystem::path& path, const DatabaseOptions& options)
    : path_(path),
      busy_timeout_(options.busy_timeout),
      checkpointer_(path, options.busy_timeout),
      executor_(
          {.name = "aw-writer", .threads = 1, .queue_limit = options.queue_limit, .wait_limit = options.wait_limit}) {}

void SqliteWriter::submit(Work work) {
  executor_.submit(job_of(std::move(work), [this](const Work& accepted) { perform(accepted); }));
}

void SqliteWriter::perform(const Work& work) noexcept {
  std::exception_ptr failure;
  try {
    run(work);
  } catch (...) {
    failure = std::current_exception();
  }
  if (connection_ && connection_->broken()) connection_.reset();
  work.done(failure);
  if (connection_ && !failure) checkpointer_.after_commit(*connection_);
}

void SqliteWriter::run(const Work& work) {
  Transaction transaction(connection());
  work.run(connection());
  transaction.commit();
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

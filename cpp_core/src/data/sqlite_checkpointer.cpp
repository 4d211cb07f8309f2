#include "data/sqlite_checkpointer.hpp"

#include <exception>
#include <utility>

namespace apiwright::data {

SqliteCheckpointer::SqliteCheckpointer(std::filesystem::path path, std::chrono::milliseconds busy_timeout)
    : path_(std::move(path)),
      busy_timeout_(busy_timeout),
      executor_({.name = "aw-checkpoint", .threads = 1, .queue_limit = 1}) {}

void SqliteCheckpointer::after_commit(SqliteConnection& writer) noexcept {
  const int pages = writer.log_pages();
  if (pages < scheduled_at_) scheduled_at_ = 0;  // the log began anew
  if (pages - scheduled_at_ < kInterval) return;
  scheduled_at_ = pages;
  if (pages >= kBound && writer.checkpoint(SQLITE_CHECKPOINT_RESTART, kPatience)) return;
  schedule();
}

void SqliteCheckpointer::schedule() {
  try {
    executor_.submit({.run = [this] { checkpoint(); }, .refuse = [](const std::exception_ptr&) {}});
  } catch (const std::exception&) {
    // One is waiting already, or all ends: the next interval asks again.
  }
}

void SqliteCheckpointer::checkpoint() noexcept {
  try {
    if (!connection_) connection_ = std::make_unique<SqliteConnection>(path_, SqliteRole::kTool, busy_timeout_);
    if (!connection_->checkpoint(SQLITE_CHECKPOINT_PASSIVE, std::chrono::milliseconds{0})) connection_.reset();
  } catch (const std::exception&) {
    connection_.reset();
  }
}

void SqliteCheckpointer::stop(std::chrono::milliseconds grace) {
  executor_.stop(grace);
  connection_.reset();
}

}  // namespace apiwright::data

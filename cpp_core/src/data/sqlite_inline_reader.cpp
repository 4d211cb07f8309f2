#include "data/sqlite_inline_reader.hpp"

#include "apiwright/base/error.hpp"
#include "data/snapshot.hpp"

namespace apiwright::data {
namespace {

// Nobody waits on an event loop: a busy database is a reader thread's matter.
constexpr std::chrono::milliseconds kNoPatience{0};

}  // namespace

bool SqliteInlineReader::try_read(const std::function<void(Connection&)>& run) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock || stopped_) return false;
  try {
    if (!connection_) connection_ = std::make_unique<SqliteConnection>(path_, SqliteRole::kReader, kNoPatience);
    run_in_snapshot(run);
    return true;
  } catch (const ReadLimitReached&) {
    return false;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kUnavailable) return false;
    throw;
  }
}

void SqliteInlineReader::run_in_snapshot(const std::function<void(Connection&)>& run) {
  connection_->limit_reads({.looks = kLooks});
  try {
    const Snapshot snapshot(*connection_);
    run(*connection_);
  } catch (...) {
    if (connection_->broken()) connection_.reset();
    throw;
  }
}

void SqliteInlineReader::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  connection_.reset();
}

}  // namespace apiwright::data

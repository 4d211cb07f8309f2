#include "data/sqlite_database.hpp"

#include <algorithm>
#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright::data {

SqliteDatabase::SqliteDatabase(std::filesystem::path path, const DatabaseOptions& options)
    : path_(std::move(path)),
      busy_timeout_(options.busy_timeout),
      inline_reader_(path_),
      readers_(path_, options),
      writer_(path_, options) {}

SqliteDatabase::~SqliteDatabase() { SqliteDatabase::stop(std::chrono::milliseconds{0}); }

bool SqliteDatabase::try_read(const std::function<void(Connection&)>& run) {
  refuse_when_stopping();
  return inline_reader_.try_read(run);
}

void SqliteDatabase::submit_read(Work work) {
  refuse_when_stopping();
  readers_.submit(std::move(work));
}

void SqliteDatabase::submit_write(Work work) {
  refuse_when_stopping();
  writer_.submit(std::move(work));
}

void SqliteDatabase::submit_begin(std::chrono::milliseconds time_limit, Begun begun) {
  refuse_when_stopping();
  writer_.submit_begin(time_limit, std::move(begun));
}

std::unique_ptr<Connection> SqliteDatabase::connect() {
  return std::make_unique<SqliteConnection>(path_, SqliteRole::kTool, busy_timeout_);
}

void SqliteDatabase::refuse_when_stopping() const {
  if (stopping_) throw Error::retry_later(ErrorCode::kUnavailable, "The server is stopping.", std::chrono::seconds{1});
}

void SqliteDatabase::stop(std::chrono::milliseconds grace) {
  stopping_ = true;
  std::call_once(stopped_, [&] {
    const auto deadline = std::chrono::steady_clock::now() + grace;
    // The writer last: what it closes is then the last connection, and the log is gone.
    inline_reader_.stop();
    readers_.stop(grace);
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    writer_.stop(std::max(left, std::chrono::milliseconds{0}));
  });
}

}  // namespace apiwright::data

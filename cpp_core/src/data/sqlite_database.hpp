#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

#include "apiwright/data/database.hpp"
#include "data/sqlite_inline_reader.hpp"
#include "data/sqlite_readers.hpp"
#include "data/sqlite_writer.hpp"

namespace apiwright::data {

/// A SQLite file: readers, and the one writer. Thread-safe.
class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::filesystem::path path, const DatabaseOptions& options);
  ~SqliteDatabase() override;
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  [[nodiscard]] bool try_read(const std::function<void(Connection&)>& run) override;
  void submit_read(Work work) override;
  void submit_write(Work work) override;
  void submit_begin(std::chrono::milliseconds time_limit, Begun begun) override;
  [[nodiscard]] std::unique_ptr<Connection> connect() override;
  void stop(std::chrono::milliseconds grace) override;

 private:
  void refuse_when_stopping() const;

  std::filesystem::path path_;
  std::chrono::milliseconds busy_timeout_;
  std::atomic<bool> stopping_ = false;
  std::once_flag stopped_;
  SqliteInlineReader inline_reader_;
  SqliteReaders readers_;
  SqliteWriter writer_;
};

}  // namespace apiwright::data

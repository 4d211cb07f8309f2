#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

#include "data/sqlite_connection.hpp"

namespace apiwright::data {

/// Reads on the caller's own thread what costs less than handing it over, on a connection of its own. Thread-safe: who
/// comes while another reads is sent away.
class SqliteInlineReader {
 public:
  /// Looks (of ReadLimit::kLook steps) a read may take: a hundred rows of a page, within about 0.2 ms.
  static constexpr int kLooks = 10;

  explicit SqliteInlineReader(std::filesystem::path path) : path_(std::move(path)) {}

  /// False when the read was interrupted, or not begun.
  [[nodiscard]] bool try_read(const std::function<void(Connection&)>& run);

  /// Waits for the one that reads, and closes the connection.
  void stop();

 private:
  void run_in_snapshot(const std::function<void(Connection&)>& run);

  std::filesystem::path path_;
  std::mutex mutex_;
  bool stopped_ = false;
  std::unique_ptr<SqliteConnection> connection_;
};

}  // namespace apiwright::data

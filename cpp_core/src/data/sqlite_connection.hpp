#pragma once

#include <Poco/Data/Session.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/sqlite_handle.hpp"
#include "data/sqlite_schema_change.hpp"
#include "data/sqlite_statement.hpp"
#include "data/statement_cache.hpp"
#include "data/stepwise_connection.hpp"

namespace apiwright::data {

/// What a connection is for. A reader refuses to write. The writer leaves checkpoints to others; a tool, which works
/// alone, makes its own.
enum class SqliteRole { kReader, kWriter, kTool };

/// A Poco session on a SQLite file in WAL mode, synchronous=FULL, with foreign keys. One thread at a time.
class SqliteConnection final : public StepwiseConnection {
 public:
  /// Opens `path`, making the file (0600) when it is missing. Throws Error(kUnavailable), or Error(kInternal) when the
  /// file is no database.
  SqliteConnection(const std::filesystem::path& path, SqliteRole role, std::chrono::milliseconds busy_timeout);
  ~SqliteConnection() override = default;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  [[nodiscard]] Dialect dialect() const noexcept override { return Dialect::kSqlite; }
  [[nodiscard]] StatementUse prepare(std::string_view sql) override;
  void execute_script(const std::string& sql) override;
  [[nodiscard]] std::vector<std::string> explain(std::string_view sql) override;
  [[nodiscard]] bool has_table(std::string_view name) override;
  [[nodiscard]] bool keeps_table_versions() override;
  [[nodiscard]] std::string_view stored_state() const noexcept override { return {}; }
  [[nodiscard]] std::string_view asked_uuids() const noexcept override {
    return "(SELECT value AS _id FROM json_each(?))";
  }
  /// A statement that is refused undoes itself alone.
  void attempt(const std::function<void()>& step) override { step(); }
  void step_by_commit(Statement& statement, std::function<void(const std::exception_ptr&)> refused) override;
  /// Nobody else writes.
  void hold(std::string_view /*name*/) override {}
  [[nodiscard]] std::string_view for_change() const noexcept override { return {}; }
  void begin_read() override;
  void begin_write() override;
  void begin_schema_change() override;
  void commit() override;
  void rollback() noexcept override;

  void check_transaction() const override;
  void set_savepoint() override;
  void release_savepoint() override;
  void rollback_to_savepoint() noexcept override;
  /// They throw ReadLimitReached; a write among them takes its transaction along (a writer's).
  void limit_statements(std::chrono::steady_clock::time_point deadline) noexcept override;
  void lift_limit() noexcept override;

  /// True when it is not to be kept: its state is unknown, or the file failed.
  [[nodiscard]] bool broken() const noexcept { return handle_.broken; }
  /// How far the reads that follow may go (a reader's): past it they throw ReadLimitReached.
  void limit_reads(ReadLimit limit) noexcept { handle_.limit = limit; }
  /// Pages in the write-ahead log after this connection's last commit (a writer's).
  [[nodiscard]] int log_pages() const noexcept { return log_pages_; }
  /// Copies the log into the database, waiting for other connections for up to `wait` (`mode`: SQLITE_CHECKPOINT_…).
  bool checkpoint(int mode, std::chrono::milliseconds wait) noexcept;

 private:
  void configure(SqliteRole role);
  void enter_wal_mode();
  void begin(std::string_view sql);
  void run(std::string_view sql);
  void run_script(const char* sql);
  void try_to_roll_back() noexcept;
  void end_schema_change() noexcept;

  std::chrono::milliseconds busy_timeout_;
  Poco::Data::Session session_;
  SqliteHandle handle_;
  StatementCache<SqliteStatement, SqliteHandle> statements_;
  std::optional<SqliteSchemaChange> schema_change_;
  int log_pages_ = 0;
  bool keeps_table_versions_ = false;
};

}  // namespace apiwright::data

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/postgresql_handle.hpp"
#include "data/postgresql_session.hpp"
#include "data/postgresql_statement.hpp"
#include "data/statement_cache.hpp"
#include "data/stepwise_connection.hpp"

namespace apiwright::data {

/// How long the server lets a session go on (0: as long as it takes), and what it may keep of it.
struct PostgresqlLimits {
  std::chrono::milliseconds statement{10'000};            ///< a statement; past it Error(kTimeout)
  std::chrono::milliseconds lock{5'000};                  ///< for what others have locked; past it Error(kUnavailable)
  std::chrono::milliseconds idle_in_transaction{60'000};  ///< between two statements; past it the session ends
  /// Whether a session keeps its statements and its settings. False for a pooler that gives each transaction another:
  /// statements are sent whole, and the limits with each transaction.
  bool prepare = true;
};

/// A Poco session with a PostgreSQL server, in UTC. One thread at a time. Whatever is refused in a transaction loses
/// it: what follows throws Error(kUnavailable) until it is rolled back, or to a savepoint before. A server that gives
/// no answer for a second longer than its limit counts as gone.
class PostgresqlConnection final : public StepwiseConnection {
 public:
  /// Connects with `conninfo`, from parse_postgresql_url. Throws Error(kUnavailable) with retry_after.
  PostgresqlConnection(const std::string& conninfo, const PostgresqlLimits& limits);
  ~PostgresqlConnection() override = default;
  PostgresqlConnection(const PostgresqlConnection&) = delete;
  PostgresqlConnection& operator=(const PostgresqlConnection&) = delete;

  [[nodiscard]] Dialect dialect() const noexcept override { return Dialect::kPostgresql; }
  [[nodiscard]] StatementUse prepare(std::string_view sql) override;
  void execute_script(const std::string& sql) override;
  /// The plan for any values, as a statement that is often run gets it.
  [[nodiscard]] std::vector<std::string> explain(std::string_view sql) override;
  [[nodiscard]] bool has_table(std::string_view name) override;
  [[nodiscard]] bool gathers() const noexcept override { return handle_.gathered != nullptr; }
  [[nodiscard]] bool keeps_table_versions() override { return false; }
  /// The snapshot: which transactions have ended, in the numbers of one server's life. A standby does not know them.
  [[nodiscard]] std::string_view stored_state() const noexcept override {
    if (writes_) return {};
    return "CASE WHEN NOT pg_is_in_recovery() THEN concat(pg_postmaster_start_time(), ' ', pg_current_snapshot()) END";
  }
  [[nodiscard]] std::string_view asked_uuids() const noexcept override {
    return "(SELECT CAST(value AS uuid) AS _id FROM json_each(CAST(? AS json)) AS _values)";
  }
  void step_by_commit(Statement& statement, std::function<void(const std::exception_ptr&)> refused) override;
  void attempt(const std::function<void()>& step) override;
  void hold(std::string_view name) override;
  [[nodiscard]] std::string_view for_change() const noexcept override { return writes_ ? " FOR NO KEY UPDATE" : ""; }
  /// REPEATABLE READ, READ ONLY: every statement sees the same.
  void begin_read() override;
  /// READ COMMITTED: each statement sees what others have stored before it.
  void begin_write() override;
  /// The same, one at a time for the whole database, however long the one before takes.
  void begin_schema_change() override;
  /// Throws what a deferred constraint does, and Error(kUnavailable) when nothing is stored. When the answer is lost,
  /// the Error(kUnavailable) has no retry_after: it may be stored.
  void commit() override;
  void rollback() noexcept override;

  void check_transaction() const override;
  void set_savepoint() override;
  void release_savepoint() override;
  void rollback_to_savepoint() noexcept override;
  /// They throw Error(kTimeout), past the usual limit of a statement too; until the deadline the session may be idle.
  /// Held from one savepoint to the next.
  void limit_statements(std::chrono::steady_clock::time_point deadline) override;
  void lift_limit() noexcept override;

  /// Calls `run`, whose statements find their answers among `questions`; false when one has none yet. Then answer()
  /// them, those of others with them, and call again.
  bool try_run(const std::function<void(Connection&)>& run, PostgresqlQuestions& questions);
  void answer(const std::vector<PostgresqlQuestion*>& questions) { data::answer(handle_, questions); }

  /// True when it is not to be kept: the server is gone, or its state is unknown.
  [[nodiscard]] bool broken() const noexcept { return handle_.broken; }
  /// Looks, without asking, whether the server has ended the session meanwhile. For one that nothing waits of.
  [[nodiscard]] bool is_alive() noexcept { return still_connected(handle_); }

 private:
  void configure();
  [[nodiscard]] std::string settings(bool of_transaction) const;
  std::vector<std::string> explain_in_transaction(const std::string& sql, const std::string& values);
  void begin(const std::string& sql);
  [[nodiscard]] bool is_untouched() const;
  void commit_deferred();
  PostgresqlResult storing(const std::function<PostgresqlResult()>& step) const;
  void forget_transaction() noexcept;
  void undo_to(const std::string& savepoint) noexcept;
  [[nodiscard]] std::string statement_limit() const;
  void drop_statements();

  PostgresqlSession session_;
  PostgresqlHandle handle_;
  StatementCache<PostgresqlStatement, PostgresqlHandle> statements_;
  PostgresqlLimits limits_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  bool writes_ = false;  // what it is in is a write transaction
};

}  // namespace apiwright::data

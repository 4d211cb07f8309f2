#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apiwright/base/decimal.hpp"
#include "apiwright/base/error.hpp"
#include "apiwright/base/timestamp.hpp"
#include "apiwright/base/uuid.hpp"

namespace apiwright::data {

/// A unique constraint refused a row. Repositories turn it into Error(kConflict) naming the field; it goes no further.
struct UniqueViolation : std::runtime_error {
  UniqueViolation(std::string in_table, std::string in_column)
      : std::runtime_error("unique constraint"), table(std::move(in_table)), column(std::move(in_column)) {}
  std::string table;
  std::string column;  ///< the first column of the constraint
};

/// A foreign key refused a change: what it names does not exist, or what it would remove is still named. Which key it
/// was, the database does not say.
struct ForeignKeyViolation : Error {
  ForeignKeyViolation()
      : Error(ErrorCode::kUnprocessable, "A reference names nothing that exists, or something still in use.") {}
};

/// One prepared statement with typed parameters and columns; each database keeps the types in its own form.
/// Parameters are bound in order from 1, columns read from 0. Text and views read from a column live until the next
/// step. What is bound is copied: the caller's text may go away at once.
class Statement {
 public:
  virtual ~Statement() = default;

  virtual void bind_null(int index) = 0;
  virtual void bind(int index, std::int64_t value) = 0;
  virtual void bind(int index, double value) = 0;
  virtual void bind(int index, bool value) = 0;
  virtual void bind(int index, std::string_view value) = 0;
  virtual void bind(int index, const Uuid& value) = 0;
  virtual void bind(int index, Timestamp value) = 0;
  virtual void bind(int index, const Decimal& value) = 0;
  virtual void bind_bytes(int index, std::string_view value) = 0;
  // Without these two a literal would become a bool, or be ambiguous.
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  void bind(int index, int value) { bind(index, std::int64_t{value}); }

  /// Moves to the next row; false at the end, and then until reset. Throws UniqueViolation, ForeignKeyViolation,
  /// Error(kUnavailable) (busy, full, I/O) or Error(kInternal).
  virtual bool step() = 0;
  /// Tells that this will be asked, with these parameters, after something else: where Connection::gathers(), the two
  /// are then sent together. Only of statements that change nothing.
  virtual void ask() {}
  /// Rows changed by this statement's last complete run.
  [[nodiscard]] virtual std::int64_t changes() const = 0;

  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] virtual double real(int column) const = 0;
  [[nodiscard]] virtual bool boolean(int column) const = 0;
  [[nodiscard]] virtual std::string_view text(int column) const = 0;
  [[nodiscard]] virtual Uuid uuid(int column) const = 0;
  [[nodiscard]] virtual Timestamp timestamp(int column) const = 0;
  [[nodiscard]] virtual Decimal decimal(int column, int scale) const = 0;
  [[nodiscard]] virtual std::string_view bytes(int column) const = 0;

  /// Rewinds and unbinds, so that it can run again.
  virtual void reset() noexcept = 0;
  /// reset, and given back to the connection: StatementUse's.
  virtual void release() noexcept = 0;

 protected:
  Statement() = default;
  Statement(const Statement&) = default;
  Statement& operator=(const Statement&) = default;
};

/// A statement borrowed from its connection's kept ones; reset when this goes away.
class StatementUse {
 public:
  explicit StatementUse(Statement& statement) noexcept : statement_(&statement) {}
  StatementUse(StatementUse&& other) noexcept : statement_(other.statement_) { other.statement_ = nullptr; }
  StatementUse& operator=(StatementUse&&) = delete;
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  ~StatementUse() {
    if (statement_ != nullptr) statement_->release();
  }
  Statement* operator->() const noexcept { return statement_; }
  Statement& operator*() const noexcept { return *statement_; }

 private:
  Statement* statement_;
};

/// The databases there are.
enum class Dialect { kSqlite, kPostgresql };

/// One session with a database and the statements it keeps prepared, by their text. One thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;

  /// For scripts that change tables. Statements are written once for all.
  [[nodiscard]] virtual Dialect dialect() const noexcept = 0;

  /// Prepared at the first use of this very text, kept after (the least used are dropped past 256). While one use of a
  /// text lives, another gets a statement of its own. Parameters are `?`. The SQL is what every database knows, and
  /// SQLite's instr, json_each (its column `value`), json_group_array and unlikely.
  [[nodiscard]] virtual StatementUse prepare(std::string_view sql) = 0;

  /// Runs a script of several statements without parameters (migrations). Transactions are the caller's: BEGIN, COMMIT,
  /// SAVEPOINT and ATTACH inside throw Error(kInternal).
  virtual void execute_script(const std::string& sql) = 0;

  /// How the database would go about a statement, its parameters unbound, in its own words: a line for each step, what
  /// belongs to another one indented below it. Nothing is run.
  [[nodiscard]] virtual std::vector<std::string> explain(std::string_view sql) = 0;

  [[nodiscard]] virtual bool has_table(std::string_view name) = 0;
  /// True when `table_versions` has a row for each table, changed by whatever changes that one.
  [[nodiscard]] virtual bool keeps_table_versions() = 0;
  /// An expression, a text, that two statements have alike only where nothing was stored between them; NULL where that
  /// is not known. Empty where keeps_table_versions(), and in a write transaction, which sees its own changes.
  [[nodiscard]] virtual std::string_view stored_state() const noexcept = 0;
  /// A subquery with a column `_id`: the uuids of a JSON array, its one parameter, a text.
  [[nodiscard]] virtual std::string_view asked_uuids() const noexcept = 0;

  /// True where Statement::ask() is of use.
  [[nodiscard]] virtual bool gathers() const noexcept { return false; }

  /// Runs `step`. What it throws leaves the transaction as it was before, so that it may go on.
  virtual void attempt(const std::function<void()>& step) = 0;
  /// Runs `statement`, of which only its refusal is of interest, before the next one and at the latest in commit():
  /// what it throws is handed to `refused`, which throws what becomes of it. A transaction of this statement alone then
  /// takes one round trip.
  virtual void step_by_commit(Statement& statement, std::function<void(const std::exception_ptr&)> refused) = 0;
  /// Waits until no other write transaction holds `name`; this one then does until its end. Throws Error(kUnavailable)
  /// with retry_after when that takes too long. In a read transaction nothing is held.
  virtual void hold(std::string_view name) = 0;
  /// What ends a SELECT whose rows nobody else shall change before this transaction ends. Empty where nobody could, and
  /// in a read transaction.
  [[nodiscard]] virtual std::string_view for_change() const noexcept = 0;

  /// A snapshot for several reads, or (immediate) a write transaction. Not nested: use Transaction.
  virtual void begin_read() = 0;
  virtual void begin_write() = 0;
  /// A write transaction for scripts that change tables, one of its own for each connection that makes it. References
  /// are looked at by its commit and not by each statement, so a table can be made anew under the rows that refer to
  /// it; no action of theirs (ON DELETE …) is taken. commit() throws Error(kUnprocessable) when a row would refer to
  /// none, or when something of a table would be gone that no script names.
  virtual void begin_schema_change() = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;

 protected:
  Connection() = default;
  Connection(const Connection&) = default;
  Connection& operator=(const Connection&) = default;
};

/// A write transaction that rolls back unless committed.
class Transaction {
 public:
  using Begin = void (Connection::*)();

  explicit Transaction(Connection& connection, Begin begin = &Connection::begin_write) : connection_(connection) {
    (connection_.*begin)();
  }
  ~Transaction() {
    if (!done_) connection_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    connection_.commit();
    done_ = true;
  }

 private:
  Connection& connection_;
  bool done_ = false;
};

}  // namespace apiwright::data

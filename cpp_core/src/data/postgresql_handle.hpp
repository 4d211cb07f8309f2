#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace apiwright::data {

using PostgresqlResult = std::shared_ptr<PGresult>;

struct PostgresqlParameter {
  Oid type = 0;
  std::string value;
  bool null = true;
  bool binary = false;

  friend bool operator==(const PostgresqlParameter&, const PostgresqlParameter&) = default;
};

/// A statement, what it is asked with, and once it was sent its result, well or not.
struct PostgresqlQuestion {
  std::string statement;  ///< as run_statement has it
  std::vector<PostgresqlParameter> parameters;
  PostgresqlResult answer;
};
using PostgresqlQuestions = std::vector<PostgresqlQuestion>;

/// Thrown through a brief read whose question has no answer yet.
struct NotYetAnswered {};

/// A statement that waits for the next one, or for the commit; and what becomes of what it throws.
struct PostgresqlDeferred {
  PostgresqlQuestion question;
  std::function<void(const std::exception_ptr&)> refused;
};

/// What one connection shares with its statements: libpq's half and what is known of its state. One thread at a time.
struct PostgresqlHandle {
  PGconn* native = nullptr;
  bool in_transaction = false;  ///< or its BEGIN is among `ahead`
  bool broken = false;          ///< the server or the way to it is gone: the connection is not to be kept
  /// How long an answer may take before the server counts as gone; 0: any time. Longer than its own limits.
  std::chrono::milliseconds answer_limit{0};
  std::vector<std::string> ahead;  ///< commands that are sent with what follows them
  /// Whether the server keeps statements, and its session what is set in it. A pooler may give each transaction another
  /// session: then nothing is kept, and `settings` is the command that each transaction begins with.
  bool prepares = true;
  std::string settings;
  std::optional<PostgresqlDeferred> deferred;
  PostgresqlQuestions* gathered = nullptr;  ///< where statements put what they would ask, instead of asking it
  std::uint64_t names = 0;                  ///< given to prepared statements so far
  std::vector<std::string> dropped;         ///< prepared statements that the server still has
  /// The first column of each unique index, by its name; and whether an index was met that is not among them.
  std::map<std::string, std::string, std::less<>> unique_columns;
  bool unique_columns_are_old = true;

  /// True when the server refused something in the transaction, or ended it: it can only be rolled back.
  [[nodiscard]] bool lost_transaction() const noexcept {
    if (!in_transaction || !ahead.empty()) return in_transaction && broken;
    return broken || PQtransactionStatus(native) != PQTRANS_INTRANS;
  }
};

/// What is sent before the next statement; nothing remains ahead.
std::vector<std::string> take_ahead(PostgresqlHandle& handle);

/// The last result of what was sent (`sent`: what PQsend… returned), once all of it is there. Throws what
/// throw_postgresql does.
PostgresqlResult await_result(PostgresqlHandle& handle, int sent);

/// False, with the handle broken, when the server's end is closed; sends nothing.
[[nodiscard]] bool still_connected(PostgresqlHandle& handle) noexcept;

/// A result that is well; throws what throw_postgresql does for another.
PostgresqlResult well(PostgresqlHandle& handle, PostgresqlResult result);

/// The result of a statement: the name of a prepared one, or its text where none are. Throws what throw_postgresql
/// does.
PostgresqlResult run_statement(PostgresqlHandle& handle, const std::string& statement,
                               const std::vector<PostgresqlParameter>& parameters);

/// Answers what has no answer in one round trip. What one of them is refused, those after it are left without.
void answer(PostgresqlHandle& handle, const std::vector<PostgresqlQuestion*>& questions);

/// Runs what is deferred, if anything. Throws what becomes of what that throws.
void run_deferred(PostgresqlHandle& handle);

/// Runs texts without parameters, as PQexec does.
PostgresqlResult run_sql(PostgresqlHandle& handle, const std::string& sql);

/// Reads the catalogue for unique_columns. Outside of a lost transaction.
void read_unique_columns(PostgresqlHandle& handle);

/// Throws what the module's callers know for a result that is none, by its SQLSTATE: UniqueViolation,
/// ForeignKeyViolation, or an Error whose cause names the state alone; and notes a broken handle. `result` may be
/// nothing: the connection failed.
[[noreturn]] void throw_postgresql(PostgresqlHandle& handle, const PGresult* result);

/// Something in the transaction was refused before: nothing of it is stored.
[[noreturn]] void throw_not_stored();

}  // namespace apiwright::data

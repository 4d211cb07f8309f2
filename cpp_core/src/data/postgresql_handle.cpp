#include "data/postgresql_handle.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright::data {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* kUniqueColumns =
    "SELECT named.relname, first.attname FROM pg_catalog.pg_index AS keys"
    " JOIN pg_catalog.pg_class AS named ON named.oid = keys.indexrelid"
    " JOIN pg_catalog.pg_attribute AS first ON first.attrelid = keys.indrelid AND first.attnum = keys.indkey[0]"
    " WHERE keys.indisunique AND pg_catalog.pg_table_is_visible(keys.indrelid) ORDER BY named.relname";

int milliseconds_until(steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
  return static_cast<int>(std::max(left, milliseconds{0}).count());
}

// False when nothing came in time, or ever will.
bool wait_for_input(PostgresqlHandle& handle, steady_clock::time_point deadline) {
  pollfd socket{.fd = PQsocket(handle.native), .events = POLLIN, .revents = 0};
  const bool limited = handle.answer_limit.count() > 0;
  const int ready = ::poll(&socket, 1, limited ? milliseconds_until(deadline) : -1);
  if (ready < 0) return errno == EINTR;
  return ready > 0 && PQconsumeInput(handle.native) == 1;
}

PostgresqlResult next_result(PostgresqlHandle& handle, steady_clock::time_point deadline) {
  while (PQisBusy(handle.native) == 1) {
    if (!wait_for_input(handle, deadline)) {
      handle.broken = true;
      throw_postgresql(handle, nullptr);
    }
  }
  return {PQgetResult(handle.native), PQclear};
}

bool is_well(const PGresult* result) {
  const auto status = PQresultStatus(result);
  // A script may be all comments.
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY;
}

bool copies(const PGresult* result) {
  const auto status = PQresultStatus(result);
  return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

// The protocol waits for rows that nobody has.
[[noreturn]] void refuse_copy(PostgresqlHandle& handle) {
  handle.broken = true;
  throw Error(ErrorCode::kInternal, "The database refused a statement.").caused_by("PostgreSQL: COPY without rows");
}

constexpr int kBinary = 1;

bool send_statement(const PostgresqlHandle& handle, const std::string& statement,
                    const std::vector<PostgresqlParameter>& parameters) {
  const auto count = parameters.size();
  std::vector<const char*> values(count, nullptr);
  std::vector<int> lengths(count, 0);
  std::vector<int> formats(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& each = parameters[i];
    if (!each.null) values[i] = each.value.c_str();
    lengths[i] = static_cast<int>(each.value.size());
    formats[i] = each.binary ? kBinary : 0;
  }
  const auto size = static_cast<int>(count);
  if (handle.prepares) {
    return PQsendQueryPrepared(handle.native, statement.c_str(), size, values.data(), lengths.data(), formats.data(),
                               kBinary) == 1;
  }
  return PQsendQueryParams(handle.native, statement.c_str(), size, nullptr, values.data(), lengths.data(),
                           formats.data(), kBinary) == 1;
}

bool send_command(PGconn* native, const std::string& command) {
  return PQsendQueryParams(native, command.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 1;
}

/// What is sent without waiting for answers in between. One that leaves it unfinished has a broken connection.
class Pipeline {
 public:
  explicit Pipeline(PostgresqlHandle& handle)
      : handle_(handle),
        deadline_(steady_clock::now() + handle.answer_limit),
        sent_(PQenterPipelineMode(native()) == 1) {}

  void send(const std::string& command) { sent_ = sent_ && send_command(native(), command); }
  void send(const std::string& statement, const std::vector<PostgresqlParameter>& parameters) {
    sent_ = sent_ && send_statement(handle_, statement, parameters);
  }
  void close() {
    if (!sent_ || PQpipelineSync(native()) != 1) lose(nullptr);
  }

  // The next one's, well or not; in the order in which they were sent.
  PostgresqlResult next() {
    PostgresqlResult last;
    while (auto result = next_result(handle_, deadline_)) {
      if (PQstatus(native()) != CONNECTION_OK || copies(result.get())) lose(result.get());
      last = std::move(result);
    }
    if (!last) lose(nullptr);
    return last;
  }
  void end() {
    const auto result = next_result(handle_, deadline_);
    if (PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC || PQexitPipelineMode(native()) != 1) lose(result.get());
  }

 private:
  [[nodiscard]] PGconn* native() const noexcept { return handle_.native; }
  [[noreturn]] void lose(const PGresult* result) {
    handle_.broken = true;
    throw_postgresql(handle_, result);
  }

  PostgresqlHandle& handle_;
  steady_clock::time_point deadline_;
  bool sent_;
};

}  // namespace

// What is sent outside of a transaction until the server is to answer is one of its own.
std::vector<std::string> take_ahead(PostgresqlHandle& handle) {
  const bool alone = !handle.in_transaction && PQtransactionStatus(handle.native) == PQTRANS_IDLE;
  if (alone && !handle.settings.empty()) handle.ahead.push_back(handle.settings);
  return std::exchange(handle.ahead, {});
}

PostgresqlResult await_result(PostgresqlHandle& handle, int sent) {
  if (sent != 1) throw_postgresql(handle, nullptr);
  const auto deadline = steady_clock::now() + handle.answer_limit;
  PostgresqlResult last;
  while (auto next = next_result(handle, deadline)) {
    last = std::move(next);
    if (copies(last.get())) refuse_copy(handle);
  }
  if (!last || !is_well(last.get())) throw_postgresql(handle, last.get());
  return last;
}

bool still_connected(PostgresqlHandle& handle) noexcept {
  pollfd socket{.fd = PQsocket(handle.native), .events = POLLIN, .revents = 0};
  // Its last words may come before its end.
  while (!handle.broken && ::poll(&socket, 1, 0) > 0) handle.broken = PQconsumeInput(handle.native) != 1;
  return !handle.broken;
}

PostgresqlResult well(PostgresqlHandle& handle, PostgresqlResult result) {
  if (!is_well(result.get())) throw_postgresql(handle, result.get());
  return result;
}

void run_deferred(PostgresqlHandle& handle) {
  const auto deferred = std::exchange(handle.deferred, std::nullopt);
  if (!deferred) return;
  try {
    run_statement(handle, deferred->question.statement, deferred->question.parameters);
  } catch (...) {
    deferred->refused(std::current_exception());
    throw;
  }
}

PostgresqlResult run_statement(PostgresqlHandle& handle, const std::string& statement,
                               const std::vector<PostgresqlParameter>& parameters) {
  run_deferred(handle);
  const auto commands = take_ahead(handle);
  if (commands.empty()) return await_result(handle, send_statement(handle, statement, parameters) ? 1 : 0);
  Pipeline pipeline(handle);
  for (const auto& command : commands) pipeline.send(command);
  pipeline.send(statement, parameters);
  pipeline.close();
  // What one is refused, those after it are not asked for.
  PostgresqlResult last;
  for (std::size_t i = 0; i <= commands.size(); ++i) {
    auto next = pipeline.next();
    if (!last || is_well(last.get())) last = std::move(next);
  }
  pipeline.end();
  return well(handle, std::move(last));
}

void answer(PostgresqlHandle& handle, const std::vector<PostgresqlQuestion*>& questions) {
  const auto commands = take_ahead(handle);
  Pipeline pipeline(handle);
  for (const auto& command : commands) pipeline.send(command);
  for (const auto* question : questions) pipeline.send(question->statement, question->parameters);
  pipeline.close();
  PostgresqlResult set;
  for (std::size_t i = 0; i < commands.size(); ++i) set = pipeline.next();
  for (auto* question : questions) {
    auto result = pipeline.next();
    if (PQresultStatus(result.get()) != PGRES_PIPELINE_ABORTED) question->answer = std::move(result);
  }
  pipeline.end();
  if (set) well(handle, std::move(set));
}

PostgresqlResult run_sql(PostgresqlHandle& handle, const std::string& sql) {
  run_deferred(handle);
  std::string script;
  for (const auto& command : take_ahead(handle)) script += command + "; ";
  script += sql;
  return await_result(handle, PQsendQuery(handle.native, script.c_str()));
}

void read_unique_columns(PostgresqlHandle& handle) {
  const auto rows = run_sql(handle, kUniqueColumns);
  handle.unique_columns.clear();
  for (int row = 0; row < PQntuples(rows.get()); ++row) {
    handle.unique_columns.emplace(PQgetvalue(rows.get(), row, 0), PQgetvalue(rows.get(), row, 1));
  }
  handle.unique_columns_are_old = false;
}

}  // namespace apiwright::data

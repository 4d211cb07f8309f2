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
  return PostgresqlResult(PQgetResult(handle.native));
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

bool send_pipeline(PGconn* native, const std::vector<std::string>& commands, const std::function<int()>& send) {
  if (PQenterPipelineMode(native) != 1) return false;
  for (const auto& command : commands) {
    if (PQsendQueryParams(native, command.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) != 1) return false;
  }
  return send() == 1 && PQpipelineSync(native) == 1;
}

// The result of the last of `count` that were sent together. What one is refused, those after it are not asked for.
PostgresqlResult await_pipeline(PostgresqlHandle& handle, std::size_t count) {
  const auto deadline = steady_clock::now() + handle.answer_limit;
  PostgresqlResult last;
  PostgresqlResult refused;
  for (; count > 0; --count) {
    while (auto next = next_result(handle, deadline)) {
      if (!is_well(next.get()) && !refused) {
        if (PQstatus(handle.native) != CONNECTION_OK) throw_postgresql(handle, next.get());
        refused = std::move(next);
      } else {
        last = std::move(next);
      }
    }
  }
  const auto synchronised = next_result(handle, deadline);
  if (PQresultStatus(synchronised.get()) != PGRES_PIPELINE_SYNC || PQexitPipelineMode(handle.native) != 1) {
    handle.broken = true;
  }
  if (refused || handle.broken) throw_postgresql(handle, refused.get());
  return last;
}

}  // namespace

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

PostgresqlResult run_prepared(PostgresqlHandle& handle, const std::function<int()>& send) {
  if (handle.ahead.empty()) return await_result(handle, send());
  const auto commands = std::exchange(handle.ahead, {});
  if (!send_pipeline(handle.native, commands, send)) {
    handle.broken = true;  // what it has of it is not known
    throw_postgresql(handle, nullptr);
  }
  return await_pipeline(handle, commands.size() + 1);
}

PostgresqlResult run_sql(PostgresqlHandle& handle, const std::string& sql) {
  std::string script;
  for (const auto& command : std::exchange(handle.ahead, {})) script += command + "; ";
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

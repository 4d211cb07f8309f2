// How a PostgresqlConnection's server would go about a statement.

#include "apiwright/base/error.hpp"
#include "data/postgresql_connection.hpp"
#include "data/snapshot.hpp"

namespace apiwright::data {
namespace {

std::vector<std::string> lines_of(const PGresult* rows) {
  std::vector<std::string> lines;
  lines.reserve(static_cast<std::size_t>(PQntuples(rows)));
  for (int row = 0; row < PQntuples(rows); ++row) lines.emplace_back(PQgetvalue(rows, row, 0));
  return lines;
}

}  // namespace

std::vector<std::string> PostgresqlConnection::explain(std::string_view sql) {
  drop_statements();
  auto& statement = statements_.lend(sql);
  const StatementUse use(statement);
  std::string values;
  for (std::size_t i = 0; i < statement.parameters(); ++i) values += i == 0 ? "(NULL" : ", NULL";
  if (!values.empty()) values += ')';
  if (handle_.in_transaction) return explain_in_transaction(statement.sql(), values);
  const Snapshot snapshot(*this);
  return explain_in_transaction(statement.sql(), values);
}

// What is prepared outlives a transaction, which a pooler's session does not.
std::vector<std::string> PostgresqlConnection::explain_in_transaction(const std::string& sql,
                                                                      const std::string& values) {
  std::vector<std::string> plan;
  run_sql(handle_, "PREPARE explained AS " + sql);
  const auto drop = [&] { run_sql(handle_, "SET LOCAL plan_cache_mode TO DEFAULT; DEALLOCATE explained"); };
  try {
    attempt([&] {
      run_sql(handle_, "SET LOCAL plan_cache_mode = force_generic_plan");
      plan = lines_of(run_sql(handle_, "EXPLAIN (COSTS OFF) EXECUTE explained" + values).get());
    });
  } catch (const Error&) {
    drop();
    throw;
  }
  drop();
  return plan;
}

}  // namespace apiwright::data

#include "apiwright/data/database.hpp"

#include <memory>
#include <utility>

#include "apiwright/base/error.hpp"
#include "data/postgresql_database.hpp"
#include "data/postgresql_location.hpp"
#include "data/sqlite_database.hpp"
#include "data/sqlite_location.hpp"
#include "data/waiting.hpp"

namespace apiwright::data {

std::unique_ptr<Database> Database::open(const std::string& url, const DatabaseOptions& options) {
  if (is_postgresql_url(url)) {
    return std::make_unique<PostgresqlDatabase>(parse_postgresql_url(url), options);
  }
  if (!options.direct_url.empty()) {
    throw Error(
        ErrorCode::kValidationError, "DATABASE_DIRECT_URL: It is for PostgreSQL's databases alone.",
        {{.field = "DATABASE_DIRECT_URL", .message = "Is for PostgreSQL's databases alone.", .code = "format"}});
  }
  return std::make_unique<SqliteDatabase>(parse_sqlite_url(url), options);
}

std::unique_ptr<InteractiveTransaction> Database::begin(std::chrono::milliseconds time_limit) {
  std::unique_ptr<InteractiveTransaction> transaction;
  wait_for([&](auto done) {
    submit_begin(time_limit, [&transaction, done = std::move(done)](auto begun, const std::exception_ptr& failure) {
      transaction = std::move(begun);
      done(failure);
    });
  });
  return transaction;
}

}  // namespace apiwright::data

#pragma once

#include <Poco/Data/PostgreSQL/SessionHandle.h>

#include <memory>
#include <string>

namespace apiwright::data {

/// One of Poco's sessions with a server. One thread at a time.
/// Poco gives libpq's half back only while that is connected. A handle whose connection was lost is therefore kept, and
/// used again for the next one: there are never more of them than there were connections at once.
class PostgresqlSession {
 public:
  /// Connects with `conninfo`, from parse_postgresql_url. Throws Error(kUnavailable) with retry_after.
  explicit PostgresqlSession(const std::string& conninfo);
  ~PostgresqlSession();
  PostgresqlSession(const PostgresqlSession&) = delete;
  PostgresqlSession& operator=(const PostgresqlSession&) = delete;

  [[nodiscard]] PGconn* native() const noexcept;

 private:
  std::unique_ptr<Poco::Data::PostgreSQL::SessionHandle> handle_;
};

}  // namespace apiwright::data

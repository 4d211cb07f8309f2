#pragma once

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "data/postgresql_connection.hpp"
#include "data/postgresql_location.hpp"
#include "data/temporary_database.hpp"

namespace apiwright::data {

/// The URL of the server that tests/support/postgresql.py has started for this program.
inline std::string server_url() {
  const char* url = std::getenv("APIWRIGHT_TEST_POSTGRESQL_URL");
  if (url == nullptr) throw std::runtime_error("run this as: python3 tests/support/postgresql.py PROGRAM");
  return url;
}

/// The same server's behind its PgBouncer: transaction mode, two sessions for all clients.
inline std::string pooler_url() {
  const char* url = std::getenv("APIWRIGHT_TEST_PGBOUNCER_URL");
  if (url == nullptr) throw std::runtime_error("run this as: python3 tests/support/postgresql.py PROGRAM");
  return url;
}

/// For tests that hold whether or not the server keeps statements.
inline std::string kept_or_sent_whole(const testing::TestParamInfo<bool>& info) {
  return info.param ? "Kept" : "SentWhole";
}

/// A client of another program, as the server sees it.
class PostgresqlStranger {
 public:
  explicit PostgresqlStranger(const std::string& url = server_url()) : native_(PQconnectdb(url.c_str())) {
    PQsetNoticeProcessor(
        native_, [](void*, const char*) {}, nullptr);
  }
  ~PostgresqlStranger() { PQfinish(native_); }
  PostgresqlStranger(const PostgresqlStranger&) = delete;
  PostgresqlStranger& operator=(const PostgresqlStranger&) = delete;

  /// The first value of the first row, or nothing.
  std::string run(const std::string& sql) {
    const PostgresqlResult result(PQexec(native_, sql.c_str()), PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) throw std::runtime_error(PQerrorMessage(native_));
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
  }

 private:
  PGconn* native_;
};

/// A schema of its own, which goes away with the test.
class TemporarySchema {
 public:
  TemporarySchema() : name_("test_" + std::to_string(::getpid()) + "_" + std::to_string(++count())) {
    PostgresqlStranger().run("CREATE SCHEMA " + name_);
  }
  ~TemporarySchema() {
    try {
      PostgresqlStranger().run("DROP SCHEMA " + name_ + " CASCADE");
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
  TemporarySchema(const TemporarySchema&) = delete;
  TemporarySchema& operator=(const TemporarySchema&) = delete;

  [[nodiscard]] std::string url() const { return server_url() + "&options=-csearch_path%3D" + name_; }
  [[nodiscard]] std::string conninfo() const { return parse_postgresql_url(url()); }

 private:
  static std::atomic<int>& count() {
    static std::atomic<int> made = 0;
    return made;
  }

  std::string name_;
};

class PostgresqlTest : public testing::Test {
 protected:
  explicit PostgresqlTest(const PostgresqlLimits& limits = {}) : connection_(connect(limits)) {}

  [[nodiscard]] std::unique_ptr<PostgresqlConnection> connect(const PostgresqlLimits& limits = {}) const {
    return std::make_unique<PostgresqlConnection>(schema_.conninfo(), limits);
  }
  PostgresqlConnection& connection() { return *connection_; }
  [[nodiscard]] const TemporarySchema& schema() const { return schema_; }

  /// Ends a connection's session on the server, as an administrator would.
  static void terminate(Connection& connection) {
    const auto backend = integer_of(connection, "SELECT pg_backend_pid()");
    PostgresqlStranger stranger;
    ASSERT_EQ(stranger.run("SELECT pg_terminate_backend(" + std::to_string(backend) + ", 5000)"), "t");
  }

 private:
  TemporarySchema schema_;
  std::unique_ptr<PostgresqlConnection> connection_;
};

}  // namespace apiwright::data

// apiwright's own migrations on a PostgreSQL server, by the core itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "apiwright/data/migrations.hpp"
#include "data/postgresql_fixture.hpp"

namespace apiwright::data {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class PostgresqlMigrationsTest : public PostgresqlTest {
 protected:
  [[nodiscard]] const Migrations& migrations() const { return migrations_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }

 private:
  Migrations migrations_{"apiwright", std::filesystem::path(APIWRIGHT_MIGRATIONS_DIR) / "postgresql"};
  ManualClock clock_{Timestamp(std::chrono::milliseconds(1'700'000'000'123))};
};

TEST_F(PostgresqlMigrationsTest, UpDownAndUpAgain) {
  const auto all = migrations().all().size();
  EXPECT_THAT(migrations().up(connection(), clock()), SizeIs(all));
  EXPECT_THAT(migrations().up(connection(), clock()), IsEmpty());
  EXPECT_EQ(migrations().status(connection()).back().applied_at, clock().now());
  EXPECT_TRUE(connection().has_table("idempotency_keys"));

  EXPECT_THAT(migrations().down(connection(), all), SizeIs(all));
  EXPECT_FALSE(connection().has_table("users"));
  EXPECT_EQ(migrations().pending(connection()), all);
  EXPECT_THAT(migrations().up(connection(), clock()), SizeIs(all));
}

TEST_F(PostgresqlMigrationsTest, ManyAtOnceApplyEachOnce) {
  std::vector<std::vector<std::string>> applied(8);
  {
    std::vector<std::jthread> threads;
    threads.reserve(applied.size());
    for (auto& names : applied) {
      threads.emplace_back([&] {
        const auto own = connect();
        names = migrations().up(*own, clock());
      });
    }
  }
  std::vector<std::string> all;
  for (const auto& names : applied) all.insert(all.end(), names.begin(), names.end());
  EXPECT_THAT(all, SizeIs(migrations().all().size()));
  EXPECT_EQ(migrations().pending(connection()), 0);
}

TEST_F(PostgresqlMigrationsTest, OneThatFailsLeavesNothingOfItself) {
  connection().execute_script("CREATE TABLE roles (id bigint)");
  EXPECT_EQ(error_of([&] { static_cast<void>(migrations().up(connection(), clock())); }).code(), ErrorCode::kInternal);
  EXPECT_EQ(migrations().pending(connection()), migrations().all().size() - 3);
  EXPECT_TRUE(connection().has_table("sessions"));
}

}  // namespace
}  // namespace apiwright::data

// Remembered totals with many rows, and with many at work at once.

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "apiwright/repositories/users.hpp"
#include "data/database_fixture.hpp"
#include "support/migrated_database.hpp"
#include "support/traced_counts.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using support::MigratedDatabase;
using support::TracedCounts;

#if defined(__SANITIZE_THREAD__)
constexpr int kMany = 30'000;  // it sees each of SQLite's copies: a million take a minute and a half
#else
constexpr int kMany = 1'000'000;
#endif

// Ids and times rise together; every third user is inactive.
void fill(const MigratedDatabase& database, int rows) {
  database.write([rows](data::Connection& connection) {
    auto insert = connection.prepare(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?) "
        "INSERT INTO users (id, email, email_key, name, name_key, status, created_at, updated_at) "
        "SELECT printf('00000000-0000-7000-8000-%012d', n), n, printf('%07d', n), n, 'user ' || (n % 30), "
        "iif(n % 3 = 0, 'inactive', 'active'), n, n FROM numbers");
    insert->bind(1, std::int64_t{rows});
    insert->step();
  });
}

ListQuery with_status(const char* status) {
  ListQuery query;
  query.filters = {{users_schema()->index_of("status"), std::string(status)}};
  return query;
}

TEST(TotalsAtScale, a_page_of_a_million_rows_has_the_right_rows_and_total) {
  const TracedCounts counts;
  const MigratedDatabase database;
  const Users users;
  // Not walked here, and half the time of filling.
  for (const auto* index : {"users_name_key", "users_updated_at", "users_created_at"}) {
    database.execute(std::string("DROP INDEX ") + index);
  }
  fill(database, kMany);
  constexpr int kInactive = kMany / 3;
  auto query = with_status("inactive");
  query.page = 3;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::int64_t> numbers;
    const auto total = database.read([&](data::Connection& connection) {
      return users.rows().list(connection, query, Predicate::always(), [&](const Row& row) {
        numbers.push_back(row.record().at("created_at").as<Timestamp>().time_since_epoch().count());
      });
    });
    EXPECT_EQ(total, kInactive);
    ASSERT_EQ(numbers.size(), 20U);
    EXPECT_EQ(numbers.front(), 3 * (kInactive - 40));
    EXPECT_EQ(numbers.back(), 3 * (kInactive - 59));
  }
  EXPECT_EQ(TracedCounts::take(), 1);
}

/// Writers that change which rows match, and lists that check their totals against a count in their own snapshot.
class ConcurrentTotals : public testing::Test {
 protected:
  static constexpr int kRows = 60;
  static constexpr int kRounds = 200;

  MigratedDatabase database{data::DatabaseOptions{.readers = 4}};
  Users users;
  std::atomic<int> writing = 0;

  void check_one(const ListQuery& query) {
    database.read([&](data::Connection& connection) {
      const auto total = users.rows().list(connection, query, Predicate::always(), [](const Row&) {});
      EXPECT_EQ(total, users.rows().count(connection, query, Predicate::always()));
    });
  }
  void check_while_written() {
    ListQuery search;
    search.search = "user 1";
    search.search_fields = {users_schema()->index_of("name")};
    do {
      for (const auto& query : {ListQuery{}, with_status("active"), with_status("inactive"), search}) check_one(query);
    } while (writing > 0);
  }
  // Every second change is rolled back.
  void write(const std::string& change) {
    for (int round = 0; round < kRounds; ++round) {
      try {
        database.write([&](data::Connection& connection) {
          data::execute(connection, change);
          check_inside(connection);
          if (round % 2 == 1) throw Error(ErrorCode::kUnprocessable, "Not after all.");
        });
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
      }
    }
    --writing;
  }
  void check_inside(data::Connection& connection) {
    EXPECT_EQ(users.rows().list(connection, with_status("active"), Predicate::always(), [](const Row&) {}),
              users.rows().count(connection, with_status("active"), Predicate::always()));
  }
  void write_as_stranger() {
    data::Stranger stranger(database.folder());
    stranger.run("PRAGMA busy_timeout = 10000; PRAGMA synchronous = OFF");
    for (int round = 0; round < kRounds; ++round) {
      stranger.run(round % 2 == 0 ? "UPDATE users SET deleted_at = 1 WHERE random() % 9 = 0"
                                  : "UPDATE users SET deleted_at = NULL WHERE deleted_at = 1 AND random() % 9 <> 0");
    }
    --writing;
  }
};

TEST_F(ConcurrentTotals, each_list_has_the_total_of_its_own_snapshot) {
  fill(database, kRows);
  writing = 3;
  std::vector<std::thread> threads;
  threads.emplace_back(
      [&] { write("UPDATE users SET status = iif(random() % 2 = 0, 'active', 'inactive') WHERE random() % 7 = 0"); });
  threads.emplace_back(
      [&] { write("UPDATE users SET name_key = 'user ' || abs(random() % 30) WHERE random() % 5 = 0"); });
  threads.emplace_back([&] { write_as_stranger(); });
  for (int reader = 0; reader < 4; ++reader) threads.emplace_back([&] { check_while_written(); });
  for (auto& thread : threads) thread.join();
  check_while_written();
}

}  // namespace
}  // namespace apiwright::repositories

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "apiwright/data/migrations.hpp"
#include "data/temporary_database.hpp"

namespace apiwright::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// The core's own migrations, as they are shipped.
class SqliteSchemaTest : public testing::Test {
 protected:
  void SetUp() override { static_cast<void>(migrations_.up(*connection_, clock_)); }

  Connection& connection() { return *connection_; }
  const Migrations& migrations() { return migrations_; }
  const Clock& clock() { return clock_; }

  std::string add_user(const std::string& email, const std::string& status = "active",
                       const std::string& roles = "[]") {
    const auto id = Uuid::generate(clock_.now());
    const auto row = connection_->prepare(
        "INSERT INTO users (id, email, email_key, name, name_key, status, roles, created_at, updated_at)"
        " VALUES (?, ?2, ?2, 'Ada', 'ada', ?3, ?4, 0, 0)");
    row->bind(1, id);
    row->bind(2, email);
    row->bind(3, status);
    row->bind(4, roles);
    row->step();
    return id.to_string();
  }

  std::string plan_of(const std::string& sql) {
    std::string plan;
    const auto rows = connection_->prepare("EXPLAIN QUERY PLAN " + sql);
    while (rows->step()) plan += std::string(rows->text(3)) + "\n";
    return plan;
  }

 private:
  TemporaryFolder folder_;
  SystemClock clock_;
  Migrations migrations_{"apiwright", APIWRIGHT_MIGRATIONS_DIR "/sqlite"};
  std::unique_ptr<Database> database_ = Database::open(folder_.url());
  std::unique_ptr<Connection> connection_ = database_->connect();
};

TEST_F(SqliteSchemaTest, EveryMigrationAppliesReversesAndAppliesAgain) {
  const auto all = migrations().all().size();
  EXPECT_EQ(migrations().pending(connection()), 0U);
  EXPECT_EQ(migrations().down(connection(), all).size(), all);
  EXPECT_EQ(
      integer_of(connection(),
                 "SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND name <> 'schema_migrations'"),
      0);
  EXPECT_EQ(migrations().up(connection(), clock()).size(), all);
}

TEST_F(SqliteSchemaTest, AnEmailIsTakenOnceUntilItsUserIsDeleted) {
  const auto first = add_user("ada@example.com");
  try {
    add_user("ada@example.com");
    FAIL() << "taken twice";
  } catch (const UniqueViolation& violation) {
    EXPECT_EQ(violation.table, "users");
    EXPECT_EQ(violation.column, "email_key");
  }
  execute(connection(), "UPDATE users SET deleted_at = 1");
  EXPECT_NE(add_user("ada@example.com"), first);
}

TEST_F(SqliteSchemaTest, ValuesOutsideTheirConstraintsAreRefused) {
  EXPECT_THROW(add_user("a@example.com", "asleep"), Error);
  EXPECT_THROW(add_user("a@example.com", "active", "{}"), Error);
  EXPECT_THROW(add_user("a@example.com", "active", "admin"), Error);
  add_user("a@example.com", "inactive", R"(["admin"])");
}

TEST_F(SqliteSchemaTest, ASessionNeedsItsUser) {
  const auto add_session = [&](const std::string& user) {
    const auto row = connection().prepare(
        "INSERT INTO sessions (id, user_id, generation, digest, created_at, last_used_at, expires_at)"
        " VALUES (?, ?, 0, 'x', 0, 0, 0)");
    row->bind(1, Uuid::generate(clock().now()));
    row->bind(2, user);
    row->step();
  };
  EXPECT_EQ(error_of([&] { add_session(Uuid{}.to_string()); }).code(), ErrorCode::kUnprocessable);
  add_session(add_user("a@example.com"));
  EXPECT_EQ(error_of([&] { execute(connection(), "DELETE FROM users"); }).code(), ErrorCode::kUnprocessable);
}

TEST_F(SqliteSchemaTest, ReadsByIdAndByEmailUseTheirIndexes) {
  EXPECT_THAT(plan_of("SELECT name FROM users WHERE id = ? AND deleted_at IS NULL"),
              HasSubstr("USING INDEX sqlite_autoindex_users_1"));
  EXPECT_THAT(plan_of("SELECT name FROM users WHERE email_key = ? AND deleted_at IS NULL"),
              HasSubstr("USING INDEX users_email_key_unique"));
  EXPECT_THAT(plan_of("SELECT digest FROM sessions WHERE id = ?"),
              HasSubstr("USING INDEX sqlite_autoindex_sessions_1"));
}

TEST_F(SqliteSchemaTest, EverySortWalksAnIndexBothWays) {
  for (const std::string column : {"created_at", "name_key", "updated_at", "email_key"}) {
    const auto index = column == "email_key" ? std::string("users_email_key_unique") : "users_" + column;
    for (const std::string direction : {"ASC", "DESC"}) {
      const auto plan = plan_of("SELECT name FROM users WHERE deleted_at IS NULL ORDER BY " + column + " " + direction +
                                (column == "email_key" ? "" : ", id " + direction) + " LIMIT 20");
      EXPECT_THAT(plan, AllOf(HasSubstr("USING INDEX " + index), Not(HasSubstr("TEMP B-TREE"))));
    }
  }
}

TEST_F(SqliteSchemaTest, TheStatusFilterWalksItsIndexInTheDefaultOrder) {
  EXPECT_THAT(plan_of("SELECT name FROM users WHERE deleted_at IS NULL AND status = ?"
                      " ORDER BY created_at DESC, id DESC LIMIT 20"),
              AllOf(HasSubstr("USING INDEX users_status_created_at"), Not(HasSubstr("TEMP B-TREE"))));
}

TEST_F(SqliteSchemaTest, AUsersSessionsAndTheExpiredOnesAreFoundByIndex) {
  EXPECT_THAT(plan_of("SELECT digest FROM sessions WHERE user_id = ? ORDER BY created_at, id LIMIT 20"),
              AllOf(HasSubstr("USING INDEX sessions_user_id_created_at"), Not(HasSubstr("TEMP B-TREE"))));
  EXPECT_THAT(plan_of("DELETE FROM sessions WHERE expires_at < ?"), HasSubstr("INDEX sessions_expires_at"));
}

TEST_F(SqliteSchemaTest, TableVersionsComeAndGoWithRowsInTheTables) {
  const auto id = add_user("a@example.com");
  const auto since = migrations().all().size() - 2;  // 0003 and later
  EXPECT_EQ(migrations().down(connection(), since).back(), "0003_table_versions");
  EXPECT_FALSE(connection().has_table("table_versions"));
  add_user("b@example.com");
  execute(connection(), "UPDATE users SET name = 'Eve'");
  EXPECT_EQ(migrations().up(connection(), clock()).front(), "0003_table_versions");
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM users WHERE name = 'Eve'"), 2);
  EXPECT_EQ(text_of(connection(), "SELECT group_concat(table_name) FROM table_versions"), "roles,users");
  EXPECT_EQ(text_of(connection(), "SELECT id FROM users WHERE email = 'a@example.com'"), id);
}

TEST_F(SqliteSchemaTest, RolesComeWithTheBuiltInOneAndGoWithTheirTable) {
  const auto since = migrations().all().size() - 3;  // 0004 and later
  EXPECT_EQ(text_of(connection(), "SELECT group_concat(name || permissions) FROM roles"), R"(admin["*"])");
  execute(connection(),
          "INSERT INTO roles (id, name, name_key, created_at, updated_at) SELECT "
          "'00000000-0000-7000-8000-000000000001', 'editor', 'editor', 0, 0");
  EXPECT_EQ(migrations().down(connection(), since).back(), "0004_roles");
  EXPECT_EQ(text_of(connection(), "SELECT group_concat(table_name) FROM table_versions"), "users");
  EXPECT_EQ(migrations().up(connection(), clock()).front(), "0004_roles");
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM roles"), 1);
}

TEST_F(SqliteSchemaTest, EachChangeOfATableWithAVersionGivesItANewOne) {
  std::set<std::int64_t> versions;
  const auto expect_new = [&](const std::string& table, const std::string& change) {
    execute(connection(), change);
    const auto version =
        integer_of(connection(), "SELECT version FROM table_versions WHERE table_name = '" + table + "'");
    EXPECT_TRUE(versions.insert(version).second) << change;
  };
  const auto expect_each_new = [&](const std::string& table, std::initializer_list<const char*> columns) {
    expect_new(table, "SELECT 1");  // of the row that was added
    for (const std::string column : columns) {
      const auto is_number = column == "version" || column.ends_with("_at");
      expect_new(table, "UPDATE " + table + " SET " + column + (is_number ? " = 7" : " = '[]'"));
    }
  };
  expect_new("users", "SELECT 1");
  add_user("a@example.com");
  expect_each_new("users", {"email", "email_key", "name", "name_key", "password_hash", "roles", "version", "created_at",
                            "updated_at", "deleted_at"});
  expect_new("users", "UPDATE users SET status = 'inactive'");
  expect_new("users", "DELETE FROM users");
  expect_each_new("roles", {"name", "name_key", "permissions", "version", "created_at", "updated_at"});
  expect_new("roles", "DELETE FROM roles");
}

// A migration that rebuilds a table drops its triggers, and nothing else would say so.
TEST_F(SqliteSchemaTest, EveryTableWithAVersionHasTheTriggersThatChangeIt) {
  EXPECT_EQ(integer_of(connection(),
                       "SELECT count(*) FROM table_versions WHERE 3 <> (SELECT count(*) FROM sqlite_schema"
                       " WHERE type = 'trigger' AND tbl_name = table_name AND name IN (table_name ||"
                       " '_version_after_insert', table_name || '_version_after_delete', table_name ||"
                       " '_version_after_update'))"),
            0);
}

}  // namespace
}  // namespace apiwright::data

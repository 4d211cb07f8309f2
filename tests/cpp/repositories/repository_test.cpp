#include "apiwright/repositories/repository.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/people.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using support::texts;
using support::user_record;
using validation::Absent;
using validation::Field;
using validation::Null;
using validation::Record;
using validation::Schema;
using validation::Value;

class RepositoryTest : public testing::Test {
 protected:
  support::People people;

  [[nodiscard]] std::optional<Record> find(const Uuid& id, const Predicate& visible = Predicate::always()) const {
    return people.database.read(
        [&](data::Connection& connection) { return people.users.rows().find(connection, id, visible); });
  }
  [[nodiscard]] std::optional<Record> find_by_email(std::string_view email) const {
    return people.database.read([&](data::Connection& connection) {
      return people.users.rows().find_by(connection, "email", std::string(email));
    });
  }
  static void expect_email_taken(const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConflict);
    ASSERT_EQ(error.details().size(), 1U);
    EXPECT_EQ(error.details().front().field, "email");
    EXPECT_EQ(error.details().front().code, "unique");
  }
};

TEST_F(RepositoryTest, an_inserted_row_is_found_as_it_was_returned) {
  auto record = user_record("ada@example.org");
  record.set("roles", texts({"admin"}));
  const auto stored = people.add(std::move(record));
  const auto id = stored.at("id").as<Uuid>();
  const auto found = find(id);
  ASSERT_TRUE(found);
  for (std::size_t field = 0; field < found->schema().fields().size(); ++field) {
    if (found->schema().field(field).is_transient()) continue;
    EXPECT_EQ(found->at(field), stored.at(field)) << found->schema().field(field).name();
  }
  EXPECT_EQ(found->at("version").as<std::int64_t>(), 1);
  EXPECT_EQ(found->at("created_at").as<Timestamp>(), support::kStart);
  EXPECT_EQ(found->at("updated_at").as<Timestamp>(), support::kStart);
  EXPECT_TRUE(found->at("deleted_at").is_null());
}

TEST_F(RepositoryTest, a_given_id_is_kept_and_a_new_one_is_of_version_7) {
  auto record = user_record("ada@example.org");
  const auto id = Uuid::parse("00000000-0000-7000-8000-000000000001").value();
  record.set("id", id);
  EXPECT_EQ(people.add(std::move(record)).at("id").as<Uuid>(), id);
  const auto other = people.add(user_record("bob@example.org")).at("id").as<Uuid>();
  EXPECT_EQ(other.to_string().at(14), '7');
}

TEST_F(RepositoryTest, what_the_caller_claims_of_times_and_version_is_overruled) {
  auto record = user_record("ada@example.org");
  record.set("version", std::int64_t{99});
  record.set("created_at", Timestamp{});
  const auto stored = people.add(std::move(record));
  EXPECT_EQ(stored.at("version").as<std::int64_t>(), 1);
  EXPECT_EQ(stored.at("created_at").as<Timestamp>(), support::kStart);
}

TEST_F(RepositoryTest, nothing_is_found_for_an_unknown_id) { EXPECT_FALSE(find(Uuid::generate(support::kStart))); }

TEST_F(RepositoryTest, a_row_the_predicate_hides_is_not_found) {
  const auto id = people.add_user("ada@example.org");
  const auto status = users_schema()->index_of("status");
  EXPECT_TRUE(find(id, Predicate::equals(status, std::string("active"))));
  EXPECT_FALSE(find(id, Predicate::equals(status, std::string("inactive"))));
  EXPECT_FALSE(find(id, Predicate::never()));
  EXPECT_FALSE(find(id, Predicate::negate(Predicate::equals(users_schema()->index_of("deleted_at"), support::kStart))))
      << "unknown denies";
}

TEST_F(RepositoryTest, a_deleted_row_is_gone_for_every_call_and_frees_its_email) {
  const auto id = people.add_user("ada@example.org");
  EXPECT_TRUE(people.remove(id));
  EXPECT_FALSE(people.remove(id)) << "a second time";
  EXPECT_FALSE(find(id));
  EXPECT_FALSE(find_by_email("ada@example.org"));
  const auto again = people.add_user("ADA@example.org");
  EXPECT_NE(again, id);
  EXPECT_EQ(people.database.integer("SELECT count(*) FROM users"), 2) << "deleted softly";
  EXPECT_EQ(people.database.integer("SELECT count(*) FROM users WHERE deleted_at IS NOT NULL"), 1);
}

TEST_F(RepositoryTest, an_email_taken_in_other_case_or_as_its_a_label_names_email_on_insert) {
  static_cast<void>(people.add_user("Ada@B\u00fccher.example"));
  for (const auto* email : {"Ada@B\u00fccher.example", "aDA@B\u00dcCHER.example", "ada@xn--bcher-kva.example"}) {
    expect_email_taken(data::error_of([&] { static_cast<void>(people.add_user(email)); }));
  }
  EXPECT_EQ(people.database.integer("SELECT count(*) FROM users"), 1);
}

TEST_F(RepositoryTest, an_email_taken_names_email_on_update_and_changes_nothing) {
  static_cast<void>(people.add_user("ada@b\u00fccher.example"));
  const auto bob = people.add_user("bob@example.org");
  for (const auto* email : {"ADA@b\u00fccher.example", "ada@XN--BCHER-KVA.example"}) {
    expect_email_taken(data::error_of([&] { people.set(bob, "email", std::string(email)); }));
  }
  EXPECT_EQ(find(bob)->at("email").as<std::string>(), "bob@example.org");
  EXPECT_EQ(find(bob)->at("version").as<std::int64_t>(), 1);
}

TEST_F(RepositoryTest, an_email_may_change_its_own_case) {
  const auto id = people.add_user("ada@example.org");
  people.set(id, "email", std::string("Ada@Example.org"));
  EXPECT_EQ(find_by_email("ADA@EXAMPLE.ORG")->at("email").as<std::string>(), "Ada@Example.org");
}

TEST_F(RepositoryTest, a_changed_email_is_found_and_taken_under_its_new_key_alone) {
  const auto id = people.add_user("ada@example.org");
  people.set(id, "email", std::string("Countess@example.org"));
  EXPECT_FALSE(find_by_email("ada@example.org"));
  EXPECT_EQ(find_by_email("countess@EXAMPLE.org")->at("id").as<Uuid>(), id);
  static_cast<void>(people.add_user("ada@example.org"));
}

TEST_F(RepositoryTest, a_change_raises_version_and_updated_at_and_leaves_the_rest) {
  const auto id = people.add_user("ada@example.org", {"editor"});
  people.clock.advance(std::chrono::milliseconds(1));
  const auto after = people.set(id, "name", std::string("Ada King"));
  const auto found = find(id).value();
  for (const auto& row : {after, found}) {
    EXPECT_EQ(row.at("name").as<std::string>(), "Ada King");
    EXPECT_EQ(row.at("version").as<std::int64_t>(), 2);
    EXPECT_EQ(row.at("updated_at").as<Timestamp>(), support::kStart + std::chrono::milliseconds(1));
    EXPECT_EQ(row.at("created_at").as<Timestamp>(), support::kStart);
    EXPECT_EQ(row.at("email").as<std::string>(), "ada@example.org");
    EXPECT_EQ(row.at("roles").as<validation::Array>(), texts({"editor"}));
  }
}

TEST_F(RepositoryTest, a_change_of_nothing_writes_nothing) {
  const auto id = people.add_user("ada@example.org");
  const auto before = find(id).value();
  people.clock.advance(std::chrono::seconds(1));
  const auto same = people.set(id, "name", before.at("name"));
  const auto empty = people.set(id, "name", Absent{});
  for (const auto& row : {same, empty, find(id).value()}) {
    EXPECT_EQ(row.at("version").as<std::int64_t>(), 1);
    EXPECT_EQ(row.at("updated_at").as<Timestamp>(), support::kStart);
  }
}

TEST_F(RepositoryTest, a_transient_value_is_never_stored) {
  const auto id = people.add_user("ada@example.org");
  EXPECT_EQ(people.set(id, "password", std::string("correct horse")).at("version").as<std::int64_t>(), 1);
  auto record = user_record("bob@example.org");
  record.set("password", std::string("correct horse"));
  const auto bob = people.add(std::move(record)).at("id").as<Uuid>();
  EXPECT_TRUE(find(bob)->at("password").is_absent());
  EXPECT_TRUE(find(bob)->at("password_hash").is_null());
}

TEST_F(RepositoryTest, of_two_updates_of_one_version_the_second_is_a_conflict) {
  const auto id = people.add_user("ada@example.org");
  const auto read = find(id).value();  // by both, before either writes
  const auto update = [&](const char* name) {
    Record changes(read.schema_ptr());
    changes.set("name", std::string(name));
    people.database.write([&](data::Connection& connection) {
      static_cast<void>(people.users.rows().update(connection, read, changes, people.clock.now()));
    });
  };
  update("First");
  const auto error = data::error_of([&] { update("Second"); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_TRUE(error.details().empty());
  EXPECT_EQ(find(id)->at("name").as<std::string>(), "First");
}

TEST_F(RepositoryTest, of_many_registrations_of_one_email_at_once_one_is_stored) {
  std::atomic<int> stored = 0;
  std::atomic<int> conflicts = 0;
  std::vector<std::thread> threads;
  for (int count = 0; count < 8; ++count) {
    threads.emplace_back([&, count] {
      try {
        static_cast<void>(people.add(user_record(count % 2 == 0 ? "ada@example.org" : "ADA@EXAMPLE.ORG")));
        ++stored;
      } catch (const Error& error) {
        if (error.code() == ErrorCode::kConflict) ++conflicts;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(conflicts, 7);
}

TEST_F(RepositoryTest, text_that_looks_like_sql_is_text) {
  const std::string name = "'; DROP TABLE users; --";
  const auto id = people.add(user_record("o'brien@example.org", name)).at("id").as<Uuid>();
  EXPECT_EQ(find(id)->at("name").as<std::string>(), name);
  EXPECT_EQ(find_by_email("O'BRIEN@example.org")->at("id").as<Uuid>(), id);
}

TEST(RepositoryOfPlainTable, without_kept_fields_rows_go_away_for_good) {
  const support::MigratedDatabase database;
  database.execute("CREATE TABLE notes (id TEXT PRIMARY KEY, slug TEXT, slug_key TEXT UNIQUE, text TEXT) STRICT");
  const Repository notes(Schema::make(
      "Note", "notes",
      {Field::uuid("id").read_only(), Field::string("slug").unique().nullable(), Field::string("text").nullable()}));
  Record record(notes.schema());
  record.set("slug", std::string("Hello"));
  const auto stored =
      database.write([&](data::Connection& connection) { return notes.insert(connection, record, support::kStart); });
  const auto id = stored.at("id").as<Uuid>();

  Record changes(notes.schema());
  changes.set("slug", Null{});
  const auto after = database.write(
      [&](data::Connection& connection) { return notes.update(connection, stored, changes, support::kStart); });
  EXPECT_TRUE(after.at("slug").is_null());
  EXPECT_EQ(database.integer("SELECT count(*) FROM notes WHERE slug IS NULL AND slug_key IS NULL"), 1);

  EXPECT_TRUE(database.write([&](data::Connection& connection) { return notes.remove(connection, id, {}); }));
  EXPECT_EQ(database.integer("SELECT count(*) FROM notes"), 0);
  const auto error = data::error_of([&] {
    database.write([&](data::Connection& connection) {
      static_cast<void>(notes.update(connection, stored, changes, support::kStart));
    });
  });
  EXPECT_EQ(error.code(), ErrorCode::kConflict) << "an update of a row that went away meanwhile";
}

}  // namespace
}  // namespace apiwright::repositories

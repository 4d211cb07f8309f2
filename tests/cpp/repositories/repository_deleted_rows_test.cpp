// What a softly deleted row still is: found apart from the others, listed, restored.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

#include "apiwright/repositories/repository.hpp"
#include "support/people.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using data::Connection;
using data::error_of;
using support::kStart;
using testing::ElementsAre;
using testing::IsEmpty;
using validation::Record;
using validation::Value;

constexpr auto kHour = std::chrono::hours(1);

class DeletedRowsTest : public testing::Test {
 protected:
  support::People people;
  const Repository& rows = people.users.rows();
  const Repository& deleted = *rows.deleted();

  [[nodiscard]] Uuid add_deleted(std::string_view email) const {
    const auto id = people.add_user(email);
    people.remove(id);
    return id;
  }
  [[nodiscard]] std::optional<Record> find_deleted(const Uuid& id,
                                                   const Predicate& visible = Predicate::always()) const {
    return people.database.read([&](Connection& it) { return rows.find_deleted(it, id, visible); });
  }
  [[nodiscard]] std::optional<Record> restore(const Uuid& id, std::optional<std::int64_t> version = {}) const {
    return people.database.write([&](Connection& it) { return rows.restore(it, id, version, kStart + kHour); });
  }
  [[nodiscard]] std::vector<std::string> emails(const ListQuery& query) const {
    std::vector<std::string> found;
    people.database.read([&](Connection& it) {
      deleted.list(it, query, Predicate::always(),
                   [&](const Row& row) { found.push_back(row.record().at("email").as<std::string>()); });
    });
    return found;
  }
  [[nodiscard]] std::size_t field(std::string_view name) const { return deleted.schema()->index_of(name); }
};

TEST_F(DeletedRowsTest, a_deleted_row_is_found_among_the_deleted_ones_alone) {
  const auto id = add_deleted("ada@example.org");
  const auto living = people.add_user("bob@example.org");
  const auto found = find_deleted(id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at("deleted_at").as<Timestamp>(), kStart);
  EXPECT_FALSE(find_deleted(living));
  EXPECT_FALSE(find_deleted(id, Predicate::equals(field("status"), std::string("inactive")))) << "it is hidden";
}

TEST_F(DeletedRowsTest, a_restored_row_is_as_it_was_in_a_new_version) {
  const auto id = people.add_user("ada@example.org", {"editor"});
  const auto before = people.user(id);
  people.remove(id);
  const auto restored = restore(id);
  ASSERT_TRUE(restored);
  EXPECT_TRUE(restored->at("deleted_at").is_null());
  EXPECT_EQ(restored->at("version").as<std::int64_t>(), 2);
  EXPECT_EQ(restored->at("updated_at").as<Timestamp>(), kStart + kHour);
  for (const auto* kept : {"email", "name", "password_hash", "status", "roles", "created_at"}) {
    EXPECT_EQ(restored->at(kept), before->at(kept)) << kept;
  }
  const auto stored = people.user(id);
  ASSERT_TRUE(stored);
  for (std::size_t index = 0; index < stored->schema().fields().size(); ++index) {
    EXPECT_EQ(stored->at(index), restored->at(index)) << stored->schema().field(index).name();
  }
  EXPECT_FALSE(find_deleted(id));
}

TEST_F(DeletedRowsTest, a_row_that_is_not_deleted_is_restored_without_a_change) {
  const auto id = people.add_user("ada@example.org");
  const auto restored = restore(id);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->at("version").as<std::int64_t>(), 1);
  EXPECT_EQ(restored->at("updated_at").as<Timestamp>(), kStart);
}

TEST_F(DeletedRowsTest, nothing_is_restored_where_nothing_was) { EXPECT_FALSE(restore(Uuid::generate(kStart))); }

TEST_F(DeletedRowsTest, a_value_that_was_taken_meanwhile_is_a_conflict_naming_it_and_changes_nothing) {
  const auto id = add_deleted("ada@example.org");
  static_cast<void>(people.add_user("Ada@Example.org"));
  const auto error = error_of([&] { static_cast<void>(restore(id)); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  ASSERT_EQ(error.details().size(), 1U);
  EXPECT_EQ(error.details().front().field, "email");
  EXPECT_EQ(find_deleted(id)->at("version").as<std::int64_t>(), 1);
}

TEST_F(DeletedRowsTest, another_version_than_the_one_expected_is_not_restored) {
  const auto id = add_deleted("ada@example.org");
  EXPECT_EQ(error_of([&] { static_cast<void>(restore(id, 2)); }).code(), ErrorCode::kPreconditionFailed);
  EXPECT_TRUE(find_deleted(id));
  EXPECT_TRUE(restore(id, 1));
  EXPECT_EQ(error_of([&] { static_cast<void>(restore(id, 1)); }).code(), ErrorCode::kPreconditionFailed);
}

TEST_F(DeletedRowsTest, of_many_restorations_at_once_one_changes_the_row) {
  const auto id = add_deleted("ada@example.org");
  std::vector<std::future<std::optional<Record>>> asked;
  for (int count = 0; count < 8; ++count) {
    asked.push_back(std::async(std::launch::async, [&] { return restore(id); }));
  }
  for (auto& each : asked) EXPECT_EQ(each.get()->at("version").as<std::int64_t>(), 2);
}

TEST_F(DeletedRowsTest, where_rows_are_deleted_for_good_there_is_nothing_to_restore) {
  const auto& sessions = people.sessions.rows();
  EXPECT_EQ(sessions.deleted(), nullptr);
  people.database.read([&](Connection& it) {
    EXPECT_FALSE(sessions.find_deleted(it, Uuid{}, Predicate::always()));
    EXPECT_THROW(static_cast<void>(sessions.restore(it, Uuid{}, std::nullopt, kStart)), std::logic_error);
  });
}

TEST_F(DeletedRowsTest, the_list_of_deleted_rows_has_them_alone_the_last_one_deleted_first) {
  static_cast<void>(people.add_user("living@example.org"));
  for (const auto* email : {"ada@example.org", "bob@example.org", "eve@example.org"}) {
    static_cast<void>(add_deleted(email));
    people.clock.advance(kHour);
  }
  EXPECT_THAT(emails({}), ElementsAre("eve@example.org", "bob@example.org", "ada@example.org"));
  ListQuery by_time;
  by_time.sort = {{field("deleted_at"), false}};
  by_time.filters = {{field("deleted_at"), Value(kStart), Operator::kGreater}};
  EXPECT_THAT(emails(by_time), ElementsAre("bob@example.org", "eve@example.org"));
  ListQuery second;
  second.page = 2;
  second.limit = 2;
  EXPECT_THAT(emails(second), ElementsAre("ada@example.org"));
}

TEST_F(DeletedRowsTest, their_total_follows_each_deletion_and_each_restoration) {
  const auto total = [&] {
    return people.database.read(
        [&](Connection& it) { return deleted.list(it, {}, Predicate::always(), [](const Row&) {}); });
  };
  EXPECT_EQ(total(), 0);
  const auto id = add_deleted("ada@example.org");
  EXPECT_EQ(total(), 1);
  static_cast<void>(restore(id));
  EXPECT_EQ(total(), 0);
  EXPECT_THAT(emails({}), IsEmpty());
}

TEST_F(DeletedRowsTest, a_walk_through_them_has_a_key_of_its_own) {
  ListQuery query;
  query.sort = {{field("created_at"), true}};
  EXPECT_NE(deleted.walk_key(query), rows.walk_key(query));
}

TEST_F(DeletedRowsTest, their_schema_shows_when_they_were_deleted_and_else_the_same_fields) {
  const auto& fields = deleted.schema()->fields();
  ASSERT_EQ(fields.size(), rows.schema()->fields().size());
  for (std::size_t index = 0; index < fields.size(); ++index) {
    EXPECT_EQ(fields[index].name(), rows.schema()->field(index).name());
    if (index != field("deleted_at")) {
      EXPECT_EQ(fields[index].is_hidden(), rows.schema()->field(index).is_hidden()) << fields[index].name();
    }
  }
  EXPECT_FALSE(fields[field("deleted_at")].is_hidden());
}

}  // namespace
}  // namespace apiwright::repositories

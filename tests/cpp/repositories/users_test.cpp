#include "apiwright/repositories/users.hpp"

#include <gtest/gtest.h>

#include "support/people.hpp"

namespace apiwright::repositories {
namespace {

using support::texts;
using validation::Null;

class UsersTest : public testing::Test {
 protected:
  support::People people;

  [[nodiscard]] std::optional<Credentials> by_email(std::string_view email) const {
    return people.database.read(
        [&](data::Connection& connection) { return people.users.credentials(connection, email); });
  }
  void require_another_admin(const Uuid& leaving) const {
    people.database.write(
        [&](data::Connection& connection) { people.users.require_another_admin(connection, leaving); });
  }
};

TEST_F(UsersTest, credentials_are_found_by_email_in_whatever_case_and_by_id) {
  const auto id = people.add_user("Ada@B\u00fccher.example");
  for (const auto* email : {"Ada@B\u00fccher.example", "ADA@b\u00dcCHER.EXAMPLE", "ada@xn--bcher-kva.example"}) {
    const auto found = by_email(email);
    ASSERT_TRUE(found) << email;
    EXPECT_EQ(found->user, id);
    EXPECT_TRUE(found->active);
    EXPECT_EQ(found->password_hash, "$hash of Ada@B\u00fccher.example");
  }
  const auto again =
      people.database.read([&](data::Connection& connection) { return people.users.credentials(connection, id); });
  EXPECT_EQ(again.value().password_hash, "$hash of Ada@B\u00fccher.example");
}

TEST_F(UsersTest, credentials_tell_of_an_inactive_user_and_of_one_without_a_password) {
  auto record = support::user_record("ada@example.org");
  record.set("status", std::string("inactive"));
  static_cast<void>(people.add(std::move(record)));
  const auto found = by_email("ada@example.org");
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->active);
  EXPECT_FALSE(found->password_hash);
}

TEST_F(UsersTest, nobody_and_a_deleted_user_have_no_credentials) {
  EXPECT_FALSE(by_email("ada@example.org"));
  EXPECT_FALSE(by_email("not an address"));
  EXPECT_FALSE(by_email(""));
  const auto id = people.add_user("ada@example.org");
  people.remove(id);
  EXPECT_FALSE(by_email("ada@example.org"));
}

TEST_F(UsersTest, a_rehash_replaces_the_hash_alone) {
  const auto id = people.add_user("ada@example.org");
  people.clock.advance(std::chrono::seconds(5));
  people.database.write([&](data::Connection& connection) {
    people.users.replace_hash(connection, id, "$hash of ada@example.org", "$new");
  });
  const auto user = people.user(id).value();
  EXPECT_EQ(user.at("password_hash").as<std::string>(), "$new");
  EXPECT_EQ(user.at("version").as<std::int64_t>(), 1);
  EXPECT_EQ(user.at("updated_at").as<Timestamp>(), support::kStart);
}

TEST_F(UsersTest, a_rehash_of_a_password_changed_meanwhile_is_dropped) {
  const auto id = people.add_user("ada@example.org");
  people.database.write(
      [&](data::Connection& connection) { people.users.replace_hash(connection, id, "$older", "$new"); });
  EXPECT_EQ(people.user(id)->at("password_hash").as<std::string>(), "$hash of ada@example.org");
}

TEST_F(UsersTest, another_admin_must_be_active_and_there) {
  const auto ada = people.add_user("ada@example.org", {"admin"});
  const auto refused = [&] {
    const auto error = data::error_of([&] { require_another_admin(ada); });
    EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
  };
  refused();
  const auto bob = people.add_user("bob@example.org", {"editor", "admin"});
  require_another_admin(ada);
  people.set(bob, "status", std::string("inactive"));
  refused();
  people.set(bob, "status", std::string("active"));
  require_another_admin(ada);
  people.set(bob, "roles", texts({"administrator", "not-admin"}));
  refused();
  people.set(bob, "roles", texts({"admin"}));
  people.remove(bob);
  refused();
}

TEST_F(UsersTest, the_schema_keeps_hash_and_deletion_to_itself_and_roles_to_admins) {
  const auto& schema = *users_schema();
  EXPECT_TRUE(schema.field(schema.index_of("password_hash")).is_internal());
  EXPECT_TRUE(schema.field(schema.index_of("deleted_at")).is_internal());
  EXPECT_TRUE(schema.field(schema.index_of("password")).is_write_only());
  EXPECT_TRUE(schema.field(schema.index_of("password")).is_transient());
  const access::Principal admin{Uuid{}, Uuid{}, {"admin"}};
  const access::Principal editor{Uuid{}, Uuid{}, {"editor"}};
  for (const auto& field : schema.fields()) {
    const auto index = schema.index_of(field.name());
    const bool is_guarded = field.name() == "roles" || field.name() == "status" || field.name() == "password";
    EXPECT_EQ(Users().writable().guard(index), is_guarded) << field.name();
    EXPECT_TRUE(Users().writable().grants(&admin).always(index)) << field.name();
    EXPECT_EQ(Users().writable().grants(&editor).never(index), is_guarded) << field.name();
  }
}

}  // namespace
}  // namespace apiwright::repositories

#include "apiwright/repositories/roles.hpp"

#include <gmock/gmock.h>

#include "apiwright/validation/body_reader.hpp"
#include "support/people.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using support::texts;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using validation::BodyReader;
using validation::Mode;
using validation::Record;

class RolesTest : public testing::Test {
 protected:
  support::People people;
  const Roles roles;

  Uuid add(std::string_view name, std::initializer_list<std::string_view> permissions) const {
    Record role(roles_schema());
    role.set("name", std::string(name));
    role.set("permissions", texts(permissions));
    return people.database.write([&](data::Connection& connection) {
      return roles.rows().insert(connection, std::move(role), people.clock.now()).at("id").as<Uuid>();
    });
  }
  [[nodiscard]] Record stored(const Uuid& id) const {
    return people.database
        .read([&](data::Connection& connection) { return roles.rows().find(connection, id, Predicate::always()); })
        .value();
  }
  [[nodiscard]] std::optional<Record> named(std::string_view name) const {
    return people.database.read([&](data::Connection& connection) {
      return roles.rows().find_by(connection, "name", validation::Value(std::string(name)));
    });
  }
  void set(const Uuid& id, std::string_view field, validation::Value value) const {
    Record changes(roles_schema());
    changes.set(field, std::move(value));
    people.database.write([&](data::Connection& connection) {
      static_cast<void>(roles.rows().update(connection, stored(id), changes, people.clock.now()));
    });
  }
  [[nodiscard]] access::Principal signed_in(std::initializer_list<std::string_view> held) {
    const auto user = people.add_user(std::to_string(++users_) + "@example.org", held);
    return people.authenticate(people.claims(user, people.start(user).id));
  }

 private:
  int users_ = 0;
};

TEST_F(RolesTest, admin_is_there_from_the_start_and_may_do_everything) {
  const auto admin = named("admin");
  ASSERT_TRUE(admin);
  EXPECT_EQ(admin->at("id").as<Uuid>().to_string(), "019b76da-a800-7000-8000-000000000001");
  EXPECT_EQ(admin->at("permissions"), validation::Value(texts({"*"})));
  EXPECT_EQ(admin->at("version"), validation::Value(std::int64_t{1}));
  EXPECT_EQ(admin->at("created_at").as<Timestamp>(), support::kStart);
}

TEST_F(RolesTest, only_the_built_in_role_is_kept_as_it_is) {
  EXPECT_NO_THROW(Roles::require_changeable(stored(add("editor", {"*"}))));
  try {
    Roles::require_changeable(named("admin").value());
    FAIL() << "changeable";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
    EXPECT_STREQ(error.what(), "The role admin is built in: it can be neither changed nor removed.");
  }
}

TEST_F(RolesTest, no_two_have_one_name) {
  add("editor", {});
  try {
    add("editor", {"articles:write"});
    FAIL() << "taken twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConflict);
    EXPECT_EQ(error.details().front().field, "name");
  }
}

// The rule that the schema's pattern repeats for RE2.
TEST_F(RolesTest, hold_exactly_what_is_a_grant) {
  const BodyReader reader(roles_schema(), Mode::kCreate);
  for (const std::string text :
       {"*",  "articles:*", "articles:write", "publish", "a:b:c", "a:b:*", "a_-1:b", "",     ":",    "**",  "*:*",
        ":*", "a:",         "a:*:b",          "a*",      "A:b",   "1a",    "a b",    "a:b ", "a::b", "*:a", "a:*:*"}) {
    const auto body = R"({"name":"editor","permissions":[")" + text + R"("]})";
    bool taken = true;
    try {
      static_cast<void>(reader.read(body));
    } catch (const Error& error) {
      taken = false;
      EXPECT_EQ(error.details().front().field, "permissions[0]");
    }
    EXPECT_EQ(taken, access::is_grant(text)) << text;
  }
}

TEST_F(RolesTest, grant_to_whoever_has_them_by_name) {
  add("editor", {"articles:write", "articles:read"});
  add("support", {"orders:*"});
  add("idle", {});
  EXPECT_THAT(signed_in({"editor"}).permissions, ElementsAre("articles:write", "articles:read"));
  EXPECT_THAT(signed_in({"editor", "idle", "support"}).permissions,
              UnorderedElementsAre("articles:write", "articles:read", "orders:*"));
  EXPECT_THAT(signed_in({"idle"}).permissions, IsEmpty());
  EXPECT_THAT(signed_in({}).permissions, IsEmpty());
  EXPECT_TRUE(signed_in({"support"}).has_permission("orders:refund"));
}

TEST_F(RolesTest, a_name_without_a_role_grants_nothing) {
  add("editor", {"articles:write"});
  const auto principal = signed_in({"edito", "writer"});
  EXPECT_THAT(principal.roles, ElementsAre("edito", "writer"));
  EXPECT_THAT(principal.permissions, IsEmpty());
}

TEST_F(RolesTest, admin_grants_everything_even_where_its_row_was_lost) {
  EXPECT_THAT(signed_in({"admin"}).permissions, ElementsAre("*"));
  EXPECT_THAT(signed_in({"editor", "admin"}).permissions, ElementsAre("*"));
  people.database.execute("UPDATE roles SET permissions = '[]' WHERE name = 'admin'");
  EXPECT_THAT(signed_in({"admin"}).permissions, ElementsAre("*"));
  people.database.execute("DELETE FROM roles");
  EXPECT_THAT(signed_in({"admin", "editor"}).permissions, ElementsAre("*"));
}

TEST_F(RolesTest, changes_hold_from_the_next_authentication_on) {
  const auto editor = add("editor", {"articles:write"});
  const auto user = people.add_user("ada@example.org", {"editor"});
  const auto session = people.start(user).id;
  const auto permissions = [&] { return people.authenticate(people.claims(user, session)).permissions; };
  EXPECT_THAT(permissions(), ElementsAre("articles:write"));
  set(editor, "permissions", texts({"articles:read"}));
  EXPECT_THAT(permissions(), ElementsAre("articles:read"));
  set(editor, "name", std::string("author"));
  EXPECT_THAT(permissions(), IsEmpty());
  people.set(user, "roles", texts({"author"}));
  EXPECT_THAT(permissions(), ElementsAre("articles:read"));
  people.database.write(
      [&](data::Connection& connection) { return roles.rows().remove(connection, editor, people.clock.now()); });
  EXPECT_THAT(permissions(), IsEmpty());
}

TEST_F(RolesTest, are_found_by_index_at_authentication) {
  const auto plan = people.database.read([](data::Connection& connection) {
    std::string text;
    const auto rows = connection.prepare(
        "EXPLAIN QUERY PLAN SELECT json_group_array(granted.value) FROM users, json_each(users.roles) AS held "
        "JOIN roles ON roles.name_key = held.value JOIN json_each(roles.permissions) AS granted");
    while (rows->step()) text += std::string(rows->text(3)) + "\n";
    return text;
  });
  EXPECT_THAT(plan, testing::HasSubstr("SEARCH roles USING INDEX roles_name_key_unique"));
}

}  // namespace
}  // namespace apiwright::repositories

#include "apiwright/repositories/accounts.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

#include "support/people.hpp"

namespace apiwright::repositories {
namespace {

using access::Principal;
using data::Connection;
using support::texts;
using validation::Array;
using validation::Record;

class AccountsTest : public testing::Test {
 protected:
  support::People people;

  [[nodiscard]] SignedIn sign_up(const std::string& email) const {
    return people.database.write([&](Connection& connection) {
      return people.accounts.sign_up(connection, {email, "Ada", "$hash"}, {"curl/8", "::1"}, people.clock.now());
    });
  }
  [[nodiscard]] SignedIn sign_in(const Uuid& user, const std::string& verified,
                                 const std::optional<std::string>& rehashed = {}) const {
    return people.database.write([&](Connection& connection) {
      return people.accounts.sign_in(connection, user, verified, rehashed, {}, people.clock.now());
    });
  }
  [[nodiscard]] Record put_admin(const std::string& email) const {
    return people.database.write([&](Connection& connection) {
      return people.accounts.put_admin(connection, {email, "Root", "$admin"}, people.clock.now());
    });
  }
  void change_password(const tokens::AccessClaims& claims, const std::string& verified) const {
    people.database.write([&](Connection& connection) {
      people.accounts.change_password(connection, claims, verified, "$new", people.clock.now());
    });
  }
  void sign_out(const tokens::AccessClaims& claims, bool everywhere) const {
    people.database.write(
        [&](Connection& connection) { people.accounts.sign_out(connection, claims, everywhere, people.clock.now()); });
  }
  [[nodiscard]] std::string hash_of(const Uuid& user) const {
    return people.user(user)->at("password_hash").as<std::string>();
  }
  template <typename Action>
  static ErrorCode code_of(const Action& action) {
    return data::error_of(action).code();
  }
  static Uuid id_of(const SignedIn& signed_in) { return signed_in.user.at("id").as<Uuid>(); }
};

TEST_F(AccountsTest, signing_up_stores_an_active_user_without_roles_and_lets_them_in) {
  const auto ada = sign_up("ada@example.org");
  EXPECT_EQ(ada.user.at("status").as<std::string>(), "active");
  EXPECT_TRUE(ada.user.at("roles").as<Array>().empty());
  EXPECT_TRUE(people.is_live(id_of(ada), ada.session.id));
  EXPECT_EQ(people.database.text("SELECT ip_address FROM sessions"), "::1");
}

TEST_F(AccountsTest, signing_up_with_a_taken_email_stores_neither_user_nor_session) {
  static_cast<void>(sign_up("ada@example.org"));
  EXPECT_EQ(code_of([&] { static_cast<void>(sign_up("ADA@example.org")); }), ErrorCode::kConflict);
  EXPECT_EQ(people.database.integer("SELECT count(*) FROM users"), 1);
  EXPECT_EQ(people.database.integer("SELECT count(*) FROM sessions"), 1);
}

TEST_F(AccountsTest, signing_in_opens_another_session) {
  const auto ada = sign_up("ada@example.org");
  const auto again = sign_in(id_of(ada), "$hash");
  EXPECT_NE(again.session.id, ada.session.id);
  EXPECT_EQ(again.user.at("email").as<std::string>(), "ada@example.org");
  EXPECT_TRUE(people.is_live(id_of(ada), ada.session.id));
  EXPECT_TRUE(people.is_live(id_of(ada), again.session.id));
}

TEST_F(AccountsTest, signing_in_is_refused_when_the_user_changed_while_the_password_was_checked) {
  const auto ada = id_of(sign_up("ada@example.org"));
  const auto refused = [&] {
    EXPECT_EQ(code_of([&] { static_cast<void>(sign_in(ada, "$hash")); }), ErrorCode::kInvalidCredentials);
    EXPECT_EQ(people.database.integer("SELECT count(*) FROM sessions"), 1);
  };
  people.set(ada, "password_hash", std::string("$other"));
  refused();
  people.set(ada, "password_hash", validation::Null{});
  refused();
  people.set(ada, "password_hash", std::string("$hash"));
  people.set(ada, "status", std::string("inactive"));
  refused();
  people.set(ada, "status", std::string("active"));
  static_cast<void>(sign_in(ada, "$hash"));
  people.remove(ada);
  EXPECT_EQ(code_of([&] { static_cast<void>(sign_in(ada, "$hash")); }), ErrorCode::kInvalidCredentials);
}

TEST_F(AccountsTest, a_rehash_is_stored_with_the_sign_in_and_is_no_change_of_the_user) {
  const auto ada = id_of(sign_up("ada@example.org"));
  static_cast<void>(sign_in(ada, "$hash", "$stronger"));
  EXPECT_EQ(hash_of(ada), "$stronger");
  EXPECT_EQ(people.user(ada)->at("version").as<std::int64_t>(), 1);
}

TEST_F(AccountsTest, signing_out_ends_this_session_or_every_one) {
  const auto first = sign_up("ada@example.org");
  const auto ada = id_of(first);
  const auto second = people.start(ada);
  const auto third = people.start(ada);
  sign_out(people.claims(ada, first.session.id), false);
  EXPECT_FALSE(people.is_live(ada, first.session.id));
  EXPECT_TRUE(people.is_live(ada, second.id));
  EXPECT_EQ(code_of([&] { sign_out(people.claims(ada, first.session.id), true); }), ErrorCode::kUnauthorized);
  EXPECT_TRUE(people.is_live(ada, second.id)) << "an ended session ends nothing";
  sign_out(people.claims(ada, second.id), true);
  EXPECT_FALSE(people.is_live(ada, third.id));
}

TEST_F(AccountsTest, credentials_belong_to_a_live_session) {
  const auto ada = sign_up("ada@example.org");
  const auto claims = people.claims(id_of(ada), ada.session.id);
  const auto ask = [&] {
    return people.database.read(
        [&](Connection& connection) { return people.accounts.credentials(connection, claims, people.clock.now()); });
  };
  EXPECT_EQ(ask().password_hash, "$hash");
  sign_out(claims, false);
  EXPECT_EQ(code_of([&] { static_cast<void>(ask()); }), ErrorCode::kUnauthorized);
}

TEST_F(AccountsTest, changing_ones_password_ends_ones_other_sessions) {
  const auto ada = sign_up("ada@example.org");
  const auto other = people.start(id_of(ada));
  const auto bob = sign_up("bob@example.org");
  change_password(people.claims(id_of(ada), ada.session.id), "$hash");
  EXPECT_EQ(hash_of(id_of(ada)), "$new");
  EXPECT_TRUE(people.is_live(id_of(ada), ada.session.id));
  EXPECT_FALSE(people.is_live(id_of(ada), other.id));
  EXPECT_TRUE(people.is_live(id_of(bob), bob.session.id));
  EXPECT_EQ(hash_of(id_of(bob)), "$hash");
}

TEST_F(AccountsTest, changing_a_password_that_changed_meanwhile_is_a_conflict_and_ends_nothing) {
  const auto ada = sign_up("ada@example.org");
  const auto other = people.start(id_of(ada));
  EXPECT_EQ(code_of([&] { change_password(people.claims(id_of(ada), ada.session.id), "$older"); }),
            ErrorCode::kConflict);
  EXPECT_EQ(hash_of(id_of(ada)), "$hash");
  EXPECT_TRUE(people.is_live(id_of(ada), other.id));
}

TEST_F(AccountsTest, put_admin_makes_a_new_admin) {
  const auto root = put_admin("root@example.org");
  EXPECT_EQ(root.at("roles").as<Array>(), texts({"admin"}));
  EXPECT_EQ(root.at("status").as<std::string>(), "active");
  EXPECT_EQ(root.at("name").as<std::string>(), "Root");
  EXPECT_EQ(hash_of(root.at("id").as<Uuid>()), "$admin");
}

TEST_F(AccountsTest, put_admin_raises_the_user_of_that_email_and_ends_their_sessions) {
  const auto ada = sign_up("Ada@example.org");
  people.set(id_of(ada), "roles", texts({"editor"}));
  people.set(id_of(ada), "status", std::string("inactive"));
  const auto root = put_admin("ada@EXAMPLE.org");
  EXPECT_EQ(root.at("id").as<Uuid>(), id_of(ada));
  EXPECT_EQ(root.at("email").as<std::string>(), "Ada@example.org");
  EXPECT_EQ(root.at("name").as<std::string>(), "Ada");
  EXPECT_EQ(root.at("roles").as<Array>(), texts({"editor", "admin"}));
  EXPECT_EQ(root.at("status").as<std::string>(), "active");
  EXPECT_EQ(hash_of(id_of(ada)), "$admin");
  EXPECT_FALSE(people.is_live(id_of(ada), ada.session.id));
  EXPECT_EQ(put_admin("ada@example.org").at("roles").as<Array>(), texts({"editor", "admin"})) << "not twice";
}

class UserChangedTest : public AccountsTest {
 protected:
  const Uuid ada = people.add_user("ada@example.org", {"admin"});
  const StartedSession session = people.start(ada);
  const Principal asking{ada, session.id, {"admin"}};

  void change(const Uuid& user, std::string_view field, const validation::Value& value, const Principal& by) const {
    people.database.write([&](Connection& connection) {
      const auto& rows = people.users.rows();
      const auto before = rows.find(connection, user, access::Predicate::always()).value();
      Record changes(rows.schema());
      changes.set(field, value);
      const auto after = rows.update(connection, before, changes, people.clock.now());
      people.accounts.user_changed(connection, before, &after, by);
    });
  }
  void remove(const Uuid& user) const {
    people.database.write([&](Connection& connection) {
      const auto before = people.users.rows().find(connection, user, access::Predicate::always()).value();
      people.users.rows().remove(connection, user, people.clock.now());
      people.accounts.user_changed(connection, before, nullptr, asking);
    });
  }
  void expect_refused(const std::function<void()>& action) const {
    EXPECT_EQ(code_of(action), ErrorCode::kUnprocessable);
    EXPECT_EQ(people.user(ada)->at("version").as<std::int64_t>(), 1) << "rolled back";
    EXPECT_TRUE(people.is_live(ada, session.id));
  }
};

TEST_F(UserChangedTest, the_last_active_admin_can_be_neither_demoted_nor_disabled_nor_removed) {
  const auto bob = people.add_user("bob@example.org", {"admin"});
  people.set(bob, "status", std::string("inactive"));
  expect_refused([&] { change(ada, "roles", Array{}, asking); });
  expect_refused([&] { change(ada, "status", std::string("inactive"), asking); });
  expect_refused([&] { remove(ada); });
}

TEST_F(UserChangedTest, beside_another_active_admin_they_may_go) {
  static_cast<void>(people.add_user("bob@example.org", {"admin"}));
  change(ada, "roles", texts({"editor"}), asking);
  EXPECT_TRUE(people.is_live(ada, session.id)) << "a role takes effect without a new session";
  change(ada, "roles", texts({"admin"}), asking);
  remove(ada);
  EXPECT_FALSE(people.user(ada));
  EXPECT_EQ(people.database.integer("SELECT count(*) FROM sessions"), 0);
}

TEST_F(UserChangedTest, other_changes_of_the_last_admin_are_free) {
  change(ada, "name", std::string("Ada King"), asking);
  change(ada, "roles", texts({"editor", "admin"}), asking);
  EXPECT_TRUE(people.is_live(ada, session.id));
}

TEST_F(UserChangedTest, disabling_a_user_ends_their_sessions_for_good) {
  const auto bob = people.add_user("bob@example.org");
  const auto of_bob = people.start(bob);
  change(bob, "status", std::string("inactive"), asking);
  EXPECT_FALSE(people.is_live(bob, of_bob.id));
  change(bob, "status", std::string("active"), asking);
  EXPECT_FALSE(people.is_live(bob, of_bob.id));
  EXPECT_TRUE(people.is_live(ada, session.id));
}

TEST_F(UserChangedTest, a_new_password_ends_every_session_but_the_one_that_asks) {
  const auto other = people.start(ada);
  const auto bob = people.add_user("bob@example.org");
  const auto of_bob = people.start(bob);
  change(bob, "password_hash", std::string("$new"), asking);
  EXPECT_FALSE(people.is_live(bob, of_bob.id));
  EXPECT_TRUE(people.is_live(ada, other.id));
  change(ada, "password_hash", std::string("$new"), asking);
  EXPECT_TRUE(people.is_live(ada, session.id));
  EXPECT_FALSE(people.is_live(ada, other.id));
}

}  // namespace
}  // namespace apiwright::repositories

#include <gtest/gtest.h>

#include <string>

#include "apiwright/engine/users.hpp"
#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using nlohmann::json;
using support::Ask;
using support::data_of;
using support::header;
using support::Person;
using support::said;
using support::texts;

class UserChangesTest : public testing::Test {
 protected:
  support::Api api;
  const Person admin = api.person("admin@example.org", {"admin"});
  const Person ada = api.person("ada@example.org");
  const Person bob = api.person("bob@example.org");

  Response ask(std::string_view name, const Ask& ask) { return api.ask(api.users.at(name), ask); }
  Response patch(const Person& who, const Person& whom, const std::string& body) {
    return ask("update", {.token = who.token, .body = body, .id = whom.id_text()});
  }
  [[nodiscard]] validation::Record stored(const Person& who) const { return api.people.user(who.id).value(); }
  [[nodiscard]] bool is_live(const Person& who) const { return api.people.is_live(who.id, who.session); }
};

TEST_F(UserChangesTest, an_admin_creates_a_user_who_is_found_at_the_location) {
  const auto created =
      ask("create", {.token = admin.token, .body = R"({"email":"new@example.org","name":"New","roles":["editor"]})"});
  EXPECT_EQ(created.status, 201);
  const auto user = data_of(created);
  EXPECT_EQ(user.at("status"), "active");
  EXPECT_EQ(user.at("roles"), json::array({"editor"}));
  EXPECT_EQ(user.at("version"), 1);
  const auto id = user.at("id").get<std::string>();
  EXPECT_EQ(header(created, "location"), "/api/v1/users/" + id);
  EXPECT_EQ(ask("get", {.token = admin.token, .id = id}).body, created.body);
  EXPECT_TRUE(api.people.user(Uuid::parse(id).value())->at("password_hash").is_null());
}

TEST_F(UserChangesTest, a_created_users_password_is_stored_as_a_hash_and_answered_nowhere) {
  const auto created =
      ask("create",
          {.token = admin.token, .body = R"({"email":"new@example.org","name":"New","password":"correct horse"})"});
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.body.find("correct horse"), std::string::npos);
  EXPECT_EQ(created.body.find("argon2"), std::string::npos);
  const auto id = Uuid::parse(data_of(created).at("id").get<std::string>()).value();
  api.hashing.hasher().verify("correct horse", api.people.user(id)->at("password_hash").as<std::string>());
  EXPECT_EQ(api.log.text().find("correct horse"), std::string::npos);
}

TEST_F(UserChangesTest, creating_is_the_admins_alone_even_with_a_bad_body) {
  for (const auto* body : {"{}", "nonsense", R"({"email":"a@example.org","name":"A","password":"correct horse"})"}) {
    EXPECT_EQ(said(ask("create", {.token = ada.token, .body = body})), "403 FORBIDDEN") << body;
    EXPECT_EQ(said(ask("create", {.body = body})), "401 UNAUTHORIZED") << body;
  }
  EXPECT_EQ(api.people.database.integer("SELECT count(*) FROM users"), 3);
}

TEST_F(UserChangesTest, a_bad_body_is_told_with_every_violation) {
  EXPECT_EQ(
      said(ask("create", {.token = admin.token,
                          .query = "q=1",
                          .body = R"({"email":"x","name":"","password":"short","status":"gone","id":"1","x":1})"})),
      "400 VALIDATION_ERROR query.q:unknown email:format name:min_length password:min_length status:enum "
      "id:unknown x:unknown");
  EXPECT_EQ(said(ask("create", {.token = admin.token, .body = "{"})), "400 MALFORMED_JSON");
  EXPECT_EQ(said(ask("create", {.token = admin.token, .body = "{}"})),
            "400 VALIDATION_ERROR email:required name:required");
  EXPECT_EQ(said(ask("create", {.token = admin.token, .body = "{}", .media_type = "text/plain"})),
            "415 UNSUPPORTED_MEDIA_TYPE");
  EXPECT_EQ(said(ask("create", {.token = admin.token,
                                .body = R"({"email":"n@example.org","name":"N"})",
                                .headers = {{"idempotency-key", ""}}})),
            "400 VALIDATION_ERROR header.Idempotency-Key:format");
}

TEST_F(UserChangesTest, hidden_columns_cannot_be_written) {
  for (const auto* member : {"passwordHash", "password_hash", "deletedAt", "emailKey", "version", "createdAt"}) {
    const auto body = json{{member, "x"}}.dump();
    EXPECT_EQ(said(patch(admin, ada, body)), "400 VALIDATION_ERROR " + std::string(member) + ":unknown");
  }
}

TEST_F(UserChangesTest, a_taken_email_is_409_naming_it) {
  const auto* body = R"({"email":"ADA@example.org","name":"A"})";
  EXPECT_EQ(said(ask("create", {.token = admin.token, .body = body})), "409 CONFLICT email:unique");
  EXPECT_EQ(said(ask("replace", {.token = admin.token, .body = body, .id = bob.id_text()})),
            "409 CONFLICT email:unique");
  EXPECT_EQ(said(patch(admin, bob, R"({"email":"ADA@example.org"})")), "409 CONFLICT email:unique");
  EXPECT_EQ(said(ask("update_me", {.token = bob.token, .body = R"({"email":"ADA@example.org"})"})),
            "409 CONFLICT email:unique");
}

TEST_F(UserChangesTest, one_changes_ones_own_email_and_name) {
  const auto by_id = patch(ada, ada, R"({"email":"king@example.org","name":"Ada King"})");
  EXPECT_EQ(by_id.status, 200);
  EXPECT_EQ(data_of(by_id).at("email"), "king@example.org");
  EXPECT_EQ(data_of(by_id).at("version"), 2);
  const auto me =
      ask("update_me", {.token = ada.token, .body = R"({"name":"A"})", .media_type = "application/merge-patch+json"});
  EXPECT_EQ(data_of(me).at("name"), "A");
  EXPECT_EQ(data_of(me).at("version"), 3);
  EXPECT_TRUE(is_live(ada));
}

TEST_F(UserChangesTest, ones_own_guarded_fields_are_403_naming_every_one) {
  EXPECT_EQ(said(patch(ada, ada, R"({"name":"A","roles":["admin"],"status":"active","password":"correct horse"})")),
            "403 FORBIDDEN password:forbidden status:forbidden roles:forbidden");
  EXPECT_EQ(said(patch(ada, ada, R"({"roles":[]})")), "403 FORBIDDEN roles:forbidden") << "even unchanged";
  EXPECT_EQ(stored(ada).at("version").as<std::int64_t>(), 1);
  EXPECT_TRUE(stored(ada).at("roles").as<validation::Array>().empty());
}

TEST_F(UserChangesTest, on_users_me_other_members_are_unknown_even_to_an_admin) {
  for (const auto& who : {ada, admin}) {
    EXPECT_EQ(said(ask("update_me", {.token = who.token,
                                     .body = R"({"roles":["admin"],"status":"active","password":"correct horse"})"})),
              "400 VALIDATION_ERROR roles:unknown status:unknown password:unknown");
  }
}

TEST_F(UserChangesTest, anothers_id_is_404_whatever_is_sent_but_bad_input_is_told_first) {
  EXPECT_EQ(said(patch(ada, bob, R"({"name":"B"})")), "404 NOT_FOUND");
  EXPECT_EQ(said(patch(ada, bob, R"({"roles":["admin"]})")), "404 NOT_FOUND");
  EXPECT_EQ(said(patch(ada, bob, R"({"nope":1})")), "400 VALIDATION_ERROR nope:unknown");
  EXPECT_EQ(said(ask("replace",
                     {.token = ada.token, .body = R"({"email":"b@example.org","name":"B"})", .id = bob.id_text()})),
            "404 NOT_FOUND");
  EXPECT_EQ(said(ask("remove", {.token = ada.token, .id = bob.id_text()})), "404 NOT_FOUND");
  EXPECT_EQ(said(ask("update", {.body = "nonsense", .id = "1"})), "401 UNAUTHORIZED");
  EXPECT_EQ(stored(bob).at("version").as<std::int64_t>(), 1);
}

TEST_F(UserChangesTest, putting_or_deleting_oneself_by_id_is_403) {
  EXPECT_EQ(said(ask("replace",
                     {.token = ada.token, .body = R"({"email":"ada@example.org","name":"A"})", .id = ada.id_text()})),
            "403 FORBIDDEN");
  EXPECT_EQ(said(ask("remove", {.token = ada.token, .id = ada.id_text()})), "403 FORBIDDEN");
}

TEST_F(UserChangesTest, put_replaces_what_is_left_out_by_its_default_and_keeps_the_password) {
  patch(admin, ada, R"({"roles":["editor"]})");
  const auto replaced =
      ask("replace", {.token = admin.token, .body = R"({"email":"ada@example.org","name":"A"})", .id = ada.id_text()});
  EXPECT_EQ(replaced.status, 200);
  EXPECT_EQ(data_of(replaced).at("roles"), json::array());
  EXPECT_EQ(data_of(replaced).at("name"), "A");
  EXPECT_EQ(stored(ada).at("password_hash").as<std::string>(), "$hash of ada@example.org");
  EXPECT_EQ(stored(ada).at("created_at").as<Timestamp>(), support::kStart);
  EXPECT_TRUE(is_live(ada));
}

TEST_F(UserChangesTest, a_change_of_nothing_answers_the_row_as_it_is) {
  EXPECT_EQ(data_of(patch(ada, ada, "{}")).at("version"), 1);
  EXPECT_EQ(data_of(patch(ada, ada, R"({"name":"Ada Lovelace"})")).at("version"), 1);
}

TEST_F(UserChangesTest, an_admin_sets_a_password_that_signs_in_and_ends_the_sessions) {
  EXPECT_EQ(patch(admin, ada, R"({"password":"correct horse"})").status, 200);
  const auto hash = stored(ada).at("password_hash").as<std::string>();
  api.hashing.hasher().verify("correct horse", hash);
  EXPECT_FALSE(is_live(ada));
  EXPECT_TRUE(is_live(admin));
  const auto again = api.people.database.write([&](data::Connection& connection) {
    return api.people.accounts.sign_in(connection, ada.id, hash, std::nullopt, {}, api.people.clock.now());
  });
  EXPECT_TRUE(api.people.is_live(ada.id, again.session.id));
}

TEST_F(UserChangesTest, an_admins_own_new_password_spares_the_session_that_asks) {
  const auto other = api.sign_in(admin.id);
  EXPECT_EQ(patch(admin, admin, R"({"password":"correct horse"})").status, 200);
  EXPECT_TRUE(is_live(admin));
  EXPECT_FALSE(is_live(other));
}

TEST_F(UserChangesTest, a_password_never_reaches_the_hashing_pool_for_who_may_not_set_it) {
  api.hashing.stop();
  const auto* body = R"({"password":"correct horse"})";
  EXPECT_EQ(said(patch(ada, ada, body)), "403 FORBIDDEN password:forbidden");
  EXPECT_EQ(said(patch(ada, bob, body)), "404 NOT_FOUND");
  EXPECT_EQ(said(patch(admin, ada, body)), "503 UNAVAILABLE") << "while an admin's does";
  EXPECT_EQ(stored(ada).at("password_hash").as<std::string>(), "$hash of ada@example.org");
}

TEST_F(UserChangesTest, disabling_a_user_shuts_them_out_at_once) {
  EXPECT_EQ(patch(admin, ada, R"({"status":"inactive"})").status, 200);
  EXPECT_EQ(said(ask("get_me", {.token = ada.token})), "401 UNAUTHORIZED");
  EXPECT_EQ(patch(admin, ada, R"({"status":"active"})").status, 200);
  EXPECT_EQ(said(ask("get_me", {.token = ada.token})), "401 UNAUTHORIZED");
}

TEST_F(UserChangesTest, the_last_admin_can_be_neither_demoted_nor_disabled_nor_removed) {
  EXPECT_EQ(said(patch(admin, admin, R"({"roles":[]})")), "422 UNPROCESSABLE");
  EXPECT_EQ(said(patch(admin, admin, R"({"status":"inactive"})")), "422 UNPROCESSABLE");
  EXPECT_EQ(said(ask("remove", {.token = admin.token, .id = admin.id_text()})), "422 UNPROCESSABLE");
  EXPECT_EQ(said(ask("remove_me", {.token = admin.token})), "422 UNPROCESSABLE");
  EXPECT_EQ(stored(admin).at("version").as<std::int64_t>(), 1);
  EXPECT_TRUE(is_live(admin));
}

TEST_F(UserChangesTest, removed_users_are_gone_with_their_sessions) {
  const auto removed = ask("remove", {.token = admin.token, .id = ada.id_text()});
  EXPECT_EQ(removed.status, 204);
  EXPECT_EQ(removed.body, "");
  EXPECT_EQ(said(ask("get_me", {.token = ada.token})), "401 UNAUTHORIZED");
  EXPECT_EQ(said(ask("remove", {.token = admin.token, .id = ada.id_text()})), "404 NOT_FOUND");
  EXPECT_EQ(ask("remove_me", {.token = bob.token}).status, 204);
  EXPECT_EQ(api.people.database.integer("SELECT count(*) FROM sessions"), 1);
  EXPECT_EQ(api.people.database.integer("SELECT count(*) FROM users"), 3) << "softly";
}

TEST_F(UserChangesTest, an_admin_restores_a_user_whose_sessions_stay_ended) {
  EXPECT_EQ(ask("remove", {.token = admin.token, .id = ada.id_text()}).status, 204);
  EXPECT_EQ(said(ask("restore", {.token = bob.token, .id = ada.id_text()})), "404 NOT_FOUND");
  EXPECT_EQ(said(ask("restore", {.token = bob.token, .id = bob.id_text()})), "403 FORBIDDEN");
  const auto restored = ask("restore", {.token = admin.token, .id = ada.id_text()});
  EXPECT_EQ(restored.status, 200);
  EXPECT_EQ(data_of(restored).at("version"), 2);
  EXPECT_EQ(ask("get", {.token = admin.token, .id = ada.id_text()}).body, restored.body);
  EXPECT_EQ(said(ask("get_me", {.token = ada.token})), "401 UNAUTHORIZED");
}

TEST_F(UserChangesTest, sessions_that_outlived_a_deletion_do_not_come_back_with_their_user) {
  api.people.remove(ada.id);  // as an application's own code may
  EXPECT_EQ(ask("restore", {.token = admin.token, .id = ada.id_text()}).status, 200);
  EXPECT_EQ(said(ask("get_me", {.token = ada.token})), "401 UNAUTHORIZED");
}

TEST_F(UserChangesTest, whose_email_was_taken_meanwhile_is_not_restored) {
  EXPECT_EQ(ask("remove", {.token = admin.token, .id = ada.id_text()}).status, 204);
  static_cast<void>(api.people.add_user("Ada@Example.org"));
  EXPECT_EQ(said(ask("restore", {.token = admin.token, .id = ada.id_text()})), "409 CONFLICT email:unique");
}

}  // namespace
}  // namespace apiwright::engine

#include "apiwright/engine/batch.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using nlohmann::json;
using support::Ask;
using support::data_of;
using support::Person;
using support::said;

class BatchTest : public testing::Test {
 protected:
  support::Api api;
  const Person admin = api.person("admin@example.org", {"admin"});
  const Person ada = api.person("ada@example.org");
  Batch batch{api.services, parts()};

  [[nodiscard]] Router parts() const {
    Router router;
    router.add("POST", "/users", api.users.at("create"));
    router.add("PUT", "/users/{id}", api.users.at("replace"));
    router.add("PATCH", "/users/{id}", api.users.at("update"));
    router.add("DELETE", "/users/{id}", api.users.at("remove"));
    return router;
  }
  static json create(const std::string& email) {
    return {{"method", "POST"}, {"path", "/users"}, {"body", {{"email", email}, {"name", "New"}}}};
  }
  static json rename(const Person& person, const std::string& name) {
    return {{"method", "PATCH"}, {"path", "/users/" + person.id_text()}, {"body", {{"name", name}}}};
  }
  Response ask(const Person& person, const json& operations) {
    return api.ask(batch, {.token = person.token, .body = json{{"operations", operations}}.dump()});
  }
  [[nodiscard]] std::int64_t users() const {
    return api.people.database.integer("SELECT count(*) FROM users WHERE deleted_at IS NULL");
  }
};

TEST_F(BatchTest, each_operation_is_answered_as_by_itself) {
  const auto response = ask(admin, json::array({create("new@example.org"),
                                                rename(ada, "Ada King"),
                                                {{"method", "DELETE"}, {"path", "/users/" + ada.id_text()}}}));
  ASSERT_EQ(said(response), "200");
  const auto items = data_of(response);
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[0].at("status"), 201);
  const auto made = items[0].at("body").at("data");
  EXPECT_EQ(made.at("email"), "new@example.org");
  EXPECT_EQ(items[0].at("headers").at("location"), "/api/v1/users/" + made.at("id").get<std::string>());
  EXPECT_EQ(items[1].at("status"), 200);
  EXPECT_EQ(items[1].at("body").at("data").at("name"), "Ada King");
  EXPECT_EQ(items[2].at("status"), 204);
  EXPECT_TRUE(items[2].at("body").is_null());
  EXPECT_EQ(users(), 2);
}

TEST_F(BatchTest, sent_again_under_its_key_it_is_done_once) {
  const auto body = json{{"operations", json::array({create("new@example.org"), rename(ada, "Ada King")})}}.dump();
  const auto send = [&] {
    return api.ask(batch, {.token = admin.token, .body = body, .headers = {{"idempotency-key", "k-1"}}});
  };
  const auto first = send();
  ASSERT_EQ(said(first), "200");
  EXPECT_EQ(send().body, first.body);
  EXPECT_EQ(users(), 3);
}

TEST_F(BatchTest, when_one_cannot_be_done_none_is) {
  const auto before = users();
  const auto response =
      ask(admin, json::array({create("one@example.org"), create("two@example.org"), create("ADA@example.org")}));
  EXPECT_EQ(said(response), "409 CONFLICT operations[2].body.email:unique");
  EXPECT_EQ(users(), before);
  EXPECT_EQ(said(ask(admin, json::array({create("one@example.org")}))), "200") << "nothing is left of it";
}

TEST_F(BatchTest, an_operation_sees_what_those_before_it_did) {
  EXPECT_EQ(said(ask(admin, json::array({create("twice@example.org"), create("twice@example.org")}))),
            "409 CONFLICT operations[1].body.email:unique");
  const json gone = {{"method", "DELETE"}, {"path", "/users/" + ada.id_text()}};
  EXPECT_EQ(said(ask(admin, json::array({gone, rename(ada, "Late")}))), "404 NOT_FOUND operations[1]:not_found");
}

TEST_F(BatchTest, every_rule_holds_as_for_the_operation_alone) {
  EXPECT_EQ(said(ask(ada, json::array({rename(ada, "Ada King"), create("x@example.org")}))),
            "403 FORBIDDEN operations[1]:forbidden");
  EXPECT_EQ(said(ask(ada, json::array({rename(admin, "Mallory")}))), "404 NOT_FOUND operations[0]:not_found");
  EXPECT_EQ(said(ask(ada, json::array({rename(ada, "Ada King")}))), "200");
  const json role = {
      {"method", "PATCH"}, {"path", "/users/" + ada.id_text()}, {"body", {{"roles", json::array({"admin"})}}}};
  EXPECT_EQ(said(ask(ada, json::array({role}))), "403 FORBIDDEN operations[0].body.roles:forbidden");
}

TEST_F(BatchTest, who_may_not_ask_is_not_told_what_is_wrong) {
  EXPECT_EQ(said(ask(ada, json::array({create("nonsense")}))), "403 FORBIDDEN operations[0]:forbidden");
}

TEST_F(BatchTest, who_asks_must_be_signed_in) {
  EXPECT_EQ(said(ask({}, json::array({create("x@example.org")}))), "401 UNAUTHORIZED");
}

TEST_F(BatchTest, all_that_is_wrong_with_any_of_them_is_told_at_once) {
  const auto nowhere = json{{"method", "POST"}, {"path", "/nowhere"}, {"body", json::object()}};
  const auto no_id = json{{"method", "PATCH"}, {"path", "/users/1"}, {"body", {{"name", ""}}}};
  const auto no_body = json{{"method", "POST"}, {"path", "/users"}};
  EXPECT_EQ(said(ask(admin, json::array({nowhere, no_id, no_body, create("nonsense")}))),
            "400 VALIDATION_ERROR operations[0].path:unknown operations[1].path:format "
            "operations[1].body.name:min_length operations[2].body:type operations[3].body.email:format");
}

TEST_F(BatchTest, each_may_hold_for_one_version_of_its_row) {
  auto change = rename(ada, "Ada King");
  change["ifMatch"] = "\"2\"";
  EXPECT_EQ(said(ask(admin, json::array({change}))), "412 PRECONDITION_FAILED operations[0]:precondition_failed");
  change["ifMatch"] = "\"1\"";
  const auto done = ask(admin, json::array({change}));
  ASSERT_EQ(said(done), "200");
  EXPECT_TRUE(data_of(done)[0].at("headers").at("etag").get<std::string>().starts_with("\"2-"));
  change["ifMatch"] = "nonsense";
  EXPECT_EQ(said(ask(admin, json::array({change}))), "400 VALIDATION_ERROR operations[0].ifMatch:format");
}

TEST_F(BatchTest, the_requests_own_precondition_is_none_of_theirs) {
  const auto body = json{{"operations", json::array({rename(ada, "Ada King")})}}.dump();
  EXPECT_EQ(said(api.ask(batch, {.token = admin.token, .body = body, .headers = {{"if-match", "\"9\""}}})), "200");
}

TEST_F(BatchTest, a_password_is_sent_by_itself) {
  auto with_password = create("x@example.org");
  with_password["body"]["password"] = "correct horse";
  EXPECT_EQ(said(ask(admin, json::array({with_password}))), "400 VALIDATION_ERROR operations[0].body.password:unknown");
}

TEST_F(BatchTest, has_one_to_a_hundred_operations) {
  EXPECT_EQ(said(ask(admin, json::array())), "400 VALIDATION_ERROR operations:min_length");
  auto many = json::array();
  for (std::size_t count = 0; count < Batch::kMaxOperations; ++count) {
    many.push_back(create("u" + std::to_string(count) + "@example.org"));
  }
  EXPECT_EQ(said(ask(admin, many)), "200");
  many.push_back(create("more@example.org"));
  EXPECT_EQ(said(ask(admin, many)), "400 VALIDATION_ERROR operations:max_length");
}

TEST_F(BatchTest, what_is_no_batch_is_refused) {
  for (const auto* body : {"", "[]", "{}", "{\"operations\":{}}", "{\"operations\":[1]}"}) {
    EXPECT_TRUE(said(api.ask(batch, {.token = admin.token, .body = body})).starts_with("4")) << body;
  }
  EXPECT_EQ(said(ask(admin, json::array({{{"method", "GET"}, {"path", "/users"}}}))),
            "400 VALIDATION_ERROR operations[0].method:enum");
}

}  // namespace
}  // namespace apiwright::engine

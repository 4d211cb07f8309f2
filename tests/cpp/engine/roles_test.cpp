#include "apiwright/engine/roles.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using nlohmann::json;
using support::Ask;
using support::data_of;
using support::header;
using support::Person;
using support::said;

constexpr const char* kAdminId = "019b76da-a800-7000-8000-000000000001";

class RoleOperationsTest : public testing::Test {
 protected:
  support::Api api;
  const RoleOperations roles{api.services};
  const Person admin = api.person("admin@example.org", {"admin"});
  const Person ada = api.person("ada@example.org", {"editor"});

  Response ask(std::string_view name, const Ask& ask) { return api.ask(roles.at(name), ask); }
  std::string create(const std::string& body) {
    return data_of(ask("create", {.token = admin.token, .body = body})).at("id").get<std::string>();
  }
  [[nodiscard]] std::vector<std::string> permissions_of(const Person& who) const {
    return api.people.authenticate(support::People::claims(who.id, who.session)).permissions;
  }
};

TEST_F(RoleOperationsTest, an_admin_creates_a_role_that_grants_at_once) {
  const auto created =
      ask("create", {.token = admin.token, .body = R"({"name":"editor","permissions":["articles:*","publish"]})"});
  EXPECT_EQ(created.status, 201);
  const auto role = data_of(created);
  EXPECT_EQ(role.at("name"), "editor");
  EXPECT_EQ(role.at("permissions"), json::array({"articles:*", "publish"}));
  EXPECT_EQ(role.at("version"), 1);
  const auto id = role.at("id").get<std::string>();
  EXPECT_EQ(header(created, "location"), "/api/v1/roles/" + id);
  EXPECT_EQ(ask("get", {.token = admin.token, .id = id}).body, created.body);
  EXPECT_THAT(permissions_of(ada), testing::ElementsAre("articles:*", "publish"));
}

TEST_F(RoleOperationsTest, a_role_without_permissions_grants_none_yet) {
  create(R"({"name":"editor"})");
  EXPECT_THAT(permissions_of(ada), testing::IsEmpty());
}

TEST_F(RoleOperationsTest, a_change_holds_for_the_next_request) {
  const auto id = create(R"({"name":"editor","permissions":["articles:read"]})");
  const auto patched = ask("update", {.token = admin.token, .body = R"({"permissions":["articles:write"]})", .id = id});
  EXPECT_EQ(data_of(patched).at("name"), "editor");
  EXPECT_THAT(permissions_of(ada), testing::ElementsAre("articles:write"));
  EXPECT_EQ(said(ask("replace", {.token = admin.token, .body = R"({"name":"author"})", .id = id})), "200");
  EXPECT_THAT(permissions_of(ada), testing::IsEmpty());
  EXPECT_EQ(said(ask("remove", {.token = admin.token, .id = id})), "204");
  EXPECT_EQ(said(ask("get", {.token = admin.token, .id = id})), "404 NOT_FOUND");
}

TEST_F(RoleOperationsTest, the_built_in_role_is_neither_changed_nor_removed) {
  const auto before = ask("get", {.token = admin.token, .id = kAdminId}).body;
  const std::string same = R"({"name":"admin","permissions":["*"]})";
  for (const std::string body : {R"({"name":"root"})", R"({"permissions":[]})", "{}", same.c_str()}) {
    EXPECT_EQ(said(ask("update", {.token = admin.token, .body = body, .id = kAdminId})), "422 UNPROCESSABLE") << body;
  }
  EXPECT_EQ(said(ask("replace", {.token = admin.token, .body = same, .id = kAdminId})), "422 UNPROCESSABLE");
  const auto removed = ask("remove", {.token = admin.token, .id = kAdminId});
  EXPECT_EQ(said(removed), "422 UNPROCESSABLE");
  EXPECT_THAT(removed.body, testing::HasSubstr("The role admin is built in"));
  EXPECT_EQ(ask("get", {.token = admin.token, .id = kAdminId}).body, before);
}

TEST_F(RoleOperationsTest, what_is_wrong_is_named) {
  const auto refusal = [&](const char* body) { return said(ask("create", {.token = admin.token, .body = body})); };
  EXPECT_EQ(refusal(R"({"name":"editor","permissions":["articles:write","Articles","*:*"]})"),
            "400 VALIDATION_ERROR permissions[1]:pattern permissions[2]:pattern");
  EXPECT_EQ(refusal(R"({"name":"Editor","permissions":["a","a"]})"),
            "400 VALIDATION_ERROR name:pattern permissions[1]:duplicate");
  EXPECT_EQ(refusal(R"({"permissions":"*"})"), "400 VALIDATION_ERROR permissions:type name:required");
  EXPECT_EQ(refusal(R"({"name":"admin"})"), "409 CONFLICT name:unique");
}

TEST_F(RoleOperationsTest, no_role_holds_more_than_a_hundred_permissions) {
  json body{{"name", "editor"}, {"permissions", json::array()}};
  for (int count = 0; count < 100; ++count) body["permissions"].push_back("p" + std::to_string(count));
  auto longer = body;
  longer["permissions"].push_back("one-more");
  EXPECT_EQ(said(ask("create", {.token = admin.token, .body = longer.dump()})),
            "400 VALIDATION_ERROR permissions:max_length");
  create(body.dump());
  EXPECT_EQ(permissions_of(ada).size(), 100U);
}

TEST_F(RoleOperationsTest, only_admins_ask) {
  const auto refused = [&](const char* name, const Ask& asked) {
    auto anonymous = asked;
    anonymous.token.clear();
    EXPECT_EQ(said(ask(name, anonymous)), "401 UNAUTHORIZED") << name;
    return said(ask(name, asked));
  };
  create(R"({"name":"editor","permissions":["*"]})");  // everything but the role admin
  const std::string body = R"({"name":"mine","permissions":["*"]})";
  EXPECT_EQ(refused("list", {.token = ada.token}), "403 FORBIDDEN");
  EXPECT_EQ(refused("create", {.token = ada.token, .body = body}), "403 FORBIDDEN");
  EXPECT_EQ(refused("get", {.token = ada.token, .id = kAdminId}), "404 NOT_FOUND");
  EXPECT_EQ(refused("update", {.token = ada.token, .body = body, .id = kAdminId}), "404 NOT_FOUND");
  EXPECT_EQ(refused("replace", {.token = ada.token, .body = body, .id = kAdminId}), "404 NOT_FOUND");
  EXPECT_EQ(refused("remove", {.token = ada.token, .id = kAdminId}), "404 NOT_FOUND");
}

TEST_F(RoleOperationsTest, the_list_sorts_and_searches_by_name) {
  for (const auto* name : {"editor", "author", "auditor"}) create(std::string(R"({"name":")") + name + "\"}");
  const auto names = [&](const char* query) {
    std::string text;
    for (const auto& role : data_of(ask("list", {.token = admin.token, .query = query}))) {
      text += (text.empty() ? "" : " ") + role.at("name").get<std::string>();
    }
    return text;
  };
  EXPECT_EQ(names("sort=name"), "admin auditor author editor");
  EXPECT_EQ(names("search=au&sort=-name"), "author auditor");
  EXPECT_EQ(said(ask("list", {.token = admin.token, .query = "permissions=publish"})),
            "400 VALIDATION_ERROR query.permissions:unknown");
}

TEST_F(RoleOperationsTest, a_permission_opens_what_asks_for_it_from_the_next_request_on) {
  const auto nobody = access::Rule::nobody();
  const Resource guarded{
      .rows = api.people.users.rows(),
      .path = "/api/v1/people",
      .read = access::Rule::everyone(),
      .list = access::Rule::permission("people:list"),
      .create = nobody,
      .replace = nobody,
      .update = nobody,
      .remove = nobody,
      .changed = {},
  };
  const auto list = make_list(api.services, guarded);
  const auto answered = [&] { return said(api.ask(*list, {.token = ada.token})); };
  EXPECT_EQ(said(api.ask(*list, {.token = admin.token})), "200") << "admins have every permission";
  EXPECT_EQ(answered(), "403 FORBIDDEN");
  const auto id = create(R"({"name":"editor","permissions":["people:*"]})");
  EXPECT_EQ(answered(), "200");
  const auto change = [&](const char* body) {
    EXPECT_EQ(said(ask("update", {.token = admin.token, .body = body, .id = id})), "200");
  };
  change(R"({"permissions":["people:remove"]})");
  EXPECT_EQ(answered(), "403 FORBIDDEN");
  change(R"({"permissions":["*"]})");
  EXPECT_EQ(answered(), "200");
  change(R"({"name":"author"})");
  EXPECT_EQ(answered(), "403 FORBIDDEN");
}

TEST_F(RoleOperationsTest, another_name_is_no_operation) {
  EXPECT_THROW(static_cast<void>(roles.at("get_me")), std::logic_error);
}

}  // namespace
}  // namespace apiwright::engine

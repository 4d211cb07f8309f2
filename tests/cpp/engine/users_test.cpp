#include "apiwright/engine/users.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using nlohmann::json;
using support::Ask;
using support::data_of;
using support::header;
using support::Person;
using support::said;

class UserReadsTest : public testing::Test {
 protected:
  support::Api api;
  const Person admin = api.person("admin@example.org", {"admin"});
  const Person ada = api.person("ada@example.org", {"editor"});
  const Person bob = api.person("bob@example.org");
  const std::string nobody = Uuid::generate(support::kStart).to_string();

  Response ask(std::string_view name, const Ask& ask) { return api.ask(api.users.at(name), ask); }
};

TEST_F(UserReadsTest, operations_go_by_these_names) {
  for (const auto* name :
       {"list", "get", "create", "replace", "update", "remove", "get_me", "update_me", "remove_me"}) {
    static_cast<void>(api.users.at(name));
  }
  EXPECT_THROW(static_cast<void>(api.users.at("create_me")), std::logic_error);
  EXPECT_THROW(static_cast<void>(api.sessions.at("get")), std::logic_error);
}

TEST_F(UserReadsTest, a_user_has_exactly_these_members) {
  const auto response = ask("get", {.token = ada.token, .id = ada.id_text()});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "content-type"), "application/json");
  EXPECT_EQ(response.body, "{\"data\":{\"id\":\"" + ada.id_text() +
                               "\",\"email\":\"ada@example.org\",\"name\":\"Ada Lovelace\",\"status\":\"active\","
                               "\"roles\":[\"editor\"],\"version\":1,\"createdAt\":\"2026-01-01T00:00:00.000Z\","
                               "\"updatedAt\":\"2026-01-01T00:00:00.000Z\"}}");
  EXPECT_EQ(ask("get_me", {.token = ada.token}).body, response.body);
  EXPECT_EQ(ask("get", {.token = admin.token, .id = ada.id_text()}).body, response.body);
}

TEST_F(UserReadsTest, another_user_is_404_and_so_is_nobody) {
  const auto another = ask("get", {.token = bob.token, .id = ada.id_text()});
  const auto none = ask("get", {.token = bob.token, .id = nobody});
  EXPECT_EQ(said(another), "404 NOT_FOUND");
  EXPECT_EQ(said(none), "404 NOT_FOUND");
  EXPECT_EQ(json::parse(another.body).at("error").at("message"), json::parse(none.body).at("error").at("message"));
  EXPECT_EQ(said(ask("get", {.token = admin.token, .id = nobody})), "404 NOT_FOUND");
}

TEST_F(UserReadsTest, a_deleted_user_is_404_to_all) {
  api.people.remove(ada.id);
  EXPECT_EQ(said(ask("get", {.token = admin.token, .id = ada.id_text()})), "404 NOT_FOUND");
  EXPECT_EQ(said(ask("get_me", {.token = ada.token})), "401 UNAUTHORIZED");
}

TEST_F(UserReadsTest, a_bad_id_is_400_to_who_is_signed_in) {
  for (const std::string id : {"", "1", "me", "../admin", "0198c0de-0000-7000-8000-00000000000g"}) {
    EXPECT_EQ(said(ask("get", {.token = bob.token, .id = id})), "400 VALIDATION_ERROR path.id:format") << id;
    EXPECT_EQ(said(ask("get", {.id = id})), "401 UNAUTHORIZED") << id;
  }
}

TEST_F(UserReadsTest, an_id_in_upper_case_is_the_same_user) {
  auto id = ada.id_text();
  for (char& c : id) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(ask("get", {.token = ada.token, .id = id}).status, 200);
}

TEST_F(UserReadsTest, query_parameters_are_refused_where_none_is_known_with_every_other_fault) {
  EXPECT_EQ(said(ask("get", {.token = ada.token, .query = "page=1", .id = ada.id_text()})),
            "400 VALIDATION_ERROR query.page:unknown");
  EXPECT_EQ(said(ask("get_me", {.token = ada.token, .query = "x=1"})), "400 VALIDATION_ERROR query.x:unknown");
  EXPECT_EQ(said(ask("get", {.token = ada.token, .query = "x=1", .id = "1"})),
            "400 VALIDATION_ERROR query.x:unknown path.id:format");
}

TEST_F(UserReadsTest, the_list_is_the_admins_alone_even_when_badly_asked_for) {
  for (const auto* query : {"", "limit=0", "nonsense"}) {
    EXPECT_EQ(said(ask("list", {.token = ada.token, .query = query})), "403 FORBIDDEN") << query;
    EXPECT_EQ(said(ask("list", {.query = query})), "401 UNAUTHORIZED") << query;
  }
}

TEST_F(UserReadsTest, a_list_has_its_page_and_totals) {
  const auto response = ask("list", {.token = admin.token, .query = "limit=2&sort=email"});
  EXPECT_EQ(response.status, 200);
  const auto body = json::parse(response.body);
  EXPECT_EQ(body.at("meta"), (json{{"page", 1}, {"limit", 2}, {"total", 3}, {"totalPages", 2}}));
  ASSERT_EQ(body.at("data").size(), 2U);
  EXPECT_EQ(body.at("data").at(0).at("email"), "ada@example.org");
  const auto second = json::parse(ask("list", {.token = admin.token, .query = "limit=2&sort=email&page=2"}).body);
  ASSERT_EQ(second.at("data").size(), 1U);
  EXPECT_EQ(second.at("data").at(0).at("email"), "bob@example.org");
}

TEST_F(UserReadsTest, a_list_past_the_end_or_without_a_match_is_empty) {
  const auto past = json::parse(ask("list", {.token = admin.token, .query = "page=9"}).body);
  EXPECT_TRUE(past.at("data").empty());
  EXPECT_EQ(past.at("meta").at("total"), 3);
  EXPECT_EQ(ask("list", {.token = admin.token, .query = "search=nobody"}).body,
            "{\"data\":[],\"meta\":{\"page\":1,\"limit\":20,\"total\":0,\"totalPages\":0}}");
}

TEST_F(UserReadsTest, a_list_filters_and_searches) {
  api.people.set(bob.id, "status", std::string("inactive"));
  EXPECT_EQ(data_of(ask("list", {.token = admin.token, .query = "status=inactive"})).size(), 1U);
  EXPECT_EQ(data_of(ask("list", {.token = admin.token, .query = "search=ADA%40"})).size(), 1U);
  EXPECT_EQ(data_of(ask("list", {.token = admin.token, .query = "email=BOB%40example.org"})).size(), 1U);
  EXPECT_EQ(said(ask("list", {.token = admin.token, .query = "status=x&limit=0"})),
            "400 VALIDATION_ERROR query.status:enum query.limit:min");
}

TEST_F(UserReadsTest, a_demotion_takes_effect_with_the_next_request) {
  EXPECT_EQ(ask("list", {.token = admin.token}).status, 200);
  api.people.set(admin.id, "roles", validation::Array{});
  EXPECT_EQ(said(ask("list", {.token = admin.token})), "403 FORBIDDEN");
}

TEST_F(UserReadsTest, no_answer_holds_a_hash) {
  for (const auto& response : {ask("list", {.token = admin.token}), ask("get_me", {.token = admin.token})}) {
    EXPECT_EQ(response.body.find("hash"), std::string::npos);
    EXPECT_EQ(response.body.find("password"), std::string::npos);
    EXPECT_EQ(response.body.find("deleted"), std::string::npos);
  }
}

class SessionOperationsTest : public testing::Test {
 protected:
  support::Api api;
  const Person ada = api.person("ada@example.org", {"admin"});
  const Person bob = api.person("bob@example.org");
  Response ask(std::string_view name, const Ask& ask) { return api.ask(api.sessions.at(name), ask); }
};

TEST_F(SessionOperationsTest, everybody_lists_their_own_admins_too) {
  const auto second = api.people.start(ada.id, {"curl/8", "192.0.2.1"});
  const auto listed = ask("list", {.token = ada.token, .query = "sort=-createdAt"});
  EXPECT_EQ(listed.status, 200);
  EXPECT_EQ(json::parse(listed.body).at("meta").at("total"), 2);
  std::set<std::string> ids;
  for (const auto& session : data_of(listed)) {
    ids.insert(session.at("id").get<std::string>());
    std::set<std::string> names;
    for (const auto& [name, value] : session.items()) names.insert(name);
    EXPECT_EQ(names, (std::set<std::string>{"id", "userAgent", "ipAddress", "createdAt", "lastUsedAt", "expiresAt"}));
  }
  EXPECT_EQ(ids, (std::set<std::string>{ada.session.to_string(), second.id.to_string()}));
  EXPECT_EQ(said(ask("list", {})), "401 UNAUTHORIZED");
  EXPECT_EQ(said(ask("list", {.token = bob.token, .query = "userId=" + ada.id_text()})),
            "400 VALIDATION_ERROR query.userId:unknown");
  EXPECT_EQ(said(ask("list", {.token = bob.token, .query = "search=curl"})),
            "400 VALIDATION_ERROR query.search:unknown");
}

TEST_F(SessionOperationsTest, one_ends_ones_own_at_once_and_anothers_is_404) {
  const auto second = api.people.start(ada.id);
  EXPECT_EQ(said(ask("remove", {.token = bob.token, .id = second.id.to_string()})), "404 NOT_FOUND");
  EXPECT_TRUE(api.people.is_live(ada.id, second.id));
  const auto ended = ask("remove", {.token = ada.token, .id = second.id.to_string()});
  EXPECT_EQ(ended.status, 204);
  EXPECT_EQ(ended.body, "");
  EXPECT_FALSE(api.people.is_live(ada.id, second.id));
  EXPECT_EQ(said(ask("remove", {.token = ada.token, .id = second.id.to_string()})), "404 NOT_FOUND");
  EXPECT_EQ(ask("remove", {.token = ada.token, .id = ada.session.to_string()}).status, 204);
  EXPECT_EQ(said(ask("list", {.token = ada.token})), "401 UNAUTHORIZED");
}

}  // namespace
}  // namespace apiwright::engine

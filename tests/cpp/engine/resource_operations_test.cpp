#include "apiwright/engine/resource_operations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>

#include "apiwright/repositories/table.hpp"
#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using access::Rule;
using support::Ask;
using support::data_of;
using support::Person;
using support::said;
using testing::HasSubstr;
using validation::Field;
using validation::Schema;
using validation::ServerValue;

validation::SchemaPtr articles_schema() {
  return Schema::make("Article", "articles",
                      {
                          Field::uuid("id").read_only(),
                          Field::uuid("author_id").set_to(ServerValue::kCurrentUser).filterable(),
                          Field::string("title").length(1, 50),
                          Field::boolean("published").default_value(false),
                          Field::string("pin").nullable().write_only(),
                          Field::string("password").nullable(),
                          Field::integer("version").read_only(),
                      });
}

Declaration articles() {
  const auto own = Rule::any_of({Rule::owner("author_id"), Rule::role("editor")});
  return {.schema = articles_schema(),
          .path = "/api/v1/articles",
          .read = Rule::any_of({Rule::equals("published", true), own}),
          .list = Rule::everyone(),
          .create = Rule::authenticated(),
          .update = own,
          .remove = own};
}

class DeclaredCollectionTest : public testing::Test {
 protected:
  DeclaredCollectionTest() {
    api.people.database.write([](data::Connection& it) { repositories::create_table(it, *articles_schema()); });
  }

  support::Api api;
  const ResourceOperations operations{api.services, articles()};
  const Person ada = api.person("ada@example.org");
  const Person bob = api.person("bob@example.org");

  Response ask(std::string_view name, const Ask& ask) { return api.ask(operations.at(name), ask); }
  std::string add(const std::string& body = R"({"title":"One"})") {
    return data_of(ask("create", {.token = ada.token, .body = body})).at("id").get<std::string>();
  }
  std::string complaint(const Declaration& declared) {
    try {
      const ResourceOperations made(api.services, declared);
    } catch (const std::logic_error& error) {
      return error.what();
    }
    return "";
  }
  Explanation explain(std::string_view action, const access::Principal* principal) const {
    return api.people.database.read([&](data::Connection& it) { return operations.explain(it, action, principal); });
  }
};

TEST_F(DeclaredCollectionTest, put_and_patch_are_under_one_rule_and_what_is_hidden_is_404) {
  const auto id = add();
  for (const auto* name : {"replace", "update"}) {
    EXPECT_EQ(ask(name, {.token = ada.token, .body = R"({"title":"Two"})", .id = id}).status, 200);
    EXPECT_EQ(said(ask(name, {.token = bob.token, .body = R"({"title":"Two"})", .id = id})), "404 NOT_FOUND");
  }
  ask("update", {.token = ada.token, .body = R"({"published":true})", .id = id});
  EXPECT_EQ(ask("get", {.id = id}).status, 200);
  EXPECT_EQ(said(ask("update", {.token = bob.token, .body = R"({"title":"x"})", .id = id})), "403 FORBIDDEN");
  EXPECT_EQ(said(ask("remove", {.token = bob.token, .id = id})), "403 FORBIDDEN");
  EXPECT_EQ(ask("remove", {.token = ada.token, .id = id}).status, 204);
  EXPECT_THROW(static_cast<void>(operations.at("replace_all")), std::logic_error);
}

TEST_F(DeclaredCollectionTest, a_column_called_password_is_a_column_where_nothing_is_hashed) {
  const auto made = ask("create", {.token = ada.token, .body = R"({"title":"x","password":"of the guests"})"});
  EXPECT_EQ(data_of(made).at("password"), "of the guests");
}

TEST_F(DeclaredCollectionTest, what_does_not_fit_is_refused_where_it_is_declared) {
  auto declared = articles();
  declared.read = Rule::owner("title");
  EXPECT_THAT(complaint(declared), HasSubstr("title"));
  declared = articles();
  declared.create = Rule::everyone();
  EXPECT_THAT(complaint(declared), HasSubstr("`author_id`"));
  declared = articles();
  declared.readable = {{"pin", Rule::role("editor")}};
  EXPECT_THAT(complaint(declared), HasSubstr("`pin`"));
  declared = articles();
  declared.writable = {{"version", Rule::role("editor")}};
  EXPECT_THAT(complaint(declared), HasSubstr("`version`"));
}

TEST_F(DeclaredCollectionTest, a_rule_is_explained_by_its_predicate_its_sql_and_the_databases_plan) {
  const access::Principal author{ada.id, {}, {}};
  const auto read = explain("read", &author);
  EXPECT_EQ(read.predicate, "published = true or author_id = \"" + ada.id_text() + "\"");
  EXPECT_THAT(read.sql, HasSubstr("\"published\" = ?"));
  EXPECT_THAT(read.sql, HasSubstr("LIMIT ? OFFSET ?"));
  ASSERT_FALSE(read.plan.empty());
  EXPECT_THAT(read.plan.front(), HasSubstr("articles"));
  EXPECT_EQ(explain("read", nullptr).predicate, "published = true");
  EXPECT_EQ(explain("update", nullptr).predicate, "false");
  EXPECT_THAT(explain("delete", &author).sql, HasSubstr("id = ?"));
  EXPECT_THAT(explain("create", &author).sql, HasSubstr("INSERT INTO \"articles\""));
  EXPECT_THROW(static_cast<void>(explain("publish", &author)), std::logic_error);
}

// --- in steps, for hooks ---

using Within = std::pair<std::exception_ptr, Outcome>;

TEST_F(DeclaredCollectionTest, a_caller_is_admitted_with_a_checked_body_or_refused_as_an_answer_would_be) {
  const auto admitted = [&](const Ask& asked) {
    std::promise<std::pair<std::exception_ptr, Admission>> told;
    operations.at("create").admit(api.call(asked), [&](const std::exception_ptr& failure, Admission admission) {
      told.set_value({failure, std::move(admission)});
    });
    auto [failure, admission] = told.get_future().get();
    if (failure) std::rethrow_exception(failure);
    return admission;
  };
  const auto good = admitted({.token = ada.token, .body = R"({"title":"One"})"});
  EXPECT_EQ(good.principal->user, ada.id);
  EXPECT_EQ(good.body->at("title").as<std::string>(), "One");
  EXPECT_EQ(data::error_of([&] { admitted({.token = ada.token, .body = "{}"}); }).code(), ErrorCode::kValidationError);
  EXPECT_EQ(data::error_of([&] { admitted({.body = "{}"}); }).code(), ErrorCode::kUnauthorized);
  EXPECT_EQ(api.people.database.integer("SELECT count(*) FROM articles"), 0);
}

TEST_F(DeclaredCollectionTest, in_a_transaction_it_sees_what_was_written_there_and_commits_nothing) {
  const auto within = [&](data::Runner& runner, std::string_view name, const Ask& asked) {
    std::promise<Within> told;
    operations.at(name).answer_within(runner, api.call(asked), {},
                                      [&](const std::exception_ptr& failure, Outcome outcome) {
                                        told.set_value({failure, std::move(outcome)});
                                      });
    return told.get_future().get();
  };
  const auto transaction = api.people.database->begin(std::chrono::seconds(30));
  auto [failure, made] = within(*transaction, "create", {.token = ada.token, .body = R"({"title":"One"})"});
  ASSERT_FALSE(failure);
  EXPECT_FALSE(made.before);
  const auto id = made.after->at("id").as<Uuid>().to_string();
  const auto changed = within(*transaction, "update", {.token = ada.token, .body = R"({"title":"Two"})", .id = id});
  ASSERT_FALSE(changed.first) << "its own row is there";
  EXPECT_EQ(changed.second.before->at("title").as<std::string>(), "One");
  EXPECT_EQ(changed.second.after->at("title").as<std::string>(), "Two");
  const auto refused = within(*transaction, "update", {.token = bob.token, .body = R"({"title":"x"})", .id = id});
  EXPECT_EQ(data::error_of([&] { std::rethrow_exception(refused.first); }).code(), ErrorCode::kNotFound);
  transaction->rollback();
  EXPECT_EQ(api.people.database.integer("SELECT count(*) FROM articles"), 0);
}

}  // namespace
}  // namespace apiwright::engine

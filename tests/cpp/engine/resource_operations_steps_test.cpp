// A collection that an application declares: its operations, their steps, what explains them.

#include "apiwright/engine/resource_operations.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>

#include "apiwright/repositories/table.hpp"
#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using access::Rule;
using support::data_of;
using support::Person;
using validation::Field;
using validation::Schema;

validation::SchemaPtr articles_schema() {
  static const auto schema = Schema::make("Article", "articles",
                                          {
                                              Field::uuid("id").read_only(),
                                              Field::string("title").length(1, 50),
                                              Field::uuid("author_id").set_to(validation::ServerValue::kCurrentUser),
                                              Field::boolean("published").default_value(false).filterable(),
                                              Field::integer("version").read_only(),
                                              Field::date_time("created_at").read_only(),
                                          });
  return schema;
}

Declaration articles() {
  const auto author = Rule::owner("author_id");
  const auto read = Rule::any_of({Rule::equals("published", true), author});
  return {.schema = articles_schema(),
          .path = "/api/v1/articles",
          .read = read,
          .list = read,
          .create = Rule::authenticated(),
          .update = author,
          .remove = author};
}

class ResourceOperationsTest : public testing::Test {
 protected:
  ResourceOperationsTest() {
    api.people.database.write([](data::Connection& it) { repositories::create_table(it, *articles_schema()); });
  }

  support::Api api;
  ResourceOperations operations{api.services, articles()};
  const Person ada = api.person("ada@example.org");
  const Person bob = api.person("bob@example.org");

  Response ask(std::string_view operation, const support::Ask& asked) {
    return api.ask(operations.at(operation), asked);
  }
  std::string write(const Person& who, const std::string& body = R"({"title":"Notes"})") {
    const auto made = ask("create", {.token = who.token, .body = body});
    EXPECT_EQ(made.status, 201) << made.body;
    return data_of(made).at("id").get<std::string>();
  }
};

TEST_F(ResourceOperationsTest, EachIsKnownByItsNameAndNoOther) {
  for (const auto* name : {"list", "get", "create", "replace", "update", "remove"}) {
    EXPECT_NO_THROW(static_cast<void>(operations.at(name))) << name;
  }
  EXPECT_THROW(static_cast<void>(operations.at("drop")), std::logic_error);
}

TEST_F(ResourceOperationsTest, RowsAreSeenAndChangedByTheRules) {
  const auto id = write(ada);
  EXPECT_EQ(ask("get", {.token = ada.token, .id = id}).status, 200);
  EXPECT_EQ(ask("get", {.token = bob.token, .id = id}).status, 404);
  EXPECT_EQ(ask("update", {.token = ada.token, .body = R"({"published":true})", .id = id}).status, 200);
  EXPECT_EQ(ask("get", {.token = bob.token, .id = id}).status, 200);
  EXPECT_EQ(ask("get", {.id = id}).status, 200);
  EXPECT_EQ(ask("replace", {.token = bob.token, .body = R"({"title":"Mine"})", .id = id}).status, 403);
  EXPECT_EQ(ask("remove", {.id = id}).status, 401);
  EXPECT_EQ(ask("remove", {.token = ada.token, .id = id}).status, 204);
}

TEST_F(ResourceOperationsTest, ARuleThatDoesNotFitIsRefusedWhenTheyAreMade) {
  auto declared = articles();
  declared.read = Rule::equals("publised", true);
  EXPECT_THROW(ResourceOperations(api.services, declared), std::logic_error);
  declared = articles();
  declared.create = Rule::everyone();
  EXPECT_THROW(ResourceOperations(api.services, declared), std::logic_error) << "nobody would be the author";
}

TEST_F(ResourceOperationsTest, AnAdmissionTellsWhoAsksAndWhat) {
  std::promise<Admission> told;
  operations.at("create").admit(api.call({.token = ada.token, .body = R"({"title":"Notes"})"}),
                                [&](const std::exception_ptr& failure, Admission admission) {
                                  if (failure) return told.set_exception(failure);
                                  told.set_value(std::move(admission));
                                });
  const auto admission = told.get_future().get();
  ASSERT_TRUE(admission.principal && admission.body);
  EXPECT_EQ(admission.principal->user, ada.id);
  EXPECT_EQ(admission.body->at("title").as<std::string>(), "Notes");
}

TEST_F(ResourceOperationsTest, WhoMayNotIsNotAdmitted) {
  for (const auto& asked : {support::Ask{.body = R"({"title":"x"})"}, support::Ask{.token = ada.token, .body = "{}"}}) {
    std::promise<void> told;
    const auto fail = [&](const std::exception_ptr& failure) { told.set_exception(failure); };
    try {
      operations.at("create").admit(api.call(asked), [&](const auto& failure, const Admission&) { fail(failure); });
    } catch (...) {
      fail(std::current_exception());
    }
    EXPECT_THROW(told.get_future().get(), Error);
  }
}

TEST_F(ResourceOperationsTest, AWorkOfATransactionIsUndoneWithIt) {
  std::string path;
  {
    const auto transaction = api.people.database->begin(std::chrono::seconds(5));
    std::promise<Outcome> told;
    operations.at("create").answer_within(*transaction, api.call({.token = ada.token, .body = R"({"title":"Notes"})"}),
                                          {}, [&](const std::exception_ptr& failure, Outcome outcome) {
                                            if (failure) return told.set_exception(failure);
                                            told.set_value(std::move(outcome));
                                          });
    const auto outcome = told.get_future().get();
    EXPECT_EQ(outcome.response.status, 201);
    ASSERT_TRUE(outcome.after && !outcome.before);
    path = outcome.after->at("id").as<Uuid>().to_string();
    transaction->rollback();
  }
  EXPECT_EQ(ask("get", {.token = ada.token, .id = path}).status, 404);
}

TEST_F(ResourceOperationsTest, ARuleIsExplainedForOneUser) {
  Explanation found;
  api.people.database.read([&](data::Connection& it) {
    const access::Principal asking{ada.id, {}, {}};
    found = operations.explain(it, "read", &asking);
  });
  EXPECT_EQ(found.predicate, "published = true or author_id = \"" + ada.id.to_string() + "\"");
  EXPECT_NE(found.sql.find("FROM \"articles\""), std::string::npos) << found.sql;
  EXPECT_FALSE(found.plan.empty());
  api.people.database.read([&](data::Connection& it) { found = operations.explain(it, "list", nullptr); });
  EXPECT_EQ(found.predicate, "published = true");
}

}  // namespace
}  // namespace apiwright::engine

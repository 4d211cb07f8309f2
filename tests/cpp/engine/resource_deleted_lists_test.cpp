// Lists of softly deleted rows: for admins, as far as the rules show them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "apiwright/engine/resource_operations.hpp"
#include "apiwright/repositories/table.hpp"
#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using access::Rule;
using support::Ask;
using support::data_of;
using support::header;
using support::Person;
using support::said;
using testing::ElementsAre;
using testing::IsEmpty;
using validation::Field;
using validation::Schema;

using Texts = std::vector<std::string>;

validation::SchemaPtr articles_schema() {
  return Schema::make("Article", "articles",
                      {
                          Field::uuid("id").read_only(),
                          Field::uuid("author_id").set_to(validation::ServerValue::kCurrentUser),
                          Field::string("title").searchable().sortable(),
                          Field::boolean("published").default_value(true).filterable(),
                          Field::integer("version").read_only(),
                          Field::date_time("created_at").read_only().filterable().sortable(),
                          Field::date_time("deleted_at").nullable().internal(),
                      });
}

Declaration articles() {
  const auto author = Rule::owner("author_id");
  return {.schema = articles_schema(),
          .path = "/api/v1/articles",
          .read = Rule::any_of({Rule::equals("published", true), author}),
          .list = Rule::everyone(),
          .create = Rule::authenticated(),
          .update = author,
          .remove = author};
}

class DeletedListsTest : public testing::Test {
 protected:
  DeletedListsTest() {
    api.people.database.write([](data::Connection& it) { repositories::create_table(it, *articles_schema()); });
  }

  support::Api api;
  const ResourceOperations operations{api.services, articles()};
  const Person ada = api.person("ada@example.org");
  const Person admin = api.person("admin@example.org", {"admin"});

  Response list(const Person& who, const std::string& query) {
    return api.ask(operations.at("list"), {.token = who.token, .query = query});
  }
  Texts titles(const std::string& query) {
    Texts found;
    for (const auto& row : data_of(list(admin, query))) found.push_back(row.at("title").get<std::string>());
    return found;
  }
  std::string write(const std::string& title, bool published = true) {
    const auto body = nlohmann::json{{"title", title}, {"published", published}}.dump();
    const auto made = api.ask(operations.at("create"), {.token = ada.token, .body = body});
    EXPECT_EQ(made.status, 201) << made.body;
    return data_of(made).at("id").get<std::string>();
  }
  void write_and_delete(const std::string& title, bool published = true) {
    const auto id = write(title, published);
    EXPECT_EQ(api.ask(operations.at("remove"), {.token = ada.token, .id = id}).status, 204);
    api.people.clock.advance(std::chrono::seconds(1));
  }
};

TEST_F(DeletedListsTest, admins_see_the_deleted_rows_alone_and_since_when) {
  write("living");
  write_and_delete("first");
  write_and_delete("second");
  EXPECT_THAT(titles("deleted=true"), ElementsAre("second", "first"));
  EXPECT_THAT(titles("deleted=false"), ElementsAre("living"));
  const auto answer = list(admin, "deleted=true&limit=1");
  EXPECT_EQ(data_of(answer).at(0).at("deletedAt"), "2026-01-01T00:00:01.000Z");
  EXPECT_EQ(nlohmann::json::parse(answer.body).at("meta").at("total"), 2);
  EXPECT_FALSE(data_of(list(admin, "")).at(0).contains("deletedAt"));
}

TEST_F(DeletedListsTest, to_others_there_is_no_such_parameter) {
  write_and_delete("first");
  for (const auto* query : {"deleted=true", "deleted=false", "deleted=", "deleted=nonsense"}) {
    EXPECT_EQ(said(list(ada, query)), "400 VALIDATION_ERROR query.deleted:unknown") << query;
    EXPECT_EQ(said(api.ask(operations.at("list"), {.query = query})), "400 VALIDATION_ERROR query.deleted:unknown");
  }
  EXPECT_EQ(said(list(admin, "deleted=nonsense")), "400 VALIDATION_ERROR query.deleted:type");
}

TEST_F(DeletedListsTest, admins_see_what_the_rules_show_them_and_no_more) {
  write_and_delete("open");
  write_and_delete("hidden", false);
  EXPECT_THAT(titles("deleted=true"), ElementsAre("open"));
  EXPECT_THAT(titles("deleted=true&search=hidden"), IsEmpty());
}

TEST_F(DeletedListsTest, filters_search_sort_and_fields_hold_and_know_the_time_of_deletion) {
  for (const auto* title : {"b one", "a one", "c two"}) write_and_delete(title);
  EXPECT_THAT(titles("deleted=true&search=one&sort=title"), ElementsAre("a one", "b one"));
  EXPECT_THAT(titles("deleted=true&sort=deletedAt"), ElementsAre("b one", "a one", "c two"));
  EXPECT_THAT(titles("deleted=true&deletedAt[gte]=2026-01-01T00:00:02Z"), ElementsAre("c two"));
  const auto row = data_of(list(admin, "deleted=true&fields=deletedAt,title")).at(0);
  EXPECT_EQ(row.dump(), R"({"deletedAt":"2026-01-01T00:00:02.000Z","title":"c two"})");
  EXPECT_EQ(said(list(admin, "sort=deletedAt&fields=deletedAt")),
            "400 VALIDATION_ERROR query.sort:enum query.fields:enum");
}

TEST_F(DeletedListsTest, a_walk_goes_through_them_and_its_cursor_is_good_for_no_other_list) {
  for (const auto* title : {"one", "two", "three"}) write_and_delete(title);
  const auto first = list(admin, "deleted=true&cursor=&limit=2&sort=createdAt");
  const auto cursor = nlohmann::json::parse(first.body).at("meta").at("nextCursor").get<std::string>();
  EXPECT_NE(header(first, "link").value_or("").find("deleted=true"), std::string::npos);
  EXPECT_THAT(titles("deleted=true&sort=createdAt&cursor=" + cursor), ElementsAre("three"));
  EXPECT_EQ(said(list(admin, "sort=createdAt&cursor=" + cursor)), "400 VALIDATION_ERROR query.cursor:format");
  EXPECT_THAT(titles("deleted=true&cursor=&limit=2"), ElementsAre("three", "two"));
}

TEST_F(DeletedListsTest, deleted_users_are_listed_without_their_secrets) {
  api.people.remove(ada.id);
  const auto answer = api.ask(api.users.at("list"), {.token = admin.token, .query = "deleted=true"});
  ASSERT_EQ(answer.status, 200) << answer.body;
  ASSERT_EQ(data_of(answer).size(), 1U);
  EXPECT_EQ(data_of(answer).at(0).at("email"), "ada@example.org");
  EXPECT_FALSE(data_of(answer).at(0).contains("passwordHash"));
}

TEST_F(DeletedListsTest, where_rows_are_deleted_for_good_there_is_no_such_parameter) {
  const auto answer = api.ask(api.sessions.at("list"), {.token = admin.token, .query = "deleted=true"});
  EXPECT_EQ(said(answer), "400 VALIDATION_ERROR query.deleted:unknown");
}

}  // namespace
}  // namespace apiwright::engine

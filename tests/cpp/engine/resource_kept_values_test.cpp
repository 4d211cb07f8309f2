// What the server sets, and what clients may set once.

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "apiwright/repositories/table.hpp"
#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using access::Rule;
using nlohmann::json;
using support::Ask;
using support::data_of;
using support::Person;
using support::said;
using validation::Field;
using validation::Mode;
using validation::Schema;
using validation::ServerValue;

validation::SchemaPtr pages_schema(bool is_author_needed = false) {
  auto author = Field::uuid("author_id").set_to(ServerValue::kCurrentUser).references("users");
  return Schema::make(
      "Page", "pages",
      {
          Field::uuid("id").read_only(),
          is_author_needed ? author : std::move(author).nullable(),
          Field::date_time("opened_at").set_to(ServerValue::kNow),
          Field::string("slug").length(1, 50).unique().immutable(),
          Field::enumeration("kind", {"draft", "letter"}).default_value(std::string("draft")).immutable(),
          Field::string("text").default_value(std::string()),
          Field::integer("version").read_only(),
      });
}

class ResourceKeptValuesTest : public testing::Test {
 protected:
  ResourceKeptValuesTest() {
    api.people.database.write([&](data::Connection& it) { repositories::create_table(it, *rows.schema()); });
  }

  support::Api api;
  const repositories::Repository rows{pages_schema()};
  Resource pages = resource(rows, Rule::everyone());
  const Person ada = api.person("ada@example.org");

  static Resource resource(const repositories::Repository& of, const Rule& all) {
    return {.rows = of,
            .path = "/api/v1/pages",
            .read = all,
            .list = all,
            .create = all,
            .replace = all,
            .update = all,
            .remove = all,
            .changed = {}};
  }
  Response post(const Ask& ask) { return api.ask(*make_create(api.services, pages), ask); }
  Response write(Mode mode, const std::string& body) {
    return api.ask(*make_update(api.services, pages, mode, Target::kPathId),
                   {.token = ada.token, .body = body, .id = api.people.database.text("SELECT id FROM pages")});
  }
};

TEST_F(ResourceKeptValuesTest, a_new_row_has_who_made_it_and_when) {
  const auto mine = data_of(post({.token = ada.token, .body = R"({"slug":"mine"})"}));
  EXPECT_EQ(mine.at("authorId"), ada.id_text());
  EXPECT_EQ(mine.at("openedAt"), "2026-01-01T00:00:00.000Z");
  EXPECT_TRUE(data_of(post({.body = R"({"slug":"nobodys"})"})).at("authorId").is_null());
}

TEST_F(ResourceKeptValuesTest, nobody_sends_what_the_server_sets) {
  const auto forged = json{{"slug", "x"}, {"authorId", api.person("bob@example.org").id_text()}}.dump();
  EXPECT_EQ(said(post({.token = ada.token, .body = forged})), "400 VALIDATION_ERROR authorId:unknown");
  EXPECT_EQ(said(post({.token = ada.token, .body = R"({"slug":"x","openedAt":null})"})),
            "400 VALIDATION_ERROR openedAt:unknown");
  post({.token = ada.token, .body = R"({"slug":"x"})"});
  for (const Mode mode : {Mode::kReplace, Mode::kPatch}) {
    EXPECT_EQ(said(write(mode, forged)), "400 VALIDATION_ERROR authorId:unknown");
    EXPECT_EQ(data_of(write(mode, R"({"slug":"x","text":"y"})")).at("authorId"), ada.id_text());
  }
}

TEST_F(ResourceKeptValuesTest, anybody_may_create_only_where_nobody_may_be_the_author) {
  const repositories::Repository authored{pages_schema(true)};
  const auto open = resource(authored, Rule::everyone());
  try {
    static_cast<void>(make_create(api.services, open));
    FAIL() << "was taken";
  } catch (const std::logic_error& error) {
    EXPECT_NE(std::string(error.what()).find("`author_id`"), std::string::npos) << error.what();
  }
  EXPECT_NO_THROW(static_cast<void>(make_create(api.services, resource(authored, Rule::authenticated()))));
}

TEST_F(ResourceKeptValuesTest, an_immutable_value_stays_whichever_way_another_is_sent) {
  post({.token = ada.token, .body = R"({"slug":"first","kind":"letter"})"});
  for (const Mode mode : {Mode::kReplace, Mode::kPatch}) {
    EXPECT_EQ(said(write(mode, R"({"slug":"second","kind":"draft"})")),
              "422 UNPROCESSABLE slug:immutable kind:immutable");
    EXPECT_EQ(said(write(mode, R"({"slug":"FIRST"})")), "422 UNPROCESSABLE slug:immutable") << "unique ignores case";
  }
  EXPECT_EQ(said(write(Mode::kPatch, R"({"kind":null})")), "422 UNPROCESSABLE kind:immutable");
  EXPECT_EQ(api.people.database.integer("SELECT version FROM pages"), 1);
}

TEST_F(ResourceKeptValuesTest, the_same_value_again_is_fine_and_one_left_out_stays) {
  post({.token = ada.token, .body = R"({"slug":"first","kind":"letter"})"});
  for (const Mode mode : {Mode::kReplace, Mode::kPatch}) {
    EXPECT_EQ(write(mode, R"({"slug":"first","kind":"letter"})").status, 200);
    EXPECT_EQ(data_of(write(mode, R"({"slug":"first","text":"new"})")).at("kind"), "letter");
  }
  EXPECT_EQ(said(write(Mode::kReplace, R"({"text":"new"})")), "400 VALIDATION_ERROR slug:required");
}

}  // namespace
}  // namespace apiwright::engine

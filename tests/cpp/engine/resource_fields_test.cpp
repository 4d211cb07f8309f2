// Fields that only some may read or write, and what nobody may learn or change by way of them.

#include <gtest/gtest.h>

#include <string>

#include "apiwright/repositories/table.hpp"
#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using access::FieldRules;
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

validation::SchemaPtr reports_schema() {
  return Schema::make("Report", "reports",
                      {
                          Field::uuid("id").read_only(),
                          Field::uuid("author_id").set_to(ServerValue::kCurrentUser),
                          Field::string("title").length(1, 50).searchable().sortable(),
                          Field::boolean("open").default_value(false),
                          Field::string("note").default_value(std::string()).searchable().filterable().sortable(),
                          Field::integer("price").default_value(std::int64_t{0}).filterable().sortable(),
                          Field::string("seal").default_value(std::string("none")).write_only(),
                          Field::string("batch").default_value(std::string("none")).immutable(),
                          Field::string("code").nullable().unique(),
                          Field::integer("version").read_only(),
                      });
}

// Everybody signed in reads and changes reports. Notes are their author's and the editors', who alone have prices,
// seals and batches; the code is set while a report is open.
class ResourceFieldsTest : public testing::Test {
 protected:
  ResourceFieldsTest() {
    api.people.database.write([&](data::Connection& it) { repositories::create_table(it, *rows.schema()); });
  }

  support::Api api;
  const repositories::Repository rows{reports_schema()};
  Rule editor = Rule::role("editor");
  Rule author_or_editor = Rule::any_of({Rule::owner("author_id"), editor});
  Resource reports{
      .rows = rows,
      .path = "/api/v1/reports",
      .read = Rule::authenticated(),
      .list = Rule::authenticated(),
      .create = Rule::authenticated(),
      .replace = Rule::authenticated(),
      .update = Rule::authenticated(),
      .remove = Rule::authenticated(),
      .readable = FieldRules(rows.schema(), {{"note", author_or_editor}, {"price", editor}, {"batch", editor}}),
      .writable = FieldRules(
          rows.schema(),
          {{"note", author_or_editor}, {"price", editor}, {"seal", editor}, {"code", Rule::equals("open", true)}}),
      .changed = {}};
  const Person ada = api.person("ada@example.org");
  const Person bob = api.person("bob@example.org");
  const Person eve = api.person("eve@example.org", {"editor"});

  Response post(const Person& who, const std::string& body) {
    return api.ask(*make_create(api.services, reports), {.token = who.token, .body = body});
  }
  std::string add(const Person& who, const std::string& body = R"({"title":"One","note":"hush"})") {
    const auto made = post(who, body);
    EXPECT_EQ(made.status, 201) << made.body;
    return data_of(made).at("id").get<std::string>();
  }
  Response write(Mode mode, const Person& who, const std::string& id, const std::string& body) {
    return api.ask(*make_update(api.services, reports, mode, Target::kPathId),
                   {.token = who.token, .body = body, .id = id});
  }
  Response get(const Person& who, const std::string& id) {
    return api.ask(*make_get(api.services, reports, Target::kPathId), {.token = who.token, .id = id});
  }
  Response list(const Person& who, const std::string& query = "") {
    return api.ask(*make_list(api.services, reports), {.token = who.token, .query = query});
  }
  [[nodiscard]] std::string stored(const std::string& column) const {
    return api.people.database.text("SELECT CAST(" + column + " AS TEXT) FROM reports");
  }
};

TEST_F(ResourceFieldsTest, answers_leave_out_what_the_row_does_not_show) {
  const auto id = add(ada);
  EXPECT_EQ(data_of(get(ada, id)).at("note"), "hush");
  EXPECT_FALSE(data_of(get(ada, id)).contains("price"));
  EXPECT_FALSE(data_of(get(bob, id)).contains("note"));
  EXPECT_TRUE(data_of(get(eve, id)).contains("price"));
  add(bob);
  for (const auto& row : data_of(list(bob))) {
    EXPECT_EQ(row.contains("note"), row.at("authorId") == bob.id_text()) << "each row by itself";
  }
}

TEST_F(ResourceFieldsTest, answers_of_changes_do_too) {
  EXPECT_FALSE(data_of(post(ada, R"({"title":"One"})")).contains("price"));
  const auto id = add(ada);
  EXPECT_FALSE(data_of(write(Mode::kPatch, bob, id, R"({"title":"Two"})")).contains("note"));
  EXPECT_TRUE(data_of(write(Mode::kPatch, ada, id, R"({"title":"Three"})")).contains("note"));
}

TEST_F(ResourceFieldsTest, neither_filter_nor_order_nor_search_tells_a_field_that_some_row_hides) {
  add(ada);
  for (const auto& who : {ada, bob}) {
    EXPECT_EQ(said(list(who, "price=0")), "400 VALIDATION_ERROR query.price:unknown");
    EXPECT_EQ(said(list(who, "price=x")), "400 VALIDATION_ERROR query.price:unknown");
    EXPECT_EQ(said(list(who, "note=hush")), "400 VALIDATION_ERROR query.note:unknown");
    for (const auto* sort : {"sort=price", "sort=-note", "sort=title,price"}) {
      const auto refused = list(who, sort);
      EXPECT_EQ(said(refused), "400 VALIDATION_ERROR query.sort:enum");
      EXPECT_EQ(refused.body.find("price"), std::string::npos) << "not among the choices either";
    }
    EXPECT_TRUE(data_of(list(who, "search=hush")).empty());
    EXPECT_EQ(json::parse(list(who, "search=hush").body).at("meta").at("total"), 0);
  }
  EXPECT_EQ(data_of(list(eve, "search=hush&note=hush&price=0&sort=-price")).size(), 1U);
}

TEST_F(ResourceFieldsTest, what_may_not_be_set_is_403_naming_every_field) {
  EXPECT_EQ(said(post(ada, R"({"title":"x","price":1,"seal":"mine","code":"A"})")),
            "403 FORBIDDEN price:forbidden seal:forbidden code:forbidden");
  EXPECT_EQ(said(post(ada, R"({"title":"x","price":0,"seal":"none"})")), "201") << "what is filled in anyway";
  const auto id = add(ada);
  EXPECT_EQ(said(write(Mode::kPatch, ada, id, R"({"price":0})")), "403 FORBIDDEN price:forbidden") << "as it is";
  EXPECT_EQ(said(write(Mode::kPatch, bob, id, R"({"note":"mine","price":1})")),
            "403 FORBIDDEN note:forbidden price:forbidden");
  EXPECT_EQ(data_of(write(Mode::kPatch, eve, id, R"({"price":7})")).at("price"), 7);
}

TEST_F(ResourceFieldsTest, a_rule_about_the_row_is_asked_of_the_row_as_it_was_and_as_it_becomes) {
  const auto open = add(ada, R"({"title":"x","open":true,"code":"A"})");
  EXPECT_EQ(said(write(Mode::kPatch, ada, open, R"({"code":"B"})")), "200");
  EXPECT_EQ(said(write(Mode::kPatch, ada, open, R"({"code":"C","open":false})")), "403 FORBIDDEN code:forbidden");
  EXPECT_EQ(stored("code"), "B") << "rolled back";
  EXPECT_EQ(said(write(Mode::kPatch, ada, open, R"({"open":false})")), "200");
  EXPECT_EQ(said(write(Mode::kPatch, ada, open, R"({"code":"C","open":true})")), "403 FORBIDDEN code:forbidden");
}

TEST_F(ResourceFieldsTest, a_put_keeps_what_its_sender_neither_sees_nor_sets) {
  const auto id = add(eve, R"({"title":"One","note":"hush","price":7,"seal":"red"})");
  EXPECT_EQ(said(write(Mode::kReplace, bob, id, R"({"title":"Two"})")), "200");
  EXPECT_EQ(stored("note"), "hush");
  EXPECT_EQ(stored("price"), "7");
  EXPECT_EQ(stored("seal"), "red");
  EXPECT_EQ(stored("title"), "Two");
}

TEST_F(ResourceFieldsTest, whether_a_guess_is_right_is_not_told) {
  const auto id = add(eve, R"({"title":"One","price":7,"seal":"red"})");
  for (const auto* guess : {"7", "8"}) {
    const auto body = std::string(R"({"title":"One","price":)") + guess + "}";
    EXPECT_EQ(said(write(Mode::kReplace, bob, id, body)), "403 FORBIDDEN price:forbidden");
    EXPECT_EQ(said(write(Mode::kPatch, bob, id, body)), "403 FORBIDDEN price:forbidden");
  }
  for (const auto* guess : {"red", "blue", "none"}) {
    const auto body = json{{"title", "One"}, {"seal", guess}}.dump();
    EXPECT_EQ(said(write(Mode::kReplace, bob, id, body)), "403 FORBIDDEN seal:forbidden") << guess;
  }
  for (const auto* guess : {"none", "b"}) {
    const auto body = json{{"title", "One"}, {"batch", guess}}.dump();
    EXPECT_EQ(said(write(Mode::kReplace, bob, id, body)), "422 UNPROCESSABLE batch:immutable") << guess;
    EXPECT_EQ(said(write(Mode::kPatch, bob, id, body)), "422 UNPROCESSABLE batch:immutable") << guess;
  }
  EXPECT_EQ(said(write(Mode::kPatch, eve, id, R"({"batch":"none"})")), "200") << "who sees it may send it again";
}

TEST_F(ResourceFieldsTest, a_constraint_tells_nothing_to_who_may_not_set_the_field) {
  add(ada, R"({"title":"x","open":true,"code":"TAKEN"})");
  const auto id = add(bob);
  for (const auto* code : {"TAKEN", "FREE"}) {
    EXPECT_EQ(said(post(bob, json{{"title", "x"}, {"code", code}}.dump())), "403 FORBIDDEN code:forbidden");
    EXPECT_EQ(said(write(Mode::kPatch, bob, id, json{{"code", code}}.dump())), "403 FORBIDDEN code:forbidden");
    reports.create = Rule::all_of({Rule::authenticated(), Rule::equals("open", true)});
    EXPECT_EQ(said(post(bob, json{{"title", "x"}, {"code", code}}.dump())), "403 FORBIDDEN");
    reports.create = Rule::authenticated();
    reports.update = Rule::equals("open", false);
    const auto body = json{{"open", true}, {"title", code}}.dump();
    EXPECT_EQ(said(write(Mode::kPatch, bob, id, body)), "403 FORBIDDEN") << "moved out of reach";
    reports.update = Rule::authenticated();
  }
}

}  // namespace
}  // namespace apiwright::engine

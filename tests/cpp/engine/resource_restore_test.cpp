// The undoing of a soft deletion: who may, of what, and what it answers.

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "apiwright/engine/batch.hpp"
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
using validation::Field;
using validation::Schema;

validation::SchemaPtr articles_schema() {
  return Schema::make("Article", "articles",
                      {
                          Field::uuid("id").read_only(),
                          Field::uuid("author_id").set_to(validation::ServerValue::kCurrentUser),
                          Field::string("slug").unique(),
                          Field::boolean("published").default_value(false),
                          Field::integer("version").read_only(),
                          Field::date_time("created_at").read_only(),
                          Field::date_time("updated_at").read_only(),
                          Field::date_time("deleted_at").nullable().internal(),
                      });
}

Declaration articles(Rule remove = Rule::owner("author_id"), bool require_if_match = false) {
  const auto author = Rule::owner("author_id");
  return {.schema = articles_schema(),
          .path = "/api/v1/articles",
          .read = Rule::any_of({Rule::equals("published", true), author}),
          .list = Rule::everyone(),
          .create = Rule::authenticated(),
          .update = author,
          .remove = std::move(remove),
          .require_if_match = require_if_match};
}

class RestoreTest : public testing::Test {
 protected:
  RestoreTest() {
    api.people.database.write([](data::Connection& it) { repositories::create_table(it, *articles_schema()); });
  }

  support::Api api;
  const ResourceOperations operations{api.services, articles()};
  const Person ada = api.person("ada@example.org");
  const Person bob = api.person("bob@example.org");

  Response ask(std::string_view name, const Ask& ask) { return api.ask(operations.at(name), ask); }
  std::string write(const std::string& slug, bool published = true) {
    const auto body = nlohmann::json{{"slug", slug}, {"published", published}}.dump();
    const auto made = ask("create", {.token = ada.token, .body = body});
    EXPECT_EQ(made.status, 201) << made.body;
    return data_of(made).at("id").get<std::string>();
  }
  std::string write_and_delete(const std::string& slug, bool published = true) {
    auto id = write(slug, published);
    EXPECT_EQ(ask("remove", {.token = ada.token, .id = id}).status, 204);
    return id;
  }
  Response restore(const Person& who, const std::string& id) { return ask("restore", {.token = who.token, .id = id}); }
};

TEST_F(RestoreTest, who_deleted_a_row_has_it_back_as_a_get_answers_it) {
  const auto id = write_and_delete("notes");
  EXPECT_EQ(ask("get", {.token = ada.token, .id = id}).status, 404);
  api.people.clock.advance(std::chrono::minutes(1));
  const auto restored = restore(ada, id);
  EXPECT_EQ(restored.status, 200);
  EXPECT_EQ(data_of(restored).at("version"), 2);
  EXPECT_EQ(data_of(restored).at("updatedAt"), "2026-01-01T00:01:00.000Z");
  EXPECT_FALSE(data_of(restored).contains("deletedAt"));
  const auto got = ask("get", {.token = ada.token, .id = id});
  EXPECT_EQ(got.body, restored.body);
  EXPECT_EQ(header(got, "etag"), header(restored, "etag"));
}

TEST_F(RestoreTest, a_row_that_is_not_deleted_is_answered_unchanged) {
  const auto id = write("notes");
  const auto restored = restore(ada, id);
  EXPECT_EQ(restored.status, 200);
  EXPECT_EQ(data_of(restored).at("version"), 1);
}

TEST_F(RestoreTest, a_deleted_row_is_nothing_to_who_may_not_restore_it) {
  const auto unknown = Uuid::generate(support::kStart).to_string();
  for (const bool published : {true, false}) {
    const auto id = write_and_delete(published ? "open" : "hidden", published);
    EXPECT_EQ(said(restore(bob, id)), said(restore(bob, unknown))) << published;
    EXPECT_EQ(said(restore(bob, id)), "404 NOT_FOUND") << published;
    EXPECT_EQ(said(ask("restore", {.id = id})), said(ask("restore", {.id = unknown}))) << published;
  }
}

TEST_F(RestoreTest, a_row_that_is_not_deleted_is_to_others_as_for_delete) {
  const auto open = write("open");
  const auto hidden = write("hidden", false);
  EXPECT_EQ(said(restore(bob, open)), "403 FORBIDDEN");
  EXPECT_EQ(said(restore(bob, hidden)), "404 NOT_FOUND");
  EXPECT_EQ(said(ask("restore", {.id = open})), "401 UNAUTHORIZED");
}

TEST_F(RestoreTest, a_rule_that_holds_for_anybody_lets_anybody_restore_what_anybody_sees) {
  const ResourceOperations open(api.services, articles(Rule::everyone()));
  const auto seen = write_and_delete("seen");
  const auto hidden = write_and_delete("hidden", false);
  EXPECT_EQ(api.ask(open.at("restore"), {.id = seen}).status, 200);
  EXPECT_EQ(said(api.ask(open.at("restore"), {.id = hidden})), "404 NOT_FOUND");
}

TEST_F(RestoreTest, a_value_that_was_taken_meanwhile_is_409_naming_it) {
  const auto id = write_and_delete("notes");
  static_cast<void>(write("NOTES"));
  EXPECT_EQ(said(restore(ada, id)), "409 CONFLICT slug:unique");
}

TEST_F(RestoreTest, bodies_parameters_and_bad_ids_are_refused_together) {
  const auto answer = ask("restore", {.token = ada.token, .query = "deleted=true", .body = "{}", .id = "7"});
  EXPECT_EQ(said(answer), "400 VALIDATION_ERROR query.deleted:unknown path.id:format :unknown");
}

TEST_F(RestoreTest, if_match_is_compared_with_the_version_that_was_deleted) {
  const auto id = write_and_delete("notes");
  const auto with = [&](std::string_view tag) {
    return said(ask("restore", {.token = ada.token, .id = id, .headers = {{"if-match", tag}}}));
  };
  EXPECT_EQ(with("\"2\""), "412 PRECONDITION_FAILED");
  EXPECT_EQ(with("\"1\""), "200");
  EXPECT_EQ(with("\"1\""), "412 PRECONDITION_FAILED") << "it is restored, in another version";
}

TEST_F(RestoreTest, where_changes_need_if_match_it_does_too) {
  const ResourceOperations strict(api.services, articles(Rule::owner("author_id"), true));
  const auto id = write_and_delete("notes");
  EXPECT_EQ(said(api.ask(strict.at("restore"), {.token = ada.token, .id = id})), "428 PRECONDITION_REQUIRED");
}

TEST_F(RestoreTest, the_same_key_again_has_the_same_answer_and_another_row_its_own) {
  const auto id = write_and_delete("notes");
  const auto other = write_and_delete("other");
  const auto with_key = [&](const std::string& which) {
    return ask("restore", {.token = ada.token, .id = which, .headers = {{"idempotency-key", "once"}}});
  };
  const auto first = with_key(id);
  const auto again = with_key(id);
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(header(again, "idempotency-replayed"), "true");
  EXPECT_EQ(data_of(with_key(other)).at("id"), other);
}

TEST_F(RestoreTest, a_batch_deletes_and_restores_in_one_transaction) {
  Router parts;
  parts.add("DELETE", "/api/v1/articles/{id}", operations.at("remove"));
  parts.add("POST", "/api/v1/articles/{id}/restore", operations.at("restore"));
  const Batch batch(api.services, std::move(parts));
  const auto path = "/api/v1/articles/" + write("notes");
  const auto body = [&](const nlohmann::json& last) {
    return nlohmann::json{{"operations", {{{"method", "DELETE"}, {"path", path}}, last}}}.dump();
  };
  const auto done =
      api.ask(batch, {.token = ada.token, .body = body({{"method", "POST"}, {"path", path + "/restore"}})});
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(data_of(done).at(1).at("body").at("data").at("version"), 2);
  const auto refused = api.ask(
      batch, {.token = ada.token,
              .body = body({{"method", "POST"}, {"path", path + "/restore"}, {"body", nlohmann::json::object()}})});
  EXPECT_EQ(said(refused), "400 VALIDATION_ERROR operations[1].body:unknown");
}

TEST_F(RestoreTest, what_is_deleted_for_good_has_no_such_operation) {
  const auto schema = Schema::make("Plain", "plains", {Field::uuid("id").read_only(), Field::string("text")});
  auto declaration = articles(Rule::everyone());
  declaration.schema = schema;
  declaration.read = declaration.create = declaration.update = Rule::everyone();
  const ResourceOperations plain(api.services, declaration);
  EXPECT_THROW(static_cast<void>(plain.at("restore")), std::logic_error);
  EXPECT_THROW(static_cast<void>(make_restore(api.services, plain.resource())), std::logic_error);
}

}  // namespace
}  // namespace apiwright::engine

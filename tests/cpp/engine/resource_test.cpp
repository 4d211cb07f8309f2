#include "apiwright/engine/resource.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "support/notes.hpp"

namespace apiwright::engine {
namespace {

using support::Person;
using support::said;
using validation::Mode;

using ResourceTest = support::NotesTest;

TEST_F(ResourceTest, a_new_row_must_satisfy_the_create_rule_itself) {
  create(ada);
  const auto forged = api.ask(*make_create(api.services, notes), {.token = bob.token, .body = body(ada)});
  EXPECT_EQ(said(forged), "403 FORBIDDEN");
  EXPECT_EQ(count(), 1) << "rolled back";
}

TEST_F(ResourceTest, readable_but_not_writable_is_403_and_hidden_is_404) {
  const auto open = create(ada);
  const auto locked = create(ada, true);
  EXPECT_EQ(said(update(bob, open, R"({"text":"Mine"})")), "403 FORBIDDEN");
  EXPECT_EQ(said(update(bob, locked, R"({"text":"Mine"})")), "404 NOT_FOUND");
  const auto get = make_get(api.services, notes, Target::kPathId);
  EXPECT_EQ(api.ask(*get, {.token = bob.token, .id = open}).status, 200);
  EXPECT_EQ(said(api.ask(*get, {.token = bob.token, .id = locked})), "404 NOT_FOUND");
  const auto remove = make_remove(api.services, notes, Target::kPathId);
  EXPECT_EQ(said(api.ask(*remove, {.token = bob.token, .id = open})), "403 FORBIDDEN");
  EXPECT_EQ(said(api.ask(*remove, {.token = bob.token, .id = locked})), "404 NOT_FOUND");
  EXPECT_EQ(api.ask(*remove, {.token = ada.token, .id = locked}).status, 204);
}

TEST_F(ResourceTest, a_list_and_its_total_show_what_may_be_read) {
  create(ada);
  create(ada, true);
  const auto list = make_list(api.services, notes);
  const auto total = [&](const Person& who) {
    return nlohmann::json::parse(api.ask(*list, {.token = who.token}).body).at("meta").at("total").get<int>();
  };
  EXPECT_EQ(total(ada), 2);
  EXPECT_EQ(total(bob), 1);
}

TEST_F(ResourceTest, a_row_cannot_be_changed_into_one_that_the_rule_refuses) {
  const auto id = create(ada);
  EXPECT_EQ(said(update(ada, id, R"({"author":")" + bob.id_text() + R"("})")), "403 FORBIDDEN");
  EXPECT_EQ(said(update(ada, id, body(ada, true), Mode::kReplace)), "403 FORBIDDEN");
  EXPECT_EQ(api.people.database.integer("SELECT version FROM notes"), 1) << "rolled back";
  EXPECT_EQ(update(ada, id, R"({"locked":true})").status, 200);
  EXPECT_EQ(said(update(ada, id, body(ada), Mode::kReplace)), "403 FORBIDDEN") << "as it was, too";
}

TEST_F(ResourceTest, a_field_that_a_role_guards_may_be_left_as_it_is) {
  const auto id = create(ada);
  EXPECT_EQ(update(ada, id, body(ada), Mode::kReplace).status, 200);
  const auto with_rank = R"({"author":")" + ada.id_text() + R"(","text":"x","rank":1})";
  EXPECT_EQ(said(update(ada, id, with_rank, Mode::kReplace)), "403 FORBIDDEN rank:forbidden");
  EXPECT_EQ(said(update(ada, id, R"({"rank":1})")), "403 FORBIDDEN rank:forbidden");
  const auto created = api.ask(*make_create(api.services, notes), {.token = ada.token, .body = with_rank});
  EXPECT_EQ(said(created), "403 FORBIDDEN rank:forbidden");
  EXPECT_EQ(count(), 1);
  api.people.database.execute("UPDATE notes SET rank = 7");
  EXPECT_EQ(said(update(ada, id, body(ada), Mode::kReplace)), "403 FORBIDDEN rank:forbidden")
      << "left out of a PUT it would be emptied";
}

TEST_F(ResourceTest, what_a_change_must_do_besides_is_done_in_its_transaction) {
  int calls = 0;
  notes.changed = [&](data::Connection& connection, const validation::Record&, const validation::Record* after,
                      const access::Principal* principal) {
    ++calls;
    EXPECT_EQ(principal->user, ada.id);
    if (after == nullptr) throw Error(ErrorCode::kUnprocessable, "Notes stay.");
    data::execute(connection, "UPDATE notes SET rank = 5");
    if (after->at("text").as<std::string>() == "bad") throw std::runtime_error("SELECT secret");
  };
  const auto id = create(ada);
  EXPECT_EQ(calls, 0) << "a creation is no change";
  EXPECT_EQ(update(ada, id, R"({"text":"good"})").status, 200);
  EXPECT_EQ(api.people.database.integer("SELECT rank FROM notes"), 5);
  const auto failed = update(ada, id, R"({"text":"bad"})");
  EXPECT_EQ(said(failed), "500 INTERNAL_ERROR");
  EXPECT_EQ(failed.body.find("secret"), std::string::npos);
  EXPECT_EQ(api.people.database.text("SELECT text FROM notes"), "good");
  const auto remove = make_remove(api.services, notes, Target::kPathId);
  EXPECT_EQ(said(api.ask(*remove, {.token = ada.token, .id = id})), "422 UNPROCESSABLE");
  EXPECT_EQ(count(), 1);
}

TEST_F(ResourceTest, ones_own_path_takes_only_what_no_role_guards) {
  const auto reader = body_reader(notes, Mode::kPatch, Target::kPrincipal);
  const auto& schema = *rows.schema();
  EXPECT_TRUE(reader.accepts(schema.index_of("text")));
  EXPECT_FALSE(reader.accepts(schema.index_of("rank")));
  EXPECT_FALSE(reader.accepts(schema.index_of("version")));
  EXPECT_TRUE(body_reader(notes, Mode::kPatch, Target::kPathId).accepts(schema.index_of("rank")));
}

}  // namespace
}  // namespace apiwright::engine

// What callers may do without a token.

#include <gtest/gtest.h>

#include <string>

#include "support/notes.hpp"

namespace apiwright::engine {
namespace {

using access::Rule;
using support::Ask;
using support::said;
using validation::Mode;

// Notes that are not locked may be read by anybody.
class ResourceAnonymousTest : public support::NotesTest {
 protected:
  Rule unlocked = Rule::equals("locked", false);

  ResourceAnonymousTest() { notes.list = Rule::everyone(); }

  Response get(const Ask& ask) { return api.ask(*make_get(api.services, notes, Target::kPathId), ask); }
  Response list(const Ask& ask) { return api.ask(*make_list(api.services, notes), ask); }
  Response write(Mode mode, const Ask& ask) {
    return api.ask(*make_update(api.services, notes, mode, Target::kPathId), ask);
  }
  Response remove(const Ask& ask) { return api.ask(*make_remove(api.services, notes, Target::kPathId), ask); }
  Response post(const Ask& ask) { return api.ask(*make_create(api.services, notes), ask); }
  [[nodiscard]] std::string text_of(const std::string& id) const {
    return api.people.database.text("SELECT text FROM notes WHERE id = '" + id + "'");
  }
};

TEST_F(ResourceAnonymousTest, a_row_that_anybody_may_read_needs_no_token_and_a_hidden_one_is_404) {
  const auto open = create(ada);
  const auto locked = create(ada, true);
  EXPECT_EQ(get({.id = open}).body, get({.token = bob.token, .id = open}).body);
  EXPECT_EQ(said(get({.id = locked})), "404 NOT_FOUND");
  EXPECT_EQ(said(get({.id = bob.id_text()})), "404 NOT_FOUND") << "as what is not there";
  EXPECT_EQ(said(get({.id = "1"})), "400 VALIDATION_ERROR path.id:format");
  EXPECT_EQ(said(get({.token = "forged", .id = open})), "401 UNAUTHORIZED");
}

TEST_F(ResourceAnonymousTest, a_list_shows_and_counts_what_anybody_may_read) {
  create(ada);
  create(ada, true);
  const auto body = nlohmann::json::parse(list({}).body);
  EXPECT_EQ(body.at("meta").at("total"), 1);
  EXPECT_EQ(body.at("data").size(), 1U);
  notes.list = Rule::authenticated();
  EXPECT_EQ(said(list({})), "401 UNAUTHORIZED");
}

TEST_F(ResourceAnonymousTest, a_rule_that_can_hold_for_nobody_in_particular_is_401_and_tells_nothing_else) {
  const auto id = create(ada);
  notes.read = Rule::any_of({Rule::owner("author"), Rule::role("editor")});
  for (const std::string& path : {id, bob.id_text(), std::string("1")}) {
    EXPECT_EQ(said(get({.id = path})), "401 UNAUTHORIZED");
    EXPECT_EQ(said(write(Mode::kPatch, {.body = "{", .id = path})), "401 UNAUTHORIZED");
    EXPECT_EQ(said(remove({.id = path})), "401 UNAUTHORIZED");
  }
  EXPECT_EQ(said(list({.query = "nonsense"})), "401 UNAUTHORIZED") << "an empty page would be no answer";
  EXPECT_EQ(said(post({.body = "{"})), "401 UNAUTHORIZED");
}

TEST_F(ResourceAnonymousTest, what_may_be_read_but_not_written_is_401) {
  const auto id = create(ada);
  EXPECT_EQ(said(write(Mode::kPatch, {.body = R"({"text":"Mine"})", .id = id})), "401 UNAUTHORIZED");
  EXPECT_EQ(said(remove({.id = id})), "401 UNAUTHORIZED");
  const auto short_text = Rule::equals("text", std::string("Draft"));
  notes.update = notes.remove = short_text;
  EXPECT_EQ(said(write(Mode::kPatch, {.body = R"({"text":"Mine"})", .id = id})), "401 UNAUTHORIZED")
      << "the rule can hold, and does not on this row";
  EXPECT_EQ(said(remove({.id = id})), "401 UNAUTHORIZED");
  EXPECT_EQ(text_of(id), "Hello");
}

TEST_F(ResourceAnonymousTest, a_row_cannot_be_changed_into_one_that_the_rule_refuses_by_nobody_either) {
  const auto id = create(ada);
  notes.update = unlocked;
  EXPECT_EQ(write(Mode::kPatch, {.body = R"({"text":"Ours"})", .id = id}).status, 200);
  EXPECT_EQ(said(write(Mode::kPatch, {.body = R"({"locked":true})", .id = id})), "401 UNAUTHORIZED");
  EXPECT_EQ(api.people.database.integer("SELECT version FROM notes"), 2) << "rolled back";
}

TEST_F(ResourceAnonymousTest, nobody_creates_what_the_rule_allows_and_no_more) {
  notes.create = unlocked;
  const auto open = R"({"text":"From a stranger"})";
  const auto created = post({.body = open});
  EXPECT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(said(post({.body = R"({"text":"x","locked":true})"})), "401 UNAUTHORIZED");
  EXPECT_EQ(said(post({.body = R"({"text":"x","rank":1})"})), "401 UNAUTHORIZED rank:forbidden");
  EXPECT_EQ(said(post({.body = R"({"text":""})"})), "400 VALIDATION_ERROR text:min_length");
  EXPECT_EQ(said(post({.token = "forged", .body = open})), "401 UNAUTHORIZED");
  EXPECT_EQ(count(), 1);
}

TEST_F(ResourceAnonymousTest, a_large_body_of_nobodys_is_refused_unread_where_a_token_is_needed) {
  const std::string body(Call::kShortBody * 2, 'x');
  EXPECT_EQ(said(post({.body = body})), "401 UNAUTHORIZED");
  notes.create = unlocked;
  EXPECT_EQ(said(post({.body = body})), "400 MALFORMED_JSON");
}

}  // namespace
}  // namespace apiwright::engine

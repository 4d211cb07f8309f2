// Entity tags, and requests that hold only for one state of a row.

#include <gtest/gtest.h>

#include <string>

#include "support/notes.hpp"

namespace apiwright::engine {
namespace {

using support::data_of;
using support::header;
using support::Person;
using support::said;
using validation::Mode;

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

class ResourceConditionsTest : public support::NotesTest {
 protected:
  Response get(const Person& who, const std::string& id, Headers headers = {}) {
    return api.ask(*make_get(api.services, notes, Target::kPathId),
                   {.token = who.token, .id = id, .headers = std::move(headers)});
  }
  Response patch(const Person& who, const std::string& id, Headers headers = {},
                 const std::string& text = R"({"text":"New"})") {
    return api.ask(*make_update(api.services, notes, Mode::kPatch, Target::kPathId),
                   {.token = who.token, .body = text, .id = id, .headers = std::move(headers)});
  }
  Response put(const Person& who, const std::string& id, Headers headers = {}) {
    return api.ask(*make_update(api.services, notes, Mode::kReplace, Target::kPathId),
                   {.token = who.token, .body = body(who), .id = id, .headers = std::move(headers)});
  }
  Response remove(const Person& who, const std::string& id, Headers headers = {}) {
    return api.ask(*make_remove(api.services, notes, Target::kPathId),
                   {.token = who.token, .id = id, .headers = std::move(headers)});
  }
  std::string tag_of(const Person& who, const std::string& id) { return header(get(who, id), "etag").value_or("none"); }
};

TEST_F(ResourceConditionsTest, each_answer_with_one_row_has_the_tag_of_what_it_shows) {
  const auto made = api.ask(*make_create(api.services, notes), {.token = ada.token, .body = body(ada)});
  const auto id = data_of(made).at("id").get<std::string>();
  EXPECT_EQ(header(made, "etag"), tag_of(ada, id));
  EXPECT_EQ(tag_of(bob, id), tag_of(ada, id)) << "they see the same";
  const auto changed = patch(ada, id);
  EXPECT_NE(header(changed, "etag"), header(made, "etag"));
  EXPECT_EQ(header(changed, "etag"), tag_of(ada, id));
  const auto replaced = put(ada, id);
  EXPECT_EQ(header(replaced, "etag"), tag_of(ada, id));
}

TEST_F(ResourceConditionsTest, a_change_that_changes_nothing_keeps_the_tag) {
  const auto id = create(ada);
  const auto before = tag_of(ada, id);
  EXPECT_EQ(header(patch(ada, id, {}, R"({"text":"Hello"})"), "etag"), before);
}

TEST_F(ResourceConditionsTest, what_the_client_has_is_304_without_a_body) {
  const auto id = create(ada);
  const auto tag = tag_of(ada, id);
  for (const auto& sent : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
    const auto answer = get(ada, id, {{"if-none-match", sent}});
    EXPECT_EQ(answer.status, 304) << sent;
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(header(answer, "etag"), tag);
    EXPECT_EQ(header(answer, "content-type"), std::nullopt);
  }
  patch(ada, id);
  EXPECT_EQ(get(ada, id, {{"if-none-match", tag}}).status, 200);
  EXPECT_EQ(get(ada, id, {{"if-none-match", "\"x\""}, {"if-none-match", "*"}}).status, 400) << "no list of both";
}

TEST_F(ResourceConditionsTest, several_lines_of_one_header_are_one_list) {
  const auto id = create(ada);
  const auto tag = tag_of(ada, id);
  EXPECT_EQ(get(ada, id, {{"if-none-match", "\"x\""}, {"if-none-match", tag}}).status, 304);
  EXPECT_EQ(patch(ada, id, {{"if-match", "\"x\""}, {"if-match", tag}}).status, 200);
}

TEST_F(ResourceConditionsTest, a_row_that_one_may_not_see_is_404_whatever_the_client_has) {
  const auto id = create(ada, true);
  for (const Headers& headers : {Headers{{"if-none-match", "*"}}, Headers{{"if-match", "*"}}}) {
    EXPECT_EQ(said(get(bob, id, headers)), "404 NOT_FOUND");
    EXPECT_EQ(said(patch(bob, id, headers)), "404 NOT_FOUND");
    EXPECT_EQ(said(remove(bob, id, headers)), "404 NOT_FOUND");
  }
}

TEST_F(ResourceConditionsTest, a_change_of_another_version_is_412_and_changes_nothing) {
  const auto id = create(ada);
  const auto old = tag_of(ada, id);
  patch(ada, id);
  for (const auto& sent : {old, std::string("\"1\""), "W/" + tag_of(ada, id), std::string("\"x\"")}) {
    EXPECT_EQ(said(patch(ada, id, {{"if-match", sent}}, R"({"text":"Lost"})")), "412 PRECONDITION_FAILED") << sent;
    EXPECT_EQ(said(put(ada, id, {{"if-match", sent}})), "412 PRECONDITION_FAILED");
    EXPECT_EQ(said(remove(ada, id, {{"if-match", sent}})), "412 PRECONDITION_FAILED");
  }
  EXPECT_EQ(data_of(get(ada, id)).at("text"), "New");
}

TEST_F(ResourceConditionsTest, a_change_of_this_version_is_made) {
  const auto id = create(ada);
  EXPECT_EQ(patch(ada, id, {{"if-match", tag_of(ada, id)}}).status, 200);
  EXPECT_EQ(put(ada, id, {{"if-match", "\"2\""}}).status, 200) << "the version alone";
  EXPECT_EQ(patch(ada, id, {{"if-match", "*"}}).status, 200);
  EXPECT_EQ(remove(ada, id, {{"if-match", "\"0\", " + tag_of(ada, id)}}).status, 204);
}

TEST_F(ResourceConditionsTest, who_may_not_change_a_row_is_told_that_and_not_its_version) {
  const auto id = create(ada);
  for (const auto* sent : {"\"1\"", "\"7\"", "*"}) {
    EXPECT_EQ(said(patch(bob, id, {{"if-match", sent}})), "403 FORBIDDEN") << sent;
    EXPECT_EQ(said(remove(bob, id, {{"if-match", sent}})), "403 FORBIDDEN");
  }
}

TEST_F(ResourceConditionsTest, a_change_of_what_should_not_be_there_is_412) {
  const auto id = create(ada);
  for (const auto& sent : {std::string("*"), tag_of(ada, id)}) {
    EXPECT_EQ(said(put(ada, id, {{"if-none-match", sent}})), "412 PRECONDITION_FAILED") << sent;
  }
  EXPECT_EQ(put(ada, id, {{"if-none-match", "\"x\""}}).status, 200);
}

TEST_F(ResourceConditionsTest, what_is_no_list_of_tags_is_named_beside_everything_else) {
  const auto id = create(ada);
  EXPECT_EQ(said(patch(ada, id, {{"if-match", "1"}}, R"({"text":""})")),
            "400 VALIDATION_ERROR header.If-Match:format text:min_length");
  EXPECT_EQ(said(get(ada, id, {{"if-none-match", ""}})), "400 VALIDATION_ERROR header.If-None-Match:format");
  EXPECT_EQ(said(remove(ada, "x", {{"if-match", std::string(20'000, '"')}})),
            "400 VALIDATION_ERROR header.If-Match:format path.id:format");
}

TEST_F(ResourceConditionsTest, where_a_version_must_be_named_a_change_without_one_is_428) {
  notes.require_if_match = true;
  const auto id = create(ada);
  const auto locked = create(ada, true);
  EXPECT_EQ(said(patch(ada, id)), "428 PRECONDITION_REQUIRED");
  EXPECT_EQ(said(put(ada, id)), "428 PRECONDITION_REQUIRED");
  EXPECT_EQ(said(remove(ada, id)), "428 PRECONDITION_REQUIRED");
  EXPECT_EQ(said(patch(ada, id, {{"if-none-match", "\"x\""}})), "428 PRECONDITION_REQUIRED");
  EXPECT_EQ(said(patch(bob, id)), "403 FORBIDDEN");
  EXPECT_EQ(said(remove(bob, locked)), "404 NOT_FOUND");
  EXPECT_EQ(patch(ada, id, {{"if-match", tag_of(ada, id)}}).status, 200);
  EXPECT_EQ(remove(ada, id, {{"if-match", "*"}}).status, 204);
}

TEST_F(ResourceConditionsTest, a_part_of_a_row_has_a_tag_of_its_own_and_of_the_same_version) {
  const auto id = create(ada);
  const auto part = [&](const std::string& query, Headers headers = {}) {
    return api.ask(*make_get(api.services, notes, Target::kPathId),
                   {.token = ada.token, .query = query, .id = id, .headers = std::move(headers)});
  };
  const auto answer = part("fields=text,id");
  EXPECT_EQ(answer.body, R"({"data":{"id":")" + id + R"(","text":"Hello"}})");
  const auto tag = header(answer, "etag").value_or("none");
  EXPECT_NE(tag, tag_of(ada, id));
  EXPECT_NE(tag, header(part("fields=text"), "etag"));
  EXPECT_EQ(part("fields=id,text", {{"if-none-match", tag}}).status, 304) << "in whatever order it is asked for";
  EXPECT_EQ(part("fields=text", {{"if-none-match", tag}}).status, 200);
  EXPECT_EQ(get(ada, id, {{"if-none-match", tag}}).status, 200) << "the whole is more than the client has";
  EXPECT_EQ(header(part("fields=id,author,text,locked,rank,version"), "etag"), tag_of(ada, id)) << "that is the whole";
  EXPECT_EQ(patch(ada, id, {{"if-match", tag}}).status, 200);
  EXPECT_EQ(said(patch(ada, id, {{"if-match", tag}})), "412 PRECONDITION_FAILED");
}

TEST_F(ResourceConditionsTest, of_one_row_there_are_fields_to_ask_for_and_nothing_else) {
  const auto id = create(ada);
  const auto fault = [&](const std::string& query, const std::string& which) {
    return said(
        api.ask(*make_get(api.services, notes, Target::kPathId), {.token = ada.token, .query = query, .id = which}));
  };
  EXPECT_EQ(fault("fields=", id), "400 VALIDATION_ERROR query.fields:enum");
  EXPECT_EQ(fault("fields=secret", id), "400 VALIDATION_ERROR query.fields:enum");
  EXPECT_EQ(fault("fields=id,id", id), "400 VALIDATION_ERROR query.fields:duplicate");
  EXPECT_EQ(fault("limit=1&include=x&deleted=true", "7"),
            "400 VALIDATION_ERROR query.limit:unknown query.include:unknown query.deleted:unknown path.id:format");
  EXPECT_EQ(fault("fields=text", Uuid::generate(support::kStart).to_string()), "404 NOT_FOUND");
}

}  // namespace
}  // namespace apiwright::engine

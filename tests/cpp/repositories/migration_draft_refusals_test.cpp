// What stands in the way of a migration, in the words of its author.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "apiwright/repositories/migration_draft.hpp"
#include "apiwright/repositories/table.hpp"
#include "apiwright/repositories/table_json.hpp"
#include "apiwright/repositories/users.hpp"
#include "data/temporary_database.hpp"

namespace apiwright::repositories {
namespace {

using data::error_of;
using testing::ElementsAre;
using validation::Field;
using validation::Schema;
using validation::SchemaPtr;

using Schemas = std::vector<SchemaPtr>;

SchemaPtr schema(const std::string& title, const std::string& table, std::vector<Field> fields) {
  fields.insert(fields.begin(), Field::uuid("id").read_only());
  return Schema::make(title, table, std::move(fields));
}

SchemaPtr article(Field field) { return schema("Article", "articles", {std::move(field)}); }

std::string tables_of(const Schemas& schemas) {
  std::vector<Table> tables;
  for (const auto& each : schemas) tables.push_back(table_of(*each));
  return to_json(tables);
}

/// What is refused, each as `what: sentence`.
std::vector<std::string> refusals(const Schemas& before, const Schemas& after, const MigrationHints& hints = {}) {
  const auto error = error_of([&] { static_cast<void>(draft_migration(tables_of(before), after, hints)); });
  EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
  std::vector<std::string> sentences;
  for (const auto& detail : error.details()) sentences.push_back(detail.field + ": " + detail.message);
  return sentences;
}

std::string refusal(const Field& before, const Field& after) {
  const auto all = refusals({article(before)}, {article(after)});
  return all.size() == 1 ? all.front() : "not one refusal";
}

bool is_drafted(const Field& before, const Field& after, const std::string& narrowed) {
  return draft_migration(tables_of({article(before)}), {article(after)}, {.renames = {}, .narrowed = {narrowed}})
      .has_value();
}

TEST(MigrationRefusalsTest, RowsThatAreThereNeedAValueForWhatIsNew) {
  const Schemas before{schema("Article", "articles", {})};
  EXPECT_THAT(refusals(before, {article(Field::string("note"))}),
              ElementsAre("Article.note: It is new and may not be null, but rows that are there have no value for it: "
                          "give it a default, or make it nullable."));
  EXPECT_THAT(refusals(before, {article(Field::uuid("author_id").references("users"))}),
              ElementsAre("Article.author_id: It is new and may not be null, but rows that are there have no value for "
                          "it: make it nullable."));
  EXPECT_THAT(refusals(before, {article(Field::string("slug").unique())}),
              ElementsAre("Article.slug: It is new and may not be null, but rows that are there have no value for it: "
                          "make it nullable."));
  EXPECT_THAT(refusals(before, {article(Field::string("slug").unique().default_value(std::string("x")))}),
              ElementsAre("Article.slug: It is new and unique, but all rows that are there would get its one default: "
                          "make it nullable, without a default."));
}

TEST(MigrationRefusalsTest, WhatMayNoLongerBeNullNeedsADefaultOrAWord) {
  const auto before = Field::string("note").nullable();
  const auto after = Field::string("note");
  EXPECT_EQ(
      refusal(before, after),
      "Article.note: It may no longer be null, but rows may have no value: give it a default, which they get, or, "
      "once all of them have one, add --narrow articles.note (the database checks it when the migration is "
      "applied).");
  EXPECT_TRUE(is_drafted(before, after, "articles.note"));
}

TEST(MigrationRefusalsTest, NarrowerTypesNeedAWord) {
  const struct {
    Field before;
    Field after;
    std::string sentence;
  } cases[] = {
      {Field::enumeration("x", {"a", "b"}), Field::enumeration("x", {"a", "c"}),
       "Rows may have a value that is none of it any more: once none has"},
      {Field::number("x"), Field::integer("x"), "Not every number fits integer: once all of them do"},
      {Field::decimal("x", 8, 2), Field::decimal("x", 6, 2),
       "Not every decimal(8, 2) fits decimal(6, 2): once all of them do"},
      {Field::decimal("x", 8, 2), Field::decimal("x", 8, 3),
       "Not every decimal(8, 2) fits decimal(8, 3): once all of them do"},
      {Field::string("x"), Field::enumeration("x", {"a"}), "Not every text fits enum: once all of them do"},
      {Field::string("x"), Field::uuid("x"), "Not every text fits uuid: once all of them do"},
      {Field::json("x"), Field::array("x", Field::string("y")), "Not every json fits array: once all of them do"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(refusal(each.before, each.after),
              "Article.x: " + each.sentence +
                  ", add --narrow articles.x (the database checks it when the migration is applied).");
    EXPECT_TRUE(is_drafted(each.before, each.after, "articles.x"));
  }
}

TEST(MigrationRefusalsTest, TypesThatDoNotBecomeOneAnotherNeedAnotherField) {
  for (const auto& [before, after, names] :
       {std::tuple{Field::string("x"), Field::integer("x"), "integer from text"},
        std::tuple{Field::integer("x"), Field::string("x"), "text from integer"},
        std::tuple{Field::boolean("x"), Field::date_time("x"), "timestamp from boolean"},
        std::tuple{Field::decimal("x", 4, 1), Field::number("x"), "number from decimal(4, 1)"}}) {
    const auto expected =
        std::string("Article.x: Its values do not become ") + names +
        " by themselves: declare a field of another name, fill it with an UPDATE in the files that are "
        "made, and drop this one in a later migration.";
    EXPECT_EQ(refusal(before, after), expected);
    EXPECT_THAT(refusals({article(before)}, {article(after)}, {.renames = {}, .narrowed = {"articles.x"}}),
                ElementsAre(expected, "--narrow articles.x: Nothing of it becomes narrower."));
  }
}

TEST(MigrationRefusalsTest, EverythingIsToldAtOnce) {
  const auto all = refusals({schema("Article", "articles", {Field::string("a").nullable()})},
                            {schema("Article", "articles", {Field::string("a"), Field::string("b")})},
                            {.renames = {"nothing:here"}, .narrowed = {"articles.c"}});
  EXPECT_EQ(all.size(), 4U);
}

TEST(MigrationRefusalsTest, HintsThatFitNothingSaySo) {
  const Schemas before{schema("Article", "articles", {Field::string("a"), Field::string("b").nullable()}),
                       schema("Post", "posts", {Field::string("a")})};
  const Schemas after{schema("Article", "articles", {Field::string("a"), Field::string("c").nullable()}),
                      schema("Note", "notes", {Field::string("a")})};
  const std::pair<std::string, std::string> cases[] = {
      {"articles.b", "Write it as articles.old:new, or as old:new for a table."},
      {"articles.:c", "Write it as articles.old:new, or as old:new for a table."},
      {":c", "Write it as articles.old:new, or as old:new for a table."},
      {"articles.b:", "Write it as articles.old:new, or as old:new for a table."},
      {"others.b:c", "There was no table others."},
      {"articles.x:c", "articles had no column x."},
      {"articles.b:a", "articles had a column a already: drop that one in a migration before this."},
      {"articles.b:d", "Nobody declares articles.d."},
      {"posts.a:b", "Nobody declares posts.b."},
      {"others:notes", "There was no table others."},
      {"posts:articles", "There was a table articles already."},
      {"posts:papers", "Nobody declares a table papers."},
      {"users:notes", "The table is apiwright's own and stays as it is."},
      {"users.email:a", "The column is apiwright's own and stays as it is."},
  };
  for (const auto& [hint, sentence] : cases) {
    EXPECT_THAT(refusals(before, after, {.renames = {hint}, .narrowed = {}}),
                ElementsAre("--rename " + hint + ": " + sentence));
  }
  EXPECT_THAT(refusals(before, after, {.renames = {"articles.b:c", "articles.b:c"}, .narrowed = {}}),
              ElementsAre("--rename articles.b:c: It is renamed twice."));
}

TEST(MigrationRefusalsTest, TablesThatCannotStandBesideOneAnotherSaySo) {
  const std::string long_name(60, 'n');
  const auto refused = [](const Schemas& declared) {
    const auto error = error_of([&] { require_sound(declared); });
    EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
    EXPECT_EQ(error.details().size(), 1U);
    return error.details().front().field + ": " + error.details().front().message;
  };
  EXPECT_EQ(refused({schema("A", "as", {}), schema("B", "as", {})}),
            "B: The table as belongs to A: give one another table.");
  EXPECT_EQ(refused({schema("Session", "sessions", {})}),
            "Session: The table sessions is apiwright's own: give the class another one.");
  EXPECT_EQ(refused({Schema::make("A", "as", {Field::string("name")})}), "A: The table as has no id.");
  EXPECT_EQ(refused({schema("A", "as", {Field::integer("tags").sortable()}), schema("AsTag", "as_tags", {})}),
            "AsTag: Its table as_tags has a name that a table or an index of A has already: give the class another "
            "table.");
  EXPECT_EQ(refused({article(Field::uuid("topic_id").references("topics"))}),
            "Article.topic_id: It refers to the table topics, which nobody declares.");
  EXPECT_EQ(
      refused({schema("A", "as", {Field::string(long_name).searchable()})}),
      "A." + long_name + ": The name " + long_name + "_key has more than 63 bytes, which PostgreSQL cuts: shorten it.");
  auto fields = users_schema()->fields();
  fields[4] = Field::integer("password_hash").nullable();
  EXPECT_EQ(refused({Schema::make("Member", "users", fields)}),
            "Member.password_hash: The column is apiwright's own and stays as it is: declare a field of another name.");
}

TEST(MigrationRefusalsTest, AClassRenamedWithoutAWordIsAnotherTable) {
  const auto step = draft_migration(tables_of({schema("Post", "posts", {})}), {schema("Article", "articles", {})});
  ASSERT_TRUE(step);
  EXPECT_THAT(step->changes, ElementsAre("posts is dropped: all its rows are lost.", "articles is new."));
}

}  // namespace
}  // namespace apiwright::repositories

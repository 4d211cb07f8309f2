#include "apiwright/engine/row_tags.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using access::FieldGrants;
using access::FieldRules;
using access::Rule;
using validation::Field;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;

SchemaPtr cards(bool with_more = false) {
  std::vector<Field> fields = {
      Field::uuid("id").read_only(),
      Field::uuid("owner").default_value(validation::Value(Uuid{})),
      Field::string("text").default_value(std::string()),
      Field::string("note").default_value(std::string()),
      Field::integer("version").read_only(),
      Field::string("hidden").nullable().internal(),
  };
  if (with_more) fields.push_back(Field::string("more").default_value(std::string()));
  return Schema::make("Card", "cards", std::move(fields));
}

Record card(const SchemaPtr& schema, std::int64_t version) {
  Record row(schema);
  row.set("version", version);
  row.set("owner", Uuid{});
  return row;
}

std::string tag(const SchemaPtr& schema, std::int64_t version, const FieldGrants& readable = {}) {
  return RowTags(schema).of(card(schema, version), readable).value_or("none");
}

FieldGrants granted(const SchemaPtr& schema, const std::vector<access::FieldRule>& rules) {
  return FieldRules(schema, rules).grants(nullptr);
}

TEST(RowTagsTest, are_the_version_and_what_is_shown) {
  const auto one = tag(cards(), 3);
  EXPECT_TRUE(std::regex_match(one, std::regex(R"("3-[A-Za-z0-9_-]{8}")"))) << one;
  EXPECT_EQ(one, tag(cards(), 3)) << "the same in every process";
  EXPECT_NE(one, tag(cards(), 4));
}

TEST(RowTagsTest, who_sees_other_fields_has_another_tag) {
  const auto schema = cards();
  const std::set<std::string> tags{
      tag(schema, 1),
      tag(schema, 1, granted(schema, {{"text", Rule::nobody()}})),
      tag(schema, 1, granted(schema, {{"note", Rule::nobody()}})),
      tag(schema, 1, granted(schema, {{"text", Rule::nobody()}, {"note", Rule::nobody()}})),
  };
  EXPECT_EQ(tags.size(), 4U);
}

TEST(RowTagsTest, tell_nothing_of_fields_that_are_not_shown) {
  const auto schema = cards();
  const auto more = cards(true);
  EXPECT_EQ(tag(more, 1, granted(more, {{"more", Rule::nobody()}})), tag(schema, 1));
}

TEST(RowTagsTest, a_release_that_shows_another_field_has_other_tags) {
  EXPECT_NE(tag(cards(true), 1), tag(cards(), 1));
}

TEST(RowTagsTest, a_field_that_this_row_shows_counts_as_shown) {
  const auto schema = cards();
  const auto readable = granted(schema, {{"note", Rule::equals("text", std::string("open"))}});
  auto row = card(schema, 1);
  const RowTags tags(schema);
  EXPECT_EQ(tags.of(row, readable), tag(schema, 1, granted(schema, {{"note", Rule::nobody()}})));
  row.set("text", std::string("open"));
  EXPECT_EQ(tags.of(row, readable), tag(schema, 1));
}

TEST(RowTagsTest, there_are_none_without_versions) {
  const auto schema = Schema::make("Card", "cards", {Field::uuid("id").read_only()});
  EXPECT_EQ(RowTags(schema).of(Record(schema), {}), std::nullopt);
  EXPECT_EQ(RowTags(schema).version(Record(schema)), std::nullopt);
}

TEST(RowTagsTest, the_tag_of_a_body_is_of_its_bytes_and_still_of_the_version) {
  const auto schema = cards();
  const auto own = tag(schema, 3);
  const auto whole = RowTags::of_body(own, "one");
  EXPECT_EQ(whole, RowTags::of_body(own, "one"));
  EXPECT_NE(whole, RowTags::of_body(own, "two"));
  EXPECT_NE(whole, own);
  EXPECT_EQ(whole.substr(0, 3), "\"3-");
  EXPECT_EQ(whole.back(), '"');
}

TEST(RowTagsTest, a_row_has_the_tag_of_its_record) {
  const support::People people;
  const auto id = people.add_user("ada@example.org");
  const auto& rows = people.users.rows();
  const RowTags tags(rows.schema());
  people.database.read([&](data::Connection& connection) {
    rows.get(connection, id, access::Predicate::always(), [&](const repositories::Row& row) {
      EXPECT_EQ(tags.of(row, {}), tags.of(row.record(), {}));
      EXPECT_EQ(tags.version(row.record()), 1);
    });
  });
}

}  // namespace
}  // namespace apiwright::engine

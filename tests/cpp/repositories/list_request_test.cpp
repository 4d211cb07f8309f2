#include "apiwright/repositories/list_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "data/temporary_database.hpp"

namespace apiwright::repositories {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using validation::Field;
using validation::Schema;
using validation::SchemaPtr;

SchemaPtr notes() {
  return Schema::make("Note", "notes",
                      {Field::uuid("id").read_only(), Field::string("title").searchable(), Field::integer("rank"),
                       Field::array("tags", Field::string("tag")), Field::string("secret").transient(),
                       Field::date_time("created_at").read_only().sortable()});
}

std::vector<std::string> violations_of(ListRequest request) {
  std::vector<std::string> names;
  const auto error = data::error_of([&] { static_cast<void>(make_list_query(*notes(), std::move(request))); });
  EXPECT_EQ(error.code(), ErrorCode::kValidationError);
  for (const auto& detail : error.details()) names.push_back(detail.field + " " + detail.code);
  return names;
}

TEST(ListRequestTest, names_become_fields) {
  const auto schema = notes();
  const auto query = make_list_query(*schema, {.page = 3,
                                               .limit = 5,
                                               .sort = "-created_at,title",
                                               .search = "x",
                                               .filters = {{"rank", std::int64_t{1}}, {"title", validation::Null{}}}});
  EXPECT_EQ(query.page, 3);
  EXPECT_EQ(query.limit, 5);
  ASSERT_EQ(query.sort.size(), 2U);
  EXPECT_EQ(query.sort[0].field, schema->index_of("created_at"));
  EXPECT_TRUE(query.sort[0].descending);
  EXPECT_EQ(query.sort[1].field, schema->index_of("title"));
  EXPECT_FALSE(query.sort[1].descending);
  EXPECT_EQ(query.search, "x");
  EXPECT_THAT(query.search_fields, ElementsAre(schema->index_of("title")));
  ASSERT_EQ(query.filters.size(), 2U);
  EXPECT_EQ(query.filters[0].field, schema->index_of("rank"));
  EXPECT_TRUE(query.filters[1].value.is_null());
}

TEST(ListRequestTest, nothing_said_is_the_first_page_of_twenty) {
  const auto query = make_list_query(*notes(), {});
  EXPECT_EQ(query.page, 1);
  EXPECT_EQ(query.limit, 20);
  EXPECT_TRUE(query.sort.empty());
  EXPECT_TRUE(query.filters.empty());
}

TEST(ListRequestTest, everything_that_is_wrong_is_said_at_once) {
  EXPECT_THAT(violations_of({.page = 0, .limit = 1001, .sort = "nothing", .filters = {{"no", true}, {"tags", true}}}),
              ElementsAre("page min", "limit max", "sort enum", "no unknown", "tags unknown"));
  EXPECT_THAT(violations_of({.page = 1'000'000'001, .limit = -1}), ElementsAre("page max", "limit min"));
}

TEST(ListRequestTest, a_filter_is_checked_as_its_field_is) {
  EXPECT_THAT(violations_of({.filters = {{"rank", std::string("one")}, {"title", std::int64_t{1}}, {"id", true}}}),
              ElementsAre("rank type", "title type", "id type"));
  EXPECT_THAT(violations_of({.filters = {{"id", std::string("x")}, {"created_at", std::string("today")}}}),
              ElementsAre("id format", "created_at format"));
  const auto query = make_list_query(*notes(), {.filters = {{"created_at", std::string("1970-01-01T00:00:00Z")}}});
  EXPECT_EQ(query.filters.at(0).value.as<Timestamp>(), Timestamp{});
}

TEST(ListRequestTest, a_filter_may_be_a_double_where_its_field_is) {
  const auto schema = Schema::make("Thing", "things", {Field::uuid("id").read_only(), Field::number("ratio")});
  const auto query = make_list_query(*schema, {.filters = {{"ratio", 0.5}}});
  EXPECT_EQ(query.filters.at(0).value.as<double>(), 0.5);
  EXPECT_THAT(violations_of({.filters = {{"title", 0.5}}}), ElementsAre("title type"));
}

TEST(ListRequestTest, a_sort_takes_each_stored_scalar_once) {
  for (const char* sort : {"tags", "secret", "-", "title,,rank", "createdAt", "--rank", " rank"}) {
    EXPECT_THAT(violations_of({.sort = sort}), ElementsAre("sort enum")) << sort;
  }
  EXPECT_THAT(violations_of({.sort = "rank,-rank"}), ElementsAre("sort duplicate"));
}

TEST(ListRequestTest, a_search_needs_a_searchable_field) {
  const auto plain = Schema::make("Plain", "plains", {Field::uuid("id").read_only()});
  const auto error = data::error_of([&] { static_cast<void>(make_list_query(*plain, {.search = "x"})); });
  ASSERT_EQ(error.details().size(), 1U);
  EXPECT_EQ(error.details()[0].field, "search");
}

}  // namespace
}  // namespace apiwright::repositories

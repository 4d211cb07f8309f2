#include "apiwright/engine/query_string.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/people.hpp"

namespace apiwright::engine {
namespace {

using access::FieldRules;
using access::Principal;
using access::Rule;
using repositories::ListQuery;
using validation::Field;
using validation::Schema;
using validation::Violations;

const Principal kAdmin{Uuid{}, Uuid{}, {"admin"}};
const Principal kUser{};

using Texts = std::vector<std::string>;

Texts short_form(const std::vector<Detail>& details) {
  Texts texts;
  for (const auto& detail : details) texts.push_back(detail.field + ":" + detail.code);
  return texts;
}

Texts parsed(std::string_view query, Texts* faults = nullptr) {
  Violations violations;
  Texts texts;
  for (const auto& [name, value] : parse_query(query, violations)) texts.push_back(name + "=" + value);
  if (faults != nullptr) *faults = short_form(violations.details());
  return texts;
}

Texts faults_of(std::string_view query) {
  Texts faults;
  parsed(query, &faults);
  return faults;
}

TEST(ParseQuery, gives_the_parameters_decoded_and_in_order) {
  EXPECT_EQ(parsed("b=two+words&a=%C3%A9%2B%26%3d&c&d=&=e&a%20b=1"),
            (Texts{"b=two words", "a=\u00e9+&=", "c=", "d=", "=e", "a b=1"}));
  EXPECT_TRUE(parsed("").empty());
  EXPECT_TRUE(parsed("&&&").empty());
  EXPECT_EQ(parsed("a=b=c"), (Texts{"a=b=c"}));
}

TEST(ParseQuery, names_what_is_not_percent_encoded_utf_8) {
  EXPECT_EQ(faults_of("a=%"), (Texts{"query.a:format"}));
  EXPECT_EQ(faults_of("a=%4"), (Texts{"query.a:format"}));
  EXPECT_EQ(faults_of("a=%zz"), (Texts{"query.a:format"}));
  EXPECT_EQ(faults_of("a=%ff&b=%c3"), (Texts{"query.a:format", "query.b:format"}));
  EXPECT_EQ(faults_of("a=%ed%a0%80"), (Texts{"query.a:format"})) << "a lone surrogate";
  EXPECT_EQ(faults_of("a=%c0%af"), (Texts{"query.a:format"})) << "an overlong form";
  EXPECT_EQ(faults_of("a=\xff"), (Texts{"query.a:format"})) << "raw bytes too";
  EXPECT_EQ(faults_of("%ff=1"), (Texts{"query:format"}));
  EXPECT_EQ(parsed("a=%00"), (Texts{std::string("a=\0", 3)}));
}

TEST(ParseQuery, a_name_may_be_given_once) {
  Texts faults;
  EXPECT_EQ(parsed("a=1&b=2&%61=3", &faults), (Texts{"a=1", "b=2"}));
  EXPECT_EQ(faults, (Texts{"query.a:duplicate"}));
}

TEST(ParseQuery, stops_at_a_hundred_parameters) {
  std::string query;
  for (int count = 0; count < 100; ++count) query += "p" + std::to_string(count) + "=1&";
  EXPECT_TRUE(faults_of(query).empty());
  EXPECT_EQ(parsed(query).size(), 100U);
  EXPECT_EQ(faults_of(query + "one=more&and=more"), (Texts{"query:max_length"}));
}

TEST(ParseQuery, a_hostile_query_costs_and_answers_little) {
  std::string query;
  for (int count = 0; count < 50'000; ++count) query += "a=%&";
  EXPECT_EQ(faults_of(query).size(), Violations::kLimit);
}

TEST(RefuseParameters, echoes_a_long_name_cut) {
  const auto error = data::error_of([] { refuse_parameters(std::string(10'000, 'x') + "=1"); });
  EXPECT_LE(error.details().at(0).field.size(), 160U);
}

TEST(RefuseParameters, names_each) {
  refuse_parameters("");
  refuse_parameters("&");
  const auto error = data::error_of([] { refuse_parameters("a=1&b=%"); });
  EXPECT_EQ(error.code(), ErrorCode::kValidationError);
  EXPECT_EQ(short_form(error.details()), (Texts{"query.b:format", "query.a:unknown"}));
}

TEST(ParseFlag, is_true_false_or_a_violation) {
  EXPECT_FALSE(parse_flag("", "all"));
  EXPECT_FALSE(parse_flag("all=false", "all"));
  EXPECT_TRUE(parse_flag("all=true", "all"));
  const auto error = data::error_of([] { static_cast<void>(parse_flag("all=yes&x=1", "all")); });
  EXPECT_EQ(short_form(error.details()), (Texts{"query.all:type", "query.x:unknown"}));
}

class ParseListQueryTest : public testing::Test {
 protected:
  const Schema& users = *repositories::users_schema();

  [[nodiscard]] ListQuery read(std::string_view query) const { return parse_list_query(users, query, {}); }
  [[nodiscard]] Texts faults(std::string_view query) const {
    const auto error = data::error_of([&] { static_cast<void>(read(query)); });
    EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    return short_form(error.details());
  }
};

TEST_F(ParseListQueryTest, nothing_is_the_first_twenty) {
  const auto query = read("");
  EXPECT_EQ(query.page, 1);
  EXPECT_EQ(query.limit, 20);
  EXPECT_TRUE(query.sort.empty());
  EXPECT_TRUE(query.filters.empty());
  EXPECT_EQ(query.search, "");
}

TEST_F(ParseListQueryTest, reads_page_limit_sort_search_and_filters) {
  const auto query = read("page=3&limit=100&sort=-createdAt,name&search=%C3%85sa&status=active&email=Ada@example.org");
  EXPECT_EQ(query.page, 3);
  EXPECT_EQ(query.limit, 100);
  ASSERT_EQ(query.sort.size(), 2U);
  EXPECT_EQ(query.sort[0].field, users.index_of("created_at"));
  EXPECT_TRUE(query.sort[0].descending);
  EXPECT_EQ(query.sort[1].field, users.index_of("name"));
  EXPECT_FALSE(query.sort[1].descending);
  EXPECT_EQ(query.search, "\u00c5sa");
  EXPECT_EQ(query.search_fields, (std::vector{users.index_of("email"), users.index_of("name")}));
  ASSERT_EQ(query.filters.size(), 2U);
  EXPECT_EQ(query.filters[0].field, users.index_of("status"));
  EXPECT_EQ(query.filters[1].value, validation::Value(std::string("Ada@example.org")));
}

TEST_F(ParseListQueryTest, page_and_limit_are_numbers_in_their_ranges) {
  for (const auto* query : {"limit=0", "limit=-1"}) EXPECT_EQ(faults(query), (Texts{"query.limit:min"})) << query;
  EXPECT_EQ(faults("limit=101"), (Texts{"query.limit:max"}));
  EXPECT_EQ(faults("page=0"), (Texts{"query.page:min"}));
  EXPECT_EQ(faults("page=99999999999999999999"), (Texts{"query.page:max"}));
  for (const auto* query : {"page=", "page=one", "page=1x", "page=+1", "page=0x1"}) {
    EXPECT_EQ(faults(query), (Texts{"query.page:type"})) << query;
  }
}

TEST_F(ParseListQueryTest, sorts_by_sortable_fields_each_once) {
  for (const auto* query : {"sort=", "sort=-", "sort=--name", "sort=name,", "sort=roles", "sort=passwordHash",
                            "sort=created_at", "sort=NAME", "sort=name%20desc", "sort=id;drop"}) {
    EXPECT_EQ(faults(query), (Texts{"query.sort:enum"})) << query;
  }
  EXPECT_EQ(faults("sort=name,-name"), (Texts{"query.sort:duplicate"}));
}

TEST_F(ParseListQueryTest, a_search_is_text_of_bounded_length) {
  EXPECT_EQ(faults("search="), (Texts{"query.search:min_length"}));
  EXPECT_EQ(faults("search=" + std::string(201, 'x')), (Texts{"query.search:max_length"}));
  EXPECT_EQ(faults("search=%00"), (Texts{"query.search:format"}));
}

TEST_F(ParseListQueryTest, what_is_no_filterable_field_is_unknown) {
  for (const auto* name : {"name", "roles", "password", "passwordHash", "password_hash", "deletedAt", "version", "id",
                           "cursor", "fields", "include", "Status", "createdAt[gte]", "q"}) {
    EXPECT_EQ(faults(std::string(name) + "=x"), (Texts{"query." + std::string(name) + ":unknown"}));
  }
}

TEST_F(ParseListQueryTest, filters_are_checked_as_their_fields_are) {
  EXPECT_EQ(faults("status=gone"), (Texts{"query.status:enum"}));
  EXPECT_EQ(faults("email=nobody"), (Texts{"query.email:format"}));
}

TEST_F(ParseListQueryTest, tells_every_violation_at_once) {
  EXPECT_EQ(faults("page=0&limit=x&sort=nope&search=&status=gone&q=1&q=2&bad=%"),
            (Texts{"query.q:duplicate", "query.bad:format", "query.page:min", "query.limit:type", "query.sort:enum",
                   "query.search:min_length", "query.status:enum", "query.q:unknown"}));
}

TEST(ParseListQueryOfHidden, fields_that_some_row_does_not_show_are_as_if_they_were_not_there) {
  const auto schema = Schema::make("Person", "people",
                                   {
                                       Field::uuid("id").read_only(),
                                       Field::string("name").sortable(),
                                       Field::integer("salary").filterable().sortable(),
                                       Field::string("note").searchable(),
                                   });
  const auto admin = Rule::role("admin");
  const FieldRules rules(schema, {{"salary", Rule::any_of({admin, Rule::owner("id")})}, {"note", admin}});
  const auto query = parse_list_query(*schema, "sort=salary&salary=1&search=x", rules.grants(&kAdmin));
  EXPECT_EQ(query.filters.size(), 1U);
  EXPECT_EQ(query.search, "x");
  const auto faults = [&](std::string_view text) {
    const auto error =
        data::error_of([&] { static_cast<void>(parse_list_query(*schema, text, rules.grants(&kUser))); });
    for (const auto& detail : error.details()) EXPECT_EQ(detail.message.find("salary"), std::string::npos);
    return short_form(error.details());
  };
  EXPECT_EQ(faults("sort=salary"), (Texts{"query.sort:enum"}));
  EXPECT_EQ(faults("salary=1"), (Texts{"query.salary:unknown"}));
  EXPECT_EQ(faults("search=x"), (Texts{"query.search:unknown"})) << "nothing is searchable for this viewer";
}

}  // namespace
}  // namespace apiwright::engine

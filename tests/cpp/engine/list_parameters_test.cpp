#include "apiwright/engine/list_parameters.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/details.hpp"
#include "support/people.hpp"

namespace apiwright::engine {
namespace {

using access::FieldRules;
using access::Principal;
using access::Rule;
using repositories::ListQuery;
using repositories::Operator;
using support::short_form;
using validation::Field;
using validation::Schema;

const Principal kAdmin{Uuid{}, Uuid{}, {"admin"}};
const Principal kUser{};

using Texts = std::vector<std::string>;

class ListParametersTest : public testing::Test {
 protected:
  const Schema& users = *repositories::users_schema();

  [[nodiscard]] ListParameters parsed(std::string_view query) const { return parse_list_parameters(users, query, {}); }
  [[nodiscard]] ListQuery read(std::string_view query) const { return parsed(query).query; }
  [[nodiscard]] Texts faults(std::string_view query) const {
    const auto error = data::error_of([&] { static_cast<void>(read(query)); });
    EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    return short_form(error.details());
  }
};

TEST_F(ListParametersTest, nothing_is_the_first_twenty) {
  const auto query = read("");
  EXPECT_EQ(query.page, 1);
  EXPECT_EQ(query.limit, 20);
  EXPECT_TRUE(query.sort.empty());
  EXPECT_TRUE(query.filters.empty());
  EXPECT_EQ(query.search, "");
}

TEST_F(ListParametersTest, reads_page_limit_sort_search_and_filters) {
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

TEST_F(ListParametersTest, page_and_limit_are_numbers_in_their_ranges) {
  for (const auto* query : {"limit=0", "limit=-1"}) EXPECT_EQ(faults(query), (Texts{"query.limit:min"})) << query;
  EXPECT_EQ(faults("limit=101"), (Texts{"query.limit:max"}));
  EXPECT_EQ(faults("page=0"), (Texts{"query.page:min"}));
  EXPECT_EQ(faults("page=99999999999999999999"), (Texts{"query.page:max"}));
  for (const auto* query : {"page=", "page=one", "page=1x", "page=+1", "page=0x1"}) {
    EXPECT_EQ(faults(query), (Texts{"query.page:type"})) << query;
  }
}

TEST_F(ListParametersTest, sorts_by_sortable_fields_each_once) {
  for (const auto* query : {"sort=", "sort=-", "sort=--name", "sort=name,", "sort=roles", "sort=passwordHash",
                            "sort=created_at", "sort=NAME", "sort=name%20desc", "sort=id;drop"}) {
    EXPECT_EQ(faults(query), (Texts{"query.sort:enum"})) << query;
  }
  EXPECT_EQ(faults("sort=name,-name"), (Texts{"query.sort:duplicate"}));
}

TEST_F(ListParametersTest, a_search_is_text_of_bounded_length) {
  EXPECT_EQ(faults("search="), (Texts{"query.search:min_length"}));
  EXPECT_EQ(faults("search=" + std::string(201, 'x')), (Texts{"query.search:max_length"}));
  EXPECT_EQ(faults("search=%00"), (Texts{"query.search:format"}));
}

TEST_F(ListParametersTest, what_is_no_filterable_field_is_unknown) {
  for (const auto* name : {"name", "roles", "password", "passwordHash", "password_hash", "deletedAt", "version", "id",
                           "include", "Status", "created_at", "roles[in]", "q"}) {
    EXPECT_EQ(faults(std::string(name) + "=x"), (Texts{"query." + std::string(name) + ":unknown"}));
  }
}

TEST_F(ListParametersTest, filters_are_checked_as_their_fields_are) {
  EXPECT_EQ(faults("status=gone"), (Texts{"query.status:enum"}));
  EXPECT_EQ(faults("email=nobody"), (Texts{"query.email:format"}));
}

TEST_F(ListParametersTest, tells_every_violation_at_once) {
  EXPECT_EQ(faults("page=0&limit=x&sort=nope&search=&status=gone&q=1&q=2&bad=%"),
            (Texts{"query.q:duplicate", "query.bad:format", "query.page:min", "query.limit:type", "query.sort:enum",
                   "query.search:min_length", "query.status:enum", "query.q:unknown"}));
}

TEST_F(ListParametersTest, a_filter_may_compare_by_other_operators) {
  const auto query = read("createdAt[gte]=2026-01-01T00:00:00Z&createdAt[lt]=2026-02-01T00:00:00Z&status[ne]=active");
  ASSERT_EQ(query.filters.size(), 3U);
  EXPECT_EQ(query.filters[0].operation, Operator::kGreaterOrEqual);
  EXPECT_EQ(query.filters[0].value, validation::Value(*parse_timestamp("2026-01-01T00:00:00Z")));
  EXPECT_EQ(query.filters[1].operation, Operator::kLess);
  EXPECT_EQ(query.filters[2].operation, Operator::kNotEqual);
  EXPECT_EQ(read("status[eq]=active").filters.at(0).operation, Operator::kEqual);
}

TEST_F(ListParametersTest, in_takes_values_by_commas) {
  const auto query = read("status[in]=active,inactive&email[in]=a@example.org%2Cb@example.org");
  EXPECT_EQ(query.filters.at(0).values.size(), 2U);
  EXPECT_EQ(query.filters.at(1).values.at(1), validation::Value(std::string("b@example.org")));
  EXPECT_EQ(faults("status[in]=active,gone"), (Texts{"query.status[in]:enum"}));
  EXPECT_EQ(faults("status[in]="), (Texts{"query.status[in]:enum"}));
  EXPECT_EQ(faults("status[in]=active" + std::string(100, ',')), (Texts{"query.status[in]:max_length"}));
}

TEST_F(ListParametersTest, like_takes_a_pattern_and_not_an_address) {
  EXPECT_EQ(read("email[like]=*@Example.org").filters.at(0).value, validation::Value(std::string("*@Example.org")));
  EXPECT_EQ(faults("email[like]="), (Texts{"query.email[like]:min_length"}));
  EXPECT_EQ(faults("email[like]=" + std::string(201, '*')), (Texts{"query.email[like]:max_length"}));
}

TEST_F(ListParametersTest, a_field_takes_the_operators_of_its_kind) {
  for (const auto* name : {"status[gt]", "status[like]", "createdAt[like]", "email[lt]", "status[nope]", "status[]",
                           "status[eq", "statuseq]", "status[eq]x", "status[eq][eq]", "[eq]", "[]", "["}) {
    EXPECT_EQ(faults(std::string(name) + "=x"), (Texts{"query." + std::string(name) + ":unknown"}));
  }
  const auto error = data::error_of([&] { static_cast<void>(read("status[gt]=active")); });
  EXPECT_EQ(error.details().at(0).message, "Takes [eq], [ne], [in].");
}

TEST_F(ListParametersTest, one_operator_of_a_field_may_be_given_once) {
  EXPECT_EQ(faults("createdAt[lt]=2026-01-01T00:00:00Z&createdAt[lt]=2026-01-01T00:00:00Z"),
            (Texts{"query.createdAt[lt]:duplicate"}));
}

TEST_F(ListParametersTest, fields_are_names_of_what_answers_show) {
  EXPECT_FALSE(parsed("").fields);
  EXPECT_EQ(parsed("fields=name,id").fields, (std::vector{users.index_of("name"), users.index_of("id")}));
  for (const auto* query : {"fields=", "fields=password", "fields=passwordHash", "fields=-name", "fields=id,,name",
                            "fields=deletedAt", "fields=Name"}) {
    EXPECT_EQ(faults(query), (Texts{"query.fields:enum"})) << query;
  }
  EXPECT_EQ(faults("fields=id,id"), (Texts{"query.fields:duplicate"}));
}

TEST_F(ListParametersTest, a_walk_has_a_cursor_and_no_page) {
  EXPECT_FALSE(parsed("").cursor);
  EXPECT_EQ(parsed("cursor=").cursor, "");
  EXPECT_EQ(parsed("cursor=abc&limit=5").cursor, "abc");
  EXPECT_EQ(faults("cursor=&page=1"), (Texts{"query.page:exclusive"}));
  EXPECT_EQ(faults("page=1&cursor="), (Texts{"query.page:exclusive"}));
}

TEST(ListParametersOfUnsearched, a_pattern_begins_with_a_text) {
  const auto schema =
      Schema::make("Page", "pages", {Field::uuid("id").read_only(), Field::string("slug").unique().filterable()});
  static_cast<void>(parse_list_parameters(*schema, "slug[like]=a*b*", {}));
  const auto error = data::error_of([&] { static_cast<void>(parse_list_parameters(*schema, "slug[like]=*b", {})); });
  EXPECT_EQ(short_form(error.details()), (Texts{"query.slug[like]:pattern"}));
}

TEST_F(ListParametersTest, deleted_is_a_parameter_of_who_may_ask_for_such_rows) {
  const repositories::Repository rows(repositories::users_schema());
  const auto by_admin = [&](std::string_view query) {
    return parse_list_parameters(users, query, {}, {}, nullptr, rows.deleted()->schema().get());
  };
  EXPECT_FALSE(by_admin("").deleted);
  EXPECT_FALSE(by_admin("deleted=false").deleted);
  const auto asked = by_admin("sort=-deletedAt&deleted=true&deletedAt[gte]=2026-01-01T00:00:00Z&fields=id,deletedAt");
  EXPECT_TRUE(asked.deleted);
  EXPECT_EQ(asked.query.filters.size(), 1U);
  EXPECT_EQ(faults("deleted=true"), (Texts{"query.deleted:unknown"}));
  const auto faults_of_admin = [&](std::string_view query) {
    return short_form(data::error_of([&] { static_cast<void>(by_admin(query)); }).details());
  };
  EXPECT_EQ(faults_of_admin("deleted=yes"), (Texts{"query.deleted:type"}));
  EXPECT_EQ(faults_of_admin("deleted=true&deleted=true"), (Texts{"query.deleted:duplicate"}));
  EXPECT_EQ(faults_of_admin("sort=deletedAt&deletedAt=x"), (Texts{"query.sort:enum", "query.deletedAt:unknown"}));
}

TEST(ListParametersOfHidden, fields_that_some_row_does_not_show_are_as_if_they_were_not_there) {
  const auto schema = Schema::make("Person", "people",
                                   {
                                       Field::uuid("id").read_only(),
                                       Field::string("name").sortable(),
                                       Field::integer("salary").filterable().sortable(),
                                       Field::string("note").searchable(),
                                   });
  const auto admin = Rule::role("admin");
  const FieldRules rules(schema, {{"salary", Rule::any_of({admin, Rule::owner("id")})}, {"note", admin}});
  const auto query = parse_list_parameters(*schema, "sort=salary&salary=1&search=x", rules.grants(&kAdmin)).query;
  EXPECT_EQ(query.filters.size(), 1U);
  EXPECT_EQ(query.search, "x");
  const auto faults = [&](std::string_view text) {
    const auto error =
        data::error_of([&] { static_cast<void>(parse_list_parameters(*schema, text, rules.grants(&kUser))); });
    for (const auto& detail : error.details()) EXPECT_EQ(detail.message.find("salary"), std::string::npos);
    return short_form(error.details());
  };
  EXPECT_EQ(faults("sort=salary"), (Texts{"query.sort:enum"}));
  EXPECT_EQ(faults("salary=1"), (Texts{"query.salary:unknown"}));
  EXPECT_EQ(faults("search=x"), (Texts{"query.search:unknown"})) << "nothing is searchable for this viewer";
  EXPECT_EQ(faults("salary[gt]=1"), (Texts{"query.salary[gt]:unknown"}));
}

TEST(ListParametersOfHidden, fields_are_what_some_row_may_show) {
  const auto schema = Schema::make("Person", "people",
                                   {Field::uuid("id").read_only(), Field::integer("salary"), Field::string("note")});
  const FieldRules rules(schema, {{"salary", Rule::owner("id")}, {"note", Rule::role("admin")}});
  const auto grants = rules.grants(&kUser);
  EXPECT_EQ(parse_list_parameters(*schema, "fields=salary", grants).fields, (std::vector<std::size_t>{1}));
  const auto error = data::error_of([&] { static_cast<void>(parse_list_parameters(*schema, "fields=note", grants)); });
  EXPECT_EQ(error.details().at(0).message, "Can show: id, salary.");
}

}  // namespace
}  // namespace apiwright::engine

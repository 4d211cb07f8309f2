#include "apiwright/engine/query_string.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/details.hpp"
#include "support/people.hpp"

namespace apiwright::engine {
namespace {

using support::short_form;
using validation::Violations;

using Texts = std::vector<std::string>;

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

TEST(RefuseParameters, lets_those_pass_that_are_known) {
  refuse_parameters_but("b=1&a=", {"a", "b"});
  const auto error = data::error_of([] { refuse_parameters_but("b=1&c=2&b=3", {"a", "b"}); });
  ASSERT_EQ(error.details().size(), 2U);
  EXPECT_EQ(error.details().at(0).field, "query.b");
  EXPECT_EQ(error.details().at(1).field, "query.c");
}

TEST(ParseFlag, is_true_false_or_a_violation) {
  EXPECT_FALSE(parse_flag("", "all"));
  EXPECT_FALSE(parse_flag("all=false", "all"));
  EXPECT_TRUE(parse_flag("all=true", "all"));
  const auto error = data::error_of([] { static_cast<void>(parse_flag("all=yes&x=1", "all")); });
  EXPECT_EQ(short_form(error.details()), (Texts{"query.all:type", "query.x:unknown"}));
}

TEST(SplitAtCommas, gives_what_stands_between_them) {
  EXPECT_EQ(split_at_commas("a,b"), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(split_at_commas(",a,"), (std::vector<std::string_view>{"", "a", ""}));
  EXPECT_EQ(split_at_commas(""), std::vector<std::string_view>{""});
}

TEST(WithParameter, takes_the_place_of_the_one_that_came) {
  EXPECT_EQ(with_parameter("cursor=abc&status=active&cursor2=x", "cursor", "new"),
            "status=active&cursor2=x&cursor=new");
  EXPECT_EQ(with_parameter("", "cursor", "a_b-c.~"), "cursor=a_b-c.~");
}

TEST(WithParameter, leaves_nothing_that_could_end_a_link) {
  EXPECT_EQ(with_parameter("a=%3E%22,%20\"<>;\r\n+\u00e9&b[gte]=1", "c", "&="),
            "a=%3E%22%2C%20%22%3C%3E%3B%0D%0A%20%C3%A9&b%5Bgte%5D=1&c=%26%3D");
}

}  // namespace
}  // namespace apiwright::engine

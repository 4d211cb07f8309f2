// A rule meets a Schema: what JSON shows becomes the field's own kind, and what cannot is refused.
#include "access/binding.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "apiwright/access/describe.hpp"
#include "apiwright/access/rule.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::access {
namespace {

using validation::Field;
using validation::Null;
using validation::Schema;
using validation::SchemaPtr;
using validation::Value;

SchemaPtr articles() {
  static const auto made = Schema::make("Article", "articles",
                                        {
                                            Field::uuid("author_id").nullable(),
                                            Field::boolean("published"),
                                            Field::enumeration("state", {"draft", "final"}),
                                            Field::string("title").length(1, 5).pattern("[a-z]+"),
                                            Field::email("contact"),
                                            Field::integer("rank").range(1, 10),
                                            Field::number("score"),
                                            Field::decimal("price", 5, 2).range(0, 9),
                                            Field::date_time("seen_at"),
                                            Field::array("tags", Field::string("tag")).nullable(),
                                            Field::json("extra").nullable(),
                                            Field::string("password").transient().optional(),
                                            Field::string("secret").internal(),
                                        });
  return made;
}

Value text(const char* characters) { return std::string(characters); }

Value read_as(const char* field, Value value) {
  const auto bound = Rule::equals(field, std::move(value)).bound_to(articles());
  return bound.predicate(*articles(), nullptr).values.at(0);
}

// Why the rule does not fit, by each of the ways in.
std::string refusal(const Rule& rule) {
  const auto message_of = [](const auto& attempt) -> std::string {
    try {
      attempt();
    } catch (const std::logic_error& error) {
      return error.what();
    }
    return "";
  };
  const auto message = message_of([&] { rule.check(*articles()); });
  EXPECT_EQ(message_of([&] { static_cast<void>(rule.bound_to(articles())); }), message);
  EXPECT_EQ(message_of([&] { static_cast<void>(rule.predicate(*articles(), nullptr)); }), message);
  EXPECT_EQ(message_of([&] { Rule::any_of({Rule::everyone(), Rule::negate(rule)}).check(*articles()); }), message);
  const std::string opening = "Schema `Article`: a rule on field `";
  return message.starts_with(opening) ? message.substr(opening.size()) : message;
}

TEST(Binding, reads_values_as_their_fields_have_them) {
  EXPECT_EQ(read_as("author_id", text("00000000-0000-0000-0000-0000000000AB")).as<Uuid>().bytes.back(), 0xab);
  EXPECT_EQ(read_as("published", true), Value(true));
  EXPECT_EQ(read_as("state", text("draft")), text("draft"));
  EXPECT_EQ(read_as("rank", 3.0), Value(std::int64_t{3}));
  EXPECT_EQ(read_as("score", std::int64_t{3}), Value(3.0));
  EXPECT_EQ(read_as("score", -0.0), Value(0.0));
  EXPECT_EQ(read_as("price", text("1.5")), Value(Decimal{150, 2}));
  EXPECT_EQ(read_as("price", 0.1), Value(Decimal{10, 2}));
  EXPECT_EQ(read_as("price", std::int64_t{2}), Value(Decimal{200, 2}));
  EXPECT_EQ(read_as("seen_at", text("2026-01-01T01:00:00+01:00")), Value(support::kStart));
  EXPECT_EQ(read_as("contact", text("Ada@example.org")), text("Ada@example.org"));
  EXPECT_EQ(read_as("title", text("e\u0301")), text("\u00e9")) << "NFC, as rows have it";
}

TEST(Binding, takes_what_is_of_the_fields_kind_already) {
  for (const auto& [field, value] : std::vector<std::pair<const char*, Value>>{{"author_id", Uuid{}},
                                                                               {"price", Decimal{150, 2}},
                                                                               {"price", Decimal{15, 1}},
                                                                               {"seen_at", support::kStart}}) {
    EXPECT_NO_THROW(Rule::equals(field, value).check(*articles())) << field;
  }
  EXPECT_EQ(read_as("price", Decimal{15, 1}), Value(Decimal{150, 2})) << "in the field's own scale";
}

TEST(Binding, does_not_ask_for_constraints_that_older_rows_may_break) {
  EXPECT_EQ(refusal(Rule::equals("title", text("Longer than five"))), "");
  EXPECT_EQ(refusal(Rule::equals("rank", std::int64_t{99})), "");
  EXPECT_EQ(refusal(Rule::equals("price", text("999.99"))), "");
}

TEST(Binding, refuses_a_value_that_the_fields_kind_cannot_have_saying_why) {
  EXPECT_EQ(refusal(Rule::equals("rank", 1.5)), "rank`: it cannot be 1.5: Must be a whole number.");
  EXPECT_EQ(refusal(Rule::equals("rank", text("1"))), "rank`: it cannot be \"1\": Must be a whole number.");
  EXPECT_EQ(refusal(Rule::equals("rank", true)), "rank`: it cannot be true: Must be a whole number.");
  EXPECT_EQ(refusal(Rule::equals("published", std::int64_t{1})), "published`: it cannot be 1: Must be true or false.");
  EXPECT_EQ(refusal(Rule::equals("published", text("true"))),
            "published`: it cannot be \"true\": Must be true or false.");
  EXPECT_EQ(refusal(Rule::equals("author_id", text("ada"))), "author_id`: it cannot be \"ada\": Must be a UUID.");
  EXPECT_EQ(refusal(Rule::equals("state", text("Draft"))),
            "state`: it cannot be \"Draft\": Must be one of: draft, final.");
  EXPECT_EQ(refusal(Rule::equals("contact", text("ada"))),
            "contact`: it cannot be \"ada\": Must be an e-mail address.");
  EXPECT_EQ(refusal(Rule::equals("price", text("1.005"))),
            "price`: it cannot be \"1.005\": Must have at most 2 decimal places.");
  EXPECT_EQ(refusal(Rule::equals("price", std::int64_t{1000})), "price`: it cannot be 1000: Must be at most 999.99.");
  EXPECT_EQ(refusal(Rule::equals("seen_at", text("2026-02-30T00:00:00Z"))),
            "seen_at`: it cannot be \"2026-02-30T00:00:00Z\": Must be a date and time such as 2026-01-01T00:00:00Z.");
  EXPECT_EQ(refusal(Rule::equals("title", std::int64_t{1})), "title`: it cannot be 1: Must be a string.");
  EXPECT_EQ(refusal(Rule::equals("score", text("1"))), "score`: it cannot be \"1\": Must be a number.");
  EXPECT_EQ(refusal(Rule::in("rank", {std::int64_t{1}, text("2")})),
            "rank`: it cannot be \"2\": Must be a whole number.");
}

TEST(Binding, refuses_numbers_that_are_not_finite) {
  for (const double value : {HUGE_VAL, -HUGE_VAL, std::nan("")}) {
    EXPECT_EQ(refusal(Rule::compare("score", Comparison::kLess, value)),
              "score`: it is compared with finite numbers alone");
  }
}

TEST(Binding, refuses_to_compare_with_null) {
  const std::string why = "author_id`: null is not compared with, since that is never known: ask is_null()";
  EXPECT_EQ(refusal(Rule::equals("author_id", Null{})), why);
  EXPECT_EQ(refusal(Rule::in("author_id", {Uuid{}, Null{}})), why);
}

TEST(Binding, refuses_a_field_that_no_row_has) {
  EXPECT_EQ(refusal(Rule::equals("titel", text("a"))), "titel`: there is no such field");
  EXPECT_EQ(refusal(Rule::is_null("titel")), "titel`: there is no such field");
  EXPECT_EQ(refusal(Rule::in("titel", {})), "titel`: there is no such field");
  EXPECT_EQ(refusal(Rule::owner("author")), "author`: there is no such field");
  EXPECT_EQ(refusal(Rule::equals("authorId", Uuid{})), "authorId`: there is no such field");
  EXPECT_EQ(refusal(Rule::equals("password", text("a"))), "password`: it is never stored, so no row has it");
  EXPECT_EQ(refusal(Rule::is_null("password")), "password`: it is never stored, so no row has it");
}

TEST(Binding, asks_of_a_field_that_holds_others_only_whether_it_is_null) {
  for (const auto* field : {"tags", "extra"}) {
    const auto why = std::string(field) + "`: it holds other values, so a rule may only ask is_null()";
    EXPECT_EQ(refusal(Rule::equals(field, text("a"))), why);
    EXPECT_EQ(refusal(Rule::in(field, {})), why);
    EXPECT_EQ(refusal(Rule::is_null(field)), "");
  }
}

TEST(Binding, refuses_an_order_of_values_that_have_none) {
  const std::vector<std::pair<const char*, Value>> without{
      {"published", true}, {"author_id", Uuid{}}, {"state", text("draft")}, {"contact", text("ada@example.org")}};
  for (const auto& [field, value] : without) {
    for (const auto* sign : {"<", "<=", ">", ">="}) {
      EXPECT_EQ(refusal(Rule::compare(field, comparison_of(sign), value)),
                std::string(field) + "`: values of its kind have no order: compare them by == or !=");
    }
    EXPECT_EQ(refusal(Rule::compare(field, Comparison::kNotEqual, value)), "");
  }
}

TEST(Binding, refuses_an_owner_that_is_no_uuid) {
  EXPECT_EQ(refusal(Rule::owner("title")), "title`: owner() takes a field of users' ids, a uuid");
  EXPECT_EQ(refusal(Rule::owner("author_id")), "");
}

TEST(Binding, refuses_an_owner_that_is_a_row_of_another_table) {
  const auto replies =
      Schema::make("Reply", "replies",
                   {Field::uuid("author_id").references("users"), Field::uuid("article_id").references("articles")});
  EXPECT_NO_THROW(Rule::owner("author_id").check(*replies));
  try {
    Rule::owner("article_id").check(*replies);
    FAIL() << "accepted";
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(error.what(),
                 "Schema `Reply`: a rule on field `article_id`: owner() takes users' ids, and it refers to articles");
  }
}

TEST(Binding, reaches_fields_that_answers_hide) { EXPECT_EQ(refusal(Rule::equals("secret", text("a"))), ""); }

TEST(Binding, keeps_the_rules_meaning) {
  const Principal ada{Uuid{}, Uuid{}, {"editor"}, {"articles:read"}};
  const auto rule = Rule::any_of({Rule::all_of({Rule::permission("articles:read"), Rule::equals("published", true)}),
                                  Rule::owner("author_id"), Rule::negate(Rule::in("rank", {std::int64_t{1}})),
                                  Rule::all_of({Rule::role("admin"), Rule::authenticated()})});
  const auto bound = rule.bound_to(articles());
  for (const Principal* principal : std::vector<const Principal*>{nullptr, &ada}) {
    EXPECT_EQ(describe(bound.predicate(*articles(), principal), *articles()),
              describe(rule.predicate(*articles(), principal), *articles()));
  }
  EXPECT_EQ(describe(bound.predicate(*articles(), &ada), *articles()),
            "published = true or author_id = \"00000000-0000-0000-0000-000000000000\" or not (rank in (1))");
}

TEST(Binding, is_to_one_schema_and_can_be_done_anew) {
  const auto other = Schema::make("Other", "others", {Field::decimal("price", 9, 4)});
  const auto bound = Rule::equals("price", text("1.5")).bound_to(articles());
  EXPECT_THROW(static_cast<void>(bound.predicate(*other, nullptr)), std::logic_error);
  EXPECT_THROW(static_cast<void>(Rule::negate(bound).predicate(*other, nullptr)), std::logic_error);
  const auto again = bound.bound_to(other).predicate(*other, nullptr);
  EXPECT_EQ(again.values.front(), Value(Decimal{15000, 4}));
}

TEST(Binding, keeps_its_schema_alive) {
  auto schema = Schema::make("Brief", "briefs", {Field::integer("rank")});
  const auto bound = Rule::equals("rank", std::int64_t{1}).bound_to(schema);
  const Schema* const address = schema.get();
  schema.reset();
  EXPECT_EQ(bound.predicate(*address, nullptr).field, 0U);
}

}  // namespace
}  // namespace apiwright::access

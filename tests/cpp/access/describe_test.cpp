#include "apiwright/access/describe.hpp"

#include <gtest/gtest.h>

#include "support/migrated_database.hpp"

namespace apiwright::access {
namespace {

using validation::Field;
using validation::Schema;

validation::SchemaPtr articles() {
  static const auto made = Schema::make("Article", "articles",
                                        {
                                            Field::boolean("published"),
                                            Field::uuid("author_id").nullable(),
                                            Field::decimal("price", 9, 2),
                                            Field::string("title"),
                                            Field::date_time("created_at"),
                                            Field::integer("rank"),
                                            Field::number("score"),
                                        });
  return made;
}

std::string words(const Predicate& predicate) { return describe(predicate, *articles()); }

Predicate published() { return Predicate::equals(0, true); }
Predicate ranked(Comparison comparison) { return Predicate::compare(5, comparison, std::int64_t{3}); }

TEST(Describe, shows_each_kind_of_value_as_one_would_write_it) {
  EXPECT_EQ(words(published()), "published = true");
  EXPECT_EQ(words(Predicate::equals(1, Uuid{})), "author_id = \"00000000-0000-0000-0000-000000000000\"");
  EXPECT_EQ(words(Predicate::equals(2, Decimal{1250, 2})), "price = 12.50");
  EXPECT_EQ(words(Predicate::equals(3, std::string("say \"hi\""))), "title = \"say \\\"hi\\\"\"");
  EXPECT_EQ(words(Predicate::equals(4, support::kStart)), "created_at = \"2026-01-01T00:00:00.000Z\"");
  EXPECT_EQ(words(Predicate::equals(6, 0.5)), "score = 0.5");
}

TEST(Describe, shows_each_comparison) {
  EXPECT_EQ(words(ranked(Comparison::kNotEqual)), "rank != 3");
  EXPECT_EQ(words(ranked(Comparison::kLess)), "rank < 3");
  EXPECT_EQ(words(ranked(Comparison::kLessOrEqual)), "rank <= 3");
  EXPECT_EQ(words(ranked(Comparison::kGreater)), "rank > 3");
  EXPECT_EQ(words(ranked(Comparison::kGreaterOrEqual)), "rank >= 3");
  EXPECT_EQ(words(Predicate::in(5, {std::int64_t{1}, std::int64_t{2}})), "rank in (1, 2)");
  EXPECT_EQ(words(Predicate::is_null(1)), "author_id is null");
}

TEST(Describe, shows_constants) {
  EXPECT_EQ(words(Predicate::always()), "true");
  EXPECT_EQ(words(Predicate::never()), "false");
  Predicate unknown;
  unknown.constant = Truth::kUnknown;
  EXPECT_EQ(words(unknown), "unknown");
}

TEST(Describe, puts_parentheses_only_where_they_change_the_meaning) {
  const auto low = ranked(Comparison::kLess);
  const auto orphan = Predicate::is_null(1);
  EXPECT_EQ(words(Predicate::any_of({published(), Predicate::all_of({low, orphan})})),
            "published = true or rank < 3 and author_id is null");
  EXPECT_EQ(words(Predicate::all_of({published(), Predicate::any_of({low, orphan})})),
            "published = true and (rank < 3 or author_id is null)");
  EXPECT_EQ(words(Predicate::negate(Predicate::any_of({low, orphan}))), "not (rank < 3 or author_id is null)");
}

}  // namespace
}  // namespace apiwright::access

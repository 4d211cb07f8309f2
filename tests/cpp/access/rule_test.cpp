#include "apiwright/access/rule.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace apiwright::access {
namespace {

using validation::Field;
using validation::Null;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;

SchemaPtr articles() {
  static const auto made = Schema::make("Article", "articles",
                                        {
                                            Field::uuid("id").read_only(),
                                            Field::uuid("author").nullable(),
                                            Field::boolean("published").nullable(),
                                        });
  return made;
}

Uuid uuid_of(std::uint8_t last) {
  Uuid uuid;
  uuid.bytes.back() = last;
  return uuid;
}

class RuleTest : public testing::Test {
 protected:
  const Principal ada{uuid_of(1), uuid_of(11), {}};
  const Principal bob{uuid_of(2), uuid_of(12), {"editor"}};
  const Principal* const anonymous = nullptr;

  [[nodiscard]] static Record article(const Uuid& author, bool published) {
    Record record(articles());
    record.set("id", uuid_of(100));
    record.set("author", author);
    record.set("published", published);
    return record;
  }
  [[nodiscard]] static Predicate left(const Rule& rule, const Principal* principal) {
    return rule.predicate(*articles(), principal);
  }

  const Record draft_of_ada = article(uuid_of(1), false);
};

TEST_F(RuleTest, everyone_and_nobody_need_no_row) {
  EXPECT_TRUE(left(Rule::everyone(), anonymous).is_always());
  EXPECT_TRUE(left(Rule::everyone(), &ada).is_always());
  EXPECT_TRUE(left(Rule::nobody(), anonymous).is_never());
  EXPECT_TRUE(left(Rule::nobody(), &bob).is_never());
}

TEST_F(RuleTest, authenticated_asks_for_a_principal_alone) {
  EXPECT_TRUE(left(Rule::authenticated(), &ada).is_always());
  EXPECT_TRUE(left(Rule::authenticated(), anonymous).is_never());
}

TEST_F(RuleTest, role_asks_for_exactly_that_role) {
  EXPECT_TRUE(left(Rule::role("editor"), &bob).is_always());
  EXPECT_TRUE(left(Rule::role("editor"), &ada).is_never());
  EXPECT_TRUE(left(Rule::role("Editor"), &bob).is_never());
  EXPECT_TRUE(left(Rule::role("editor"), anonymous).is_never());
}

TEST_F(RuleTest, owner_compares_the_field_with_who_asks) {
  const auto rule = Rule::owner("author");
  EXPECT_TRUE(rule.allows(draft_of_ada, &ada));
  EXPECT_FALSE(rule.allows(draft_of_ada, &bob));
  EXPECT_FALSE(rule.allows(draft_of_ada, anonymous));
  EXPECT_TRUE(left(rule, anonymous).is_never());
  const auto predicate = left(rule, &ada);
  EXPECT_EQ(predicate.kind, Predicate::Kind::kEquals);
  EXPECT_EQ(predicate.field, articles()->index_of("author"));
}

TEST_F(RuleTest, a_row_without_owner_is_nobodys_whichever_way_one_asks) {
  Record orphan(articles());
  EXPECT_FALSE(Rule::owner("author").allows(orphan, &ada));
  EXPECT_FALSE(Rule::negate(Rule::owner("author")).allows(orphan, &ada)) << "unknown denies";
  orphan.set("author", Null{});
  EXPECT_FALSE(Rule::owner("author").allows(orphan, &ada));
  EXPECT_FALSE(Rule::negate(Rule::owner("author")).allows(orphan, &ada));
}

TEST_F(RuleTest, equals_compares_the_field_with_a_value_for_everybody) {
  const auto rule = Rule::equals("published", true);
  EXPECT_FALSE(rule.allows(draft_of_ada, &ada));
  EXPECT_TRUE(rule.allows(article(uuid_of(1), true), anonymous));
}

TEST_F(RuleTest, groups_combine_as_the_declaration_reads) {
  const auto read = Rule::any_of({Rule::equals("published", true), Rule::owner("author"), Rule::role("editor")});
  EXPECT_TRUE(read.allows(draft_of_ada, &ada));
  EXPECT_TRUE(read.allows(draft_of_ada, &bob));
  EXPECT_FALSE(read.allows(draft_of_ada, anonymous));
  EXPECT_TRUE(left(read, &bob).is_always());

  const auto both = Rule::all_of({Rule::authenticated(), Rule::equals("published", true)});
  EXPECT_FALSE(both.allows(draft_of_ada, &bob));
  EXPECT_TRUE(both.allows(article(uuid_of(9), true), &ada));
  EXPECT_TRUE(left(both, anonymous).is_never());
}

TEST_F(RuleTest, negation_of_a_decided_rule_is_decided) {
  EXPECT_TRUE(left(Rule::negate(Rule::role("editor")), &ada).is_always());
  EXPECT_TRUE(left(Rule::negate(Rule::role("editor")), &bob).is_never());
  EXPECT_TRUE(Rule::negate(Rule::equals("published", true)).allows(draft_of_ada, anonymous));
}

TEST_F(RuleTest, empty_groups_are_their_neutral_elements) {
  EXPECT_TRUE(left(Rule::all_of({}), anonymous).is_always());
  EXPECT_TRUE(left(Rule::any_of({}), &ada).is_never());
}

TEST_F(RuleTest, a_field_the_schema_lacks_is_a_programming_error_for_whoever_asks) {
  for (const Principal* principal : {anonymous, &ada}) {
    EXPECT_THROW(static_cast<void>(left(Rule::owner("writer"), principal)), std::logic_error);
    EXPECT_THROW(static_cast<void>(left(Rule::equals("secret", true), principal)), std::logic_error);
    EXPECT_THROW(static_cast<void>(left(Rule::negate(Rule::owner("writer")), principal)), std::logic_error);
  }
}

TEST_F(RuleTest, copies_share_their_tree) {
  Rule copy = Rule::nobody();
  {
    const auto original = Rule::any_of({Rule::role("editor"), Rule::owner("author")});
    copy = original;
  }
  EXPECT_TRUE(copy.allows(draft_of_ada, &ada));
}

}  // namespace
}  // namespace apiwright::access

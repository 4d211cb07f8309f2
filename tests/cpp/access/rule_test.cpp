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

TEST_F(RuleTest, permission_asks_for_a_role_that_grants_it) {
  const Principal writer{uuid_of(3), uuid_of(13), {}, {"articles:*"}};
  EXPECT_TRUE(left(Rule::permission("articles:write"), &writer).is_always());
  EXPECT_TRUE(left(Rule::permission("orders:write"), &writer).is_never());
  EXPECT_TRUE(left(Rule::permission("articles:write"), &bob).is_never());
  EXPECT_TRUE(left(Rule::permission("articles:write"), anonymous).is_never());
}

TEST_F(RuleTest, permission_of_what_is_none_is_a_programming_error) {
  for (const auto* name : {"", "*", "articles:*", "Articles:write", "articles:"}) {
    EXPECT_THROW(static_cast<void>(Rule::permission(name)), std::logic_error) << name;
  }
}

TEST_F(RuleTest, owner_compares_the_field_with_who_asks) {
  const auto rule = Rule::owner("author");
  EXPECT_TRUE(rule.allows(draft_of_ada, &ada));
  EXPECT_FALSE(rule.allows(draft_of_ada, &bob));
  EXPECT_FALSE(rule.allows(draft_of_ada, anonymous));
  EXPECT_TRUE(left(rule, anonymous).is_never());
  const auto predicate = left(rule, &ada);
  EXPECT_EQ(predicate.kind, Predicate::Kind::kCompare);
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

TEST_F(RuleTest, compare_in_and_is_null_look_at_the_row) {
  EXPECT_TRUE(Rule::compare("published", Comparison::kNotEqual, true).allows(draft_of_ada, anonymous));
  const auto by_ada_or_bob = Rule::in("author", {uuid_of(1), uuid_of(2)});
  EXPECT_TRUE(by_ada_or_bob.allows(draft_of_ada, anonymous));
  EXPECT_FALSE(by_ada_or_bob.allows(article(uuid_of(3), false), anonymous));
  EXPECT_FALSE(Rule::is_null("author").allows(draft_of_ada, anonymous));
  EXPECT_TRUE(Rule::is_null("author").allows(Record(articles()), anonymous));
  EXPECT_FALSE(Rule::negate(by_ada_or_bob).allows(Record(articles()), anonymous)) << "unknown denies";
}

TEST_F(RuleTest, in_none_is_decided_without_a_row) {
  EXPECT_TRUE(left(Rule::in("author", {}), &ada).is_never());
  EXPECT_TRUE(left(Rule::negate(Rule::in("author", {})), &ada).is_always());
  EXPECT_TRUE(Rule::in("author", {}).bound_to(articles()).predicate(*articles(), &ada).is_never());
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

Rule either(const Rule& left, const Rule& right) { return Rule::any_of({left, right}); }

TEST_F(RuleTest, a_chain_of_one_kind_is_one_group_however_long) {
  auto chain = Rule::equals("published", true);
  for (int link = 0; link < 100; ++link) chain = either(chain, Rule::equals("published", true));
  const auto predicate = left(chain, anonymous);
  EXPECT_EQ(predicate.kind, Predicate::Kind::kOr);
  EXPECT_EQ(predicate.operands.size(), 101U);
  const auto nested = left(Rule::any_of({Rule::all_of({chain, Rule::owner("author")}), chain}), &ada);
  EXPECT_EQ(nested.operands.size(), 102U) << "a group of another kind stays one operand";
}

TEST_F(RuleTest, negated_twice_is_the_rule_itself) {
  EXPECT_EQ(left(Rule::negate(Rule::negate(Rule::owner("author"))), &ada).kind, Predicate::Kind::kCompare);
}

TEST_F(RuleTest, no_rule_is_larger_than_a_database_takes) {
  auto doubling = either(Rule::owner("author"), Rule::nobody());
  EXPECT_THROW(
      {
        for (int round = 0; round < 10; ++round) doubling = either(doubling, Rule::all_of({doubling, doubling}));
      },
      std::logic_error);
  const auto values = [](std::size_t count) { return std::vector<validation::Value>(count, uuid_of(1)); };
  EXPECT_NO_THROW(static_cast<void>(Rule::in("author", values(Rule::kMaxParts - 1))));
  EXPECT_THROW(static_cast<void>(Rule::in("author", values(Rule::kMaxParts))), std::logic_error);
  EXPECT_THROW(static_cast<void>(Rule::any_of(std::vector<Rule>(Rule::kMaxParts, Rule::everyone()))), std::logic_error);
}

Rule nested(std::size_t depth) {
  auto rule = Rule::owner("author");
  for (std::size_t level = 1; level < depth; ++level) {
    rule = level % 2 == 0 ? either(rule, Rule::is_null("author")) : Rule::negate(rule);
  }
  return rule;
}

TEST_F(RuleTest, no_rule_is_deeper_than_a_database_takes) {
  EXPECT_NO_THROW(static_cast<void>(nested(Rule::kMaxDepth)));
  EXPECT_THROW(static_cast<void>(nested(Rule::kMaxDepth + 1)), std::logic_error);
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

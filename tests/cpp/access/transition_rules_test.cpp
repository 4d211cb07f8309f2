#include "apiwright/access/transition_rules.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "apiwright/validation/record.hpp"

namespace apiwright::access {
namespace {

using validation::Field;
using validation::Record;
using validation::Schema;
using Fields = std::vector<std::size_t>;

constexpr std::size_t kStatus = 2;
const Principal kClerk{Uuid{}, Uuid{}, {"clerk"}};
const Principal kOwner{Uuid::parse("0198c0de-0000-7000-8000-00000000abcd").value(), Uuid{}, {}};

validation::SchemaPtr orders() {
  static const auto kSchema =
      Schema::make("Order", "orders",
                   {Field::uuid("id"), Field::uuid("owner_id"),
                    Field::enumeration("status", {"open", "paid", "void"})
                        .default_value(std::string("open"))
                        .transitions({{"open", {"paid", "void"}}, {"paid", {"void"}}}),
                    Field::enumeration("kind", {"open", "paid"}).default_value(std::string("open"))});
  return kSchema;
}

Record order(const std::string& status) {
  Record row(orders());
  row.set("owner_id", kOwner.user);
  row.set("status", status);
  return row;
}

// Clerks say what is paid; owners may withdraw what is open.
const TransitionRules& rules() {
  static const TransitionRules kRules{
      orders(), {{"status", "open", "paid", Rule::role("clerk")}, {"status", "open", "void", Rule::owner("owner_id")}}};
  return kRules;
}

TEST(TransitionRulesTest, a_step_is_for_whom_its_rule_allows_on_the_row_as_it_was) {
  const auto open = order("open");
  EXPECT_EQ(rules().refused(open, order("paid"), &kClerk), Fields{});
  EXPECT_EQ(rules().refused(open, order("paid"), &kOwner), Fields{kStatus});
  EXPECT_EQ(rules().refused(open, order("void"), &kClerk), Fields{kStatus});
  EXPECT_EQ(rules().refused(open, order("void"), &kOwner), Fields{});
  EXPECT_EQ(rules().refused(open, order("void"), nullptr), Fields{kStatus});
}

TEST(TransitionRulesTest, what_stays_and_a_step_without_a_rule_are_for_everybody) {
  EXPECT_EQ(rules().refused(order("open"), order("open"), nullptr), Fields{});
  EXPECT_EQ(rules().refused(order("paid"), order("void"), nullptr), Fields{});
  EXPECT_EQ(TransitionRules().refused(order("open"), order("paid"), nullptr), Fields{});
}

TEST(TransitionRulesTest, a_rule_for_what_is_no_step_is_a_mistake) {
  const auto make = [](const TransitionRule& rule) { return TransitionRules(orders(), {rule}); };
  EXPECT_THROW(make({"status", "void", "open", Rule::everyone()}), std::logic_error);
  EXPECT_THROW(make({"status", "open", "lost", Rule::everyone()}), std::logic_error);
  EXPECT_THROW(make({"kind", "open", "paid", Rule::everyone()}), std::logic_error) << "it has no transitions";
  EXPECT_THROW(make({"state", "open", "paid", Rule::everyone()}), std::logic_error);
  EXPECT_THROW(make({"status", "open", "paid", Rule::owner("nobody_id")}), std::logic_error);
  const TransitionRule once{"status", "open", "paid", Rule::role("clerk")};
  EXPECT_THROW(TransitionRules(orders(), {once, once}), std::logic_error);
}

}  // namespace
}  // namespace apiwright::access

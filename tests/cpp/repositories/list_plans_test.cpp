// Which way the database takes to what lists offer. SQLite plans by the statement and the indexes alone, so the plan is
// the same of a million rows.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "apiwright/repositories/repository.hpp"
#include "apiwright/repositories/table.hpp"
#include "support/people.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using validation::Field;
using validation::Kind;
using validation::Schema;
using validation::SchemaPtr;
using validation::Value;

SchemaPtr articles() {
  return Schema::make(
      "Article", "articles",
      {Field::uuid("id").read_only(), Field::string("title").searchable().sortable(),
       Field::string("slug").unique().filterable().sortable(), Field::boolean("published").filterable(),
       Field::enumeration("kind", {"news", "essay"}).filterable().sortable(),
       Field::uuid("author_id").references("users").filterable(), Field::integer("words").filterable().sortable(),
       Field::decimal("price", 8, 2).filterable().sortable(), Field::date_time("due").filterable().sortable(),
       Field::date_time("created_at").read_only().filterable().sortable(),
       Field::date_time("updated_at").read_only().filterable().sortable(),
       Field::date_time("deleted_at").nullable().internal()});
}

Value value_of(const Field& field) {
  switch (field.kind()) {
    case Kind::kBoolean:
      return true;
    case Kind::kInteger:
      return std::int64_t{1};
    case Kind::kDecimal:
      return Decimal{100, 2};
    case Kind::kDateTime:
      return support::kStart;
    case Kind::kUuid:
      return Uuid{};
    case Kind::kEnum:
      return field.values().front();
    default:
      return std::string("abc*");
  }
}

class ListPlansTest : public testing::TestWithParam<SchemaPtr> {
 protected:
  support::MigratedDatabase database;
  Repository rows{GetParam()};

  void SetUp() override {
    database.write([&](data::Connection& connection) { create_table(connection, *GetParam()); });
  }
  [[nodiscard]] const Schema& schema() const { return *GetParam(); }
  [[nodiscard]] std::string steps(const StatementPlan& plan) const {
    std::string text;
    for (const auto& step : plan.steps) text += step + "\n";
    return text;
  }
  [[nodiscard]] std::string page(const ListQuery& query) const {
    return database.read(
        [&](data::Connection& connection) { return steps(rows.explain_list(connection, query, Predicate::always())); });
  }
  [[nodiscard]] std::string walk(const ListQuery& query, bool backward) const {
    Position position;
    const auto& sort = query.sort;
    for (const auto& term : sort) position.values.push_back(value_of(schema().field(term.field)));
    if (sort.empty()) position.values.emplace_back(support::kStart);
    return database.read([&](data::Connection& connection) {
      return steps(rows.explain_walk(connection, query, Predicate::always(), {position, backward, false}));
    });
  }
  [[nodiscard]] std::vector<ListQuery> orders() const {
    std::vector<ListQuery> queries(1);
    for (std::size_t index = 0; index < schema().fields().size(); ++index) {
      if (!schema().field(index).is_sortable()) continue;
      for (const bool descending : {false, true}) queries.emplace_back().sort = {{index, descending}};
    }
    return queries;
  }
  [[nodiscard]] static bool has_few_values(const Field& field) {
    return field.kind() == Kind::kBoolean || field.kind() == Kind::kEnum;
  }
  [[nodiscard]] ListQuery filtered(ListQuery query, std::size_t field, Operator operation) const {
    const auto value = value_of(schema().field(field));
    query.filters.push_back({field, value, operation, {value, value}});
    return query;
  }
  // Neither the whole table, nor all of an index, nor a sort.
  static void expect_found(const std::string& plan) {
    EXPECT_EQ(plan.find("SCAN"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
  }
  static void expect_by_index(const std::string& plan) {
    const auto scan = plan.find("SCAN");
    EXPECT_TRUE(scan == std::string::npos || plan.find("USING INDEX", scan) != std::string::npos) << plan;
  }
};

INSTANTIATE_TEST_SUITE_P(Schemas, ListPlansTest, testing::Values(users_schema(), articles()),
                         [](const auto& each) { return each.param->title(); });

TEST_P(ListPlansTest, every_order_is_that_of_an_index) {
  for (const auto& query : orders()) {
    const auto plan = page(query);
    EXPECT_NE(plan.find("USING INDEX"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
  }
}

TEST_P(ListPlansTest, a_walk_finds_its_place_in_every_order) {
  for (const auto& query : orders()) {
    for (const bool backward : {false, true}) expect_found(walk(query, backward));
  }
}

TEST_P(ListPlansTest, one_of_few_values_is_found_and_walked_in_every_order) {
  for (std::size_t index = 0; index < schema().fields().size(); ++index) {
    const auto& field = schema().field(index);
    if (!field.is_filterable() || !has_few_values(field)) continue;
    for (const auto& order : orders()) {
      const auto query = filtered(order, index, Operator::kEqual);
      expect_found(page(query));
      for (const bool backward : {false, true}) expect_found(walk(query, backward));
    }
  }
}

// A moment, an amount or a unique value has few rows, which may be sorted.
TEST_P(ListPlansTest, a_value_is_found_newest_first) {
  for (std::size_t index = 0; index < schema().fields().size(); ++index) {
    const auto& field = schema().field(index);
    if (!field.is_filterable()) continue;
    const auto plan = page(filtered({}, index, Operator::kEqual));
    EXPECT_EQ(plan.find("SCAN"), std::string::npos) << plan;
    if (field.is_unique() || field.kind() == Kind::kDateTime || field.kind() == Kind::kDecimal) continue;
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
  }
}

TEST_P(ListPlansTest, no_filter_in_any_order_reads_the_table_from_end_to_end) {
  for (std::size_t index = 0; index < schema().fields().size(); ++index) {
    if (!schema().field(index).is_filterable()) continue;
    for (const auto operation : operators_of(schema().field(index))) {
      for (const auto& order : orders()) {
        const auto query = filtered(order, index, operation);
        expect_by_index(page(query));
        expect_by_index(walk(query, false));
      }
    }
  }
}

// Rows that are deleted are few beside those that are not: their index finds them, and what they are sorted by else is
// sorted when it is asked for.
TEST_P(ListPlansTest, deleted_rows_are_found_without_those_that_are_not) {
  const auto plan_of = [&](const ListQuery& query) {
    return database.read([&](data::Connection& connection) {
      return steps(rows.deleted()->explain_list(connection, query, Predicate::always()));
    });
  };
  const auto expect_few = [](const std::string& plan) { EXPECT_EQ(plan.find("SCAN"), std::string::npos) << plan; };
  EXPECT_EQ(plan_of({}).find("TEMP B-TREE"), std::string::npos) << plan_of({});
  for (const auto& order : orders()) {
    expect_few(plan_of(order));
    for (std::size_t index = 0; index < schema().fields().size(); ++index) {
      if (!schema().field(index).is_filterable()) continue;
      for (const auto operation : operators_of(schema().field(index))) {
        expect_few(plan_of(filtered(order, index, operation)));
      }
    }
  }
}

TEST(ListPlans, the_rows_that_a_rule_leaves_one_user_are_found_newest_first) {
  const auto schema = articles();
  const support::MigratedDatabase database;
  const Repository rows(schema);
  database.write([&](data::Connection& connection) { create_table(connection, *schema); });
  const access::Principal ada{};
  const auto plan = database.read([&](data::Connection& connection) {
    return rows.explain_list(connection, {}, access::Rule::owner("author_id").predicate(*schema, &ada));
  });
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_NE(plan.steps[0].find("SEARCH articles USING INDEX articles_author_id_created_at"), std::string::npos);
}

}  // namespace
}  // namespace apiwright::repositories

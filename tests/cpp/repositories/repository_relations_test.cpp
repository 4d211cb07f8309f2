// Rows found by what refers to them, or by what they refer to.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apiwright/access/rule.hpp"
#include "apiwright/repositories/repository.hpp"
#include "apiwright/repositories/table.hpp"
#include "support/migrated_database.hpp"
#include "support/traced_statements.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using validation::Field;
using validation::Record;
using validation::Schema;

using Names = std::vector<std::string>;

// A table and columns of words that SQL and its functions have for themselves.
validation::SchemaPtr songs() {
  return Schema::make(
      "Song", "value",
      {Field::uuid("id").read_only(), Field::string("key"),
       Field::uuid("order").indexed().references("value").nullable(),
       Field::boolean("open").default_value(true).filterable(), Field::date_time("created_at").read_only(),
       Field::date_time("deleted_at").nullable().internal()});
}

class RepositoryRelationsTest : public testing::Test {
  support::TracedStatements statements_;

 protected:
  validation::SchemaPtr schema = songs();
  Repository rows{schema};
  support::MigratedDatabase database;

  void SetUp() override {
    database.write([&](data::Connection& connection) { create_table(connection, *schema); });
  }
  Uuid add(const std::string& name, std::optional<Uuid> order = std::nullopt, int time = 0, bool open = true) {
    Record record(schema);
    record.set("key", name);
    if (order) record.set("order", *order);
    record.set("open", open);
    return database.write([&](data::Connection& connection) {
      return rows.insert(connection, record, Timestamp(std::chrono::milliseconds(time))).at("id").as<Uuid>();
    });
  }
  // The statements that read the table since this was asked last.
  [[nodiscard]] static Names asked() {
    Names found;
    for (auto& text : support::TracedStatements::take()) {
      if (text.find("FROM \"value\"") != std::string::npos) found.push_back(std::move(text));
    }
    return found;
  }
  [[nodiscard]] Names plan_of(const std::string& statement) const {
    return database.read([&](data::Connection& connection) { return connection.explain(statement); });
  }
  [[nodiscard]] Names each(const char* field, const std::vector<Uuid>& values, std::int64_t limit = 10,
                           const Predicate& visible = Predicate::always()) const {
    Names names;
    static_cast<void>(asked());
    database.read([&](data::Connection& connection) {
      rows.list_each(connection, schema->index_of(field), values, limit, visible,
                     [&](const Uuid& /*value*/, const Row& row) { names.push_back(row.at(1).as<std::string>()); });
    });
    return names;
  }
};

TEST_F(RepositoryRelationsTest, each_value_has_its_first_rows_the_oldest_first) {
  const auto a = add("a");
  const auto b = add("b");
  const auto none = add("none");
  add("a2", a, 2);
  add("a1", a, 1);
  add("a3", a, 3);
  add("b1", b, 1);
  EXPECT_THAT(each("order", {a, b, none}, 2), ElementsAre("a1", "a2", "b1"));
  EXPECT_THAT(each("order", {b}, 2), ElementsAre("b1"));
  EXPECT_THAT(each("id", {a}), ElementsAre("a"));
  EXPECT_THAT(each("order", {}), ElementsAre());
}

TEST_F(RepositoryRelationsTest, a_second_statement_serves_those_behind_a_value_that_has_too_many) {
  const auto a = add("a");
  const auto b = add("b");
  const auto c = add("c");
  for (const auto& [name, value] : {std::pair("a", a), std::pair("b", b), std::pair("c", c)}) {
    for (int row = 1; row <= 3; ++row) add(name + std::to_string(row), value, row);
  }
  EXPECT_THAT(each("order", {c, b, a}, 3), ElementsAre("a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"));
  EXPECT_THAT(asked(), SizeIs(1));
  EXPECT_THAT(each("order", {c, b, a}, 2), ElementsAre("a1", "a2", "b1", "b2", "c1", "c2"));
  EXPECT_THAT(asked(), SizeIs(2));
  EXPECT_THAT(each("order", {c}, 2), ElementsAre("c1", "c2"));
  EXPECT_THAT(asked(), SizeIs(1));
}

// Of a rule's fields there may be an index, which has the rows of all values.
TEST_F(RepositoryRelationsTest, rows_are_found_by_the_index_of_the_reference_alone_whatever_the_rule_asks_for) {
  const auto a = add("a");
  for (int row = 0; row < 3; ++row) add("row", a, row);
  const auto open = access::Rule::equals("open", true).predicate(*schema, nullptr);
  EXPECT_THAT(each("order", {a, add("b")}, 2, open), SizeIs(2));
  const auto statements = asked();
  ASSERT_THAT(statements, SizeIs(2));
  for (const auto& statement : statements) {
    EXPECT_THAT(plan_of(statement), Contains(HasSubstr("value_order_created_at (order=?)"))) << statement;
    EXPECT_THAT(plan_of(statement), Each(Not(HasSubstr("value_open")))) << statement;
  }
  // Unsorted: what is not stepped to has cost nothing.
  EXPECT_THAT(plan_of(statements.front()), Each(Not(HasSubstr("TEMP B-TREE"))));
}

TEST_F(RepositoryRelationsTest, what_is_hidden_or_deleted_is_not_there_and_takes_no_place) {
  const auto a = add("a");
  add("hidden", a, 1, false);
  const auto gone = add("gone", a, 2);
  add("shown", a, 3);
  database.write([&](data::Connection& it) { static_cast<void>(rows.remove(it, gone, Timestamp{})); });
  const auto open = access::Rule::equals("open", true).predicate(*schema, nullptr);
  EXPECT_THAT(each("order", {a}, 1, open), ElementsAre("shown"));
  EXPECT_THAT(each("order", {a}, 10, Predicate::never()), ElementsAre());
}

}  // namespace
}  // namespace apiwright::repositories

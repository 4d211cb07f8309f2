// What a list's filters find, by each operator.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "apiwright/repositories/repository.hpp"
#include "apiwright/repositories/table.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using validation::Field;
using validation::Null;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;
using validation::Value;

using Names = std::vector<std::string>;

SchemaPtr things() {
  return Schema::make("Thing", "things",
                      {Field::uuid("id").read_only(), Field::string("name").searchable().filterable().sortable(),
                       Field::integer("count").nullable().filterable(), Field::string("code").filterable()});
}

class ListFiltersTest : public testing::Test {
 protected:
  SchemaPtr schema = things();
  Repository rows{schema};
  support::MigratedDatabase database;

  void SetUp() override {
    database.write([&](data::Connection& connection) { create_table(connection, *schema); });
    add("Apple", 1, "a");
    add("apricot", 2, "A");
    add("50% off", 3, "b");
    add("under_score", std::nullopt, "b");
    add("Stra\u00dfe", 5, "c");
    add("back\\slash", 6, "c");
  }
  void add(std::string_view name, std::optional<std::int64_t> count, std::string_view code) {
    Record record(schema);
    record.set("name", std::string(name));
    record.set("count", count ? Value(*count) : Value(Null{}));
    record.set("code", std::string(code));
    database.write([&](data::Connection& connection) {
      static_cast<void>(rows.insert(connection, std::move(record), Timestamp{}));
    });
  }
  [[nodiscard]] Names found(std::string_view field, Operator operation, const Value& value,
                            const std::vector<Value>& values = {}) const {
    ListQuery query;
    query.filters.push_back({schema->index_of(field), value, operation, values});
    query.sort = {{schema->index_of("name"), false}};
    Names names;
    database.read([&](data::Connection& connection) {
      const auto total = rows.list(connection, query, Predicate::always(), [&](const Row& row) {
        names.push_back(row.at(schema->index_of("name")).as<std::string>());
      });
      EXPECT_EQ(total, static_cast<std::int64_t>(names.size()));
    });
    return names;
  }
  [[nodiscard]] Names like(std::string_view pattern) const {
    return found("name", Operator::kLike, Value(std::string(pattern)));
  }
  [[nodiscard]] static Value number(std::int64_t value) { return value; }
};

TEST_F(ListFiltersTest, equal_and_not_equal_part_all_rows) {
  EXPECT_EQ(found("count", Operator::kEqual, number(3)), (Names{"50% off"}));
  EXPECT_EQ(found("count", Operator::kNotEqual, number(3)).size(), 5U) << "also the row that has no count";
}

TEST_F(ListFiltersTest, text_with_a_key_is_compared_ignoring_case) {
  EXPECT_EQ(found("name", Operator::kEqual, std::string("APPLE")), (Names{"Apple"}));
  EXPECT_EQ(found("name", Operator::kNotEqual, std::string("APPLE")).size(), 5U);
  EXPECT_EQ(found("name", Operator::kIn, {}, {std::string("APPLE"), std::string("STRASSE")}),
            (Names{"Apple", "Stra\u00dfe"}));
  EXPECT_EQ(found("code", Operator::kEqual, std::string("A")), (Names{"apricot"})) << "code has no key";
}

TEST_F(ListFiltersTest, the_four_of_order) {
  EXPECT_EQ(found("count", Operator::kGreater, number(5)), (Names{"back\\slash"}));
  EXPECT_EQ(found("count", Operator::kGreaterOrEqual, number(5)), (Names{"back\\slash", "Stra\u00dfe"}));
  EXPECT_EQ(found("count", Operator::kLess, number(2)), (Names{"Apple"}));
  EXPECT_EQ(found("count", Operator::kLessOrEqual, number(2)), (Names{"Apple", "apricot"}));
  EXPECT_EQ(found("name", Operator::kLess, std::string("APR")), (Names{"50% off", "Apple"}));
}

TEST_F(ListFiltersTest, in_is_one_of_several) {
  EXPECT_EQ(found("count", Operator::kIn, {}, {number(1), number(6), number(99)}), (Names{"Apple", "back\\slash"}));
}

TEST_F(ListFiltersTest, a_star_stands_for_any_run_of_characters) {
  EXPECT_EQ(like("AP*"), (Names{"Apple", "apricot"}));
  EXPECT_EQ(like("*le"), (Names{"Apple"}));
  EXPECT_EQ(like("a*c*"), (Names{"apricot"}));
  EXPECT_EQ(like("*").size(), 6U);
  EXPECT_EQ(like("**").size(), 6U);
  EXPECT_EQ(like("apple"), (Names{"Apple"})) << "without a star it is the whole text";
  EXPECT_EQ(like("appl"), (Names{}));
  EXPECT_EQ(like("stras*"), (Names{"Stra\u00dfe"}));
}

TEST_F(ListFiltersTest, no_other_character_of_a_pattern_has_a_meaning) {
  EXPECT_EQ(like("50% *"), (Names{"50% off"}));
  EXPECT_EQ(like("%"), (Names{}));
  EXPECT_EQ(like("%*"), (Names{}));
  EXPECT_EQ(like("under_*"), (Names{"under_score"}));
  EXPECT_EQ(like("_*"), (Names{}));
  EXPECT_EQ(like("back\\s*"), (Names{"back\\slash"}));
  EXPECT_EQ(like("\uff0a"), (Names{})) << "a full-width star folds to one, and is none";
}

}  // namespace
}  // namespace apiwright::repositories

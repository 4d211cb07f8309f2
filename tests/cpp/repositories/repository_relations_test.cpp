// Rows found by what refers to them, or by what they refer to.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "apiwright/access/rule.hpp"
#include "apiwright/repositories/repository.hpp"
#include "apiwright/repositories/table.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using testing::ElementsAre;
using validation::Field;
using validation::Record;
using validation::Schema;

using Names = std::vector<std::string>;

// A table and columns of words that SQL and its functions have for themselves.
validation::SchemaPtr songs() {
  return Schema::make(
      "Song", "value",
      {Field::uuid("id").read_only(), Field::string("key"),
       Field::uuid("order").indexed().references("value").nullable(), Field::boolean("open").default_value(true),
       Field::date_time("created_at").read_only(), Field::date_time("deleted_at").nullable().internal()});
}

class RepositoryRelationsTest : public testing::Test {
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
  [[nodiscard]] Names each(const char* field, const std::vector<Uuid>& values, std::int64_t limit = 10,
                           const Predicate& visible = Predicate::always()) const {
    Names names;
    database.read([&](data::Connection& connection) {
      rows.list_each(connection, schema->index_of(field), values, limit, visible,
                     [&](const Row& row) { names.push_back(row.at(1).as<std::string>()); });
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

// A walk through a list by the places of its rows, beside the list itself.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "apiwright/repositories/repository.hpp"
#include "apiwright/repositories/table.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using validation::Field;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;
using validation::Value;

using Ids = std::vector<Uuid>;

SchemaPtr things() {
  return Schema::make(
      "Thing", "things",
      {Field::uuid("id").read_only(), Field::string("name").searchable().sortable(), Field::integer("count").sortable(),
       Field::decimal("price", 6, 2).sortable(), Field::boolean("open").filterable().sortable(),
       Field::number("ratio").nullable().sortable(), Field::date_time("created_at").read_only().sortable()});
}

class RepositoryWalksTest : public testing::Test {
 protected:
  SchemaPtr schema = things();
  Repository rows{schema};
  support::MigratedDatabase database;
  std::mt19937 random{7};

  void SetUp() override {
    database.write([&](data::Connection& connection) { create_table(connection, *schema); });
  }
  [[nodiscard]] std::int64_t draw(std::int64_t below) {
    return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random);
  }
  // Few values each, so that the ids must decide.
  Uuid add() {
    Record record(schema);
    record.set("name", std::string(1, static_cast<char>((draw(2) == 0 ? 'a' : 'A') + draw(3))));
    record.set("count", draw(3));
    record.set("price", Decimal{draw(3) * 50, 2});
    record.set("open", draw(2) == 0);
    record.set("ratio", static_cast<double>(draw(2)));
    return database.write([&](data::Connection& connection) {
      return rows.insert(connection, record, Timestamp(std::chrono::milliseconds(draw(4)))).at("id").as<Uuid>();
    });
  }
  void remove(const Uuid& id) {
    database.write([&](data::Connection& connection) { static_cast<void>(rows.remove(connection, id, Timestamp{})); });
  }
  [[nodiscard]] Ids listed(ListQuery query) const {
    query.limit = 1'000;
    Ids ids;
    database.read([&](data::Connection& connection) {
      static_cast<void>(rows.list(connection, query, Predicate::always(),
                                  [&](const Row& row) { ids.push_back(row.at(0).as<Uuid>()); }));
    });
    return ids;
  }
  // The rows of a step in the list's order.
  [[nodiscard]] Walked step(const ListQuery& query, const Step& step, Ids& ids) const {
    const auto walked = database.read([&](data::Connection& connection) {
      return rows.walk(connection, query, Predicate::always(), step,
                       [&](const Row& row) { ids.push_back(row.at(0).as<Uuid>()); });
    });
    if (step.backward) std::reverse(ids.begin(), ids.end());
    return walked;
  }
  [[nodiscard]] ListQuery any_query() {
    ListQuery query;
    std::vector<const char*> names = {"name", "count", "price", "open", "created_at"};
    std::shuffle(names.begin(), names.end(), random);
    names.resize(static_cast<std::size_t>(draw(4)));
    for (const auto* name : names) query.sort.push_back({schema->index_of(name), draw(2) == 0});
    query.limit = 1 + draw(7);
    return query;
  }
};

TEST_F(RepositoryWalksTest, forward_and_back_it_comes_by_each_row_once_in_the_lists_order) {
  for (int count = 0; count < 40; ++count) add();
  for (int round = 0; round < 60; ++round) {
    const auto query = any_query();
    const auto expected = listed(query);
    Ids forward;
    Step at{};
    std::optional<Step> last;
    for (std::optional<Step> next = at; next; last = at) {
      at = *next;
      Ids ids;
      const auto walked = step(query, at, ids);
      EXPECT_LE(ids.size(), static_cast<std::size_t>(query.limit));
      EXPECT_EQ(walked.previous.has_value(), !forward.empty());
      forward.insert(forward.end(), ids.begin(), ids.end());
      next = walked.next;
    }
    EXPECT_EQ(forward, expected);
    Ids back;
    Ids ids;
    for (auto next = step(query, *last, ids).previous; next;) {
      Ids before;
      next = step(query, *next, before).previous;
      back.insert(back.begin(), before.begin(), before.end());
    }
    back.insert(back.end(), ids.begin(), ids.end());
    EXPECT_EQ(back, expected);
  }
}

TEST_F(RepositoryWalksTest, rows_that_come_or_go_move_no_other) {
  for (int round = 0; round < 30; ++round) {
    Ids stay;
    for (int count = 0; count < 20; ++count) stay.push_back(add());
    const auto query = any_query();
    Ids seen;
    for (std::optional<Step> next = Step{}; next;) {
      Ids ids;
      next = step(query, *next, ids).next;
      seen.insert(seen.end(), ids.begin(), ids.end());
      add();
      if (!ids.empty() && draw(2) == 0) {  // also the very row that the walk stands beside
        remove(ids.back());
      }
    }
    for (const auto& id : stay) EXPECT_EQ(std::count(seen.begin(), seen.end(), id), 1);
    for (const auto& id : listed({})) remove(id);
  }
}

TEST_F(RepositoryWalksTest, from_where_no_row_is_left_a_way_leads_back) {
  const auto first = add();
  const auto second = add();
  ListQuery query;
  query.limit = 1;
  Ids ids;
  const auto next = step(query, {}, ids).next;
  ASSERT_TRUE(next);
  remove(ids.front() == first ? second : first);
  Ids none;
  const auto walked = step(query, *next, none);
  EXPECT_TRUE(none.empty());
  EXPECT_FALSE(walked.next);
  ASSERT_TRUE(walked.previous);
  Ids again;
  const auto at_the_beginning = step(query, *walked.previous, again);
  EXPECT_EQ(again, ids);
  EXPECT_FALSE(at_the_beginning.previous);
}

TEST_F(RepositoryWalksTest, filters_hold_on_the_way) {
  for (int count = 0; count < 30; ++count) add();
  auto query = any_query();
  query.filters.push_back({schema->index_of("open"), Value(true)});
  Ids seen;
  for (std::optional<Step> next = Step{}; next;) {
    Ids ids;
    next = step(query, *next, ids).next;
    seen.insert(seen.end(), ids.begin(), ids.end());
  }
  EXPECT_EQ(seen, listed(query));
}

TEST_F(RepositoryWalksTest, by_a_field_that_may_be_null_there_are_only_pages) {
  ListQuery query;
  query.sort = {{schema->index_of("ratio"), false}};
  Ids ids;
  const auto error = data::error_of([&] { static_cast<void>(step(query, {}, ids)); });
  EXPECT_EQ(error.code(), ErrorCode::kValidationError);
  EXPECT_EQ(error.details().at(0).field, "query.sort");
}

TEST_F(RepositoryWalksTest, the_key_of_a_list_tells_its_filters_search_and_order) {
  ListQuery plain;
  ListQuery filtered;
  filtered.filters.push_back({schema->index_of("open"), Value(true)});
  ListQuery sorted;
  sorted.sort = {{schema->index_of("count"), true}};
  ListQuery searched;
  searched.search = "x";
  searched.search_fields = {schema->index_of("name")};
  const std::vector<std::string> keys = {rows.walk_key(plain), rows.walk_key(filtered), rows.walk_key(sorted),
                                         rows.walk_key(searched)};
  for (std::size_t one = 0; one < keys.size(); ++one) {
    for (std::size_t other = 0; other < one; ++other) EXPECT_NE(keys[one], keys[other]);
  }
  plain.limit = 5;
  EXPECT_EQ(rows.walk_key(plain), keys[0]) << "a walk may take steps of another length";
}

}  // namespace
}  // namespace apiwright::repositories

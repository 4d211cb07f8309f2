#include "apiwright/repositories/list_query.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/people.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using support::user_record;

class ListQueryTest : public testing::Test {
 protected:
  support::People people;

  void add(std::string_view email, std::string_view name, std::string_view status = "active") {
    auto record = user_record(email, name);
    record.set("status", std::string(status));
    static_cast<void>(people.add(std::move(record)));
  }
  struct Page {
    std::vector<std::string> names;
    std::int64_t total = 0;
  };
  [[nodiscard]] Page list(const ListQuery& query, const Predicate& visible = Predicate::always()) const {
    return people.database.read([&](data::Connection& connection) {
      Page page;
      page.total = people.users.rows().list(connection, query, visible, [&](const Row& row) {
        page.names.push_back(row.record().at("name").as<std::string>());
      });
      EXPECT_EQ(people.users.rows().count(connection, query, visible), page.total);
      return page;
    });
  }
  [[nodiscard]] std::vector<std::string> sorted(const char* field, bool descending) const {
    ListQuery query;
    query.sort = {{users_schema()->index_of(field), descending}};
    return list(query).names;
  }
  [[nodiscard]] std::vector<std::string> found(const char* text) const {
    ListQuery query;
    query.search = text;
    query.search_fields = {users_schema()->index_of("email"), users_schema()->index_of("name")};
    query.sort = {{users_schema()->index_of("name"), false}};
    return list(query).names;
  }
  using Names = std::vector<std::string>;
};

TEST(Operators, are_those_of_the_kind) {
  const auto names = [](const validation::Field& field) {
    std::string text;
    for (const auto operation : operators_of(field)) text += std::string(name_of(operation)) + ' ';
    return text;
  };
  using validation::Field;
  EXPECT_EQ(names(Field::boolean("open")), "eq ne in ");
  EXPECT_EQ(names(Field::uuid("owner")), "eq ne in ");
  EXPECT_EQ(names(Field::integer("count")), "eq ne in gt gte lt lte ");
  EXPECT_EQ(names(Field::date_time("at")), "eq ne in gt gte lt lte ");
  EXPECT_EQ(names(Field::string("title").searchable()), "eq ne in gt gte lt lte like ");
  EXPECT_EQ(names(Field::string("title")), "eq ne in gt gte lt lte ");
}

TEST_F(ListQueryTest, without_a_sort_the_newest_come_first) {
  for (const auto* name : {"first", "second", "third"}) {
    add(std::string(name) + "@example.org", name);
    people.clock.advance(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(list({}).names, (Names{"third", "second", "first"}));
}

TEST_F(ListQueryTest, every_sortable_field_sorts_both_ways) {
  add("c@example.org", "anna", "inactive");
  people.clock.advance(std::chrono::milliseconds(1));
  add("B@example.org", "Zoe", "active");
  people.clock.advance(std::chrono::milliseconds(1));
  add("a@example.org", "Bob", "inactive");
  people.set(people.database.read([&](data::Connection& connection) {
    return people.users.credentials(connection, "c@example.org")->user;
  }),
             "roles", support::texts({"editor"}));  // updated last

  const auto expect = [&](const char* field, const Names& ascending) {
    EXPECT_EQ(sorted(field, false), ascending) << field;
    auto descending = ascending;
    std::reverse(descending.begin(), descending.end());
    EXPECT_EQ(sorted(field, true), descending) << field;
  };
  expect("name", {"anna", "Bob", "Zoe"});  // ignoring case
  expect("email", {"Bob", "Zoe", "anna"});
  expect("created_at", {"anna", "Zoe", "Bob"});
  expect("updated_at", {"Zoe", "anna", "Bob"});  // anna and Bob at the same time: by id
  expect("status", {"Zoe", "anna", "Bob"});      // active before inactive, then by id
}

TEST_F(ListQueryTest, every_sortable_field_of_users_is_covered_here) {
  Names sortable;
  for (const auto& field : users_schema()->fields()) {
    if (field.is_sortable()) sortable.push_back(field.name());
  }
  EXPECT_EQ(sortable, (Names{"email", "name", "status", "created_at", "updated_at"}));
}

TEST_F(ListQueryTest, equal_rows_keep_one_order_over_all_pages) {
  for (int count = 0; count < 7; ++count) add(std::to_string(count) + "@example.org", std::to_string(count));
  for (const bool descending : {false, true}) {
    ListQuery query;
    query.limit = 2;
    query.sort = {{users_schema()->index_of("created_at"), descending}};
    Names walked;
    for (query.page = 1; query.page <= 4; ++query.page) {
      const auto page = list(query);
      EXPECT_EQ(page.total, 7);
      walked.insert(walked.end(), page.names.begin(), page.names.end());
    }
    Names expected{"0", "1", "2", "3", "4", "5", "6"};
    if (descending) std::reverse(expected.begin(), expected.end());
    EXPECT_EQ(walked, expected);
  }
}

TEST_F(ListQueryTest, a_second_sort_field_decides_between_equals) {
  add("1@example.org", "b", "active");
  add("2@example.org", "a", "inactive");
  add("3@example.org", "a", "active");
  add("4@example.org", "b", "inactive");
  ListQuery query;
  query.sort = {{users_schema()->index_of("status"), true}, {users_schema()->index_of("name"), false}};
  EXPECT_EQ(list(query).names, (Names{"a", "b", "a", "b"}));
}

TEST_F(ListQueryTest, a_page_past_the_end_is_empty_and_still_tells_the_total) {
  add("a@example.org", "a");
  ListQuery query;
  query.page = 2;
  EXPECT_TRUE(list(query).names.empty());
  EXPECT_EQ(list(query).total, 1);
  query.page = INT64_MAX;
  query.limit = ListQuery::kMaxLimit;
  EXPECT_TRUE(list(query).names.empty());
  EXPECT_EQ(list(query).total, 1);
}

TEST_F(ListQueryTest, an_empty_collection_has_an_empty_page) {
  EXPECT_TRUE(list({}).names.empty());
  EXPECT_EQ(list({}).total, 0);
}

TEST_F(ListQueryTest, totals_count_what_filters_and_predicate_leave) {
  add("a@example.org", "a");
  add("b@example.org", "b", "inactive");
  const auto gone = people.add_user("c@example.org");
  people.remove(gone);
  ListQuery query;
  EXPECT_EQ(list(query).total, 2);
  query.filters = {{users_schema()->index_of("status"), std::string("inactive")}};
  EXPECT_EQ(list(query).names, (Names{"b"}));
  const auto email = users_schema()->index_of("email");
  EXPECT_EQ(list(query, Predicate::equals(email, std::string("a@example.org"))).total, 0);
  EXPECT_EQ(list({}, Predicate::never()).total, 0);
}

TEST_F(ListQueryTest, a_filter_by_email_compares_as_its_constraint_does) {
  add("Ada@B\u00fccher.example", "Ada");
  ListQuery query;
  query.filters = {{users_schema()->index_of("email"), std::string("ADA@xn--bcher-kva.example")}};
  EXPECT_EQ(list(query).names, (Names{"Ada"}));
}

TEST_F(ListQueryTest, a_search_ignores_case_in_every_script_and_looks_into_each_searchable_field) {
  add("ada@example.org", "\u00c5sa Stra\u00dfe");
  add("bob@example.org", "\u0414\u043c\u0438\u0442\u0440\u0438\u0439");
  EXPECT_EQ(found("\u00e5SA"), (Names{"\u00c5sa Stra\u00dfe"}));
  EXPECT_EQ(found("STRASSE"), (Names{"\u00c5sa Stra\u00dfe"}));
  EXPECT_EQ(found("A\u030asa"), (Names{"\u00c5sa Stra\u00dfe"})) << "decomposed";
  EXPECT_EQ(found("\u0434\u041c\u0418"), (Names{"\u0414\u043c\u0438\u0442\u0440\u0438\u0439"}));
  EXPECT_EQ(found("ADA@"), (Names{"\u00c5sa Stra\u00dfe"}));
  EXPECT_EQ(found("example.org").size(), 2U);
  EXPECT_TRUE(found("active").empty()) << "status is not searchable";
}

TEST_F(ListQueryTest, a_search_looks_only_where_it_is_told_to) {
  add("ada@example.org", "Countess");
  ListQuery query;
  query.search = "countess";
  query.search_fields = {users_schema()->index_of("email")};
  EXPECT_TRUE(list(query).names.empty());
  query.search_fields = {users_schema()->index_of("name")};
  EXPECT_EQ(list(query).total, 1);
  query.search_fields = {};
  EXPECT_EQ(list(query).total, 0) << "nowhere, not everywhere";
}

TEST_F(ListQueryTest, no_character_of_a_search_is_special) {
  add("a@example.org", "100% wool");
  add("b@example.org", "snake_case");
  add("c@example.org", "back\\slash");
  add("d@example.org", "it's \"quoted\" * ? [a-z]");
  EXPECT_EQ(found("%"), (Names{"100% wool"}));
  EXPECT_EQ(found("_"), (Names{"snake_case"}));
  EXPECT_EQ(found("\\"), (Names{"back\\slash"}));
  EXPECT_EQ(found("'s \"Q"), (Names{"it's \"quoted\" * ? [a-z]"}));
  EXPECT_EQ(found("*"), (Names{"it's \"quoted\" * ? [a-z]"}));
  EXPECT_EQ(found("[a-z]"), (Names{"it's \"quoted\" * ? [a-z]"}));
  EXPECT_TRUE(found("1_0%").empty());
  EXPECT_TRUE(found("' OR 1=1 --").empty());
}

TEST(ListQueryOfNullable, rows_without_a_value_come_last_both_ways) {
  const support::MigratedDatabase database;
  database.execute("CREATE TABLE notes (id TEXT PRIMARY KEY, rank INTEGER) STRICT");
  const Repository notes(validation::Schema::make(
      "Note", "notes",
      {validation::Field::uuid("id").read_only(), validation::Field::integer("rank").nullable().sortable()}));
  database.write([&](data::Connection& connection) {
    for (const auto& rank : {validation::Value(std::int64_t{2}), validation::Value(validation::Null{}),
                             validation::Value(std::int64_t{1})}) {
      validation::Record record(notes.schema());
      record.set("rank", rank);
      static_cast<void>(notes.insert(connection, std::move(record), support::kStart));
    }
  });
  for (const bool descending : {false, true}) {
    ListQuery query;
    query.sort = {{1, descending}};
    std::vector<validation::Value> ranks;
    database.read([&](data::Connection& connection) {
      notes.list(connection, query, Predicate::always(), [&](const Row& row) { ranks.push_back(row.record().at(1)); });
    });
    ASSERT_EQ(ranks.size(), 3U);
    EXPECT_EQ(ranks[0], validation::Value(std::int64_t{descending ? 2 : 1}));
    EXPECT_TRUE(ranks[2].is_null());
  }
}

}  // namespace
}  // namespace apiwright::repositories

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "data/database_fixture.hpp"
#include "support/people.hpp"
#include "support/traced_counts.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using support::TracedCounts;
using support::user_record;
using validation::Field;
using validation::Schema;
using validation::Value;

std::size_t field(std::string_view name) { return users_schema()->index_of(name); }

ListQuery with_status(const char* status) {
  ListQuery query;
  query.filters = {{field("status"), std::string(status)}};
  return query;
}

ListQuery search_for(const std::string& text) {
  ListQuery query;
  query.search = text;
  query.search_fields = {field("email"), field("name")};
  return query;
}

Predicate named(const char* email, const char* name) {
  return Predicate::all_of(
      {Predicate::equals(field("email"), std::string(email)), Predicate::equals(field("name"), std::string(name))});
}

class TotalsTest : public testing::Test {
 protected:
  TracedCounts counts;  // before the database opens
  support::People people;

  std::int64_t total_on(data::Connection& connection, const ListQuery& query = {},
                        const Predicate& visible = Predicate::always()) const {
    return people.users.rows().list(connection, query, visible, [](const Row&) {});
  }
  [[nodiscard]] std::int64_t total(const ListQuery& query = {}, const Predicate& visible = Predicate::always()) const {
    return people.database.read([&](data::Connection& connection) { return total_on(connection, query, visible); });
  }
  Uuid add(const std::string& email, const char* name = "Ada") const {
    return people.add(user_record(email, name)).at("id").as<Uuid>();
  }
  void sign_in(const Uuid& user) const { static_cast<void>(people.start(user)); }
  void add_on(data::Connection& connection, const char* email, const char* status = "active") const {
    auto record = user_record(email);
    record.set("status", std::string(status));
    static_cast<void>(people.users.rows().insert(connection, std::move(record), people.clock.now()));
  }
};

TEST_F(TotalsTest, a_row_counts_right_after_it_was_stored) {
  EXPECT_EQ(total(), 0);
  for (int rows = 1; rows <= 3; ++rows) {
    add(std::to_string(rows) + "@example.org");
    EXPECT_EQ(total(), rows);
    EXPECT_EQ(total(), rows) << "remembered";
  }
}

TEST_F(TotalsTest, a_change_that_moves_a_row_out_of_a_filter_is_seen_at_once) {
  const auto id = add("ada@example.org");
  EXPECT_EQ(total(with_status("active")), 1);
  EXPECT_EQ(total(with_status("inactive")), 0);
  people.set(id, "status", std::string("inactive"));
  EXPECT_EQ(total(with_status("active")), 0);
  EXPECT_EQ(total(with_status("inactive")), 1);
}

TEST_F(TotalsTest, a_change_of_name_is_seen_by_the_next_search) {
  const auto id = add("ada@example.org");
  EXPECT_EQ(total(search_for("king")), 0);
  people.set(id, "name", std::string("Ada King"));
  EXPECT_EQ(total(search_for("king")), 1);
}

TEST_F(TotalsTest, a_softly_deleted_row_stops_counting_at_once) {
  const auto id = add("ada@example.org");
  add("bob@example.org");
  EXPECT_EQ(total(), 2);
  EXPECT_TRUE(people.remove(id));
  EXPECT_EQ(total(), 1);
}

TEST_F(TotalsTest, bulk_changes_by_another_program_are_seen_at_once) {
  for (int row = 10; row < 30; ++row) add(std::to_string(row) + "@example.org");
  EXPECT_EQ(total(with_status("active")), 20);
  data::Stranger stranger(people.database.folder());
  ASSERT_EQ(stranger.run("UPDATE users SET status = 'inactive' WHERE email < '15'"), SQLITE_OK);
  EXPECT_EQ(total(with_status("active")), 15);
  ASSERT_EQ(stranger.run("DELETE FROM users WHERE status = 'active'"), SQLITE_OK);
  EXPECT_EQ(total(with_status("active")), 0);
  EXPECT_EQ(total(), 5);
  ASSERT_EQ(stranger.run("INSERT INTO users SELECT 'copy' || substr(id, 5), email, 'copy' || email_key, name, name_key,"
                         " NULL, status, roles, version, created_at, updated_at, NULL FROM users"),
            SQLITE_OK);
  EXPECT_EQ(total(), 10);
  ASSERT_EQ(stranger.run("DELETE FROM users"), SQLITE_OK);
  EXPECT_EQ(total(), 0);
}

TEST_F(TotalsTest, what_a_write_transaction_counts_is_seen_by_others_from_its_commit_on) {
  const auto connection = people.database->connect();
  EXPECT_EQ(total(), 0);
  data::Transaction transaction(*connection);
  add_on(*connection, "ada@example.org");
  EXPECT_EQ(total_on(*connection), 1);
  EXPECT_EQ(total(), 0);
  add_on(*connection, "bob@example.org");
  EXPECT_EQ(total_on(*connection), 2);
  EXPECT_EQ(total(), 0);
  transaction.commit();
  EXPECT_EQ(total(), 2);
}

TEST_F(TotalsTest, a_rolled_back_change_leaves_totals_right) {
  for (const bool inside : {false, true}) {
    const auto before = total();
    const auto active = total(with_status("active"));
    data::error_of([&] {
      people.database.write([&](data::Connection& connection) {
        add_on(connection, "lost@example.org", "inactive");
        if (inside) {
          EXPECT_EQ(total_on(connection), before + 1);
          EXPECT_EQ(total_on(connection, with_status("inactive")), 1);
        }
        throw Error(ErrorCode::kUnprocessable, "Not after all.");
      });
    });
    if (!inside) {
      EXPECT_EQ(total(), before);
    }
    // The next change, which a counter would give the number of the lost one.
    add(std::to_string(before) + "@example.org");
    EXPECT_EQ(total(with_status("active")), active + 1);
    EXPECT_EQ(total(with_status("inactive")), 0);
    EXPECT_EQ(total(), before + 1);
  }
}

TEST_F(TotalsTest, a_savepoint_given_up_leaves_totals_right) {
  people.database.write([&](data::Connection& connection) {
    add_on(connection, "ada@example.org");
    EXPECT_EQ(total_on(connection, with_status("inactive")), 0);
    data::execute(connection, "SAVEPOINT step");
    add_on(connection, "bob@example.org", "inactive");
    EXPECT_EQ(total_on(connection, with_status("inactive")), 1);
    data::execute(connection, "ROLLBACK TO step");
    add_on(connection, "eve@example.org");
    EXPECT_EQ(total_on(connection, with_status("inactive")), 0);
    EXPECT_EQ(total_on(connection), 2);
    data::execute(connection, "ROLLBACK TO step");
    EXPECT_EQ(total_on(connection), 1);
  });
}

TEST_F(TotalsTest, filters_searches_and_visibilities_have_totals_of_their_own) {
  add("ada@example.org", "Ada");
  add("bob@example.org", "Ada");
  const auto eve = add("eve@example.org", "Eve");
  people.set(eve, "status", std::string("inactive"));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(total(), 3);
    EXPECT_EQ(total(with_status("active")), 2);
    EXPECT_EQ(total(with_status("inactive")), 1);
    EXPECT_EQ(total(search_for("ada")), 2);
    EXPECT_EQ(total(search_for("active")), 0) << "a filter's value";
    EXPECT_EQ(total({}, Predicate::equals(field("name"), std::string("Eve"))), 1);
    EXPECT_EQ(total({}, Predicate::equals(field("email"), std::string("Eve"))), 0);
    EXPECT_EQ(total({}, Predicate::equals(field("id"), eve)), 1);
    EXPECT_EQ(total({}, Predicate::negate(Predicate::equals(field("id"), eve))), 2);
    EXPECT_EQ(total({}, Predicate::never()), 0);
    EXPECT_EQ(total(with_status("active"), Predicate::equals(field("id"), eve)), 0);
  }
}

TEST_F(TotalsTest, comparisons_lists_and_nulls_have_totals_of_their_own) {
  using access::Comparison;
  for (const auto* email : {"a@example.org", "b@example.org", "c@example.org"}) add(email);
  const auto by_email = [&](Comparison comparison) {
    return total({}, Predicate::compare(field("email"), comparison, std::string("b@example.org")));
  };
  const auto among = [&](std::vector<Value> values) {
    return total({}, Predicate::in(field("email"), std::move(values)));
  };
  const auto text = [](const char* characters) { return Value(std::string(characters)); };
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(by_email(Comparison::kEqual), 1);
    EXPECT_EQ(by_email(Comparison::kNotEqual), 2);
    EXPECT_EQ(by_email(Comparison::kLess), 1);
    EXPECT_EQ(by_email(Comparison::kLessOrEqual), 2);
    EXPECT_EQ(by_email(Comparison::kGreater), 1);
    EXPECT_EQ(by_email(Comparison::kGreaterOrEqual), 2);
    EXPECT_EQ(among({text("b@example.org")}), 1);
    EXPECT_EQ(among({text("a@example.org"), text("b@example.org")}), 2);
    EXPECT_EQ(among({text("a@example.orgb@example.org")}), 0);
    EXPECT_EQ(among({text("a@example.org"), text("x@example.org")}), 1);
    EXPECT_EQ(among({}), 0);
    EXPECT_EQ(total({}, Predicate::is_null(field("email"))), 0);
    EXPECT_EQ(total({}, Predicate::is_null(field("password_hash"))), 3);
    EXPECT_EQ(total({}, Predicate::negate(Predicate::is_null(field("email")))), 3);
  }
}

TEST_F(TotalsTest, values_that_read_alike_in_a_row_have_totals_of_their_own) {
  add("a", "bc");
  EXPECT_EQ(total({}, named("a", "bc")), 1);
  EXPECT_EQ(total({}, named("ab", "c")), 0);
  EXPECT_EQ(total({}, named("abc", "")), 0);
}

TEST_F(TotalsTest, an_integer_and_the_text_of_it_have_totals_of_their_own) {
  people.database.execute("CREATE TABLE things (id TEXT PRIMARY KEY, mark)");  // of no type, so nothing is converted
  people.database.execute("INSERT INTO things VALUES ('a', 1), ('b', '1'), ('c', '1')");
  people.database.execute("INSERT INTO table_versions VALUES ('things', 1)");
  const Repository things(Schema::make("Thing", "things", {Field::uuid("id"), Field::integer("mark")}));
  ListQuery past_the_end;
  past_the_end.page = 9;
  const auto marked = [&](const Value& mark) {
    return people.database.read([&](data::Connection& connection) {
      return things.list(connection, past_the_end, Predicate::equals(1, mark), [](const Row&) {});
    });
  };
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(marked(std::int64_t{1}), 1);
    EXPECT_EQ(marked(std::string("1")), 2);
    EXPECT_EQ(marked(true), 1);
  }
}

TEST_F(TotalsTest, one_repository_over_two_databases_mixes_nothing_up) {
  const support::MigratedDatabase other;
  add("ada@example.org");
  other.write([&](data::Connection& connection) { add_on(connection, "ada@example.org", "inactive"); });
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(total(with_status("active")), 1);
    EXPECT_EQ(other.read([&](data::Connection& connection) { return total_on(connection, with_status("active")); }), 0);
  }
}

TEST_F(TotalsTest, versions_made_again_by_a_migration_are_not_mistaken_for_the_old_ones) {
  add("ada@example.org");
  EXPECT_EQ(total(), 1);
  const auto connection = people.database->connect();
  const data::Migrations migrations("apiwright", APIWRIGHT_MIGRATIONS_DIR "/sqlite");
  const auto later = migrations.all().size() - 2;  // from 0003 on
  ASSERT_EQ(migrations.down(*connection, later).back(), "0003_table_versions");
  add("bob@example.org");
  migrations.up(*connection, people.clock);
  add("eve@example.org");  // a counter would now be where it was
  EXPECT_EQ(total(), 3);
}

TEST_F(TotalsTest, an_unchanged_table_is_counted_once) {
  for (int row = 0; row < 5; ++row) add(std::to_string(row) + "@example.org");
  static_cast<void>(TracedCounts::take());
  ListQuery query;
  query.limit = 2;
  for (query.page = 1; query.page <= 4; ++query.page) EXPECT_EQ(total(query), 5);
  query.sort = {{field("name"), true}};
  EXPECT_EQ(total(query), 5);
  EXPECT_EQ(TracedCounts::take(), 1) << "whatever the page and the order";
  const auto user = add("new@example.org");
  EXPECT_EQ(total(), 6);
  EXPECT_EQ(total(), 6);
  EXPECT_EQ(TracedCounts::take(), 1) << "after a change";
  sign_in(user);
  EXPECT_EQ(total(), 6);
  EXPECT_EQ(TracedCounts::take(), 0) << "a sign-in changes no user";
}

TEST_F(TotalsTest, count_itself_always_counts) {
  EXPECT_EQ(total(), 0);
  static_cast<void>(TracedCounts::take());
  people.database.read([&](data::Connection& connection) {
    EXPECT_EQ(people.users.rows().count(connection, {}, Predicate::always()), 0);
  });
  EXPECT_EQ(TracedCounts::take(), 1);
}

TEST_F(TotalsTest, a_table_without_a_version_is_counted_each_time) {
  const auto user = add("ada@example.org");
  static_cast<void>(TracedCounts::take());
  for (int sessions = 1; sessions <= 3; ++sessions) {
    sign_in(user);
    EXPECT_EQ(people.database.read([&](data::Connection& connection) {
      return people.sessions.rows().list(connection, {}, Predicate::always(), [](const Row&) {});
    }),
              sessions);
  }
  EXPECT_EQ(TracedCounts::take(), 3);
}

TEST_F(TotalsTest, the_1024_totals_used_last_are_kept) {
  const auto total_of = [&](int number) { return total({}, named(std::to_string(number).c_str(), "")); };
  for (int number = 0; number < 1024; ++number) EXPECT_EQ(total_of(number), 0);
  EXPECT_EQ(total_of(0), 0);
  EXPECT_EQ(total_of(1024), 0);  // 1 goes
  static_cast<void>(TracedCounts::take());
  for (const int number : {0, 2, 1023, 1024}) EXPECT_EQ(total_of(number), 0);
  EXPECT_EQ(TracedCounts::take(), 0);
  EXPECT_EQ(total_of(1), 0);
  EXPECT_EQ(TracedCounts::take(), 1);
}

TEST_F(TotalsTest, the_total_of_a_very_long_search_is_not_kept) {
  for (const auto& [length, runs] : {std::pair{100U, 1}, std::pair{1025U, 2}}) {
    static_cast<void>(TracedCounts::take());
    for (int round = 0; round < 2; ++round) EXPECT_EQ(total(search_for(std::string(length, 'x'))), 0);
    EXPECT_EQ(TracedCounts::take(), runs) << length;
  }
}

}  // namespace
}  // namespace apiwright::repositories

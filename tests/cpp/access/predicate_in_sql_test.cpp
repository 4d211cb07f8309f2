// The predicate is evaluated by the database for reads and by the core for writes: both must agree on every row.
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "apiwright/access/predicate.hpp"
#include "apiwright/repositories/repository.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::access {
namespace {

using repositories::Repository;
using validation::Absent;
using validation::Array;
using validation::Field;
using validation::Null;
using validation::Record;
using validation::Schema;
using validation::Value;

constexpr std::string_view kTable =
    "CREATE TABLE things (id TEXT PRIMARY KEY, owner TEXT, published INTEGER, state TEXT, label TEXT, label_key TEXT, "
    "rank INTEGER, price INTEGER, seen INTEGER, tags TEXT) STRICT";

validation::SchemaPtr schema() {
  return Schema::make("Thing", "things",
                      {
                          Field::uuid("id").read_only(),
                          Field::uuid("owner").nullable(),
                          Field::boolean("published").nullable(),
                          Field::enumeration("state", {"draft", "Draft", "final"}).nullable(),
                          Field::string("label").searchable().nullable(),
                          Field::integer("rank").nullable(),
                          Field::decimal("price", 9, 2).nullable(),
                          Field::date_time("seen").nullable(),
                          Field::array("tags", Field::string("tag")).nullable(),
                      });
}

class Dice {
 public:
  std::size_t roll(std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(engine_); }
  template <typename T>
  const T& pick(const std::vector<T>& values) {
    return values[roll(values.size())];
  }

 private:
  std::mt19937 engine_{20260101};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same walk each time
};

std::string text(const char* characters) { return characters; }

// Few values for each field, so that rows and predicates meet often; near misses among them.
std::vector<std::vector<Value>> pools() {
  Uuid ada{};
  Uuid bob{};
  bob.bytes.back() = 0xab;
  return {
      {ada, bob},
      {true, false},
      {text("draft"), text("Draft"), text("final")},
      {text("Stra\u00dfe"), text("STRASSE"), text("strasse"), text("it's"), text("100%"), text("")},
      {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, INT64_MAX},
      {Decimal{1050, 2}, Decimal{0, 2}, Decimal{-1, 2}},
      {support::kStart, support::kStart + std::chrono::milliseconds(1)},
      {Array{}, Array{Value(text("a"))}, Array{Value(text("a")), Value(text("\"b\\"))}, Array{Value(text("\u00e9"))}},
  };
}

Record random_record(Dice& dice, const validation::SchemaPtr& things) {
  static const auto values = pools();
  Record record(things);
  record.set("id", Uuid::generate(support::kStart));
  for (std::size_t field = 0; field < values.size(); ++field) {
    const auto kind = dice.roll(5);
    if (kind == 0) continue;  // Absent
    record.set(field + 1, kind == 1 ? Value(Null{}) : dice.pick(values[field]));
  }
  return record;
}

Predicate random_predicate(Dice& dice, int depth) {
  static const auto values = pools();
  const auto kind = dice.roll(depth == 0 ? 2 : 8);
  if (kind == 0) {
    Predicate constant;
    constant.constant = dice.pick<Truth>({Truth::kFalse, Truth::kUnknown, Truth::kTrue});
    return constant;
  }
  if (kind <= 2) {
    const auto field = dice.roll(values.size());
    return Predicate::equals(field + 1, dice.pick(values[field]));
  }
  if (kind == 3) return Predicate::negate(random_predicate(dice, depth - 1));
  std::vector<Predicate> operands;
  for (auto count = dice.roll(4); count > 0; --count) operands.push_back(random_predicate(dice, depth - 1));
  if (kind == 4 && operands.size() >= 2) {  // as nobody's factory would leave it: constants not folded
    Predicate unfolded;
    unfolded.kind = dice.roll(2) == 0 ? Predicate::Kind::kAnd : Predicate::Kind::kOr;
    unfolded.operands = std::move(operands);
    return unfolded;
  }
  return kind % 2 == 0 ? Predicate::all_of(std::move(operands)) : Predicate::any_of(std::move(operands));
}

TEST(PredicateInSql, shows_exactly_the_rows_on_which_the_core_finds_it_true) {
  const support::MigratedDatabase database;
  database.execute(kTable);
  const Repository things(schema());
  Dice dice;
  std::vector<Record> records;
  database.write([&](data::Connection& connection) {
    for (int count = 0; count < 40; ++count) {
      records.push_back(random_record(dice, things.schema()));
      static_cast<void>(things.insert(connection, records.back(), support::kStart));
    }
  });
  std::size_t shown = 0;
  database.read([&](data::Connection& connection) {
    for (int round = 0; round < 300; ++round) {
      const auto predicate = random_predicate(dice, 4);
      for (const auto& record : records) {
        const bool expected = predicate.evaluate(record) == Truth::kTrue;
        const bool found = things.find(connection, record.at("id").as<Uuid>(), predicate).has_value();
        ASSERT_EQ(found, expected) << "round " << round;
        shown += found ? 1 : 0;
      }
    }
  });
  EXPECT_GT(shown, 500U) << "the walk meets rows";
  EXPECT_LT(shown, 11'000U) << "and hides some";
}

TEST(PredicateInSql, equality_of_text_is_exact_even_where_a_case_folded_column_exists) {
  const support::MigratedDatabase database;
  database.execute(kTable);
  const Repository things(schema());
  Record record(things.schema());
  record.set("label", text("Secret"));
  const auto stored =
      database.write([&](data::Connection& connection) { return things.insert(connection, record, support::kStart); });
  const auto sees = [&](const char* wanted) {
    const auto predicate = Predicate::equals(things.schema()->index_of("label"), text(wanted));
    const bool found = database.read([&](data::Connection& connection) {
      return things.find(connection, stored.at("id").as<Uuid>(), predicate).has_value();
    });
    EXPECT_EQ(found, predicate.evaluate(stored) == Truth::kTrue) << wanted;
    return found;
  };
  EXPECT_TRUE(sees("Secret"));
  EXPECT_FALSE(sees("secret"));
}

}  // namespace
}  // namespace apiwright::access

// The predicate is evaluated by the database for reads and by the core for writes: both must agree on every row.
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "apiwright/access/describe.hpp"
#include "apiwright/access/rule.hpp"
#include "apiwright/repositories/repository.hpp"
#include "repositories/condition.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::access {
namespace {

using repositories::Condition;
using repositories::Repository;
using validation::Array;
using validation::Field;
using validation::Null;
using validation::Record;
using validation::Schema;
using validation::Value;

constexpr std::string_view kTable =
    "CREATE TABLE things (id TEXT PRIMARY KEY, owner TEXT, published INTEGER, state TEXT, label TEXT, label_key TEXT, "
    "contact TEXT, contact_key TEXT, rank INTEGER, score REAL, price INTEGER, seen INTEGER, tags TEXT) STRICT";

validation::SchemaPtr schema() {
  static const auto made = Schema::make("Thing", "things",
                                        {
                                            Field::uuid("id").read_only(),
                                            Field::uuid("owner").nullable(),
                                            Field::boolean("published").nullable(),
                                            Field::enumeration("state", {"draft", "Draft", "final"}).nullable(),
                                            Field::string("label").searchable().nullable(),
                                            Field::email("contact").unique().nullable(),
                                            Field::integer("rank").nullable(),
                                            Field::number("score").nullable(),
                                            Field::decimal("price", 18, 2).nullable(),
                                            Field::date_time("seen").nullable(),
                                            Field::array("tags", Field::string("tag")).nullable(),
                                        });
  return made;
}

class Dice {
 public:
  explicit Dice(std::mt19937::result_type seed) : engine_(seed) {}

  std::size_t roll(std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(engine_); }
  template <typename T>
  const T& pick(const std::vector<T>& values) {
    return values[roll(values.size())];
  }

 private:
  std::mt19937 engine_;
};

std::string text(const char* characters) { return characters; }

// Few values for each field, so that rows and predicates meet often; near misses and the outermost among them.
const std::vector<std::vector<Value>>& pools() {
  using std::chrono::milliseconds;
  Uuid ada{};
  Uuid bob{};
  bob.bytes.back() = 0xab;
  static const std::vector<std::vector<Value>> values{
      {ada, bob},
      {true, false},
      {text("draft"), text("Draft"), text("final")},
      {text("Stra\u00dfe"), text("STRASSE"), text("strasse"), text("it's"), text("100%"), text(""), text("a"),
       text("a "), text("aa"), text("B"), text("\u00e9"), text("\uffff"), text("\U0001f600"), text("10"), text("9")},
      {text("Ada@example.org"), text("ada@example.org"), text("bob@example.org")},
      {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, INT64_MAX, INT64_MAX - 1, INT64_MIN},
      {0.0, 1.0, -1.0, 0.1, 0.1 + 0.2, 0.3, 5e-324, -5e-324, 1.7976931348623157e308, 9007199254740993.0},
      {Decimal{1050, 2}, Decimal{1049, 2}, Decimal{0, 2}, Decimal{-1, 2}, Decimal{999'999'999'999'999'999, 2}},
      {support::kStart, support::kStart + milliseconds(1), Timestamp(milliseconds(-1)), Timestamp(milliseconds(0))},
      {Array{}, Array{Value(text("a"))}, Array{Value(text("a")), Value(text("\"b\\"))}, Array{Value(text("\u00e9"))}},
  };
  return values;
}

// A row's value may be left out, which is stored as null is.
Record random_record(Dice& dice) {
  Record record(schema());
  record.set("id", Uuid::generate(support::kStart));
  const auto unique = schema()->index_of("contact");
  for (std::size_t field = 1; field <= pools().size(); ++field) {
    const auto kind = dice.roll(5);
    if (kind == 0) continue;
    record.set(field, kind == 1 || field == unique ? Value(Null{}) : dice.pick(pools()[field - 1]));
  }
  return record;
}

Comparison random_comparison(Dice& dice, std::size_t field) {
  const bool ordered = has_order(schema()->field(field).kind());
  return static_cast<Comparison>(dice.roll(ordered ? 6 : 2));
}

Predicate random_list(Dice& dice, std::size_t field) {
  Predicate list;
  list.kind = Predicate::Kind::kIn;  // not in(), which would fold away a list of none
  list.field = field;
  for (auto count = dice.roll(4); count > 0; --count) list.values.push_back(dice.pick(pools()[field - 1]));
  return list;
}

Predicate random_test(Dice& dice) {
  const auto field = dice.roll(pools().size()) + 1;
  switch (dice.roll(6)) {
    case 0:
      return Predicate::is_null(field);
    case 1:
    case 2:
      return random_list(dice, field);
    default:
      return Predicate::compare(field, random_comparison(dice, field), dice.pick(pools()[field - 1]));
  }
}

Predicate random_predicate(Dice& dice, int depth) {
  const auto kind = dice.roll(depth == 0 ? 6 : 12);
  if (kind == 0) {
    Predicate constant;
    constant.constant = dice.pick<Truth>({Truth::kFalse, Truth::kUnknown, Truth::kTrue});
    return constant;
  }
  if (kind <= 5) return random_test(dice);
  if (kind <= 7) return Predicate::negate(random_predicate(dice, depth - 1));
  std::vector<Predicate> operands;
  for (auto count = dice.roll(4); count > 0; --count) operands.push_back(random_predicate(dice, depth - 1));
  if (kind == 8 && operands.size() >= 2) {  // as nobody's factory would leave it: constants not folded
    Predicate unfolded;
    unfolded.kind = dice.roll(2) == 0 ? Predicate::Kind::kAnd : Predicate::Kind::kOr;
    unfolded.operands = std::move(operands);
    return unfolded;
  }
  return kind % 2 == 0 ? Predicate::all_of(std::move(operands)) : Predicate::any_of(std::move(operands));
}

// What SQLite makes of the predicate on every row, in the order of their rowids.
std::vector<Truth> truths_in_sql(data::Connection& connection, const Predicate& predicate) {
  Condition condition(*schema());
  condition.require(predicate);
  auto statement = connection.prepare("SELECT 1" + condition.sql() + " FROM things ORDER BY rowid");
  condition.bind(*statement, 1);
  std::vector<Truth> truths;
  while (statement->step()) {
    truths.push_back(statement->is_null(0)        ? Truth::kUnknown
                     : statement->integer(0) == 1 ? Truth::kTrue
                                                  : Truth::kFalse);
  }
  return truths;
}

std::vector<Truth> truths_in_core(const std::vector<Record>& records, const Predicate& predicate) {
  std::vector<Truth> truths;
  truths.reserve(records.size());
  for (const auto& record : records) truths.push_back(predicate.evaluate(record));
  return truths;
}

class PredicateInSql : public testing::Test {
 protected:
  PredicateInSql() { database.execute(kTable); }

  Record insert(const Record& record) {
    return database.write(
        [&](data::Connection& connection) { return things.insert(connection, record, support::kStart); });
  }
  [[nodiscard]] std::vector<Truth> in_sql(const Predicate& predicate) const {
    return database.read([&](data::Connection& connection) { return truths_in_sql(connection, predicate); });
  }
  static std::size_t field(const char* name) { return schema()->index_of(name); }

  const support::MigratedDatabase database;
  const Repository things{schema()};
};

TEST_F(PredicateInSql, is_true_false_or_unknown_as_the_core_has_it) {
  constexpr std::size_t kRows = 60;
  constexpr std::size_t kRounds = 4000;
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Dice dice(seed);
  std::vector<Record> records;
  for (std::size_t count = 0; count < kRows; ++count) records.push_back(insert(random_record(dice)));
  std::vector<std::size_t> met(3);
  database.read([&](data::Connection& connection) {
    for (std::size_t round = 0; round < kRounds; ++round) {
      const auto predicate = random_predicate(dice, 4);
      const auto expected = truths_in_core(records, predicate);
      ASSERT_EQ(truths_in_sql(connection, predicate), expected)
          << "round " << round << ": " << describe(predicate, *schema());
      for (const auto truth : expected) ++met[static_cast<std::size_t>(truth)];
    }
  });
  for (const auto count : met) EXPECT_GT(count, kRows * kRounds / 50) << "the walk meets each value";
}

TEST_F(PredicateInSql, shows_exactly_the_rows_on_which_the_core_finds_it_true) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Dice dice(seed);
  std::vector<Record> records;
  for (int count = 0; count < 20; ++count) records.push_back(insert(random_record(dice)));
  database.read([&](data::Connection& connection) {
    for (int round = 0; round < 300; ++round) {
      const auto predicate = random_predicate(dice, 4);
      for (const auto& record : records) {
        const bool found = things.find(connection, record.at("id").as<Uuid>(), predicate).has_value();
        ASSERT_EQ(found, predicate.evaluate(record) == Truth::kTrue)
            << "round " << round << ": " << describe(predicate, *schema());
      }
    }
  });
}

TEST_F(PredicateInSql, agrees_on_what_was_stored_rather_than_sent) {
  Dice dice(std::random_device{}());
  for (int count = 0; count < 20; ++count) {
    const auto sent = insert(random_record(dice));
    const auto stored = database.read([&](data::Connection& connection) {
      return things.find(connection, sent.at("id").as<Uuid>(), Predicate::always()).value();
    });
    for (int round = 0; round < 50; ++round) {
      const auto predicate = random_predicate(dice, 3);
      ASSERT_EQ(predicate.evaluate(stored), predicate.evaluate(sent)) << describe(predicate, *schema());
    }
  }
}

TEST_F(PredicateInSql, equality_of_text_is_exact_even_where_a_case_folded_column_exists) {
  Record record(schema());
  record.set("label", text("Secret"));
  record.set("contact", text("Ada@example.org"));
  insert(record);
  const auto equal = [&](const char* name, const char* wanted) {
    const auto predicate = Predicate::equals(field(name), text(wanted));
    EXPECT_EQ(in_sql(predicate).front(), predicate.evaluate(record)) << wanted;
    return in_sql(predicate).front() == Truth::kTrue;
  };
  EXPECT_TRUE(equal("label", "Secret"));
  EXPECT_FALSE(equal("label", "secret"));
  EXPECT_TRUE(equal("contact", "Ada@example.org"));
  EXPECT_FALSE(equal("contact", "ada@example.org"));
  const auto either = Predicate::in(field("contact"), {text("ADA@example.org"), text("ada@example.org")});
  EXPECT_EQ(in_sql(either).front(), Truth::kFalse);
}

TEST_F(PredicateInSql, one_of_none_is_false_also_where_the_field_is_null) {
  insert(Record(schema()));
  Predicate none;
  none.kind = Predicate::Kind::kIn;
  none.field = field("rank");
  EXPECT_EQ(in_sql(none).front(), Truth::kFalse);
  EXPECT_EQ(in_sql(Predicate::negate(none)).front(), Truth::kTrue);
}

// Of alternating groups down to the deepest, with as many parts as may be: both are for SQLite's parser.
Rule largest_rule() {
  auto rule = Rule::in("rank", std::vector<Value>(Rule::kMaxParts / 2, std::int64_t{7}));
  for (std::size_t level = 1; level < Rule::kMaxDepth - 1; ++level) {
    const auto beside = Rule::equals("published", true);
    rule = level % 3 == 0   ? Rule::all_of({beside, rule})
           : level % 3 == 1 ? Rule::any_of({beside, rule})
                            : Rule::negate(rule);
  }
  std::vector<Rule> many{rule};
  for (std::size_t count = 0; count < Rule::kMaxParts / 2 - 40; ++count) many.push_back(Rule::is_null("owner"));
  return Rule::any_of(std::move(many));
}

TEST_F(PredicateInSql, the_largest_rule_is_one_that_the_database_takes) {
  const auto record = insert(Record(schema()));
  const auto predicate = largest_rule().predicate(*schema(), nullptr);
  EXPECT_EQ(in_sql(predicate).front(), predicate.evaluate(record));
  const auto within = Predicate::all_of({predicate, Predicate::negate(Predicate::any_of({predicate, predicate}))});
  EXPECT_EQ(in_sql(within).front(), within.evaluate(record)) << "with room for what surrounds it";
}

}  // namespace
}  // namespace apiwright::access

// Rows that are made with their parts.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "apiwright/repositories/repository.hpp"
#include "apiwright/repositories/table.hpp"
#include "apiwright/validation/body_reader.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::repositories {
namespace {

using validation::Array;
using validation::BodyReader;
using validation::Field;
using validation::Mode;
using validation::Object;
using validation::Record;
using validation::Schema;
using validation::SumOfParts;

constexpr Timestamp kNow{};

validation::SchemaPtr lines() {
  static const auto kSchema = Schema::make(
      "Line", "lines",
      {Field::uuid("id").read_only(), Field::uuid("bill_id").references("bills"), Field::string("code").unique(),
       Field::integer("count"), Field::decimal("price", 12, 2), Field::date_time("created_at").read_only()});
  return kSchema;
}

validation::SchemaPtr bills(bool soft_delete = false) {
  std::vector<Field> fields{Field::uuid("id").read_only(), Field::parts("lines", lines(), "bill_id"),
                            Field::integer("pieces").set_to(SumOfParts{"lines", {"count"}}),
                            Field::decimal("total", 6, 3).set_to(SumOfParts{"lines", {"count", "price"}}),
                            Field::integer("version").read_only()};
  if (soft_delete) fields.push_back(Field::date_time("deleted_at").nullable().internal());
  return Schema::make("Bill", "bills", std::move(fields));
}

class RepositoryPartsTest : public testing::Test {
 protected:
  support::MigratedDatabase database;
  Repository rows{bills()};
  Repository parts{lines()};

  RepositoryPartsTest() { make_tables(*rows.schema()); }

  void make_tables(const Schema& whole) {
    database.write([&](data::Connection& connection) {
      create_table(connection, whole);
      create_table(connection, *lines());
    });
  }

  Record insert(std::string_view body) {
    auto record = BodyReader(rows.schema(), Mode::kCreate).read(body);
    return database.write(
        [&](data::Connection& connection) { return rows.insert(connection, std::move(record), kNow); });
  }

  std::string refusal(std::string_view body) {
    try {
      insert(body);
    } catch (const Error& error) {
      return error.details().front().field + " " + error.details().front().code;
    }
    return {};
  }

  std::int64_t count(const Repository& repository) {
    return database.read(
        [&](data::Connection& connection) { return repository.count(connection, {}, access::Predicate::always()); });
  }
};

constexpr auto kTwo = R"({"lines":[{"code":"a","count":3,"price":"0.10"},{"code":"b","count":1,"price":"1.99"}]})";

TEST_F(RepositoryPartsTest, a_row_its_parts_and_its_sums_are_stored_together) {
  const auto bill = insert(kTwo);
  EXPECT_EQ(bill.at("pieces").as<std::int64_t>(), 4);
  EXPECT_EQ(bill.at("total").as<Decimal>().to_string(), "2.290");
  const auto& made = bill.at("lines").as<Array>();
  ASSERT_EQ(made.size(), 2U);
  for (const auto& value : made) {
    const auto& line = *value.as<Object>().record;
    const auto stored = database.read([&](data::Connection& connection) {
      return parts.find(connection, line.at("id").as<Uuid>(), access::Predicate::always()).value();
    });
    EXPECT_EQ(stored.at("bill_id"), bill.at("id"));
    for (const auto& field : lines()->fields()) EXPECT_EQ(stored.at(field.name()), line.at(field.name()));
  }
}

TEST_F(RepositoryPartsTest, of_no_parts_the_sums_are_nothing) {
  const auto bill = insert(R"({"lines":[]})");
  EXPECT_EQ(bill.at("pieces").as<std::int64_t>(), 0);
  EXPECT_EQ(bill.at("total").as<Decimal>().to_string(), "0.000");
}

TEST_F(RepositoryPartsTest, a_sum_past_its_field_or_past_64_bits_is_refused) {
  const auto with = [](const std::string& count, const std::string& price) {
    return R"({"lines":[{"code":"a","count":)" + count + R"(,"price":")" + price + R"("}]})";
  };
  EXPECT_EQ(refusal(with("1", "999.99")), "");
  EXPECT_EQ(refusal(with("1", "1000")), "total max");
  EXPECT_EQ(refusal(with("-1", "1000")), "total min");
  EXPECT_EQ(refusal(with("9223372036854775807", "9999999999.99")), "total max");
  EXPECT_EQ(refusal(R"({"lines":[{"code":"x","count":9223372036854775807,"price":"0"},)"
                    R"({"code":"y","count":1,"price":"0"}]})"),
            "pieces max");
  EXPECT_EQ(count(rows), 1);
}

TEST_F(RepositoryPartsTest, what_the_table_refuses_of_a_part_is_named_in_its_place_and_nothing_stays) {
  insert(kTwo);
  EXPECT_EQ(refusal(R"({"lines":[{"code":"c","count":1,"price":"1"},{"code":"a","count":1,"price":"1"}]})"),
            "lines[1].code unique");
  EXPECT_EQ(count(rows), 1);
  EXPECT_EQ(count(parts), 2);
}

TEST_F(RepositoryPartsTest, rows_in_bulk_bring_theirs) {
  std::vector<Record> records;
  const BodyReader reader(rows.schema(), Mode::kCreate);
  records.push_back(reader.read(kTwo));
  records.push_back(reader.read(R"({"lines":[{"code":"c","count":5,"price":"1"}]})"));
  const auto ids = database.write(
      [&](data::Connection& connection) { return rows.insert_many(connection, std::move(records), kNow); });
  EXPECT_EQ(ids.size(), 2U);
  EXPECT_EQ(count(parts), 3);
}

TEST_F(RepositoryPartsTest, an_imported_row_keeps_the_sums_that_it_brings) {
  const auto reader = BodyReader::importing(rows.schema());
  std::vector<Record> records;
  records.push_back(reader.read(R"({"pieces":7,"total":"1.500"})"));
  const auto imported = database.write([&](data::Connection& connection) {
    return rows.import_many(connection, std::move(records), {std::nullopt}, OnConflict::kFail, kNow);
  });
  EXPECT_EQ(imported.stored, 1U);
  database.read([&](data::Connection& connection) {
    rows.list(connection, {}, access::Predicate::always(),
              [](const Row& row) { EXPECT_EQ(row.record().at("total").as<Decimal>().to_string(), "1.500"); });
  });
}

TEST_F(RepositoryPartsTest, parts_go_with_their_row_alone) {
  const auto bill = insert(kTwo).at("id").as<Uuid>();
  insert(R"({"lines":[{"code":"c","count":5,"price":"1"}]})");
  EXPECT_TRUE(database.write([&](data::Connection& connection) { return rows.remove(connection, bill, kNow); }));
  EXPECT_EQ(count(rows), 1);
  EXPECT_EQ(count(parts), 1);
}

TEST_F(RepositoryPartsTest, of_a_row_that_is_kept_they_are_kept) {
  support::MigratedDatabase other;
  const Repository kept(bills(true));
  other.write([&](data::Connection& connection) {
    create_table(connection, *kept.schema());
    create_table(connection, *lines());
    const auto bill = kept.insert(connection, BodyReader(kept.schema(), Mode::kCreate).read(kTwo), kNow);
    EXPECT_TRUE(kept.remove(connection, bill.at("id").as<Uuid>(), kNow));
    EXPECT_EQ(parts.count(connection, {}, access::Predicate::always()), 2);
  });
}

}  // namespace
}  // namespace apiwright::repositories

// Rows taken as they were somewhere else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "apiwright/repositories/repository.hpp"
#include "apiwright/repositories/table.hpp"
#include "apiwright/validation/body_reader.hpp"
#include "data/temporary_database.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using data::Connection;
using data::error_of;
using testing::ElementsAre;
using validation::BodyReader;
using validation::Field;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;

SchemaPtr pets() {
  static const SchemaPtr schema = Schema::make(
      "Pet", "pets",
      {Field::uuid("id").read_only(), Field::string("name").unique(),
       Field::integer("order").default_value(std::int64_t{0}), Field::uuid("parent_id").nullable().references("pets"),
       Field::integer("version").read_only(), Field::date_time("created_at").read_only(),
       Field::date_time("updated_at").read_only(), Field::date_time("deleted_at").nullable().internal()});
  return schema;
}

constexpr const char* kRex = "01000000-0000-7000-8000-000000000001";

class RepositoryImportsTest : public testing::Test {
 protected:
  RepositoryImportsTest() {
    database_.write([](Connection& connection) { create_table(connection, *pets()); });
  }

  [[nodiscard]] static Record row(const std::string& members) {
    return BodyReader::importing(pets()).read("{" + members + "}");
  }
  [[nodiscard]] static std::string rex(const std::string& more = "") {
    return R"("id": ")" + std::string(kRex) + R"(", "name": "Rex")" + more;
  }
  [[nodiscard]] Imported import(std::vector<Record> records, OnConflict on_conflict = OnConflict::kFail) const {
    const std::vector<std::optional<Uuid>> ids(records.size());
    return database_.write([&](Connection& connection) {
      return rows_.import_many(connection, std::move(records), ids, on_conflict, support::kStart);
    });
  }
  [[nodiscard]] std::vector<std::string> refused(std::vector<Record> records) const {
    const auto error = error_of([&] { static_cast<void>(import(std::move(records))); });
    EXPECT_EQ(error.code(), ErrorCode::kConflict);
    std::vector<std::string> told;
    for (const auto& detail : error.details()) told.push_back(detail.field + " " + detail.code);
    return told;
  }
  [[nodiscard]] Record stored(const char* id = kRex) const {
    return database_.read([&](Connection& connection) {
      return rows_.find(connection, Uuid::parse(id).value(), Predicate::always()).value();
    });
  }
  [[nodiscard]] std::int64_t count() const { return database_.integer("SELECT count(*) FROM pets"); }

  support::MigratedDatabase database_;
  Repository rows_{pets()};
};

TEST_F(RepositoryImportsTest, what_a_row_brings_is_kept) {
  const auto imported = import({row(rex(R"(, "version": 9, "createdAt": "2001-01-01T00:00:00.000Z",
                                           "updatedAt": "2002-01-01T00:00:00.000Z")"))});
  EXPECT_EQ(imported.stored, 1U);
  EXPECT_EQ(stored().at("version").as<std::int64_t>(), 9);
  EXPECT_LT(stored().at("created_at").as<Timestamp>(), stored().at("updated_at").as<Timestamp>());
  EXPECT_LT(stored().at("updated_at").as<Timestamp>(), support::kStart);
}

TEST_F(RepositoryImportsTest, what_it_lacks_is_as_of_a_new_row) {
  static_cast<void>(import({row(rex())}));
  EXPECT_EQ(stored().at("version").as<std::int64_t>(), 1);
  EXPECT_EQ(stored().at("created_at").as<Timestamp>(), support::kStart);
  EXPECT_EQ(stored().at("updated_at").as<Timestamp>(), support::kStart);
  EXPECT_TRUE(stored().at("deleted_at").is_null());
}

TEST_F(RepositoryImportsTest, a_row_without_an_id_gets_the_one_that_is_offered) {
  database_.write([&](Connection& connection) {
    return rows_.import_many(connection, {row(R"("name": "a")"), row(R"("name": "b")")},
                             {Uuid::parse(kRex), std::nullopt}, OnConflict::kFail, support::kStart);
  });
  EXPECT_EQ(stored().at("name").as<std::string>(), "a");
  EXPECT_EQ(count(), 2);
}

TEST_F(RepositoryImportsTest, a_row_that_is_there_is_left_alone) {
  static_cast<void>(import({row(rex(R"(, "order": 3)"))}));
  const auto again = import({row(rex()), row(rex(R"(, "order": 3, "version": 1)")), row(R"("name": "b")")});
  EXPECT_EQ(again.present, 2U) << "equal in all that was sent";
  EXPECT_EQ(again.stored, 1U);
  EXPECT_EQ(stored().at("order").as<std::int64_t>(), 3);
}

TEST_F(RepositoryImportsTest, a_row_that_is_there_with_other_values_is_refused_or_left_alone) {
  static_cast<void>(import({row(rex())}));
  EXPECT_THAT(refused({row(rex(R"(, "order": 3)"))}), ElementsAre("[0].id conflict"));
  const auto skipped = import({row(rex(R"(, "order": 3)"))}, OnConflict::kSkip);
  EXPECT_EQ(skipped.present, 1U);
  EXPECT_EQ(stored().at("order").as<std::int64_t>(), 0);
}

TEST_F(RepositoryImportsTest, a_row_that_was_deleted_does_not_come_back) {
  static_cast<void>(import({row(rex())}));
  database_.write(
      [&](Connection& connection) { return rows_.remove(connection, Uuid::parse(kRex).value(), support::kStart); });
  EXPECT_THAT(refused({row(rex())}), ElementsAre("[0].id conflict"));
  EXPECT_EQ(import({row(rex())}, OnConflict::kSkip).present, 1U);
  EXPECT_EQ(database_.integer("SELECT count(*) FROM pets WHERE deleted_at IS NULL"), 0);
}

TEST_F(RepositoryImportsTest, all_that_is_refused_is_named_and_nothing_stored) {
  EXPECT_THAT(refused({row(R"("name": "a")"), row(R"("name": "A")"),
                       row(R"("name": "b", "parentId": "01000000-0000-7000-8000-00000000dead")"),
                       row(R"("name": "c", "version": 0)"), row(R"("name": "d", "version": 9007199254740992)")}),
              ElementsAre("[1].name unique", "[2].parentId reference", "[3].version min", "[4].version max"));
  EXPECT_EQ(count(), 0);
}

TEST_F(RepositoryImportsTest, a_row_may_refer_to_one_before_it) {
  EXPECT_EQ(import({row(rex()), row(R"("name": "b", "parentId": ")" + std::string(kRex) + R"(")")}).stored, 2U);
}

TEST_F(RepositoryImportsTest, what_is_refused_is_told_a_hundred_times_at_most) {
  std::vector<Record> records(300, row(R"("name": "same")"));
  EXPECT_EQ(refused(std::move(records)).size(), 100U);
}

TEST_F(RepositoryImportsTest, as_many_ids_as_rows_are_needed_and_no_more_than_a_batch) {
  const auto run = [&](std::size_t rows, std::size_t ids) {
    database_.write([&](Connection& connection) {
      static_cast<void>(rows_.import_many(connection, std::vector<Record>(rows, row(R"("name": "a")")),
                                          std::vector<std::optional<Uuid>>(ids), OnConflict::kFail, support::kStart));
    });
  };
  EXPECT_THROW(run(1, 2), std::logic_error);
  EXPECT_THROW(run(Repository::kMaxBatch + 1, Repository::kMaxBatch + 1), std::logic_error);
}

TEST_F(RepositoryImportsTest, an_internal_field_is_not_for_a_file_to_set) {
  const auto error = error_of([&] { static_cast<void>(row(rex(R"(, "deletedAt": null)"))); });
  ASSERT_EQ(error.details().size(), 1U);
  EXPECT_EQ(error.details().front().code, "unknown");
}

}  // namespace
}  // namespace apiwright::repositories

// Changes by id, batches and references.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "apiwright/repositories/repository.hpp"
#include "apiwright/repositories/table.hpp"
#include "data/temporary_database.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using data::Connection;
using data::error_of;
using testing::ElementsAre;
using validation::Field;
using validation::Null;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;

SchemaPtr owners() { return Schema::make("Owner", "owners", {Field::uuid("id").read_only(), Field::string("name")}); }

SchemaPtr pets() {
  return Schema::make(
      "Pet", "pets",
      {Field::uuid("id").read_only(), Field::string("name").unique().searchable(),
       Field::integer("order").default_value(std::int64_t{0}), Field::uuid("owner_id").nullable().references("owners"),
       Field::uuid("former_owner_id").nullable().references("owners"), Field::integer("version").read_only()});
}

class RepositoryWritesTest : public testing::Test {
 protected:
  RepositoryWritesTest() {
    write([](Connection& it) { create_table(it, *owners()); });
    write([](Connection& it) { create_table(it, *pets()); });
  }

  template <typename Run>
  void write(const Run& run) const {
    database_->write(run);
  }
  template <typename Run>
  void read(const Run& run) const {
    database_->read(run);
  }

  static Record pet(const std::string& name) {
    Record record(pets());
    record.set("name", name);
    record.set("order", std::int64_t{0});
    return record;
  }

  Record add(Record record) const {
    std::optional<Record> stored;
    const Repository& rows = record.schema().table() == "pets" ? pets_ : owners_;
    write([&](Connection& it) { stored = rows.insert(it, record, support::kStart); });
    return *stored;
  }
  Uuid add_owner() const {
    Record owner(owners());
    owner.set("name", std::string("Ada"));
    return add(std::move(owner)).at("id").as<Uuid>();
  }
  Error insert_error(const Record& record) const {
    return error_of([&] { add(record); });
  }
  std::int64_t pet_count() const {
    std::int64_t found = -1;
    read([&](Connection& it) { found = pets_.count(it, {}, Predicate::always()); });
    return found;
  }
  std::optional<Record> rename(const Uuid& id, const std::string& name, std::optional<std::int64_t> version) const {
    Record changes(pets());
    changes.set("name", name);
    std::optional<Record> after;
    write([&](Connection& it) { after = pets_.update(it, id, changes, version, support::kStart); });
    return after;
  }
  bool remove(const Uuid& id, std::optional<std::int64_t> version) const {
    bool removed = false;
    write([&](Connection& it) { removed = pets_.remove(it, id, version, support::kStart); });
    return removed;
  }
  std::vector<Uuid> add_many(std::vector<Record> records) const {
    std::vector<Uuid> ids;
    write([&](Connection& it) { ids = pets_.insert_many(it, std::move(records), support::kStart); });
    return ids;
  }

  data::TemporaryFolder folder_;
  std::unique_ptr<data::Database> database_ = data::Database::open(folder_.url());
  Repository owners_{owners()};
  Repository pets_{pets()};
};

TEST_F(RepositoryWritesTest, a_change_by_id_gives_the_row_as_stored) {
  const auto id = add(pet("Rex")).at("id").as<Uuid>();
  const auto after = rename(id, "Max", std::nullopt);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->at("name").as<std::string>(), "Max");
  EXPECT_EQ(after->at("version").as<std::int64_t>(), 2);
}

TEST_F(RepositoryWritesTest, a_change_of_a_version_gone_by_is_refused) {
  const auto id = add(pet("Rex")).at("id").as<Uuid>();
  EXPECT_TRUE(rename(id, "Max", 1));
  EXPECT_EQ(error_of([&] { rename(id, "Moritz", 1); }).code(), ErrorCode::kPreconditionFailed);
  EXPECT_EQ(rename(id, "Moritz", 2)->at("version").as<std::int64_t>(), 3);
}

TEST_F(RepositoryWritesTest, a_change_of_nothing_finds_nothing) {
  EXPECT_FALSE(rename(Uuid{}, "Max", std::nullopt));
  EXPECT_FALSE(rename(Uuid{}, "Max", 1));
  EXPECT_FALSE(remove(Uuid{}, std::nullopt));
  EXPECT_FALSE(remove(Uuid{}, 1));
}

TEST_F(RepositoryWritesTest, a_removal_of_a_version_gone_by_is_refused) {
  const auto id = add(pet("Rex")).at("id").as<Uuid>();
  EXPECT_EQ(error_of([&] { remove(id, 2); }).code(), ErrorCode::kPreconditionFailed);
  EXPECT_TRUE(remove(id, 1));
  EXPECT_EQ(pet_count(), 0);
}

TEST_F(RepositoryWritesTest, a_version_where_none_is_kept_is_a_mistake) {
  const auto id = add_owner();
  EXPECT_THROW(write([&](Connection& it) { owners_.remove(it, id, 1, support::kStart); }), std::logic_error);
}

TEST_F(RepositoryWritesTest, a_reference_to_nothing_is_named) {
  auto record = pet("Rex");
  record.set("former_owner_id", add_owner());
  record.set("owner_id", Uuid{});
  const auto error = insert_error(record);
  EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
  EXPECT_THAT(error.details(), ElementsAre(Detail{"ownerId", "Refers to nothing that exists.", "reference"}));
}

TEST_F(RepositoryWritesTest, every_reference_to_nothing_is_named) {
  auto record = pet("Rex");
  record.set("owner_id", Uuid{});
  record.set("former_owner_id", Uuid{});
  EXPECT_EQ(insert_error(record).details().size(), 2U);
  EXPECT_EQ(pet_count(), 0);
}

TEST_F(RepositoryWritesTest, a_change_to_a_reference_to_nothing_is_named_and_not_stored) {
  const auto id = add(pet("Rex")).at("id").as<Uuid>();
  Record changes(pets());
  changes.set("owner_id", Uuid{});
  const auto error = error_of([&] {
    write([&](Connection& it) { static_cast<void>(pets_.update(it, id, changes, std::nullopt, support::kStart)); });
  });
  EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
  EXPECT_EQ(error.details().at(0).field, "ownerId");
}

TEST_F(RepositoryWritesTest, a_row_that_is_referred_to_stays) {
  const auto owner = add_owner();
  auto record = pet("Rex");
  record.set("owner_id", owner);
  add(record);
  const auto error = error_of([&] { write([&](Connection& it) { owners_.remove(it, owner, support::kStart); }); });
  EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
  EXPECT_TRUE(error.details().empty());
}

TEST_F(RepositoryWritesTest, many_rows_are_stored_in_their_order) {
  const auto ids = add_many({pet("A"), pet("B"), pet("C")});
  ASSERT_EQ(ids.size(), 3U);
  EXPECT_LT(ids[0].to_string(), ids[1].to_string());
  read([&](Connection& it) {
    EXPECT_EQ(pets_.find(it, ids[1], Predicate::always())->at("name").as<std::string>(), "B");
  });
  EXPECT_TRUE(add_many({}).empty());
}

TEST_F(RepositoryWritesTest, one_of_many_that_is_refused_is_named_and_none_is_stored) {
  add(pet("Rex"));
  auto error = error_of([&] { add_many({pet("A"), pet("B"), pet("REX")}); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_EQ(error.details().at(0).field, "[2].name");
  auto dangling = pet("C");
  dangling.set("owner_id", Uuid{});
  error = error_of([&] { add_many({pet("A"), dangling}); });
  EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
  EXPECT_EQ(error.details().at(0).field, "[1].ownerId");
  EXPECT_EQ(pet_count(), 1);
}

TEST_F(RepositoryWritesTest, more_rows_at_once_than_allowed_are_a_mistake) {
  const std::vector<Record> many(Repository::kMaxBatch + 1, pet("A"));
  EXPECT_THROW(add_many(many), std::logic_error);
}

TEST_F(RepositoryWritesTest, all_rows_are_walked_through_by_id) {
  std::vector<Record> records;
  for (int i = 0; i < 25; ++i) records.push_back(pet("Pet " + std::to_string(i)));
  const auto ids = add_many(std::move(records));
  std::vector<Uuid> seen;
  std::optional<Uuid> last;
  bool more = true;
  while (more) {
    const auto before = seen.size();
    read([&](Connection& it) {
      pets_.list_after(it, last, 10, {}, Predicate::always(),
                       [&](const Row& row) { seen.push_back(row.record().at("id").as<Uuid>()); });
    });
    more = seen.size() > before;
    if (more) last = seen.back();
  }
  EXPECT_EQ(seen, ids);
}

TEST_F(RepositoryWritesTest, walking_keeps_to_the_filters) {
  add_many({pet("A"), pet("B")});
  ListQuery query;
  query.filters.push_back({pets()->index_of("name"), std::string("b")});
  std::vector<std::string> names;
  read([&](Connection& it) {
    pets_.list_after(it, std::nullopt, 10, query, Predicate::always(),
                     [&](const Row& row) { names.push_back(row.record().at("name").as<std::string>()); });
  });
  EXPECT_THAT(names, ElementsAre("B"));
}

TEST_F(RepositoryWritesTest, rows_without_a_value_are_found_by_null) {
  auto owned = pet("Owned");
  owned.set("owner_id", add_owner());
  add(owned);
  add(pet("Stray"));
  ListQuery query;
  query.filters.push_back({pets()->index_of("owner_id"), Null{}});
  read([&](Connection& it) { EXPECT_EQ(pets_.count(it, query, Predicate::always()), 1); });
}

TEST_F(RepositoryWritesTest, a_new_row_has_the_servers_time_unless_it_brings_one_and_needs_its_user) {
  const auto schema =
      Schema::make("Visit", "visits",
                   {Field::uuid("id").read_only(), Field::date_time("at").set_to(validation::ServerValue::kNow),
                    Field::uuid("guest_id").set_to(validation::ServerValue::kCurrentUser).nullable(),
                    Field::uuid("host_id").set_to(validation::ServerValue::kCurrentUser)});
  const Repository visits(schema);
  write([&](Connection& it) { create_table(it, *schema); });
  write([&](Connection& it) {
    Record visit(schema);
    visit.set("host_id", Uuid{});
    const auto stored = visits.insert(it, visit, support::kStart);
    EXPECT_EQ(stored.at("at").as<Timestamp>(), support::kStart);
    EXPECT_TRUE(stored.at("guest_id").is_null());
    visit.set("at", Timestamp{});
    EXPECT_EQ(visits.insert(it, visit, support::kStart).at("at").as<Timestamp>(), Timestamp{});
    const auto error = error_of([&] { static_cast<void>(visits.insert(it, Record(schema), support::kStart)); });
    EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    EXPECT_EQ(error.details().at(0).field, "hostId");
    EXPECT_EQ(error.details().at(0).code, "required");
  });
}

}  // namespace
}  // namespace apiwright::repositories

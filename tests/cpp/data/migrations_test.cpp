#include "apiwright/data/migrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "data/temporary_database.hpp"

namespace apiwright::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MigrationsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(files_);
    put("0001_cats.up.sql", "CREATE TABLE cats (id INTEGER); INSERT INTO cats VALUES (1);");
    put("0001_cats.down.sql", "DROP TABLE cats;");
    put("0002_dogs.up.sql", "CREATE TABLE dogs (id INTEGER);\nCREATE INDEX dogs_id ON dogs (id);");
    put("0002_dogs.down.sql", "DROP TABLE dogs;");
  }

  void put(const std::string& name, const std::string& text) const { std::ofstream(files_ / name) << text; }
  void remove(const std::string& name) const { std::filesystem::remove(files_ / name); }
  [[nodiscard]] Migrations migrations(const std::string& scope = "test") const { return {scope, files_}; }
  Connection& connection() { return *connection_; }
  Database& database() { return *database_; }
  const Clock& clock() { return clock_; }
  [[nodiscard]] const std::filesystem::path& files() const { return files_; }

  std::vector<std::string> refused_files() {
    std::vector<std::string> files;
    const auto error = error_of([&] { static_cast<void>(migrations()); });
    EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    for (const auto& detail : error.details()) files.push_back(detail.field);
    return files;
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path files_ = folder_.path() / "migrations";
  ManualClock clock_{Timestamp(std::chrono::milliseconds(1'700'000'000'000))};
  std::unique_ptr<Database> database_ = Database::open(folder_.url());
  std::unique_ptr<Connection> connection_ = database_->connect();
};

TEST_F(MigrationsTest, UpDownAndUpAgain) {
  const auto all = migrations();
  EXPECT_THAT(all.up(connection(), clock()), ElementsAre("0001_cats", "0002_dogs"));
  EXPECT_TRUE(connection().has_table("dogs"));
  EXPECT_THAT(all.up(connection(), clock()), IsEmpty());
  EXPECT_THAT(all.down(connection(), 1), ElementsAre("0002_dogs"));
  EXPECT_FALSE(connection().has_table("dogs"));
  EXPECT_TRUE(connection().has_table("cats"));
  EXPECT_THAT(all.up(connection(), clock()), ElementsAre("0002_dogs"));
  EXPECT_THAT(all.down(connection(), 9), ElementsAre("0002_dogs", "0001_cats"));
  EXPECT_FALSE(connection().has_table("cats"));
  EXPECT_THAT(all.down(connection(), 1), IsEmpty());
  EXPECT_THAT(all.up(connection(), clock()), ElementsAre("0001_cats", "0002_dogs"));
}

TEST_F(MigrationsTest, StatusTellsWhenEachWasApplied) {
  static_cast<void>(migrations().up(connection(), clock()));
  static_cast<void>(migrations().down(connection(), 1));
  const auto status = migrations().status(connection());
  ASSERT_EQ(status.size(), 2U);
  EXPECT_EQ(status[0].migration.name, "cats");
  EXPECT_EQ(status[0].applied_at, clock().now());
  EXPECT_FALSE(status[1].applied_at);
  EXPECT_EQ(migrations().pending(connection()), 1U);
}

TEST_F(MigrationsTest, StatusOfAnEmptyDatabaseWritesNothing) {
  database().read([&](Connection& reader) { EXPECT_EQ(migrations().pending(reader), 2U); });
  EXPECT_FALSE(connection().has_table("schema_migrations"));
  EXPECT_THAT(migrations().down(connection(), 1), IsEmpty());
  EXPECT_FALSE(connection().has_table("schema_migrations"));
}

TEST_F(MigrationsTest, AFailingMigrationLeavesNothingOfItselfAndKeepsTheOnesBefore) {
  put("0002_dogs.up.sql", "CREATE TABLE dogs (id INTEGER); INSERT INTO nothing VALUES (1);");
  EXPECT_EQ(error_of([&] { migrations().up(connection(), clock()); }).code(), ErrorCode::kInternal);
  EXPECT_TRUE(connection().has_table("cats"));
  EXPECT_FALSE(connection().has_table("dogs"));
  EXPECT_EQ(migrations().pending(connection()), 1U);
}

TEST_F(MigrationsTest, AFailingMigrationIsToBlameByItsName) {
  static_cast<void>(migrations().up(connection(), clock()));
  const auto message_of = [&](const std::string& up) {
    put("0003_birds.up.sql", up);
    put("0003_birds.down.sql", "");
    return error_of([&] { migrations().up(connection(), clock()); }).message();
  };
  EXPECT_EQ(message_of("INSERT INTO nothing VALUES (1);"),
            "The migration 0003_birds cannot be run: The database refused a statement. Nothing of it is kept.");
  EXPECT_EQ(message_of("CREATE UNIQUE INDEX birds_id ON cats (id); INSERT INTO cats VALUES (1);"),
            "The migration 0003_birds cannot be run: several rows have one value of cats.id.");
}

TEST_F(MigrationsTest, AMigrationThatLeavesARowWithoutWhatItRefersToIsRefused) {
  put("0003_birds.up.sql",
      "CREATE TABLE birds (cat INTEGER REFERENCES owners (id)); CREATE TABLE owners (id INTEGER PRIMARY KEY);"
      "INSERT INTO birds VALUES (5);");
  put("0003_birds.down.sql", "DROP TABLE birds; DROP TABLE owners;");
  const auto error = error_of([&] { migrations().up(connection(), clock()); });
  EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
  EXPECT_EQ(error.message(),
            "The migration 0003_birds cannot be run: It would leave rows of birds that refer to rows of owners which "
            "are not there. Nothing of it is kept.");
  EXPECT_FALSE(connection().has_table("birds"));
  EXPECT_EQ(migrations().pending(connection()), 1U);
}

TEST_F(MigrationsTest, AnEditedMigrationIsRefusedByName) {
  static_cast<void>(migrations().up(connection(), clock()));
  for (const auto* half : {"0001_cats.up.sql", "0001_cats.down.sql"}) {
    put(half, "-- edited");
    const auto edited = migrations();
    for (const auto& error : {error_of([&] { static_cast<void>(edited.status(connection())); }),
                              error_of([&] { edited.up(connection(), clock()); })}) {
      EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
      EXPECT_THAT(error.what(), HasSubstr("0001_cats"));
      ASSERT_EQ(error.details().size(), 1U);
      EXPECT_EQ(error.details().front().field, "0001_cats");
    }
    EXPECT_EQ(error_of([&] { edited.down(connection(), 2); }).code(), ErrorCode::kUnprocessable);
    EXPECT_TRUE(connection().has_table("cats"));
  }
}

TEST_F(MigrationsTest, ANewerReleasesMigrationDisturbsNothingButDown) {
  static_cast<void>(migrations().up(connection(), clock()));
  remove("0002_dogs.up.sql");
  remove("0002_dogs.down.sql");
  const auto older = migrations();
  EXPECT_EQ(older.pending(connection()), 0U);
  EXPECT_THAT(older.up(connection(), clock()), IsEmpty());
  EXPECT_EQ(error_of([&] { older.down(connection(), 1); }).code(), ErrorCode::kUnprocessable);
  EXPECT_TRUE(connection().has_table("cats"));
}

TEST_F(MigrationsTest, ScopesDoNotSeeEachOther) {
  static_cast<void>(migrations("one").up(connection(), clock()));
  EXPECT_EQ(migrations("one").pending(connection()), 0U);
  EXPECT_EQ(migrations("two").pending(connection()), 2U);
  EXPECT_THAT(migrations("two").down(connection(), 1), IsEmpty());
}

TEST_F(MigrationsTest, ManyThatMigrateAtOnceApplyEachOnce) {
  const auto all = migrations();
  std::atomic<std::size_t> applied = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto own = database().connect();
      applied += all.up(*own, clock()).size();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(applied, 2U);
  EXPECT_EQ(integer_of(connection(), "SELECT count(*) FROM cats"), 1);
}

TEST_F(MigrationsTest, TheChecksumIsBlake2bOfBothTexts) {
  put("0001_cats.up.sql", "a");
  put("0001_cats.down.sql", "b");
  // b2sum -l 256 of "a", NUL, "b"
  EXPECT_EQ(migrations().all().front().checksum, "f2c67fb755da2d22dea00c49aa161fa4457ada51c50260da341260b4752f74d1");
  put("0001_cats.up.sql", "ab");
  put("0001_cats.down.sql", "");
  EXPECT_NE(migrations().all().front().checksum, "f2c67fb755da2d22dea00c49aa161fa4457ada51c50260da341260b4752f74d1");
}

TEST_F(MigrationsTest, FilesThatAreNoMigrationsAreLeftAlone) {
  put("README.md", "text");
  put(".gitkeep", "");
  EXPECT_EQ(migrations().all().size(), 2U);
}

TEST_F(MigrationsTest, EveryWrongFileIsNamed) {
  remove("0002_dogs.down.sql");
  put("3_birds.up.sql", "");
  put("0003_Birds.up.sql", "");
  put("0003_.up.sql", "");
  put("0003_birds.sql", "");
  EXPECT_THAT(refused_files(), ElementsAre("0002_dogs.down.sql", "0003_.up.sql", "0003_Birds.up.sql", "0003_birds.sql",
                                           "3_birds.up.sql"));
}

TEST_F(MigrationsTest, AGapInTheVersionsIsRefused) {
  put("0004_birds.up.sql", "");
  put("0004_birds.down.sql", "");
  EXPECT_THAT(refused_files(), ElementsAre("0004_birds"));
}

TEST_F(MigrationsTest, AVersionTakenTwiceIsRefused) {
  put("0002_birds.up.sql", "");
  put("0002_birds.down.sql", "");
  EXPECT_EQ(refused_files().size(), 2U);
}

TEST_F(MigrationsTest, AMissingFolderIsRefused) {
  std::filesystem::remove_all(files());
  EXPECT_THAT(refused_files(), ElementsAre("migrations"));
}

}  // namespace
}  // namespace apiwright::data

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "data/temporary_database.hpp"

namespace apiwright::data {
namespace {

TEST(DatabaseUrlTest, OthersThanFilesAndDatabasesAreRefusedNamingTheSetting) {
  for (const auto* url : {"", "mysql://user:secret@host/db", "postgresql://user:secret@host", "sqlite:", "sqlite://",
                          "sqlite:///", "sqlite:///:memory:", "sqlite://host/file.db", "sqlite:///./a.db?mode=ro",
                          "sqlite:///./a.db#x", "sqlite:///./a%2", "sqlite:///./a%zz.db", "sqlite:///./a%00.db",
                          "sqlite:////no/such/folder/a.db", "sqlite:////tmp", "sqlite:////tmp/"}) {
    const auto error = error_of([&] { static_cast<void>(Database::open(url)); });
    EXPECT_EQ(error.code(), ErrorCode::kValidationError) << url;
    ASSERT_EQ(error.details().size(), 1U) << url;
    EXPECT_EQ(error.details().front().field, "DATABASE_URL") << url;
    EXPECT_THAT(error.what(), testing::HasSubstr("DATABASE_URL")) << url;
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("secret"))) << url;
  }
}

TEST(DatabaseUrlTest, AServersDatabaseIsTakenWithoutConnecting) {
  for (const auto* url : {"postgresql://user:secret@host.invalid/db?sslmode=verify-full", "postgres:///db"}) {
    EXPECT_NE(Database::open(url), nullptr) << url;
  }
}

TEST(DatabaseUrlTest, AWrongDirectUrlIsRefusedByItsOwnName) {
  for (const auto* direct : {"postgresql://user:secret@host", "sqlite:///a.db"}) {
    const auto open = [&] { static_cast<void>(Database::open("postgresql://host/db", {.direct_url = direct})); };
    const auto error = error_of(open);
    EXPECT_EQ(error.code(), ErrorCode::kValidationError) << direct;
    ASSERT_EQ(error.details().size(), 1U) << direct;
    EXPECT_EQ(error.details().front().field, "DATABASE_DIRECT_URL") << direct;
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("secret"))) << direct;
  }
  const auto of_file = [] { static_cast<void>(Database::open("sqlite:///a.db", {.direct_url = "postgresql://h/d"})); };
  EXPECT_EQ(error_of(of_file).details().front().field, "DATABASE_DIRECT_URL");
}

TEST(DatabaseUrlTest, EscapesAreDecodedAndRelativePathsBeginInTheWorkingFolder) {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const auto relative = Database::open("sqlite:///./file%3A%20%23one.db");
  const auto named_like_a_uri = Database::open("sqlite:///file:two.db");
  std::filesystem::current_path(before);
  relative->read([](Connection&) {});
  named_like_a_uri->read([](Connection&) {});
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "file: #one.db"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "file:two.db"));
}

}  // namespace
}  // namespace apiwright::data

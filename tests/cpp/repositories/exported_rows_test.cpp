#include "apiwright/repositories/exported_rows.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/people.hpp"

namespace apiwright::repositories {
namespace {

class ExportedRowsTest : public testing::Test {
 protected:
  support::People people;

  [[nodiscard]] ExportedRows begin() const {
    return {std::make_shared<Repository>(users_schema()), people.database->connect()};
  }
  [[nodiscard]] static std::string all_of(ExportedRows& rows, std::int64_t limit) {
    std::string lines;
    for (std::string piece = rows.next(limit); !piece.empty(); piece = rows.next(limit)) lines += piece;
    return lines;
  }
  [[nodiscard]] static std::int64_t count_of(std::string_view lines) {
    return std::count(lines.begin(), lines.end(), '\n');
  }
};

TEST_F(ExportedRowsTest, of_no_rows_nothing_is_told) {
  auto rows = begin();
  EXPECT_EQ(rows.total(), 0);
  EXPECT_EQ(rows.next(10), "");
  EXPECT_EQ(rows.next(10), "");
}

TEST_F(ExportedRowsTest, a_row_is_what_an_answer_shows_and_no_more) {
  const auto id = people.add_user("ada@example.org", {"admin"});
  auto rows = begin();
  EXPECT_EQ(rows.next(10), R"({"id":")" + id.to_string() +
                               R"(","email":"ada@example.org","name":"Ada Lovelace","status":"active",)"
                               R"("roles":["admin"],"version":1,"createdAt":"2026-01-01T00:00:00.000Z",)"
                               R"("updatedAt":"2026-01-01T00:00:00.000Z"})"
                               "\n");
}

TEST_F(ExportedRowsTest, every_row_comes_once_whatever_is_read_at_a_time) {
  for (int i = 0; i < 7; ++i) static_cast<void>(people.add_user("user" + std::to_string(i) + "@example.org"));
  for (const int limit : {1, 2, 6, 7, 8}) {
    auto rows = begin();
    EXPECT_EQ(rows.total(), 7);
    EXPECT_EQ(count_of(all_of(rows, limit)), 7) << limit;
  }
}

TEST_F(ExportedRowsTest, what_is_written_meanwhile_is_not_seen) {
  const auto ada = people.add_user("ada@example.org");
  static_cast<void>(people.add_user("bob@example.org"));
  auto rows = begin();
  std::string lines = rows.next(1);
  static_cast<void>(people.add_user("cleo@example.org"));
  EXPECT_TRUE(people.remove(ada));
  lines += all_of(rows, 1);
  EXPECT_EQ(count_of(lines), 2);
  EXPECT_EQ(lines.find("cleo"), std::string::npos);
}

TEST_F(ExportedRowsTest, deleted_rows_are_not_exported) {
  people.remove(people.add_user("ada@example.org"));
  auto rows = begin();
  EXPECT_EQ(rows.total(), 0);
  EXPECT_EQ(rows.next(10), "");
}

}  // namespace
}  // namespace apiwright::repositories

#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/database_fixture.hpp"

namespace apiwright::data {

/// Works handed to the writer while it is busy, so that they share what comes next; and what each was told. `before` is
/// called on the writer between what keeps it busy and the group.
class Group {
 public:
  explicit Group(
      Database& database, std::function<void()> before = [] {})
      : database_(database), gate_(database, std::move(before)) {}

  void add(
      std::function<void(Connection&)> run, std::function<void()> told = [] {}) {
    auto end = std::make_shared<std::promise<std::exception_ptr>>();
    ends_.push_back(end->get_future());
    database_.submit_write({.run = std::move(run),
                            // A second telling throws here, and so ends the program.
                            .done = [end, told = std::move(told)](const std::exception_ptr& failure) {
                              told();
                              end->set_value(failure);
                            }});
  }

  /// Lets the writer go on: what each was told, in the order of submission.
  std::vector<std::exception_ptr> told() {
    gate_.open();
    std::vector<std::exception_ptr> failures;
    for (auto& end : ends_) failures.push_back(end.get());
    return failures;
  }

 private:
  Database& database_;
  Gate gate_;
  std::deque<std::future<std::exception_ptr>> ends_;
};

inline std::uint32_t big_endian(const char* bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// Commits in the write-ahead log since it began: its frames that carry the database's size
/// (https://sqlite.org/fileformat2.html#walformat).
inline int commits_in_log(const TemporaryFolder& folder) {
  std::ifstream log(folder.file().string() + "-wal", std::ios::binary);
  std::array<char, 32> header{};
  std::array<char, 24> frame{};
  log.read(header.data(), header.size());
  const auto page_size = big_endian(header.data() + 8);
  int commits = 0;
  while (log.read(frame.data(), frame.size())) {
    if (big_endian(frame.data() + 4) != 0) ++commits;
    log.seekg(page_size, std::ios::cur);
  }
  return commits;
}

class GroupTest : public DatabaseTest {
 protected:
  static std::function<void(Connection&)> inserting(std::int64_t id) {
    return [id](Connection& connection) {
      const auto row = connection.prepare("INSERT INTO notes (id, text) VALUES (?, 'x')");
      row->bind(1, id);
      row->step();
    };
  }

  static std::function<void(Connection&)> throwing_after(std::int64_t id) {
    return [id](Connection& connection) {
      inserting(id)(connection);
      throw std::logic_error("mine");
    };
  }

  /// The ids that are stored, as another program sees them.
  [[nodiscard]] std::string stored() const {
    const auto other = Database::open(folder().url())->connect();
    return text_of(*other, "SELECT group_concat(id) FROM (SELECT id FROM notes ORDER BY id)");
  }

  static void expect_unavailable(const std::vector<std::exception_ptr>& told) {
    for (const auto& failure : told) {
      ASSERT_TRUE(failure);
      const auto error = error_of([&] { std::rethrow_exception(failure); });
      EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
      EXPECT_TRUE(error.retry_after());
    }
  }
};

}  // namespace apiwright::data

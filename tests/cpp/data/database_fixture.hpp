#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "apiwright/data/database.hpp"
#include "data/temporary_database.hpp"

namespace apiwright::data {

/// A connection of another program, as far as locks go.
class Stranger {
 public:
  explicit Stranger(const TemporaryFolder& folder) { sqlite3_open(folder.file().c_str(), &native_); }
  ~Stranger() { sqlite3_close(native_); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  int run(const char* sql) { return sqlite3_exec(native_, sql, nullptr, nullptr, nullptr); }

 private:
  sqlite3* native_ = nullptr;
};

/// Keeps the writer busy from construction until open(); `told` is called before it goes on.
class Gate {
 public:
  explicit Gate(
      Database& database, std::function<void()> told = [] {}) {
    auto entered = std::make_shared<std::promise<void>>();
    auto inside = entered->get_future();
    database.submit_write({.run =
                               [entered, released = released_](Connection&) {
                                 entered->set_value();
                                 released.wait();
                               },
                           .done = [told = std::move(told)](const std::exception_ptr&) { told(); }});
    inside.wait();
  }
  void open() { release_.set_value(); }

 private:
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

class DatabaseTest : public testing::Test {
 protected:
  std::unique_ptr<Database> open(DatabaseOptions options = {}) {
    auto database = Database::open(folder_.url(), options);
    database->write([](Connection& connection) {
      connection.execute_script("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT)");
    });
    return database;
  }

  static void add(Database& database, const std::string& text) {
    database.write([&](Connection& connection) { insert(connection, text); });
  }

  static void insert(Connection& connection, const std::string& text) {
    const auto row = connection.prepare("INSERT INTO notes (text) VALUES (?)");
    row->bind(1, text);
    row->step();
  }

  static std::int64_t count(Database& database) {
    std::int64_t found = 0;
    database.read([&](Connection& connection) { found = integer_of(connection, "SELECT count(*) FROM notes"); });
    return found;
  }

  static ErrorCode code_of(const std::exception_ptr& failure) {
    return error_of([&] { std::rethrow_exception(failure); }).code();
  }

  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
};

}  // namespace apiwright::data

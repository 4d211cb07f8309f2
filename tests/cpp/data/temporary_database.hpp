#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "apiwright/base/error.hpp"
#include "apiwright/data/database.hpp"

namespace apiwright::data {

/// A folder that goes away with the test, and URLs of databases in it.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(std::filesystem::temp_directory_path() / "apiwright-XXXXXX") {
    auto text = path_.string();
    if (::mkdtemp(text.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = text;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path file() const { return path_ / "test.db"; }
  [[nodiscard]] std::string url() const { return "sqlite:///" + file().string(); }

 private:
  std::filesystem::path path_;
};

/// What `action` throws as Error; a test failure when it does not.
template <typename Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(ErrorCode::kInternal, "nothing was thrown");
}

inline void execute(Connection& connection, std::string_view sql) { connection.prepare(sql)->step(); }

inline std::int64_t integer_of(Connection& connection, std::string_view sql) {
  const auto row = connection.prepare(sql);
  return row->step() ? row->integer(0) : -1;
}

inline std::string text_of(Connection& connection, std::string_view sql) {
  const auto row = connection.prepare(sql);
  return row->step() ? std::string(row->text(0)) : std::string();
}

}  // namespace apiwright::data

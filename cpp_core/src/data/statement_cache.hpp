#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "data/sqlite_statement.hpp"

namespace apiwright::data {

/// A connection's prepared statements by their text, the most recently used first. One thread at a time.
class StatementCache {
 public:
  static constexpr std::size_t kLimit = 256;

  explicit StatementCache(SqliteHandle& handle) noexcept : handle_(handle) {}

  /// A lent statement with this text: a kept one, else a new one. Past the limit the least recently used that nobody
  /// holds is dropped.
  SqliteStatement& lend(std::string_view sql);

 private:
  struct Entry {
    Entry(SqliteHandle& handle, std::string_view text) : sql(text), statement(handle, sql) {}
    std::string sql;
    SqliteStatement statement;
  };
  using Entries = std::list<Entry>;

  void drop_one();

  SqliteHandle& handle_;
  Entries entries_;
  std::unordered_multimap<std::string_view, Entries::iterator> by_sql_;  // the keys are the entries' own texts
};

}  // namespace apiwright::data

#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace apiwright::data {

/// A connection's prepared statements by their text, the most recently used first. One thread at a time. `Native` is
/// the database's own Statement, made of what its connection shares with it (`Handle`) and its text.
template <typename Native, typename Handle>
class StatementCache {
 public:
  static constexpr std::size_t kLimit = 256;

  explicit StatementCache(Handle& handle) noexcept : handle_(handle) {}

  /// A lent statement with this text: a kept one, else a new one. Past the limit the least recently used that nobody
  /// holds is dropped.
  Native& lend(std::string_view sql) {
    const auto [begin, end] = by_sql_.equal_range(sql);
    const auto found = std::find_if(begin, end, [](const auto& pair) { return !pair.second->statement.lent(); });
    if (found != end) {
      entries_.splice(entries_.begin(), entries_, found->second);
    } else {
      entries_.emplace_front(handle_, sql);
      by_sql_.emplace(entries_.front().sql, entries_.begin());
    }
    entries_.front().statement.lend();
    if (entries_.size() > kLimit) drop_one();
    return entries_.front().statement;
  }

 private:
  struct Entry {
    Entry(Handle& handle, std::string_view text) : sql(text), statement(handle, sql) {}
    std::string sql;
    Native statement;
  };
  using Entries = std::list<Entry>;

  void drop_one() {
    const auto last =
        std::find_if(entries_.rbegin(), entries_.rend(), [](const Entry& entry) { return !entry.statement.lent(); });
    if (last == entries_.rend()) return;
    const auto victim = std::prev(last.base());
    const auto [begin, end] = by_sql_.equal_range(victim->sql);
    const auto key = std::find_if(begin, end, [&](const auto& pair) { return pair.second == victim; });
    if (key != end) by_sql_.erase(key);
    entries_.erase(victim);
  }

  Handle& handle_;
  Entries entries_;
  std::unordered_multimap<std::string_view, typename Entries::iterator> by_sql_;  // the keys are the entries' own texts
};

}  // namespace apiwright::data

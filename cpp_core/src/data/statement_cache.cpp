#include "data/statement_cache.hpp"

#include <algorithm>
#include <iterator>

namespace apiwright::data {

SqliteStatement& StatementCache::lend(std::string_view sql) {
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

void StatementCache::drop_one() {
  const auto last =
      std::find_if(entries_.rbegin(), entries_.rend(), [](const Entry& entry) { return !entry.statement.lent(); });
  if (last == entries_.rend()) return;
  const auto victim = std::prev(last.base());
  const auto [begin, end] = by_sql_.equal_range(victim->sql);
  const auto key = std::find_if(begin, end, [&](const auto& pair) { return pair.second == victim; });
  if (key != end) by_sql_.erase(key);
  entries_.erase(victim);
}

}  // namespace apiwright::data

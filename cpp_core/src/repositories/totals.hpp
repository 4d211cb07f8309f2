#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace apiwright::repositories {

/// How many rows of one table matched a condition, by the condition's key, each with the table's version in which they
/// were counted. Thread-safe; a call is one short lock and one look-up. Holds at most kLimit entries, the least
/// recently used go first: some 1.2 MB with the longest keys.
///
/// A version names one state of the table for ever (versions are drawn, never counted up), so what was remembered for a
/// state that was rolled back, replaced by a restore, or is another database's is only never asked for again. Versions
/// have no order: a reader of an older snapshot may overwrite a newer total, which costs one more count.
class Totals {
 public:
  static constexpr std::size_t kLimit = 1024;
  static constexpr std::size_t kLongestKey = 1024;  ///< bytes; longer ones are not remembered

  /// The total counted in exactly this version; none when it has to be counted.
  [[nodiscard]] std::optional<std::int64_t> find(std::string_view key, std::int64_t version);
  void remember(std::string key, std::int64_t version, std::int64_t total);

 private:
  struct Entry {
    std::string key;
    std::int64_t version;
    std::int64_t total;
  };
  using Entries = std::list<Entry>;

  // The entry, now the most recently used; null when there is none.
  Entry* use(std::string_view key);

  std::mutex mutex_;
  Entries entries_;
  std::unordered_map<std::string_view, Entries::iterator> by_key_;  // the keys are the entries' own texts
};

}  // namespace apiwright::repositories

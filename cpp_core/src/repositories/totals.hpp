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

/// How many rows of one table matched a condition, by the condition's key, each with the state in which they were
/// counted: the table's version, or the database's stored_state(). Thread-safe; a call is one short lock and one
/// look-up. Holds at most kLimit entries, the least recently used go first: some 1.2 MB with the longest keys.
///
/// It names one state for ever (versions are drawn, never counted up), so what was remembered for a state that was
/// rolled back, replaced by a restore, or is another database's is only never asked for again. States have no order: a
/// reader of an older snapshot may overwrite a newer total, which costs one more count.
class Totals {
 public:
  static constexpr std::size_t kLimit = 1024;
  static constexpr std::size_t kLongestKey = 1024;  ///< bytes; longer ones are not remembered

  struct Known {
    std::string state;
    std::int64_t total = 0;
  };

  /// The total that was counted last, and in which state.
  [[nodiscard]] std::optional<Known> find(std::string_view key);
  void remember(std::string key, Known known);

 private:
  struct Entry {
    std::string key;
    Known known;
  };
  using Entries = std::list<Entry>;

  // The entry, now the most recently used; null when there is none.
  Entry* use(std::string_view key);

  std::mutex mutex_;
  Entries entries_;
  std::unordered_map<std::string_view, Entries::iterator> by_key_;  // the keys are the entries' own texts
};

}  // namespace apiwright::repositories

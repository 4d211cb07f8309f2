#pragma once

#include <set>
#include <string>
#include <tuple>

#include "apiwright/data/connection.hpp"
#include "repositories/difference.hpp"

namespace apiwright::repositories {

/// The rows of `schema_drafts`, which remember what is a draft and where what was set aside lies. For one transaction.
class DraftRecords {
 public:
  enum class Kind { kTable, kColumn, kIndex };

  struct Draft {
    std::string table;
    Kind kind = Kind::kTable;
    std::string name;   ///< of the column or the index
    std::string aside;  ///< the table that holds it now; empty: it is where it belongs

    // NOLINTNEXTLINE(modernize-use-nullptr): the 0 is the compiler's own
    friend auto operator<=>(const Draft&, const Draft&) = default;
  };

  explicit DraftRecords(data::Connection& connection);

  [[nodiscard]] const std::set<Draft>& all() const noexcept { return drafts_; }
  /// Whether the whole table is one, and in its place.
  [[nodiscard]] bool holds_table(const std::string& table) const {
    return drafts_.contains({table, Kind::kTable, "", ""});
  }

  /// Notes what add_declared has made.
  void add(const Difference& difference);
  void add(const Draft& draft);
  void remove(const Draft& draft);

 private:
  void write(std::string_view sql, const Draft& draft);

  data::Connection& connection_;
  std::set<Draft> drafts_;
};

}  // namespace apiwright::repositories

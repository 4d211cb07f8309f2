#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apiwright/repositories/table.hpp"

namespace apiwright::repositories {

/// A column that is there before, after, or both.
struct ColumnChange {
  std::optional<Column> before;
  std::optional<Column> after;
  std::string fill_json;  ///< what rows get that have no value and need one; empty: nothing
  bool relaxed = false;   ///< nullable, though it was not: nothing can stand for its values

  [[nodiscard]] bool is_added() const noexcept { return !before; }
  [[nodiscard]] bool is_dropped() const noexcept { return !after; }
  [[nodiscard]] bool is_kept() const noexcept { return before && after; }
  [[nodiscard]] bool is_renamed() const { return is_kept() && before->name != after->name; }
  [[nodiscard]] bool is_tightened() const { return is_kept() && before->nullable && !after->nullable; }
  [[nodiscard]] bool changes_type() const;
  [[nodiscard]] bool gets_key() const;
  [[nodiscard]] bool loses_key() const;
  [[nodiscard]] bool changes_key() const;
};

/// A table that is there before and after, and differs.
struct TableChange {
  Table before;
  Table after;
  std::vector<ColumnChange> columns;  ///< all of them: those of `after` in its order, then what is dropped
  std::vector<Index> dropped_indexes;
  std::vector<Index> added_indexes;

  [[nodiscard]] bool is_renamed() const { return before.name != after.name; }
  /// Rows that were softly deleted have no mark any more.
  [[nodiscard]] bool ends_soft_delete() const;
};

struct Difference {
  std::vector<Table> created;  ///< what others refer to first; one that is dropped too is made anew without rows
  std::vector<Table> dropped;  ///< what others refer to last
  std::vector<TableChange> changed;

  [[nodiscard]] bool empty() const noexcept { return created.empty() && dropped.empty() && changed.empty(); }
};

/// A column (of the table as it was called before) or, without `column`, the table itself.
struct Rename {
  std::string table;
  std::string column;
  std::string to;
};

/// From one set of tables to the other, both without names twice. Renames are of what is there, to what is not.
[[nodiscard]] Difference difference_of(const std::vector<Table>& before, const std::vector<Table>& after,
                                       const std::vector<Rename>& renames);

/// The way back. What was dropped and is needed comes back with a value that stands for none, or, where none can
/// (unique columns, references), as nullable.
[[nodiscard]] Difference reversed(const Difference& difference);

/// What it does, in sentences.
[[nodiscard]] std::vector<std::string> sentences_of(const Difference& difference);

/// How values come from one type to another.
enum class Conversion {
  kNone,        ///< the type stays
  kSafe,        ///< every value fits
  kChecked,     ///< values that do not fit are refused when it is done
  kImpossible,  ///< not by itself
};
[[nodiscard]] Conversion conversion_of(const Column& before, const Column& after);

/// `decimal(10, 2)`.
[[nodiscard]] std::string type_text(const Column& column);

}  // namespace apiwright::repositories

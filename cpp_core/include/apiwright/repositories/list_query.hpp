#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/uuid.hpp"
#include "apiwright/validation/field.hpp"
#include "apiwright/validation/value.hpp"

namespace apiwright::repositories {

/// How a filter compares a field with its value. Text with a key column is compared by that: ignoring case.
enum class Operator {
  kEqual,
  kNotEqual,  ///< also where the field has no value
  kGreater,
  kGreaterOrEqual,
  kLess,
  kLessOrEqual,
  kIn,    ///< equal to one of several
  kLike,  ///< text in which `*` stands for any run of characters
};

/// `eq`, `ne`, `gt`, `gte`, `lt`, `lte`, `in` or `like`.
[[nodiscard]] std::string_view name_of(Operator operation) noexcept;

/// What lists offer for a filterable field: kEqual, kNotEqual and kIn for each, the four of order for numbers, times
/// and text, kLike for text with a key column.
[[nodiscard]] std::vector<Operator> operators_of(const validation::Field& field);

/// One page of a collection: which rows, in which order. Indices are the Schema's fields.
struct ListQuery {
  static constexpr std::int64_t kDefaultLimit = 20;
  static constexpr std::int64_t kMaxLimit = 100;

  struct Sort {
    std::size_t field = 0;
    bool descending = false;
  };
  struct Filter {
    std::size_t field = 0;
    validation::Value value;  ///< Null: none; of kLike: the pattern
    Operator operation = Operator::kEqual;
    std::vector<validation::Value> values{};  ///< of kIn
  };

  std::int64_t page = 1;  ///< from 1
  std::int64_t limit = kDefaultLimit;
  std::vector<Sort> sort;  ///< the id breaks ties after it
  std::vector<Filter> filters;
  std::string search;                      ///< found inside one of `search_fields`, ignoring case; empty: no search
  std::vector<std::size_t> search_fields;  ///< searchable ones; none: nothing is found
};

/// A place in the order of a list: beside a row that is, or was, there.
struct Position {
  std::vector<validation::Value> values;  ///< what the row is ordered by before its id, as its columns are compared
  Uuid id;
};

/// A step of a walk through a list.
struct Step {
  std::optional<Position> from{};  ///< none: the list's beginning
  bool backward = false;           ///< to the rows before it
  bool inclusive = false;          ///< the row of `from` itself too, if it is still there
};

/// What lies on both sides of the rows that a step visited: where the next one begins, none at an end.
struct Walked {
  std::optional<Step> next{};
  std::optional<Step> previous{};
};

}  // namespace apiwright::repositories

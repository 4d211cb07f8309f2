#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "apiwright/validation/value.hpp"

namespace apiwright::repositories {

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
    validation::Value value;
  };

  std::int64_t page = 1;  ///< from 1
  std::int64_t limit = kDefaultLimit;
  std::vector<Sort> sort;  ///< the id breaks ties after it
  std::vector<Filter> filters;
  std::string search;                      ///< found inside one of `search_fields`, ignoring case; empty: no search
  std::vector<std::size_t> search_fields;  ///< searchable ones; none: nothing is found
};

}  // namespace apiwright::repositories

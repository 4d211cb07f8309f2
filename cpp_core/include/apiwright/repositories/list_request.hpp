#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "apiwright/repositories/list_query.hpp"
#include "apiwright/validation/schema.hpp"

namespace apiwright::repositories {

/// A page as code asks for it, by names of fields (snake_case). Unlike a client, code may filter by any stored field
/// and sort by any that is no array or object: what the Schema calls filterable or sortable has an index.
struct ListRequest {
  static constexpr std::int64_t kMaxLimit = 1000;

  std::int64_t page = 1;
  std::int64_t limit = ListQuery::kDefaultLimit;
  std::string sort;    ///< `-created_at,title`: a - before a name turns its order round
  std::string search;  ///< inside the searchable fields
  std::vector<std::pair<std::string, validation::Value>>
      filters;  ///< each equal, checked as in JSON; Null: without a value
};

/// The query it stands for. Throws Error(kValidationError) naming `page`, `limit`, `sort`, `search` or a filter.
[[nodiscard]] ListQuery make_list_query(const validation::Schema& schema, ListRequest request);

}  // namespace apiwright::repositories

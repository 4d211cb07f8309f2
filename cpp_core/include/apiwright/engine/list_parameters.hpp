#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/access/field_rules.hpp"
#include "apiwright/engine/include.hpp"
#include "apiwright/repositories/list_query.hpp"
#include "apiwright/validation/schema.hpp"

namespace apiwright::engine {

/// What a collection was asked for. Indices of fields are those of each Schema that it was read by.
struct ListParameters {
  repositories::ListQuery query;
  bool deleted = false;                            ///< its deleted rows, in place of the others
  std::optional<std::string> cursor;               ///< as it came, empty where a walk begins; none: pages
  std::optional<std::vector<std::size_t>> fields;  ///< those to show; none: all
  std::vector<Inclusion> include;                  ///< borrows the relations
};

/// What one row was asked for.
struct RowParameters {
  std::optional<std::vector<std::size_t>> fields;  ///< those to show; none: all
  std::vector<Inclusion> include;                  ///< borrows the relations
};

/// `fields` and, of a collection with relations, `include`, as lists have them. Throws Error(kValidationError).
[[nodiscard]] RowParameters parse_row_parameters(const validation::Schema& schema, std::string_view text,
                                                 const access::FieldGrants& readable, const Relations& relations,
                                                 const access::Principal* principal);

/// `page`, `limit`, `cursor`, `sort`, `search`, `fields`, `include` (of a collection with relations) and filters
/// (`status=active`, `createdAt[gte]=…`). Fields that are not `readable` on every row are unknown to filters, search
/// and sort: what a list holds, or its order, would tell them. Throws Error(kValidationError) with every violation
/// (`query.limit`, …). `of_deleted` is the Schema of the deleted rows for a caller who may ask for them by
/// `deleted=true`, and the rest is then read by it; to others there is no such parameter.
[[nodiscard]] ListParameters parse_list_parameters(const validation::Schema& schema, std::string_view text,
                                                   const access::FieldGrants& readable, const Relations& relations = {},
                                                   const access::Principal* principal = nullptr,
                                                   const validation::Schema* of_deleted = nullptr);

}  // namespace apiwright::engine

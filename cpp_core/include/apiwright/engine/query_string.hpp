#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apiwright/access/field_rules.hpp"
#include "apiwright/repositories/list_query.hpp"
#include "apiwright/validation/schema.hpp"
#include "apiwright/validation/violations.hpp"

namespace apiwright::engine {

struct Parameter {
  std::string name;
  std::string value;
};

/// The parameters of `a=1&b=two+words`, percent-decoded, in order. What is not UTF-8, too many (over 100), or named
/// twice is a violation.
[[nodiscard]] std::vector<Parameter> parse_query(std::string_view query, validation::Violations& violations);

/// Throws Error(kValidationError) when there is any parameter: for operations that take none.
void refuse_parameters(std::string_view query);

/// The one parameter `name`, `true` or `false`; false when it is not there. Throws Error(kValidationError) for anything
/// else.
[[nodiscard]] bool parse_flag(std::string_view query, std::string_view name);

/// A collection's page, limit, sort, search and equality filters. Fields that are not `readable` on every row are
/// unknown here: what a list holds, or its order, would tell them. Throws Error(kValidationError) with every violation
/// (`query.limit`, …).
[[nodiscard]] repositories::ListQuery parse_list_query(const validation::Schema& schema, std::string_view text,
                                                       const access::FieldGrants& readable);

}  // namespace apiwright::engine

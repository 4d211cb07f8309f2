#pragma once

#include <string>

#include "apiwright/access/predicate.hpp"

namespace apiwright::access {

// What a rule says of a field, made to fit a Schema. All throw std::logic_error naming the field and the reason.

/// The index of a field whose uuid owner() compares.
[[nodiscard]] std::size_t bind_owner(const validation::Schema& schema, const std::string& field);

/// `test` (kCompare, kIn or kIsNull) on that field, its values read as the field's kind has them.
[[nodiscard]] Predicate bind_test(const validation::Schema& schema, const std::string& field, Predicate test);

}  // namespace apiwright::access

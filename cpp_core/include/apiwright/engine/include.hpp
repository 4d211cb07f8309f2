#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "apiwright/engine/relation.hpp"
#include "apiwright/validation/violations.hpp"

namespace apiwright::engine {

/// A relation that one caller asked for, and what this caller may see through it. Borrows the relation.
struct Inclusion {
  static constexpr std::size_t kMaxNames = 10;  ///< in one request
  static constexpr std::size_t kMaxMany = 100;  ///< rows of a to-many for each row that has it

  const Relation& relation;
  std::size_t field = 0;  ///< the reference, in the schema that has it
  access::FieldGrants readable;
  access::Predicate visible;
  std::vector<Inclusion> inner{};
};

/// Who asks for the relations of which rows.
struct IncludeContext {
  const validation::Schema& schema;
  const Relations& relations;
  const access::FieldGrants& readable;  ///< of the rows' own fields
  const access::Principal* principal = nullptr;
};

/// The relations that `include=author,items.product` names: of the rows, or one step further. A to-one is offered to
/// whom its reference is shown; a to-many to who may list its rows by the reference. One way has at most one to-many,
/// so that an answer is bounded. What is not offered is a violation of `query.include` that names what is.
[[nodiscard]] std::vector<Inclusion> parse_include(const IncludeContext& context, std::string_view text,
                                                   validation::Violations& violations);

}  // namespace apiwright::engine

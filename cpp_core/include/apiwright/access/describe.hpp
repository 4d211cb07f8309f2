#pragma once

#include <string>

#include "apiwright/access/predicate.hpp"

namespace apiwright::access {

/// A predicate in words, for developers: `published = true or author_id = "0198…"`. Fields by their names in the
/// schema, texts, ids and times as in JSON, decimals bare.
[[nodiscard]] std::string describe(const Predicate& predicate, const validation::Schema& schema);

}  // namespace apiwright::access

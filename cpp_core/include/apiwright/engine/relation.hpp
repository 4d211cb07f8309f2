#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apiwright/access/field_rules.hpp"
#include "apiwright/repositories/repository.hpp"

namespace apiwright::engine {

/// A collection as the rows of others lead to it: what one sees there is what its own rules let one see. Immutable,
/// thread-safe.
struct Collection {
  /// Throws std::logic_error where a rule does not fit the schema.
  Collection(const validation::SchemaPtr& schema, const access::Rule& may_read, const access::Rule& may_list,
             const std::vector<access::FieldRule>& guarded);

  const repositories::Repository rows;
  const access::Rule read;  ///< which rows one sees
  const access::Rule list;  ///< who may ask for the collection, and so for the many rows of another's
  const access::FieldRules readable;
};

/// How rows lead to rows of another collection: by a reference of their own to one, by references to them to many. It
/// has all that it needs, so no collection has to outlive another.
struct Relation {
  std::string name;   ///< the member on the wire: `author`, `items`
  std::string field;  ///< the reference (snake_case): these rows' own, or with `to_many` the target's
  bool to_many = false;
  std::shared_ptr<const Collection> target;
  std::vector<Relation> inner{};  ///< those of the target's rows
};
using Relations = std::vector<Relation>;

/// The member beside a to-many's own that says that there are more rows: `itemsMore`.
[[nodiscard]] std::string more_name(const Relation& relation);

/// The same relations. Throws std::logic_error for one of these rows whose reference is none, or whose members another
/// field or relation has.
[[nodiscard]] Relations checked(const validation::Schema& schema, Relations relations);

}  // namespace apiwright::engine

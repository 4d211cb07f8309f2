#include "apiwright/engine/relation.hpp"

#include <set>
#include <stdexcept>
#include <utility>

namespace apiwright::engine {
namespace {

using validation::Schema;

void require_reference(const Schema& schema, const Relation& relation) {
  const auto& referring = relation.to_many ? *relation.target->rows.schema() : schema;
  const auto& referred = relation.to_many ? schema : *relation.target->rows.schema();
  const auto index = referring.find(relation.field);
  if (index && referring.field(*index).referenced_table() == referred.table()) return;
  throw std::logic_error("Relation `" + relation.name + "`: `" + relation.field + "` of " + referring.title() +
                         " is no reference to " + referred.title());
}

}  // namespace

Collection::Collection(const validation::SchemaPtr& schema, const access::Rule& may_read, const access::Rule& may_list,
                       const std::vector<access::FieldRule>& guarded)
    : rows(schema), read(may_read.bound_to(schema)), list(may_list.bound_to(schema)), readable(schema, guarded) {}

std::string more_name(const Relation& relation) { return relation.name + "More"; }

Relations checked(const Schema& schema, Relations relations) {
  std::set<std::string> taken;
  for (const auto& field : schema.fields()) {
    if (!field.part_rows()) taken.insert(field.wire_name());
  }
  for (const auto& relation : relations) {
    require_reference(schema, relation);
    if (!taken.insert(relation.name).second || (relation.to_many && !taken.insert(more_name(relation)).second)) {
      throw std::logic_error("Relation `" + relation.name + "`: " + schema.title() +
                             " has another member of this name, or of that which says that there are more");
    }
  }
  return relations;
}

}  // namespace apiwright::engine

#include "apiwright/engine/resource_operations.hpp"

#include <stdexcept>
#include <utility>

#include "apiwright/access/describe.hpp"
#include "engine/operations_by_name.hpp"

namespace apiwright::engine {
namespace {

void refuse(const access::FieldRule& rule, const std::string& why) {
  throw std::logic_error("Field `" + rule.field + "` " + why);
}

// A rule that could never be asked is a mistake.
void check_field_rules(const Declaration& declared) {
  for (const auto& rule : declared.readable) {
    const auto& field = declared.schema->field(declared.schema->index_of(rule.field));
    if (field.is_hidden()) refuse(rule, "is in no answer, so nobody can be let read it");
    if (field.transitions()) refuse(rule, "has transitions, so whoever changes it must see it");
  }
  for (const auto& rule : declared.writable) {
    const auto& field = declared.schema->field(declared.schema->index_of(rule.field));
    if (field.is_read_only() || field.is_internal()) refuse(rule, "is set by the server, so nobody can be let set it");
  }
}

Resource resource_of(const repositories::Repository& rows, const Declaration& declared) {
  check_field_rules(declared);
  const auto bound = [&](const access::Rule& rule) { return rule.bound_to(declared.schema); };
  const auto update = bound(declared.update);
  return Resource{
      .rows = rows,
      .path = declared.path,
      .read = bound(declared.read),
      .list = bound(declared.list),
      .create = bound(declared.create),
      .replace = update,
      .update = update,
      .remove = bound(declared.remove),
      .readable = {declared.schema, declared.readable},
      .writable = {declared.schema, declared.writable},
      .transitions = {declared.schema, declared.transitions},
      .require_if_match = declared.require_if_match,
      .changed = {},
      .relations = checked(*declared.schema, declared.relations),
      .nested = declared.nested,
  };
}

const access::Rule& rule_of(const Resource& resource, std::string_view action) {
  if (action == "read") return resource.read;
  if (action == "list") return resource.list;
  if (action == "create") return resource.create;
  if (action == "update") return resource.update;
  if (action == "delete") return resource.remove;
  throw std::logic_error("No action is called " + std::string(action));
}

}  // namespace

ResourceOperations::ResourceOperations(const Services& services, const Declaration& declaration)
    : rows_(declaration.schema), resource_(resource_of(rows_, declaration)) {
  operations_["list"] = make_list(services, resource_);
  operations_["get"] = make_get(services, resource_, Target::kPathId);
  operations_["create"] = make_create(services, resource_);
  operations_["replace"] = make_update(services, resource_, validation::Mode::kReplace, Target::kPathId);
  operations_["update"] = make_update(services, resource_, validation::Mode::kPatch, Target::kPathId);
  operations_["remove"] = make_remove(services, resource_, Target::kPathId);
  if (rows_.deleted() != nullptr) operations_["restore"] = make_restore(services, resource_);
  if (!resource_.nested) return;
  operations_["nested_list"] = make_nested_list(services, resource_);
  operations_["nested_create"] = make_nested_create(services, resource_);
}

Explanation ResourceOperations::explain(data::Connection& connection, std::string_view action,
                                        const access::Principal* principal) const {
  const auto& schema = *rows_.schema();
  const auto rule = rule_of(resource_, action).predicate(schema, principal);
  const auto visible = resource_.read.predicate(schema, principal);
  auto plan = action == "create"                     ? rows_.explain_insert(connection)
              : action == "read" || action == "list" ? rows_.explain_list(connection, {}, visible)
                                                     : rows_.explain_get(connection, visible);
  return {access::describe(rule, schema), std::move(plan.sql), std::move(plan.steps)};
}

const Operation& ResourceOperations::at(std::string_view name) const { return operation_named(operations_, name); }

}  // namespace apiwright::engine

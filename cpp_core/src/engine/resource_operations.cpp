#include "apiwright/engine/resource_operations.hpp"

#include "engine/operations_by_name.hpp"

namespace apiwright::engine {
namespace {

Resource resource_of(const repositories::Repository& rows, const Declaration& declared) {
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
      .changed = {},
  };
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
}

const Operation& ResourceOperations::at(std::string_view name) const { return operation_named(operations_, name); }

}  // namespace apiwright::engine

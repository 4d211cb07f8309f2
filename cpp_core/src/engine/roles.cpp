#include "apiwright/engine/roles.hpp"

#include "engine/operations_by_name.hpp"

namespace apiwright::engine {
namespace {

using access::Rule;
using validation::Mode;
using validation::Record;

Resource roles_resource(const repositories::Roles& roles) {
  const auto admin = Rule::role(std::string(repositories::kAdminRole));
  return Resource{
      .rows = roles.rows(),
      .path = "/api/v1/roles",
      .read = admin,
      .list = admin,
      .create = admin,
      .replace = admin,
      .update = admin,
      .remove = admin,
      .changed = [](data::Connection&, const Record& before, const Record*,
                    const access::Principal*) { repositories::Roles::require_changeable(before); },
  };
}

}  // namespace

RoleOperations::RoleOperations(const Services& services) : resource_(roles_resource(roles_)) {
  operations_["list"] = make_list(services, resource_);
  operations_["get"] = make_get(services, resource_, Target::kPathId);
  operations_["create"] = make_create(services, resource_);
  operations_["replace"] = make_update(services, resource_, Mode::kReplace, Target::kPathId);
  operations_["update"] = make_update(services, resource_, Mode::kPatch, Target::kPathId);
  operations_["remove"] = make_remove(services, resource_, Target::kPathId);
}

const Operation& RoleOperations::at(std::string_view name) const { return operation_named(operations_, name); }

}  // namespace apiwright::engine

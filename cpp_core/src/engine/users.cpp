#include "apiwright/engine/users.hpp"

#include <stdexcept>
#include <utility>

#include "engine/operations_by_name.hpp"

namespace apiwright::engine {
namespace {

using access::Rule;
using validation::Mode;

Resource users_resource(const repositories::Users& users, const repositories::Accounts& accounts, Relations relations) {
  const auto admin = users_list_rule();
  const auto admin_or_oneself = users_read_rule();
  return Resource{
      .rows = users.rows(),
      .path = "/api/v1/users",
      .read = admin_or_oneself,
      .list = admin,
      .create = admin,
      .replace = admin,
      .update = admin_or_oneself,
      .remove = admin,
      .readable = users.readable(),
      .writable = users.writable(),
      .changed =
          [&accounts](data::Connection& connection, const validation::Record& before, const validation::Record* after,
                      const access::Principal* principal) {
            // Never null: each rule above asks for somebody.
            accounts.user_changed(connection, before, after, *principal);
          },
      .relations = checked(*users.rows().schema(), std::move(relations)),
  };
}

Resource sessions_resource(const repositories::Sessions& sessions) {
  const auto own = Rule::owner("user_id");
  return Resource{
      .rows = sessions.rows(),
      .path = "/api/v1/auth/sessions",
      .read = own,
      .list = Rule::authenticated(),
      .create = Rule::nobody(),
      .replace = Rule::nobody(),
      .update = Rule::nobody(),
      .remove = own,
      .changed = {},
  };
}

}  // namespace

Rule users_read_rule() { return Rule::any_of({Rule::role("admin"), Rule::owner("id")}); }

Rule users_list_rule() { return Rule::role("admin"); }

UserOperations::UserOperations(const Services& services, const repositories::Users& users,
                               const repositories::Accounts& accounts, Relations relations)
    : resource_(users_resource(users, accounts, std::move(relations))) {
  operations_["list"] = make_list(services, resource_);
  operations_["get"] = make_get(services, resource_, Target::kPathId);
  operations_["create"] = make_create(services, resource_);
  operations_["replace"] = make_update(services, resource_, Mode::kReplace, Target::kPathId);
  operations_["update"] = make_update(services, resource_, Mode::kPatch, Target::kPathId);
  operations_["remove"] = make_remove(services, resource_, Target::kPathId);
  operations_["restore"] = make_restore(services, resource_);
  operations_["get_me"] = make_get(services, resource_, Target::kPrincipal);
  operations_["update_me"] = make_update(services, resource_, Mode::kPatch, Target::kPrincipal);
  operations_["remove_me"] = make_remove(services, resource_, Target::kPrincipal);
}

const Operation& UserOperations::at(std::string_view name) const { return operation_named(operations_, name); }

SessionOperations::SessionOperations(const Services& services)
    : resource_(sessions_resource(services.sessions)),
      list_(make_list(services, resource_)),
      remove_(make_remove(services, resource_, Target::kPathId)) {}

const Operation& SessionOperations::at(std::string_view name) const {
  if (name == "list") return *list_;
  if (name == "remove") return *remove_;
  throw std::logic_error("No operation is called " + std::string(name));
}

}  // namespace apiwright::engine

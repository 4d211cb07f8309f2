#include "apiwright/access/rule.hpp"

#include "bind.hpp"

namespace apiwright::bindings {
namespace {

using access::Principal;
using access::Rule;
using validation::Schema;

std::vector<validation::Value> values_from_python(const std::vector<py::object>& objects) {
  std::vector<validation::Value> values;
  values.reserve(objects.size());
  for (const auto& object : objects) values.push_back(from_python(object));
  return values;
}

using RuleClass = py::class_<Rule>;

void bind_who(RuleClass& bound) {
  bound.def_static("everyone", &Rule::everyone, "Signed in or not.")
      .def_static("nobody", &Rule::nobody, "Not even admins.")
      .def_static("authenticated", &Rule::authenticated, "Whoever is signed in.")
      .def_static("role", &Rule::role, py::arg("name"), "Users with this role.")
      .def_static("permission", &Rule::permission, py::arg("name"),
                  "Users of whose roles one grants it. Raises ValueError.")
      .def_static("owner", &Rule::owner, py::arg("field"), "The user whose id the row's field holds.");
}

void bind_tests(RuleClass& bound) {
  bound
      .def_static(
          "compare",
          [](std::string field, std::string_view comparison, const py::object& value) {
            return Rule::compare(std::move(field), access::comparison_of(comparison), from_python(value));
          },
          py::arg("field"), py::arg("comparison"), py::arg("value"),
          "The row's field compares so (== != < <= > >=) with a value as JSON has it. Raises TypeError, ValueError.")
      .def_static(
          "is_in",
          [](std::string field, const std::vector<py::object>& values) {
            return Rule::in(std::move(field), values_from_python(values));
          },
          py::arg("field"), py::arg("values"), "The row's field is one of them. Raises TypeError, ValueError.")
      .def_static("is_null", &Rule::is_null, py::arg("field"), "The row's field has no value.");
}

void bind_groups(RuleClass& bound) {
  bound.def_static("all_of", &Rule::all_of, py::arg("rules"), "Each of them holds. Raises ValueError.")
      .def_static("any_of", &Rule::any_of, py::arg("rules"), "One of them holds. Raises ValueError.")
      .def_static("negate", &Rule::negate, py::arg("rule"), "It is known not to hold. Raises ValueError.");
}

void bind_rule(py::module_& module) {
  RuleClass bound(module, "Rule", "Who may do something to which rows; immutable.");
  bind_who(bound);
  bind_tests(bound);
  bind_groups(bound);
  bound
      .def(
          "check", [](const Rule& rule, const std::shared_ptr<Schema>& schema) { rule.check(*schema); },
          required("schema"), "Raises ValueError, naming field and reason, where it does not fit rows of the schema.")
      .def(
          "bound_to", [](const Rule& rule, const std::shared_ptr<Schema>& schema) { return rule.bound_to(schema); },
          required("schema"), "The rule for rows of this schema, read once. Raises ValueError as check does.")
      .def(
          "admits_anonymous",
          [](const Rule& rule, const Schema& schema) { return !rule.predicate(schema, nullptr).is_never(); },
          py::arg("schema"), "True where it can hold for somebody who is not signed in. Raises ValueError.");
}

}  // namespace

std::vector<access::FieldRule> field_rules(const FieldRuleDict& rules) {
  std::vector<access::FieldRule> found;
  found.reserve(rules.size());
  for (const auto& [field, rule] : rules) found.push_back({field, rule});
  return found;
}

void bind_access(py::module_& module) {
  auto access_module = module.def_submodule("access", "Who asks, and who may.");
  py::class_<Principal>(access_module, "Principal", "A user by a live session.")
      .def_readonly("user", &Principal::user, "The user's id.")
      .def_readonly("session", &Principal::session, "The session's id.")
      .def_readonly("roles", &Principal::roles, "As they are now.")
      .def_readonly("permissions", &Principal::permissions, "What the roles grant now, wildcards among them.")
      .def("has_permission", &Principal::has_permission, py::arg("name"), "By its name or by a wildcard.");
  bind_rule(access_module);
}

}  // namespace apiwright::bindings

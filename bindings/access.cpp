#include "apiwright/access/principal.hpp"
#include "bind.hpp"

namespace apiwright::bindings {

void bind_access(py::module_& module) {
  auto access_module = module.def_submodule("access", "Who asks.");
  py::class_<access::Principal>(access_module, "Principal", "A user by a live session.")
      .def_readonly("user", &access::Principal::user, "The user's id.")
      .def_readonly("session", &access::Principal::session, "The session's id.")
      .def_readonly("roles", &access::Principal::roles, "As they are now.");
}

}  // namespace apiwright::bindings

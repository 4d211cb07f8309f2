#include "bind.hpp"

PYBIND11_MODULE(_core, module) {
  using namespace apiwright::bindings;
  module.doc() = "apiwright's C++ core. Import apiwright.core instead, which types and explains it.";
  register_errors();
  bind_base(module);
  bind_tasks(module);
  bind_validation(module);
  bind_access(module);
  bind_passwords(module);
  bind_tokens(module);
  bind_data(module);
  bind_repositories(module);
  bind_engine(module);
}

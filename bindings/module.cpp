#include "bind.hpp"

PYBIND11_MODULE(_core, module) {
  namespace bindings = apiwright::bindings;
  module.doc() = "apiwright's C++ core. Import apiwright.core instead, which types and explains it.";
  bindings::register_errors();
  bindings::bind_base(module);
  bindings::bind_tasks(module);
  bindings::bind_validation(module);
  bindings::bind_access(module);
  bindings::bind_passwords(module);
  bindings::bind_tokens(module);
  bindings::bind_data(module);
  bindings::bind_repositories(module);
  bindings::bind_engine(module);
}

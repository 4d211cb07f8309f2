#include "bind.hpp"

namespace apiwright::bindings {
namespace {

// [(ticket, result, exception or None), …]
py::list drain(tasks::CompletionQueue& queue) {
  py::list finished;
  for (const auto& completion : queue.drain()) {
    auto& delivery = static_cast<Delivery&>(*completion);
    try {
      finished.append(py::make_tuple(delivery.ticket(), delivery.result(), py::none()));
    } catch (...) {
      finished.append(py::make_tuple(delivery.ticket(), py::none(), exception_object(std::current_exception())));
    }
  }
  return finished;
}

}  // namespace

void bind_tasks(py::module_& module) {
  auto tasks_module = module.def_submodule("tasks", "How finished work reaches an event loop.");
  py::class_<tasks::CompletionQueue, QueuePtr>(tasks_module, "CompletionQueue",
                                               "Finished work for one event loop, behind a descriptor it can watch.")
      .def(py::init<>(), "Opens its descriptor. Raises InternalError when the system has none left.")
      .def("fileno", &tasks::CompletionQueue::descriptor, "Readable while something waits.")
      .def("drain", &drain, "All that is finished: (ticket, result, exception or None) each.")
      .def("close", &tasks::CompletionQueue::close, "The loop is gone: later results are dropped.");
}

}  // namespace apiwright::bindings

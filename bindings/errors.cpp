#include <stdexcept>

#include "bind.hpp"

namespace apiwright::bindings {
namespace {

// The exceptions are Python's own (apiwright.errors), so that applications subclass and document them there.
py::object make_exception(const Error& error) {
  py::list details;
  for (const auto& detail : error.details()) {
    details.append(py::make_tuple(detail.field, detail.message, detail.code));
  }
  py::object retry_after = py::none();
  if (const auto wait = error.retry_after()) retry_after = py::int_(wait->count());
  return py::module_::import("apiwright.errors")
      .attr("from_core")(py::str(std::string(name_of(error.code()))), error.message(), details, retry_after,
                         error.cause());
}

void raise(const py::object& exception) {
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())),  // NOLINT
                  exception.ptr());
}

}  // namespace

void register_errors() {
  // By value is what pybind11 takes. NOLINTNEXTLINE(performance-unnecessary-value-param)
  py::register_exception_translator([](std::exception_ptr failure) {
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const Error& error) {
      raise(make_exception(error));
    } catch (const std::logic_error& misuse) {
      PyErr_SetString(PyExc_ValueError, misuse.what());
    }
  });
}

py::object exception_object(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return make_exception(error);
  } catch (const py::error_already_set& error) {
    return error.value();
  } catch (const std::exception& error) {
    return make_exception(Error(ErrorCode::kInternal, "Something went wrong on our side.").caused_by(error.what()));
  } catch (...) {
    return make_exception({ErrorCode::kInternal, "Something went wrong on our side."});
  }
}

Error error_from(const std::string& code, std::string message, const ErrorDetails& details,
                 std::optional<std::int64_t> retry_after, std::string cause) {
  std::vector<Detail> list;
  list.reserve(details.size());
  for (const auto& [field, text, detail_code] : details) list.push_back({field, text, detail_code});
  Error error(error_code_named(code), std::move(message), std::move(list));
  if (retry_after) error = std::move(error).retried_after(std::chrono::seconds(*retry_after));
  return std::move(error).caused_by(std::move(cause));
}

}  // namespace apiwright::bindings

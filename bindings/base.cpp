#include "apiwright/base/clock.hpp"
#include "apiwright/base/secret.hpp"
#include "bind.hpp"

namespace apiwright::bindings {
namespace {

template <typename Visitor>
py::object visit_array(const validation::Array& array, const Visitor& visitor) {
  py::list list;
  for (const auto& item : array) list.append(visitor(item));
  return list;
}

py::object utc_datetime(Timestamp time) {
  const auto datetime = py::module_::import("datetime");
  const auto epoch =
      datetime.attr("datetime")(1970, 1, 1, py::arg("tzinfo") = datetime.attr("timezone").attr("utc"));
  return epoch + datetime.attr("timedelta")(py::arg("milliseconds") = time.time_since_epoch().count());
}

struct ToPython {
  py::object operator()(validation::Absent) const { return py::none(); }
  py::object operator()(validation::Null) const { return py::none(); }
  py::object operator()(bool value) const { return py::bool_(value); }
  py::object operator()(std::int64_t value) const { return py::int_(value); }
  py::object operator()(const Decimal& value) const {
    return py::module_::import("decimal").attr("Decimal")(value.to_string());
  }
  py::object operator()(const std::string& value) const { return py::str(value); }
  py::object operator()(const Uuid& value) const { return py::str(value.to_string()); }
  py::object operator()(Timestamp value) const { return utc_datetime(value); }
  py::object operator()(const validation::Array& value) const {
    return visit_array(value, &to_python);
  }
};

}  // namespace

py::object to_python(const validation::Value& value) { return std::visit(ToPython{}, value.data); }

validation::Value from_python(const py::handle& object) {
  if (object.is_none()) return validation::Null{};
  if (py::isinstance<py::bool_>(object)) return object.cast<bool>();
  if (py::isinstance<py::int_>(object)) return object.cast<std::int64_t>();
  if (py::isinstance<py::str>(object)) return object.cast<std::string>();
  if (!py::isinstance<py::list>(object)) throw py::type_error("expected None, bool, int, str or list");
  validation::Array array;
  for (const auto& item : object.cast<py::list>()) array.push_back(from_python(item));
  return array;
}

void bind_base(py::module_& module) {
  auto base = module.def_submodule("base", "What everything else stands on: clocks and secrets.");

  py::class_<Clock>(base, "Clock", "Where the core reads the time.")
      .def("now", [](const Clock& clock) { return clock.now().time_since_epoch().count(); },
           "Milliseconds since 1970, UTC.");
  py::class_<SystemClock, Clock>(base, "SystemClock", "The machine's clock.").def(py::init<>());
  py::class_<ManualClock, Clock>(base, "ManualClock", "A clock that moves only when told to.")
      .def(py::init([](std::int64_t start) {
             return std::make_unique<ManualClock>(Timestamp(std::chrono::milliseconds(start)));
           }),
           py::arg("start"))
      .def("advance",
           [](ManualClock& clock, std::int64_t by) { clock.advance(std::chrono::milliseconds(by)); },
           py::arg("milliseconds"), "Moves the clock on.");

  py::class_<Secret>(base, "Secret", "Text that is wiped when it goes away and never printed.")
      .def(py::init<std::string_view>(), py::arg("text"))
      .def("__repr__", [](const Secret&) { return "Secret(...)"; })
      .def("__bool__", [](const Secret& secret) { return !secret.reveal().empty(); });

  py::list codes;
  for (const auto code : all_error_codes()) {
    codes.append(py::make_tuple(std::string(name_of(code)), http_status(code)));
  }
  base.attr("ERROR_CODES") = py::tuple(codes);
}

}  // namespace apiwright::bindings

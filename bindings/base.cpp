#include "apiwright/base/clock.hpp"
#include "apiwright/base/secret.hpp"
#include "bind.hpp"

// Stands on Python's other headers.
#include <datetime.h>

namespace apiwright::bindings {
namespace {

template <typename Visitor>
py::object visit_array(const validation::Array& array, const Visitor& visitor) {
  py::list list;
  for (const auto& item : array) list.append(visitor(item));
  return list;
}

// Looked up once: an import costs more than the value.
const py::object& decimal_type() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<py::object> storage;
  return storage.call_once_and_store_result([] { return py::object(py::module_::import("decimal").attr("Decimal")); })
      .get_stored();
}

const py::object& json_loads() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<py::object> storage;
  return storage.call_once_and_store_result([] { return py::object(py::module_::import("json").attr("loads")); })
      .get_stored();
}

py::object utc_datetime(Timestamp time) {
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(clock.subseconds());
  return py::reinterpret_steal<py::object>(PyDateTimeAPI->DateTime_FromDateAndTime(
      static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
      static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(micros.count()), PyDateTime_TimeZone_UTC, PyDateTimeAPI->DateTimeType));
}

struct ToPython {
  py::object operator()(validation::Absent) const { return py::none(); }
  py::object operator()(validation::Null) const { return py::none(); }
  py::object operator()(bool value) const { return py::bool_(value); }
  py::object operator()(std::int64_t value) const { return py::int_(value); }
  py::object operator()(double value) const { return py::float_(value); }
  py::object operator()(const Decimal& value) const { return decimal_type()(value.to_string()); }
  py::object operator()(const std::string& value) const { return py::str(value); }
  py::object operator()(const Uuid& value) const { return py::str(value.to_string()); }
  py::object operator()(Timestamp value) const { return utc_datetime(value); }
  py::object operator()(const validation::Array& value) const { return visit_array(value, &to_python); }
  py::object operator()(const validation::Object& value) const { return values_of(*value.record); }
  py::object operator()(const validation::Map& value) const {
    py::dict dict;
    for (const auto& entry : value.entries) dict[py::str(entry.name)] = to_python(entry.value);
    return dict;
  }
  py::object operator()(const validation::Json& value) const { return json_loads()(value.text); }
};

std::int64_t integer_from_python(const py::handle& object) {
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(object.ptr(), &overflow);
  if (overflow != 0) throw py::type_error("expected an int of 64 bits");
  return value;
}

validation::Value scalar_from_python(const py::handle& object) {
  if (object.is_none()) return validation::Null{};
  if (py::isinstance<py::bool_>(object)) return object.is(py::bool_(true));
  if (py::isinstance<py::int_>(object)) return integer_from_python(object);
  if (py::isinstance<py::float_>(object)) return object.cast<double>();
  if (const auto text = utf8_of(object)) return std::string(*text);
  throw py::type_error("expected None, bool, int, float, str or a list of them");
}

}  // namespace

py::dict values_of(const validation::Record& record) {
  py::dict values;
  const auto& fields = record.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (!record.at(index).is_absent()) values[py::str(fields[index].name())] = to_python(record.at(index));
  }
  return values;
}

py::object to_python(const validation::Value& value) { return std::visit(ToPython{}, value.data); }

std::optional<std::string_view> utf8_of(const py::handle& object) {
  Py_ssize_t size = 0;
  const char* text = PyUnicode_Check(object.ptr()) != 0 ? PyUnicode_AsUTF8AndSize(object.ptr(), &size) : nullptr;
  if (text != nullptr) return std::string_view(text, static_cast<std::size_t>(size));
  PyErr_Clear();
  return std::nullopt;
}

validation::Value from_python(const py::handle& object) {
  if (!py::isinstance<py::list>(object)) return scalar_from_python(object);
  validation::Array array;
  for (const auto& item : py::reinterpret_borrow<py::list>(object)) array.push_back(scalar_from_python(item));
  return array;
}

void bind_base(py::module_& module) {
  auto base = module.def_submodule("base", "What everything else stands on: clocks and secrets.");

  py::class_<Clock, std::shared_ptr<Clock>>(base, "Clock", "Where the core reads the time.")
      .def(
          "now", [](const Clock& clock) { return clock.now().time_since_epoch().count(); },
          "Milliseconds since 1970, UTC.");
  py::class_<SystemClock, Clock, std::shared_ptr<SystemClock>>(base, "SystemClock", "The machine's clock.")
      .def(py::init<>());
  py::class_<ManualClock, Clock, std::shared_ptr<ManualClock>>(base, "ManualClock",
                                                               "A clock that moves only when told to.")
      .def(py::init([](std::int64_t start) {
             return std::make_shared<ManualClock>(Timestamp(std::chrono::milliseconds(start)));
           }),
           py::arg("start"), "Starts at so many milliseconds since 1970, UTC.")
      .def(
          "advance", [](ManualClock& clock, std::int64_t by) { clock.advance(std::chrono::milliseconds(by)); },
          py::arg("milliseconds"), "Moves the clock on.");

  base.def(
      "generate_uuid", [] { return Uuid::generate(SystemClock().now()).to_string(); }, "A UUIDv7 (RFC 9562).");

  py::class_<Secret>(base, "Secret", "Text that is wiped when it goes away and never printed.")
      .def(py::init([](HiddenText secret) { return std::make_unique<Secret>(secret.text); }), py::arg("text"),
           "Copies the text. Raises TypeError, which does not show it.")
      .def(
          "__repr__", [](const Secret&) { return "Secret(...)"; }, "Never the text.")
      .def(
          "__bool__", [](const Secret& secret) { return !secret.reveal().empty(); }, "False when empty, or used up.");

  py::list codes;
  for (const auto code : all_error_codes()) {
    codes.append(py::make_tuple(std::string(name_of(code)), http_status(code)));
  }
  base.attr("ERROR_CODES") = py::tuple(codes);
}

}  // namespace apiwright::bindings

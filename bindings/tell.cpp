#include <cmath>
#include <string>

#include "apiwright/json/writer.hpp"
#include "shape.hpp"

namespace apiwright::bindings {
namespace {

using validation::Field;

// Python's types that stand in JSON as a text or a number, loaded when first needed.
struct Types {
  py::object decimal = py::module_::import("decimal").attr("Decimal");
  py::object date = py::module_::import("datetime").attr("date");
  py::object time = py::module_::import("datetime").attr("time");
  py::object timedelta = py::module_::import("datetime").attr("timedelta");
  py::object uuid = py::module_::import("uuid").attr("UUID");
  py::object enumeration = py::module_::import("enum").attr("Enum");
  py::object ipv4 = py::module_::import("ipaddress").attr("IPv4Address");
  py::object ipv6 = py::module_::import("ipaddress").attr("IPv6Address");
};

const Types& types() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<Types> storage;
  return storage.call_once_and_store_result([] { return Types{}; }).get_stored();
}

[[noreturn]] void refuse(const char* message, const char* code) {
  throw Error(ErrorCode::kValidationError, "The input is not valid.",
              {{.field = "", .message = message, .code = code}});
}

/// Tells one object and what it holds.
class Teller {
 public:
  explicit Teller(json::Handler& handler) : handler_(handler) {}

  void object(const py::handle& object, const Shape& shape) {
    if (shape.is_instance(object)) {
      attributes(object, shape);
    } else {
      value(object, nullptr, &shape);
    }
  }

 private:
  // NOLINTBEGIN(misc-no-recursion): as deep as the object, which Level bounds
  void value(const py::handle& object, const Plan* plan, const Shape* shape = nullptr) {
    const Level level(depth_);
    if (scalar(object)) return;
    if (py::isinstance<py::dict>(object)) return mapping(object, plan, shape);
    if (py::isinstance<py::list>(object) || py::isinstance<py::tuple>(object) || py::isinstance<py::set>(object) ||
        py::isinstance<py::frozenset>(object)) {
      return items(object, plan);
    }
    if (py::isinstance(object, types().enumeration)) return value(object.attr("value"), plan);
    if (plan != nullptr) {
      for (const auto& nested : plan->shapes) {
        if (nested->is_instance(object)) return attributes(object, *nested);
      }
    }
    if (text_of_type(object)) return;
    throw py::type_error("an object of " + std::string(py::str(py::type::of(object))) + " has no form in JSON");
  }

  void items(const py::handle& object, const Plan* plan) {
    const Plan* const element = plan == nullptr ? nullptr : plan->element.get();
    handler_.start_array();
    for (const auto& item : object) value(item, element);
    handler_.end_array();
  }

  void mapping(const py::handle& object, const Plan* plan, const Shape* shape) {
    if (shape == nullptr && plan != nullptr && plan->shapes.size() == 1) shape = plan->shapes.front().get();
    const Plan* const element = plan == nullptr ? nullptr : plan->element.get();
    handler_.start_object();
    for (const auto& [key, item] : py::reinterpret_borrow<py::dict>(object)) {
      const auto name = utf8_of(key);
      if (!name) throw py::type_error("a member's name must be a str");
      const Shape::Member* const member = shape == nullptr ? nullptr : member_named(*name, *shape);
      handler_.key(member == nullptr ? *name : wire_name(*member, *shape));
      value(item, member == nullptr ? element_or_variant(*name, plan, element) : member->plan.get());
    }
    handler_.end_object();
  }

  void attributes(const py::handle& object, const Shape& shape) {
    handler_.start_object();
    for (const auto& member : shape.members()) {
      if (!member.plan) continue;
      const py::object item = py::getattr(object, member.name, py::none());
      const Field& field = shape.schema()->field(index_of(member, shape));
      if (item.is_none() && !field.is_nullable() && field.kind() != validation::Kind::kJson) continue;
      handler_.key(field.wire_name());
      value(item, member.plan.get());
    }
    handler_.end_object();
  }
  // NOLINTEND(misc-no-recursion)

  /// A member of a union's dict is looked for in each variant: the first that has one of its name has its plan.
  static const Plan* element_or_variant(std::string_view name, const Plan* plan, const Plan* element) {
    if (element != nullptr || plan == nullptr) return element;
    for (const auto& shape : plan->shapes) {
      if (const auto index = shape->schema()->find_wire(name)) return shape->members()[*index].plan.get();
    }
    return nullptr;
  }

  static const Shape::Member* member_named(std::string_view name, const Shape& shape) {
    const auto index = shape.find(name);
    return index ? &shape.members()[*index] : nullptr;
  }

  static std::size_t index_of(const Shape::Member& member, const Shape& shape) {
    return static_cast<std::size_t>(&member - shape.members().data());
  }

  static const std::string& wire_name(const Shape::Member& member, const Shape& shape) {
    return shape.schema()->field(index_of(member, shape)).wire_name();
  }

  bool scalar(const py::handle& object) {
    PyObject* const pointer = object.ptr();
    if (object.is_none()) return handler_.null(), true;
    if (PyUnicode_Check(pointer)) return text(object), true;
    if (PyBool_Check(pointer)) return handler_.boolean(pointer == Py_True), true;
    if (PyLong_Check(pointer)) return integer(object), true;
    if (PyFloat_Check(pointer)) return real(PyFloat_AS_DOUBLE(pointer)), true;
    return false;
  }

  void text(const py::handle& object) {
    const auto utf8 = utf8_of(object);
    if (!utf8) refuse("Must be text in UTF-8.", "format");
    handler_.string(*utf8);
  }

  void integer(const py::handle& object) {
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(object.ptr(), &overflow);
    if (overflow == 0) {
      handler_.integer(value);
    } else {
      refuse_huge(object);
    }
  }

  /// Past 64 bits only the magnitude matters; Python would take long to write out an enormous one.
  void refuse_huge(const py::handle& object) {
    constexpr std::size_t kMaxBits = 1'024;
    const auto bits = object.attr("bit_length")().cast<std::size_t>();
    if (bits > kMaxBits) refuse("Must be a number of a usual size.", "max");
    handler_.number(std::string(py::str(object)));
  }

  void real(double value) {
    if (!std::isfinite(value)) refuse("Must be a finite number.", "type");
    std::string text;
    json::Writer(text).number(value);
    handler_.number(text);
  }

  bool text_of_type(const py::handle& object) {
    const Types& known = types();
    if (py::isinstance(object, known.decimal)) return decimal(object), true;
    if (py::isinstance(object, known.date) || py::isinstance(object, known.time)) {
      handler_.string(std::string(py::str(object.attr("isoformat")())));
      return true;
    }
    if (py::isinstance(object, known.timedelta)) return duration(object), true;
    if (py::isinstance(object, known.uuid) || py::isinstance(object, known.ipv4) ||
        py::isinstance(object, known.ipv6)) {
      handler_.string(std::string(py::str(object)));
      return true;
    }
    return false;
  }

  void decimal(const py::handle& object) {
    if (!object.attr("is_finite")().cast<bool>()) refuse("Must be a finite number.", "type");
    handler_.number(std::string(py::str(object)));
  }

  /// ISO 8601; a negative one, which that has no form for, is a text that no field takes.
  void duration(const py::handle& object) {
    constexpr std::size_t kPlaces = 6;
    std::string micros = std::to_string(object.attr("microseconds").cast<std::int64_t>());
    micros.insert(0, kPlaces - micros.size(), '0');
    handler_.string("P" + std::to_string(object.attr("days").cast<std::int64_t>()) + "DT" +
                    std::to_string(object.attr("seconds").cast<std::int64_t>()) + "." + micros + "S");
  }

  /// As deep as the reader of JSON goes: what is stored must be readable again.
  class Level {
   public:
    explicit Level(std::size_t& depth) : depth_(depth) {
      if (depth_ > json::Limits{}.depth) refuse("Must not be nested so deeply.", "format");
      ++depth_;
    }
    ~Level() { --depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    std::size_t& depth_;
  };

  std::size_t depth_ = 0;
  json::Handler& handler_;
};

}  // namespace

void tell(json::Handler& handler, const py::handle& object, const Shape& shape) {
  Teller(handler).object(object, shape);
}

}  // namespace apiwright::bindings

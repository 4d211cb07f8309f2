#include "shape.hpp"

#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/json_schema.hpp"

namespace apiwright::bindings {
namespace {

using validation::BodyReader;
using validation::Mode;
using validation::Record;
using validation::Schema;
using validation::Value;

constexpr std::size_t kLongBody = 16 * 1024;  // bytes; reading a shorter one takes less than letting go of the GIL

py::object make_value(const Plan& plan, const Value& value);

struct Make {
  const Plan& plan;
  const Value& value;  ///< whose data this visits

  template <typename T>
  py::object operator()(const T& /*scalar*/) const {
    return to_python(value);
  }
  py::object operator()(const validation::Array& array) const {
    py::list list(array.size());
    for (std::size_t i = 0; i < array.size(); ++i) {
      PyList_SET_ITEM(list.ptr(), static_cast<Py_ssize_t>(i), make_value(*plan.element, array[i]).release().ptr());
    }
    return list;
  }
  py::object operator()(const validation::Map& map) const {
    py::dict dict;
    for (const auto& entry : map.entries) dict[py::str(entry.name)] = make_value(*plan.element, entry.value);
    return dict;
  }
  py::object operator()(const validation::Object& object) const {
    for (const auto& shape : plan.shapes) {
      if (shape->schema().get() == &object.record->schema().declared()) return shape->make(*object.record);
    }
    return plan.shapes.front()->make(*object.record);
  }
};

py::object make_value(const Plan& plan, const Value& value) {
  py::object made = std::visit(Make{plan, value}, value.data);
  if (plan.convert.is_none() || made.is_none()) return made;
  return plan.convert(std::move(made));
}

/// A column of a field that may not be null holds NULL where the field was left out.
bool is_left_out(const Record& record, std::size_t index) {
  const Value& value = record.at(index);
  return value.is_absent() || (value.is_null() && !record.schema().field(index).is_nullable());
}

}  // namespace

Shape::Shape(validation::SchemaPtr schema, std::vector<Member> members, Style style, py::object type)
    : schema_(std::move(schema)), members_(std::move(members)), style_(style), type_(std::move(type)) {
  for (std::size_t i = 0; i < members_.size(); ++i) by_name_.emplace(members_[i].name, i);
}

std::optional<std::size_t> Shape::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

py::object Shape::make(const Record& record) const {
  py::dict values;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const Member& member = members_[i];
    if (!member.plan) continue;
    if (!is_left_out(record, i)) {
      values[member.name] = make_value(*member.plan, record.at(i));
    } else if (!member.factory.is_none()) {
      values[member.name] = member.factory();
    }
  }
  switch (style_) {
    case Style::kDict:
      return values;
    case Style::kCall:
      return call_type(values);
    case Style::kPydantic:
      break;
  }
  return make_model(record, values);
}

py::object Shape::call_type(const py::dict& values) const {
  auto made = py::reinterpret_steal<py::object>(PyObject_Call(type_.ptr(), names_.no_arguments.ptr(), values.ptr()));
  if (!made) throw py::error_already_set();
  return made;
}

// As pydantic-core makes its instances: validated values go in without passing through validation again.
py::object Shape::make_model(const Record& record, const py::dict& values) const {
  auto* const type = reinterpret_cast<PyTypeObject*>(type_.ptr());  // NOLINT(*-reinterpret-cast)
  auto model = py::reinterpret_steal<py::object>(type->tp_new(type, names_.no_arguments.ptr(), nullptr));
  if (!model) throw py::error_already_set();
  py::set sent;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const bool is_sent = members_[i].plan && !record.at(i).is_absent() && record.was_sent(i);
    if (is_sent && PySet_Add(sent.ptr(), members_[i].name.ptr()) != 0) throw py::error_already_set();
  }
  const auto set = [&](const py::str& name, const py::object& value) {
    if (PyObject_GenericSetAttr(model.ptr(), name.ptr(), value.ptr()) != 0) throw py::error_already_set();
  };
  set(names_.dict, values);
  set(names_.fields_set, sent);
  set(names_.extra, py::none());
  set(names_.private_values, py::none());
  return model;
}

py::str interned(const char* name) {
  auto text = py::reinterpret_steal<py::str>(PyUnicode_InternFromString(name));
  if (!text) throw py::error_already_set();
  return text;
}

bool Shape::is_instance(const py::handle& object) const {
  return style_ != Style::kDict && py::isinstance(object, type_);
}

namespace {

/// From JSON or Python's objects to checked Records, and to what the shape makes of them.
class Validator {
 public:
  Validator(std::shared_ptr<Shape> shape, Mode mode, bool trusting)
      : shape_(std::move(shape)),
        reader_(trusting ? BodyReader::trusting(shape_->schema(), mode) : BodyReader(shape_->schema(), mode)) {}

  [[nodiscard]] py::object validate_json(const py::bytes& body) const {
    const std::string_view bytes(body);
    return shape_->make(bytes.size() > kLongBody ? read_unlocked(bytes) : reader_.read(bytes));
  }

  [[nodiscard]] Record record(const py::object& object) const {
    return reader_.read([&](json::Handler& handler) { tell(handler, object, *shape_); });
  }

  [[nodiscard]] py::object validate_python(const py::object& object) const { return shape_->make(record(object)); }

  [[nodiscard]] const BodyReader& reader() const noexcept { return reader_; }

 private:
  [[nodiscard]] Record read_unlocked(std::string_view bytes) const {
    const py::gil_scoped_release unlocked;
    return reader_.read(bytes);
  }

  std::shared_ptr<Shape> shape_;
  BodyReader reader_;
};

std::shared_ptr<Shape> make_shape(const std::shared_ptr<Schema>& schema, const std::vector<std::string>& names,
                                  std::vector<std::shared_ptr<Plan>> plans, std::vector<py::object> factories,
                                  Style style, py::object type) {
  std::vector<Shape::Member> members;
  members.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    members.push_back({interned(names[i].c_str()), std::move(plans.at(i)), std::move(factories.at(i))});
  }
  return std::make_shared<Shape>(schema, std::move(members), style, std::move(type));
}

}  // namespace

void bind_shapes(py::module_& module) {
  py::native_enum<Style>(module, "Style", "enum.Enum")
      .value("DICT", Style::kDict)
      .value("CALL", Style::kCall)
      .value("PYDANTIC", Style::kPydantic)
      .finalize();
  py::class_<Shape, std::shared_ptr<Shape>> shape(module, "Shape",
                                                  "Between a Schema's records and objects of a class.");
  py::class_<Plan, std::shared_ptr<Plan>>(module, "Plan", "How one field's value becomes a Python object.")
      .def(py::init([](py::object convert, std::shared_ptr<Plan> element, std::vector<std::shared_ptr<Shape>> shapes) {
             return std::make_shared<Plan>(Plan{std::move(convert), std::move(element), std::move(shapes)});
           }),
           py::arg("convert") = py::none(), py::arg("element") = py::none(),
           py::arg("shapes") = std::vector<std::shared_ptr<Shape>>{},
           "`convert` is called with the value; `element` is for lists and maps, `shapes` for objects.");
  shape
      .def(py::init(&make_shape), required("schema"), py::kw_only(), py::arg("names"), py::arg("plans"),
           py::arg("factories"), py::arg("style"), py::arg("type"),
           "One name, Plan (None: objects do not have it) and factory of a missing value (or None) for each field.")
      .def("make", &Shape::make, py::arg("record"), "The object of a checked record.");
  py::class_<Validator, std::shared_ptr<Validator>>(module, "Validator", "Checks JSON and objects by a Shape.")
      .def(py::init([](std::shared_ptr<Shape> made, Mode mode, bool trusting) {
             return std::make_shared<Validator>(std::move(made), mode, trusting);
           }),
           required("shape"), py::kw_only(), py::arg("mode") = Mode::kCreate, py::arg("trusting") = false,
           "`trusting` takes what the server sets, too.")
      .def("validate_json", &Validator::validate_json, py::arg("body"),
           "The checked object. Raises MalformedJson, ValidationFailed.")
      .def("validate_python", &Validator::validate_python, py::arg("object"),
           "The checked object. Raises ValidationFailed, TypeError.")
      .def("record", &Validator::record, py::arg("object"), "The checked values. Raises ValidationFailed, TypeError.")
      .def(
          "json_schema", [](const Validator& validator) { return body_json_schema(validator.reader()); },
          "JSON Schema of what is accepted, as JSON text.");
}

}  // namespace apiwright::bindings

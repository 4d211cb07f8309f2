#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/json/reader.hpp"
#include "apiwright/validation/record.hpp"
#include "bind.hpp"

namespace apiwright::bindings {

class Shape;

/// How one field's value becomes a Python object: as to_python() has it, unless one of these says otherwise.
struct Plan {
  py::object convert;                          ///< is called with what would have been the object; None: nothing is
  std::shared_ptr<Plan> element;               ///< of arrays and maps
  std::vector<std::shared_ptr<Shape>> shapes;  ///< of an object, or of a union's variants
};

/// What the objects made of a Schema's records are.
enum class Style {
  kDict,      ///< a dict
  kCall,      ///< the class, called with the values by name: a dataclass
  kPydantic,  ///< a pydantic model, made without validating again
};

/// A str that is the same object wherever Python has this name.
[[nodiscard]] py::str interned(const char* name);

/// Between a Schema's Records and Python's objects of a class, both ways. Under the GIL.
class Shape {
 public:
  struct Member {
    py::str name;                ///< the attribute, or the dict's key
    std::shared_ptr<Plan> plan;  ///< none: a column that objects do not have
    py::object factory;          ///< makes the value of a member left out; None: it stays out
  };

  Shape(validation::SchemaPtr schema, std::vector<Member> members, Style style, py::object type);

  [[nodiscard]] const validation::SchemaPtr& schema() const noexcept { return schema_; }
  [[nodiscard]] const std::vector<Member>& members() const noexcept { return members_; }
  /// The index of a member by its name in Python.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;

  [[nodiscard]] py::object make(const validation::Record& record) const;

  /// True for an instance of the class, which `tell` reads by its attributes.
  [[nodiscard]] bool is_instance(const py::handle& object) const;

 private:
  /// What making an instance needs each time.
  struct Names {
    py::str dict = interned("__dict__");
    py::str fields_set = interned("__pydantic_fields_set__");
    py::str extra = interned("__pydantic_extra__");
    py::str private_values = interned("__pydantic_private__");
    py::tuple no_arguments;
  };

  [[nodiscard]] py::object call_type(const py::dict& values) const;
  [[nodiscard]] py::object make_model(const validation::Record& record, const py::dict& values) const;

  validation::SchemaPtr schema_;
  std::vector<Member> members_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  Style style_;
  py::object type_;
  Names names_;
};

/// Tells a Python object to a handler as if it stood in JSON, its members by their names on the wire: dicts, instances
/// of the shape's class, lists, tuples, sets, str, int, float, bool, None, Decimal, datetime, date, time, timedelta,
/// UUID, addresses, enums. TypeError for others; Error(kValidationError) for numbers that are not finite and text that
/// is no Unicode. An instance's None is left out where the field may not be null.
void tell(json::Handler& handler, const py::handle& object, const Shape& shape);

void bind_shapes(py::module_& module);

}  // namespace apiwright::bindings

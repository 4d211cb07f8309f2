#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/email.hpp"
#include "apiwright/validation/json_schema.hpp"
#include "bind.hpp"

namespace apiwright::bindings {
namespace {

using validation::BodyReader;
using validation::Field;
using validation::Mode;
using validation::Record;
using validation::Schema;

// A chained call gives a new Field and leaves the old one as it was.
template <auto kCall, typename... Arguments>
auto chained() {
  return [](const Field& field, Arguments... arguments) {
    Field copy = field;
    return (std::move(copy).*kCall)(std::move(arguments)...);
  };
}

void bind_field(py::module_& module) {
  py::class_<Field>(module, "Field", "One member of a Schema; each call gives a new Field.")
      .def_static("string", &Field::string, py::arg("name"), "Text.")
      .def_static("email", &Field::email, py::arg("name"), "An address by RFC 5321 and 6531, at most 255 characters.")
      .def_static("uuid", &Field::uuid, py::arg("name"), "A UUID.")
      .def_static("integer", &Field::integer, py::arg("name"), "A whole number of 64 bits.")
      .def_static("decimal", &Field::decimal, py::arg("name"), py::arg("precision"), py::arg("scale"),
                  "A decimal string: digits in all, and after the point. Raises ValueError.")
      .def_static("boolean", &Field::boolean, py::arg("name"), "True or false.")
      .def_static("date_time", &Field::date_time, py::arg("name"), "A time by RFC 3339.")
      .def_static("enumeration", &Field::enumeration, py::arg("name"), py::arg("values"),
                  "One of these texts. Raises ValueError.")
      .def_static("array", &Field::array, py::arg("name"), py::arg("element"), "A list of scalars. Raises ValueError.")
      .def("length", chained<&Field::length, std::size_t, std::size_t>(), py::arg("min"), py::arg("max"),
           "Code points, both bounds included. Raises ValueError.")
      .def("pattern", chained<&Field::pattern, std::string>(), py::arg("re2"),
           "The whole text must match. Raises ValueError.")
      .def("range", chained<&Field::range, std::int64_t, std::int64_t>(), py::arg("min"), py::arg("max"),
           "Both bounds included. Raises ValueError.")
      .def("items", chained<&Field::items, std::size_t, std::size_t>(), py::arg("min"), py::arg("max"),
           "How many, both bounds included. Raises ValueError.")
      .def("distinct", chained<&Field::distinct>(), "No item twice. Raises ValueError.")
      .def("optional", chained<&Field::optional>(), "May be left out.")
      .def("nullable", chained<&Field::nullable>(), "May be null.")
      .def(
          "default_value",
          [](const Field& field, const py::object& value) {
            return Field(Field(field).default_value(from_python(value)));
          },
          py::arg("value"), "What a field left out gets. Raises TypeError, ValueError.")
      .def("read_only", chained<&Field::read_only>(), "Set by the server alone.")
      .def("write_only", chained<&Field::write_only>(), "Never in an answer.")
      .def("internal", chained<&Field::internal>(), "A column only.")
      .def("transient", chained<&Field::transient>(), "Checked, never stored.")
      .def("visible_to", chained<&Field::visible_to, std::string>(), py::arg("role"),
           "Answers show it to this role alone.")
      .def("writable_by", chained<&Field::writable_by, std::string>(), py::arg("role"), "This role alone may set it.")
      .def("unique", chained<&Field::unique>(), "No two rows share a value.")
      .def("searchable", chained<&Field::searchable>(), "`search` looks into it.")
      .def("filterable", chained<&Field::filterable>(), "Lists may ask for rows with a value of it.")
      .def("sortable", chained<&Field::sortable>(), "Lists may be ordered by it.")
      .def("describe", chained<&Field::describe, std::string>(), py::arg("text"), "For the documentation.")
      .def(
          "example",
          [](const Field& field, const py::object& value) { return Field(Field(field).example(from_python(value))); },
          py::arg("value"), "For the documentation. Raises TypeError.")
      .def_property_readonly(
          "name", [](const Field& field) { return field.name(); }, "As in Python and SQL.")
      .def_property_readonly("wire_name", &Field::wire_name, "As in JSON.");
}

py::dict present_values(const Record& record) {
  py::dict values;
  const auto& fields = record.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (record.at(index).is_absent()) continue;
    values[py::str(fields[index].name())] = to_python(record.at(index));
  }
  return values;
}

}  // namespace

void bind_validation(py::module_& module) {
  auto validation_module = module.def_submodule("validation", "From bytes to checked values.");
  bind_field(validation_module);

  py::class_<Schema, std::shared_ptr<Schema>>(validation_module, "Schema", "A compiled declaration; immutable.")
      .def(
          py::init([](std::string title, std::vector<Field> fields, std::string table) {
            return std::const_pointer_cast<Schema>(Schema::make(std::move(title), std::move(table), std::move(fields)));
          }),
          py::arg("title"), py::arg("fields"), py::kw_only(), py::arg("table") = "",
          "Compiles the fields. Raises ValueError.")
      .def_property_readonly("title", &Schema::title, "Its name in JSON Schema.")
      .def_property_readonly("fields", &Schema::fields, "In the order of the declaration.")
      .def("row_json_schema", &validation::row_json_schema, "JSON Schema of a row in an answer, as JSON text.");

  py::native_enum<Mode>(validation_module, "Mode", "enum.Enum")
      .value("CREATE", Mode::kCreate)
      .value("REPLACE", Mode::kReplace)
      .value("PATCH", Mode::kPatch)
      .finalize();

  py::class_<Record>(validation_module, "Record", "Checked values by field name.")
      .def(
          "__getitem__", [](const Record& record, std::string_view name) { return to_python(record.at(name)); },
          py::arg("name"), "The value; None when null or left out. Raises ValueError for no field.")
      .def(
          "__contains__", [](const Record& record, std::string_view name) { return record.has(name); }, py::arg("name"),
          "True when it was given. Raises ValueError for no field of the schema.")
      .def("take_secret", &Record::take_secret, py::arg("name"),
           "Moves a text out and wipes it here. Raises ValueError when it is none.")
      .def("to_dict", &present_values, "The present values by field name.");

  py::class_<BodyReader>(validation_module, "BodyReader", "Reads JSON bodies of one Schema.")
      .def(py::init([](const std::shared_ptr<Schema>& schema, Mode mode,
                       const std::optional<std::vector<std::string_view>>& only) {
             return only ? std::make_unique<BodyReader>(schema, mode, *only)
                         : std::make_unique<BodyReader>(schema, mode);
           }),
           required("schema"), py::arg("mode") = Mode::kCreate, py::kw_only(), py::arg("only") = py::none(),
           "Reads what the mode takes, or `only` these fields. Raises ValueError.")
      .def(
          "read",
          [](const BodyReader& reader, const py::bytes& body) {
            const std::string_view bytes(body);
            const py::gil_scoped_release unlocked;
            return reader.read(bytes);
          },
          py::arg("body"), "The checked values. Raises MalformedJson, ValidationFailed.")
      .def("json_schema", &validation::body_json_schema, "JSON Schema of what is accepted, as JSON text.");

  validation_module.def("is_email", &validation::is_email, py::arg("address"),
                        "True for an address by RFC 5321 and 6531.");
  validation_module.def("email_key", &validation::email_key, py::arg("address"),
                        "What two spellings of one address share; None when it is not one.");
}

}  // namespace apiwright::bindings

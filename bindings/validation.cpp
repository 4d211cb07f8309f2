#include "apiwright/base/text.hpp"
#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/email.hpp"
#include "apiwright/validation/json_schema.hpp"
#include "apiwright/validation/value_json.hpp"
#include "bind.hpp"
#include "shape.hpp"

namespace apiwright::bindings {
namespace {

using validation::BodyReader;
using validation::Choice;
using validation::Field;
using validation::Format;
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

using Variants = std::vector<std::pair<std::string, std::shared_ptr<Schema>>>;

Field tagged_union(std::string name, std::string discriminator, const Variants& variants) {
  std::vector<validation::Variant> list;
  list.reserve(variants.size());
  for (const auto& [tag, schema] : variants) list.push_back({tag, schema});
  return Field::tagged_union(std::move(name), std::move(discriminator), std::move(list));
}

/// A default in its field's own type, from what JSON would show: a text for a decimal, an id or a time.
validation::Value default_from_python(const Field& field, const py::object& object) {
  validation::Value value = from_python(object);
  const auto* const text = std::get_if<std::string>(&value.data);
  if (text == nullptr || field.kind() == validation::Kind::kString) return value;
  return read_value(field, validation::to_json(value));
}

Field with_decimal_range(const Field& field, const std::optional<std::string>& min,
                         const std::optional<std::string>& max) {
  const auto bound = [&](const std::optional<std::string>& text, std::int64_t otherwise) {
    if (!text) return Decimal{.unscaled = otherwise, .scale = field.scale()};
    const auto parsed = Decimal::parse(*text, Decimal::kMaxDigits, field.scale());
    if (!parsed) throw std::logic_error("Field `" + field.name() + "`: a bound has more places than the field");
    return *parsed;
  };
  return Field(Field(field).range(bound(min, field.min()), bound(max, field.max())));
}

using FieldClass = py::class_<Field>;

void bind_kinds(FieldClass& bound) {
  bound.def_static("string", &Field::string, py::arg("name"), "Text.")
      .def_static("email", &Field::email, py::arg("name"), "An address by RFC 5321 and 6531, at most 255 characters.")
      .def_static("uuid", &Field::uuid, py::arg("name"), "A UUID.")
      .def_static("integer", &Field::integer, py::arg("name"), "A whole number of 64 bits.")
      .def_static("number", &Field::number, py::arg("name"), "A finite double.")
      .def_static("decimal", &Field::decimal, py::arg("name"), py::arg("precision"), py::arg("scale"),
                  "A decimal string: digits in all, and after the point. Raises ValueError.")
      .def_static("boolean", &Field::boolean, py::arg("name"), "True or false.")
      .def_static("date_time", &Field::date_time, py::arg("name"), "A time by RFC 3339.")
      .def_static(
          "parts",
          [](std::string name, const std::shared_ptr<Schema>& rows, std::string reference) {
            return Field::parts(std::move(name), rows, std::move(reference));
          },
          py::arg("name"), required("rows"), py::arg("reference"),
          "Rows of another table that are made with the row that brings them. Raises ValueError.")
      .def_static("enumeration", &Field::enumeration, py::arg("name"), py::arg("values"),
                  "One of these texts. Raises ValueError.")
      .def_static("array", &Field::array, py::arg("name"), py::arg("element"), "A list. Raises ValueError.")
      .def_static(
          "object",
          [](std::string name, std::shared_ptr<Schema> schema) {
            return Field::object(std::move(name), std::move(schema));
          },
          py::arg("name"), required("schema"), "An object of a schema of its own.")
      .def_static("tagged_union", &tagged_union, py::arg("name"), py::arg("discriminator"), py::arg("variants"),
                  "An object of one of (tag, Schema): its member `discriminator` says which. Raises ValueError.")
      .def_static("map", &Field::map, py::arg("name"), py::arg("element"),
                  "An object of any names, each value as `element`. Raises ValueError.")
      .def_static("json", &Field::json, py::arg("name"), "Any JSON.");
}

void bind_constraints(FieldClass& bound) {
  bound
      .def("length", chained<&Field::length, std::size_t, std::size_t>(), py::arg("min"), py::arg("max"),
           "Code points, both bounds included. Raises ValueError.")
      .def("pattern", chained<&Field::pattern, std::string>(), py::arg("re2"),
           "The whole text must match. Raises ValueError.")
      .def(
          "format", [](const Field& field, Format format) { return Field(Field(field).format(format)); },
          py::arg("format"), "The text has this form. Raises ValueError.")
      .def(
          "range",
          [](const Field& field, std::int64_t min, std::int64_t max) { return Field(Field(field).range(min, max)); },
          py::arg("min"), py::arg("max"), "Both bounds included. Raises ValueError.")
      .def("decimal_range", &with_decimal_range, py::arg("min"), py::arg("max"),
           "Both bounds included, as texts; None: none. Raises ValueError.")
      .def(
          "number_range",
          [](const Field& field, double min, double max, bool min_excluded, bool max_excluded) {
            return Field(Field(field).range(validation::NumberRange{min, max, min_excluded, max_excluded}));
          },
          py::arg("min"), py::arg("max"), py::kw_only(), py::arg("min_excluded") = false,
          py::arg("max_excluded") = false, "Infinite: no bound. Raises ValueError.")
      .def("items", chained<&Field::items, std::size_t, std::size_t>(), py::arg("min"), py::arg("max"),
           "How many, both bounds included. Raises ValueError.")
      .def("distinct", chained<&Field::distinct>(), "No item twice. Raises ValueError.")
      .def("optional", chained<&Field::optional>(), "May be left out.")
      .def("nullable", chained<&Field::nullable>(), "May be null.")
      .def("required", chained<&Field::required>(), "May not be left out, even if it may be null.")
      .def(
          "default_value",
          [](const Field& field, const py::object& value) {
            return Field(Field(field).default_value(default_from_python(field, value)));
          },
          py::arg("value"), "What a field left out gets. Raises TypeError, ValueError.");
}

void bind_flags(FieldClass& bound) {
  bound
      .def(
          "default_json",
          [](const Field& field, std::string_view json) {
            return Field(Field(field).default_value(validation::read_value(field, json)));
          },
          py::arg("json"), "The default as JSON, for what holds others. Raises ValidationFailed.")
      .def("read_only", chained<&Field::read_only>(), "Set by the server alone.")
      .def(
          "set_to",
          [](const Field& field, std::string_view value) {
            return Field(Field(field).set_to(validation::server_value_named(value)));
          },
          py::arg("value"), "Read-only, and in a new row `current_user` or `now`. Raises ValueError.")
      .def(
          "sum_of",
          [](const Field& field, std::string parts, std::vector<std::string> factors) {
            return Field(Field(field).set_to(validation::SumOfParts{std::move(parts), std::move(factors)}));
          },
          py::arg("parts"), py::arg("factors"),
          "Read-only, and in a new row the sum of its parts' products. Raises ValueError.")
      .def("immutable", chained<&Field::immutable>(), "Given to a new row and changed in none.")
      .def(
          "transitions",
          [](const Field& field, std::map<std::string, std::vector<std::string>> transitions) {
            return Field(Field(field).transitions({transitions.begin(), transitions.end()}));
          },
          py::arg("transitions"), "An enumeration's values, each with those that it may become. Raises ValueError.")
      .def("write_only", chained<&Field::write_only>(), "Never in an answer.")
      .def("internal", chained<&Field::internal>(), "A column only.")
      .def("transient", chained<&Field::transient>(), "Checked, never stored.")
      .def("references", chained<&Field::references, std::string>(), py::arg("table"), "The id of a row there.")
      .def("unique", chained<&Field::unique>(), "No two rows share a value.")
      .def("searchable", chained<&Field::searchable>(), "`search` looks into it.")
      .def("filterable", chained<&Field::filterable>(), "Lists may ask for rows with a value of it.")
      .def("sortable", chained<&Field::sortable>(), "Lists may be ordered by it.")
      .def("indexed", chained<&Field::indexed>(), "It has an index. Raises ValueError.")
      .def_property_readonly("is_read_only", &Field::is_read_only, "Set by the server alone.")
      .def_property_readonly("is_searchable", &Field::is_searchable, "Found by `search=`.")
      .def_property_readonly("is_filterable", &Field::is_filterable, "Lists may ask for a value.")
      .def_property_readonly("is_sortable", &Field::is_sortable, "Lists may be ordered by it.")
      .def("sent_as", chained<&Field::sent_as, std::string>(), py::arg("wire_name"), "Its name in JSON.")
      .def("describe", chained<&Field::describe, std::string>(), py::arg("text"), "For the documentation.")
      .def(
          "example",
          [](const Field& field, const py::object& value) { return Field(Field(field).example(from_python(value))); },
          py::arg("value"), "For the documentation. Raises TypeError.")
      .def_property_readonly(
          "name", [](const Field& field) { return field.name(); }, "As in Python and SQL.")
      .def_property_readonly("wire_name", &Field::wire_name, "As in JSON.");
}

void bind_declarations(py::module_& module) {
  py::native_enum<Format>(module, "Format", "enum.Enum")
      .value("URI", Format::kUri)
      .value("DATE", Format::kDate)
      .value("TIME", Format::kTime)
      .value("DURATION", Format::kDuration)
      .value("IPV4", Format::kIpv4)
      .value("IPV6", Format::kIpv6)
      .value("HOSTNAME", Format::kHostname)
      .finalize();
  py::class_<Choice>(module, "Choice", "Which of several fields may be given together.")
      .def(py::init<std::vector<std::string>, bool, bool>(), py::arg("fields"), py::kw_only(), py::arg("required"),
           py::arg("exclusive"), "`required`: at least one; `exclusive`: at most one.");
  FieldClass field(module, "Field", "One member of a Schema; each call gives a new Field.");

  py::class_<Schema, std::shared_ptr<Schema>> schema(module, "Schema", "A compiled declaration; immutable.");
  bind_kinds(field);
  bind_constraints(field);
  bind_flags(field);
  schema
      .def(py::init([](std::string title, std::vector<Field> fields, std::string table, std::vector<Choice> choices) {
             return std::const_pointer_cast<Schema>(
                 Schema::make(std::move(title), std::move(table), std::move(fields), std::move(choices)));
           }),
           py::arg("title"), py::arg("fields"), py::kw_only(), py::arg("table") = "",
           py::arg("choices") = std::vector<Choice>{}, "Compiles the fields. Raises ValueError.")
      .def_property_readonly("table", &Schema::table, "The SQL table; empty for a body alone.")
      .def_property_readonly("title", &Schema::title, "Its name in JSON Schema.")
      .def_property_readonly("fields", &Schema::fields, "In the order of the declaration.")
      .def("row_json_schema", &validation::row_json_schema, py::arg("guarded") = std::vector<std::string>{},
           "JSON Schema of a row in an answer, as JSON text; `guarded` fields may be left out. Raises ValueError.");
}

void bind_readers(py::module_& module) {
  py::native_enum<Mode>(module, "Mode", "enum.Enum")
      .value("CREATE", Mode::kCreate)
      .value("REPLACE", Mode::kReplace)
      .value("PATCH", Mode::kPatch)
      .value("CHANGES", Mode::kChanges)
      .finalize();

  py::class_<Record>(module, "Record", "Checked values by field name.")
      .def(
          "__getitem__", [](const Record& record, std::string_view name) { return to_python(record.at(name)); },
          py::arg("name"), "The value; None when null or left out. Raises ValueError for no field.")
      .def(
          "__contains__", [](const Record& record, std::string_view name) { return record.has(name); }, py::arg("name"),
          "True when it was given. Raises ValueError for no field of the schema.")
      .def("take_secret", &Record::take_secret, py::arg("name"),
           "Moves a text out and wipes it here. Raises ValueError when it is none.")
      .def("to_dict", &values_of, "The present values by field name.");

  py::class_<BodyReader>(module, "BodyReader", "Reads JSON bodies of one Schema.")
      .def(py::init([](const std::shared_ptr<Schema>& read, Mode mode,
                       const std::optional<std::vector<std::string_view>>& only) {
             return only ? std::make_unique<BodyReader>(read, mode, *only) : std::make_unique<BodyReader>(read, mode);
           }),
           required("schema"), py::arg("mode") = Mode::kCreate, py::kw_only(), py::arg("only") = py::none(),
           "Reads what the mode takes, or `only` these fields. Raises ValueError.")
      .def_static(
          "importing", [](const std::shared_ptr<Schema>& read) { return BodyReader::importing(read); },
          required("schema"), "Reads exported rows: what the server sets, too, but nothing internal.")
      .def(
          "read",
          [](const BodyReader& reader, const py::bytes& body) {
            const std::string_view bytes(body);
            const py::gil_scoped_release unlocked;
            return reader.read(bytes);
          },
          py::arg("body"), "The checked values. Raises MalformedJson, ValidationFailed.")
      .def("json_schema", &validation::body_json_schema, "JSON Schema of what is accepted, as JSON text.");
}

}  // namespace

void bind_validation(py::module_& module) {
  auto validation_module = module.def_submodule("validation", "From bytes to checked values.");
  bind_declarations(validation_module);
  bind_readers(validation_module);
  bind_shapes(validation_module);
  validation_module.def(
      "parse_duration",
      [](std::string_view text) -> std::optional<std::int64_t> {
        const auto duration = validation::parse_duration(text);
        return duration ? std::optional(std::int64_t{duration->count()}) : std::nullopt;
      },
      py::arg("text"), "Microseconds of an ISO 8601 duration without years and months; None when it is none.");
  validation_module.def("to_wire_name", &validation::to_wire_name, py::arg("snake_case"), "created_at → createdAt.");
  validation_module.def(
      "casefold", [](std::string_view text) { return casefold(text); }, py::arg("text"),
      "What two texts share that differ in case alone: NFKC_Casefold.");
  validation_module.def("is_email", &validation::is_email, py::arg("address"),
                        "True for an address by RFC 5321 and 6531.");
  validation_module.def("email_key", &validation::email_key, py::arg("address"),
                        "What two spellings of one address share; None when it is not one.");
}

}  // namespace apiwright::bindings

#include "apiwright/validation/json_schema.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string_view>
#include <variant>

#include "apiwright/json/writer.hpp"
#include "apiwright/validation/value_json.hpp"

namespace apiwright::validation {
namespace {

enum class Side { kBody, kPatch, kRow };

std::int64_t to_signed(std::size_t count) noexcept { return static_cast<std::int64_t>(count); }

bool is_secret(const Field& field) noexcept { return field.is_write_only() || field.is_transient(); }

/// What may be left out of a row's body and has nothing in its place is null in answers. In a merge patch null takes a
/// member away, which sets its default.
bool may_be_null(const Field& field, Side side) noexcept {
  if (field.is_nullable()) return true;
  if (side == Side::kPatch) return field.default_value().has_value();
  return side == Side::kRow && field.is_optional() && !field.default_value();
}

std::string_view type_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::kInteger:
      return "integer";
    case Kind::kBoolean:
      return "boolean";
    case Kind::kNumber:
      return "number";
    case Kind::kArray:
      return "array";
    case Kind::kObject:
    case Kind::kUnion:
    case Kind::kMap:
      return "object";
    default:
      return "string";
  }
}

void write_members(json::Writer& out, const Schema& schema, Side side);

/// The members that describe one field's value.
class FieldWriter {
 public:
  FieldWriter(json::Writer& out, const Field& field, Side side) : out_(out), field_(field), side_(side) {}

  void write() {
    out_.begin_object();
    write_type();
    write_constraints();
    if (!field_.description().empty()) out_.member("description", field_.description());
    if (side_ == Side::kBody && field_.default_value()) write_value("default", *field_.default_value());
    if (field_.example()) write_example();
    if (side_ == Side::kRow && field_.is_read_only()) out_.member("readOnly", true);
    if (side_ != Side::kRow && is_secret(field_)) out_.member("writeOnly", true);
    out_.end_object();
  }

 private:
  void write_type() {
    if (field_.kind() == Kind::kJson || field_.kind() == Kind::kUnion) return;
    out_.key("type");
    if (!may_be_null(field_, side_)) {
      out_.string(type_of(field_.kind()));
      return;
    }
    out_.begin_array().string(type_of(field_.kind())).string("null").end_array();
  }

  void write_constraints() {
    switch (field_.kind()) {
      case Kind::kString:
        return write_string();
      case Kind::kEmail:
        out_.member("format", "email");
        out_.member("maxLength", to_signed(field_.max_length()));
        return;
      case Kind::kUuid:
        out_.member("format", "uuid");
        return;
      case Kind::kInteger:
        return write_integer();
      case Kind::kNumber:
        return write_number();
      case Kind::kDecimal:
        out_.member("pattern", decimal_pattern());
        return;
      case Kind::kDateTime:
        out_.member("format", "date-time");
        return;
      case Kind::kEnum:
        return write_enum();
      case Kind::kArray:
        return write_array();
      case Kind::kObject:
        return write_members(out_, *field_.schema(), side_);
      case Kind::kUnion:
        return write_union();
      case Kind::kMap:
        return write_map();
      case Kind::kBoolean:
      case Kind::kJson:
        return;
    }
  }

  void write_string() {
    if (is_secret(field_)) {
      out_.member("format", "password");
    } else if (field_.format() != Format::kNone) {
      out_.member("format", name_of(field_.format()));
    }
    if (field_.min_length() > 0) out_.member("minLength", to_signed(field_.min_length()));
    if (field_.max_length() != std::numeric_limits<std::size_t>::max()) {
      out_.member("maxLength", to_signed(field_.max_length()));
    }
    if (!field_.pattern_text().empty()) out_.member("pattern", "^(?:" + field_.pattern_text() + ")$");
  }

  void write_integer() {
    out_.member("format", "int64");
    if (field_.min() != std::numeric_limits<std::int64_t>::min()) out_.member("minimum", field_.min());
    if (field_.max() != std::numeric_limits<std::int64_t>::max()) out_.member("maximum", field_.max());
  }

  void write_number() {
    const NumberRange& range = field_.number_range();
    if (std::isfinite(range.min)) out_.key(range.min_excluded ? "exclusiveMinimum" : "minimum").number(range.min);
    if (std::isfinite(range.max)) out_.key(range.max_excluded ? "exclusiveMaximum" : "maximum").number(range.max);
  }

  void write_union() {
    out_.key("oneOf").begin_array();
    for (const Variant& variant : field_.variants()) {
      out_.begin_object().member("type", "object");
      write_members(out_, *variant.schema, side_);
      out_.end_object();
    }
    if (may_be_null(field_, side_)) out_.begin_object().member("type", "null").end_object();
    out_.end_array();
    out_.key("discriminator").begin_object().member("propertyName", field_.discriminator()).end_object();
  }

  void write_map() {
    out_.key("additionalProperties");
    FieldWriter(out_, *field_.element(), side_).write();
    if (field_.min_items() > 0) out_.member("minProperties", to_signed(field_.min_items()));
    if (field_.max_items() != std::numeric_limits<std::size_t>::max()) {
      out_.member("maxProperties", to_signed(field_.max_items()));
    }
  }

  /// Answers always have all places; a body may leave places out or add zeros.
  [[nodiscard]] std::string decimal_pattern() const {
    const std::string scale = std::to_string(field_.scale());
    const int whole = field_.precision() - field_.scale();
    std::string pattern = whole > 1 ? "^-?(?:0|[1-9][0-9]{0," + std::to_string(whole - 1) + "})"
                                    : std::string(whole == 1 ? "^-?[0-9]" : "^-?0");
    if (side_ == Side::kRow) return pattern + (field_.scale() > 0 ? "\\.[0-9]{" + scale + "}$" : "$");
    return pattern + (field_.scale() > 0 ? "(?:\\.[0-9]{1," + scale + "}0*)?$" : "(?:\\.0+)?$");
  }

  void write_enum() {
    out_.key("enum").begin_array();
    for (const std::string& value : field_.values()) out_.string(value);
    if (may_be_null(field_, side_)) out_.null();
    out_.end_array();
  }

  void write_array() {
    out_.key("items");
    FieldWriter(out_, *field_.element(), side_).write();
    if (field_.min_items() > 0) out_.member("minItems", to_signed(field_.min_items()));
    if (field_.max_items() != std::numeric_limits<std::size_t>::max()) {
      out_.member("maxItems", to_signed(field_.max_items()));
    }
    if (field_.is_distinct()) out_.member("uniqueItems", true);
  }

  void write_value(std::string_view name, const Value& value) {
    out_.key(name);
    write_json(out_, value);
  }

  void write_example() {
    out_.key("examples").begin_array();
    write_json(out_, *field_.example());
    out_.end_array();
  }

  json::Writer& out_;
  const Field& field_;
  Side side_;
};

/// A schema of a table has several bodies; one that is only a body has its own name.
std::string_view suffix_of(const Schema& schema, Mode mode) noexcept {
  if (schema.table().empty()) return "";
  switch (mode) {
    case Mode::kCreate:
      return "Create";
    case Mode::kReplace:
      return "Replace";
    case Mode::kPatch:
      return "Patch";
  }
  return "";
}

void write_choice(json::Writer& out, const Schema& schema, const Choice& choice) {
  const auto write_given = [&](const std::string& name) {
    const std::string& wire_name = schema.field(schema.index_of(name)).wire_name();
    out.begin_object().key("required").begin_array().string(wire_name).end_array();
    // Null counts as not given.
    out.key("properties").begin_object().key(wire_name).begin_object();
    out.key("not").begin_object().member("type", "null").end_object();
    out.end_object().end_object().end_object();
  };
  out.begin_object();
  if (choice.exclusive && !choice.required) {
    // None at all, or exactly one.
    out.key("oneOf").begin_array().begin_object().key("not").begin_object().key("anyOf").begin_array();
    for (const std::string& name : choice.fields) write_given(name);
    out.end_array().end_object().end_object();
  } else {
    out.key(choice.exclusive ? "oneOf" : "anyOf").begin_array();
  }
  for (const std::string& name : choice.fields) write_given(name);
  out.end_array().end_object();
}

void write_choices(json::Writer& out, const Schema& schema) {
  if (schema.choices().empty()) return;
  out.key("allOf").begin_array();
  for (const Choice& choice : schema.choices()) write_choice(out, schema, choice);
  out.end_array();
}

/// An object of the fields that `is_shown`, those that `is_required` among them.
template <typename IsShown, typename IsRequired>
void write_object(json::Writer& out, const Schema& schema, Side side, IsShown is_shown, IsRequired is_required) {
  bool any_required = false;
  out.key("properties").begin_object();
  for (std::size_t i = 0; i < schema.fields().size(); ++i) {
    if (!is_shown(i)) continue;
    out.key(schema.field(i).wire_name());
    FieldWriter(out, schema.field(i), side).write();
    any_required = any_required || is_required(schema.field(i));
  }
  out.end_object();
  if (!any_required) return;
  out.key("required").begin_array();
  for (std::size_t i = 0; i < schema.fields().size(); ++i) {
    if (is_shown(i) && is_required(schema.field(i))) out.string(schema.field(i).wire_name());
  }
  out.end_array();
}

/// What an object inside a body or a row holds.
void write_members(json::Writer& out, const Schema& schema, Side side) {
  const bool in_row = side == Side::kRow;
  out.member("title", schema.title());
  write_object(
      out, schema, in_row ? Side::kRow : Side::kBody,
      [&](std::size_t i) {
        const Field& field = schema.field(i);
        return !field.is_internal() && !(in_row ? is_secret(field) : field.is_read_only());
      },
      [](const Field& field) { return field.is_required(); });
  if (in_row) return;
  write_choices(out, schema);
  out.member("additionalProperties", false);
}

}  // namespace

std::string body_json_schema(const BodyReader& reader) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("title",
                            reader.schema()->title() + std::string(suffix_of(*reader.schema(), reader.mode())));
  out.member("type", "object");
  write_object(
      out, *reader.schema(), reader.mode() == Mode::kPatch ? Side::kPatch : Side::kBody,
      [&](std::size_t i) { return reader.accepts(i); },
      [&](const Field& field) { return reader.mode() != Mode::kPatch && field.is_required(); });
  if (reader.mode() != Mode::kPatch) write_choices(out, *reader.schema());
  out.member("additionalProperties", false).end_object();
  return text;
}

std::string row_json_schema(const Schema& schema, const std::vector<std::string>& guarded) {
  std::set<const Field*> not_required;
  for (const auto& name : guarded) not_required.insert(&schema.field(schema.index_of(name)));
  std::string text;
  json::Writer out(text);
  out.begin_object().member("title", schema.title());
  out.member("type", "object");
  write_object(
      out, schema, Side::kRow,
      [&](std::size_t i) { return !schema.field(i).is_hidden(); },
      [&](const Field& field) { return !not_required.contains(&field); });
  out.end_object();
  return text;
}

}  // namespace apiwright::validation

#include "apiwright/validation/json_schema.hpp"

#include <set>
#include <string_view>

#include "apiwright/json/writer.hpp"
#include "validation/json_schema_writer.hpp"

namespace apiwright::validation {
namespace {

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
    case Mode::kChanges:
      return "Changes";
  }
  return "";
}

Side side_of(Mode mode) noexcept {
  switch (mode) {
    case Mode::kCreate:
    case Mode::kReplace:
      break;
    case Mode::kPatch:
      return Side::kPatch;
    case Mode::kChanges:
      return Side::kChanges;
  }
  return Side::kBody;
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
    write_field(out, schema.field(i), side);
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

}  // namespace

void write_members(json::Writer& out, const Schema& schema, Side side) {
  const bool in_row = side == Side::kRow;
  const bool in_patch = side == Side::kPatch;
  // It is no form of the whole object, which has the title itself.
  out.member("title", schema.title() + (in_patch ? "Patch" : ""));
  write_object(
      out, schema, side,
      [&](std::size_t i) {
        const Field& field = schema.field(i);
        return !field.is_internal() && !(in_row ? is_secret(field) : field.is_read_only());
      },
      [&](const Field& field) { return !in_patch && field.is_required(); });
  if (in_row) return;
  if (!in_patch) write_choices(out, schema);
  out.member("additionalProperties", false);
}

std::string body_json_schema(const BodyReader& reader) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("title",
                            reader.schema()->title() + std::string(suffix_of(*reader.schema(), reader.mode())));
  out.member("type", "object");
  const Side side = side_of(reader.mode());
  write_object(
      out, *reader.schema(), side, [&](std::size_t i) { return reader.accepts(i); },
      [&](const Field& field) { return side == Side::kBody && field.is_required(); });
  if (side == Side::kBody) write_choices(out, *reader.schema());
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
      out, schema, Side::kRow, [&](std::size_t i) { return !schema.field(i).is_hidden(); },
      [&](const Field& field) { return !not_required.contains(&field); });
  out.end_object();
  return text;
}

}  // namespace apiwright::validation

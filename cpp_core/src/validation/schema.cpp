#include "apiwright/validation/schema.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "apiwright/validation/check.hpp"
#include "apiwright/validation/record.hpp"
#include "validation/presence.hpp"

namespace apiwright::validation {
namespace {

[[noreturn]] void refuse(const std::string& title, const std::string& what) {
  throw std::logic_error("Schema `" + title + "`: " + what);
}

/// A number that is exact and that each row is given.
bool is_factor(const Field& field) noexcept {
  const bool is_exact = field.kind() == Kind::kInteger || field.kind() == Kind::kDecimal;
  return is_exact && !field.is_nullable() && !field.is_optional() && is_settable(field);
}

bool is_snake_case(std::string_view name) noexcept {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_inner = [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && is_lower(name.front()) && std::all_of(name.begin(), name.end(), is_inner);
}

bool fits_text(const Field& field, const std::string& text) {
  Violations violations;
  const Value value = check_text(field, text, field.name(), violations);
  return violations.empty() && !value.is_absent();
}

bool fits(const Field& field, const Value& value);

bool fits_array(const Field& field, const Array& items) {
  return items.size() >= field.min_items() && items.size() <= field.max_items() &&
         std::all_of(items.begin(), items.end(), [&](const Value& item) { return fits(*field.element(), item); });
}

bool fits_map(const Field& field, const Map& map) {
  return map.entries.size() >= field.min_items() && map.entries.size() <= field.max_items() &&
         std::all_of(map.entries.begin(), map.entries.end(),
                     [&](const Map::Entry& entry) { return fits(*field.element(), entry.value); });
}

/// An object whose record is of the field's own schema, or of one of the union's: checked when it was made.
bool fits_object(const Field& field, const Object& object) {
  const SchemaPtr& schema = object.record->schema_ptr();
  if (field.kind() == Kind::kObject) return schema == field.schema();
  return std::any_of(field.variants().begin(), field.variants().end(),
                     [&](const Variant& variant) { return variant.schema == schema; });
}

/// True when `value` is what reading a body could have given for `field`.
bool fits(const Field& field, const Value& value) {
  if (value.is_null()) return field.is_nullable();
  Violations violations;
  switch (field.kind()) {
    case Kind::kString:
    case Kind::kEmail:
    case Kind::kEnum:
      return std::holds_alternative<std::string>(value.data) && fits_text(field, value.as<std::string>());
    case Kind::kInteger:
      return std::holds_alternative<std::int64_t>(value.data) &&
             !check_integer(field, value.as<std::int64_t>(), field.name(), violations).is_absent();
    case Kind::kNumber:
      return std::holds_alternative<double>(value.data) &&
             !check_real(field, value.as<double>(), field.name(), violations).is_absent();
    case Kind::kDecimal:
      return std::holds_alternative<Decimal>(value.data) && value.as<Decimal>().scale == field.scale() &&
             fits_text(field, value.as<Decimal>().to_string());
    case Kind::kUuid:
      return std::holds_alternative<Uuid>(value.data);
    case Kind::kBoolean:
      return std::holds_alternative<bool>(value.data);
    case Kind::kDateTime:
      return std::holds_alternative<Timestamp>(value.data);
    case Kind::kArray:
      return std::holds_alternative<Array>(value.data) && fits_array(field, value.as<Array>());
    case Kind::kObject:
    case Kind::kUnion:
      return std::holds_alternative<Object>(value.data) && fits_object(field, value.as<Object>());
    case Kind::kMap:
      return std::holds_alternative<Map>(value.data) && fits_map(field, value.as<Map>());
    case Kind::kJson:
      return std::holds_alternative<Json>(value.data);
  }
  return false;
}

/// An example may also be written as the text that a client would send.
bool is_fit_example(const Field& field, const Value& example) {
  const auto* text = std::get_if<std::string>(&example.data);
  return fits(field, example) || (text != nullptr && fits_text(field, *text));
}

bool is_hidden(const Field& field) noexcept { return field.is_hidden(); }

bool is_immutable(const Field& field) noexcept { return field.is_immutable(); }

/// Whether something inside the field's values `is` so: they are stored, answered and changed as one JSON.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the declaration
bool holds(const Field& field, bool (*is)(const Field&)) {
  const auto schema_holds = [&](const Schema& schema) {
    return std::any_of(schema.fields().begin(), schema.fields().end(),
                       [&](const Field& inner) { return is(inner) || holds(inner, is); });
  };
  if (field.element() != nullptr && (is(*field.element()) || holds(*field.element(), is))) return true;
  if (field.schema() && schema_holds(*field.schema())) return true;
  return std::any_of(field.variants().begin(), field.variants().end(),
                     [&](const Variant& variant) { return schema_holds(*variant.schema); });
}

/// A server's value is for a column alone, and in the place of a default; who may not change one must have kept it.
void check_kept(const std::string& title, bool is_stored, const Field& field) {
  const std::string who = "field `" + field.name() + "` ";
  if (field.server_value() && !is_stored)
    refuse(title, who + "is set by the server, which sets only columns of a table");
  if (field.server_value() && field.default_value()) refuse(title, who + "is set by the server, so it has no default");
  if ((field.server_value() || field.is_immutable()) && field.is_transient()) {
    refuse(title, who + "is transient, so nothing is kept of it");
  }
  if (is_stored && !field.is_transient() && holds(field, is_immutable)) {
    refuse(title, who + "holds something immutable: make it a column of its own");
  }
}

/// A state is read from where it begins, by whoever changes it.
void check_transitions(const std::string& title, bool is_stored, const Field& field) {
  if (!field.transitions()) return;
  const std::string who = "field `" + field.name() + "` has transitions, ";
  if (!is_stored || field.is_transient()) refuse(title, who + "which are for columns of a table");
  if (!field.default_value()) refuse(title, who + "so it needs a default: where they begin");
  if (field.is_nullable() || field.is_optional()) refuse(title, who + "so it always has a value");
  if (field.is_immutable()) refuse(title, who + "so it is not immutable");
  if (field.is_hidden()) refuse(title, who + "so whoever changes it must see it");
}

void check_field(const std::string& title, bool is_stored, const Field& field) {
  const std::string who = "field `" + field.name() + "` ";
  if (field.name().empty()) refuse(title, "a field has no name");
  if (is_stored && !is_snake_case(field.name())) refuse(title, who + "is not named in snake_case");
  if (is_stored && !field.is_hidden() && holds(field, is_hidden)) {
    refuse(title, who + "holds something that answers hide: make it a column of its own");
  }
  if (field.default_value() && !fits(field, *field.default_value())) {
    refuse(title, who + "has a default that it would refuse");
  }
  if (field.example() && !is_fit_example(field, *field.example())) {
    refuse(title, who + "has an example that it would refuse");
  }
  check_kept(title, is_stored, field);
  check_transitions(title, is_stored, field);
  const bool used_by_repository =
      field.is_unique() || field.is_searchable() || field.is_filterable() || field.is_sortable() || field.is_indexed();
  if (field.is_transient() && used_by_repository) refuse(title, who + "is transient, so no query can use it");
}

}  // namespace

std::shared_ptr<const Schema> Schema::make(std::string title, std::string table, std::vector<Field> fields,
                                           std::vector<Choice> choices) {
  return std::shared_ptr<const Schema>(
      new Schema(std::move(title), std::move(table), std::move(fields), std::move(choices)));
}

Schema::Schema(std::string title, std::string table, std::vector<Field> fields, std::vector<Choice> choices)
    : title_(std::move(title)), table_(std::move(table)), fields_(std::move(fields)), choices_(std::move(choices)) {
  if (title_.empty()) throw std::logic_error("A schema needs a title");
  if (!table_.empty() && !is_snake_case(table_)) refuse(title_, "table `" + table_ + "` is not named in snake_case");
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    check_field(title_, !table_.empty(), fields_[i]);
    const bool fresh = by_name_.emplace(fields_[i].name(), i).second;
    if (!fresh || !by_wire_name_.emplace(fields_[i].wire_name(), i).second) {
      refuse(title_, "two fields are named `" + fields_[i].name() + "`, or would be on the wire");
    }
  }
  for (const Field& field : fields_) {
    if (field.has_key_column() && by_name_.contains(field.name() + "_key")) {
      refuse(title_, "field `" + field.name() + "_key` has the name of another field's key column");
    }
  }
  check_choices();
  for (const Field& field : fields_) check_sum(field);
  for (const Field& field : fields_) {
    const bool is_stored_as_json = !table_.empty() && field.is_composite();
    stored_forms_.push_back(is_stored_as_json ? std::optional(validation::without_constraints(field)) : std::nullopt);
  }
}

void Schema::check_sum(const Field& field) const {
  if (!field.sum()) return;
  const std::string who = "field `" + field.name() + "` is a sum ";
  const Field& parts = fields_[index_of(field.sum()->parts)];
  if (!parts.part_rows()) refuse(title_, who + "of parts, which `" + parts.name() + "` are not");
  if (field.is_nullable() || field.is_optional()) refuse(title_, who + "so it always has a value");
  const Schema& rows = *parts.part_rows()->rows;
  int places = 0;
  for (const std::string& name : field.sum()->factors) {
    const Field& factor = rows.field(rows.index_of(name));
    if (!is_factor(factor)) refuse(title_, who + "of what is not exact or not always given");
    places += factor.scale();
  }
  if (places > field.scale()) refuse(title_, who + "of " + std::to_string(places) + " places, and has fewer itself");
}

void Schema::check_choices() const {
  for (const Choice& choice : choices_) {
    const std::set<std::string> names(choice.fields.begin(), choice.fields.end());
    if (names.size() < 2 || names.size() < choice.fields.size()) {
      refuse(title_, "a choice is among two fields or more, each named once");
    }
    for (const std::string& name : choice.fields) {
      const Field& field = fields_[index_of(name)];
      if (field.is_required() || (field.default_value() && !field.default_value()->is_null())) {
        refuse(title_, "field `" + name + "` is always given, so there is no choice: make it optional or nullable");
      }
    }
  }
}

std::shared_ptr<const Schema> Schema::without_constraints() const {
  std::vector<Field> relaxed;
  relaxed.reserve(fields_.size());
  for (const Field& field : fields_) relaxed.push_back(validation::without_constraints(field));
  std::shared_ptr<Schema> stored(new Schema(title_, "", std::move(relaxed), {}));
  stored->declared_ = declared_ ? declared_ : shared_from_this();
  return stored;
}

std::size_t Schema::index_of(std::string_view name) const {
  if (const auto index = find(name)) return *index;
  refuse(title_, "there is no field `" + std::string(name) + "`");
}

std::optional<std::size_t> Schema::find(std::string_view name) const noexcept {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> Schema::find_wire(std::string_view wire_name) const noexcept {
  const auto found = by_wire_name_.find(wire_name);
  return found == by_wire_name_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace apiwright::validation

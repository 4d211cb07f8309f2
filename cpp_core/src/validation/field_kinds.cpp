// Fields of each kind.

#include <set>
#include <stdexcept>
#include <utility>

#include "apiwright/validation/field.hpp"
#include "apiwright/validation/schema.hpp"
#include "validation/number.hpp"
#include "validation/presence.hpp"

namespace apiwright::validation {
namespace {

constexpr std::size_t kMaxEmail = 255;  // code points; contract.md
constexpr std::size_t kMaxParts = 100;

// What clients send of a row that stands inside the row it is part of.
SchemaPtr body_of_part(const Schema& rows, std::size_t reference) {
  std::vector<Field> fields;
  for (std::size_t index = 0; index < rows.fields().size(); ++index) {
    const Field& field = rows.field(index);
    if (field.part_rows()) throw std::logic_error("Schema `" + rows.title() + "`: parts have no parts of their own");
    if (index != reference && is_settable(field)) fields.push_back(field);
  }
  return Schema::make(rows.title(), "", std::move(fields), rows.choices());
}

}  // namespace

Field Field::string(std::string name) { return {std::move(name), Kind::kString}; }

Field Field::email(std::string name) {
  Field field(std::move(name), Kind::kEmail);
  field.max_length_ = kMaxEmail;
  return field;
}

Field Field::uuid(std::string name) { return {std::move(name), Kind::kUuid}; }

Field Field::integer(std::string name) { return {std::move(name), Kind::kInteger}; }

Field Field::decimal(std::string name, int precision, int scale) {
  Field field(std::move(name), Kind::kDecimal);
  field.expect(precision >= 1 && precision <= Decimal::kMaxDigits && scale >= 0 && scale <= precision, "decimal()");
  field.precision_ = precision;
  field.scale_ = scale;
  field.max_ = widest(precision);
  field.min_ = -field.max_;
  return field;
}

Field Field::number(std::string name) { return {std::move(name), Kind::kNumber}; }

Field Field::boolean(std::string name) { return {std::move(name), Kind::kBoolean}; }

Field Field::date_time(std::string name) { return {std::move(name), Kind::kDateTime}; }

Field Field::enumeration(std::string name, std::vector<std::string> values) {
  Field field(std::move(name), Kind::kEnum);
  field.expect(!values.empty() && std::set<std::string>(values.begin(), values.end()).size() == values.size(),
               "enumeration() of nothing or of one value twice");
  field.values_ = std::move(values);
  return field;
}

Field Field::array(std::string name, Field element) {
  Field field(std::move(name), Kind::kArray);
  field.set_element(std::move(element), "array() of elements that may be left out");
  return field;
}

Field Field::parts(std::string name, SchemaPtr rows, std::string reference) {
  const auto index = rows->index_of(reference);
  if (rows->field(index).referenced_table().empty()) {
    throw std::logic_error("Field `" + name + "`: `" + reference + "` is no reference, so nothing is part by it");
  }
  auto field = Field::array(std::move(name), Field::object(rows->title(), body_of_part(*rows, index)));
  field.part_rows_ = PartRows{std::move(rows), std::move(reference)};
  return std::move(field).items(0, kMaxParts).transient();
}

Field Field::map(std::string name, Field element) {
  Field field(std::move(name), Kind::kMap);
  field.set_element(std::move(element), "map() of elements that may be left out");
  return field;
}

void Field::set_element(Field element, std::string_view complaint) {
  expect(!element.optional_ && !element.default_, complaint);
  expect(!element.server_value_ && !element.immutable_, "set_to() or immutable() of what it holds");
  element_ = std::make_shared<const Field>(std::move(element));
}

Field Field::object(std::string name, SchemaPtr schema) {
  Field field(std::move(name), Kind::kObject);
  field.expect(schema != nullptr, "object() without a schema");
  field.schema_ = std::move(schema);
  return field;
}

Field Field::tagged_union(std::string name, std::string discriminator, std::vector<Variant> variants) {
  Field field(std::move(name), Kind::kUnion);
  field.expect(!variants.empty(), "tagged_union() of nothing");
  std::set<std::string_view> tags;
  for (const Variant& variant : variants) {
    field.expect(variant.schema != nullptr && tags.insert(variant.tag).second, "tagged_union() of one tag twice");
    const auto index = variant.schema->find_wire(discriminator);
    const auto kind = index ? variant.schema->field(*index).kind() : Kind::kJson;
    field.expect(kind == Kind::kString || kind == Kind::kEnum,
                 "tagged_union() with a schema that has no text `" + discriminator + "`");
  }
  field.discriminator_ = std::move(discriminator);
  field.variants_ = std::move(variants);
  return field;
}

Field Field::json(std::string name) { return {std::move(name), Kind::kJson}; }

}  // namespace apiwright::validation

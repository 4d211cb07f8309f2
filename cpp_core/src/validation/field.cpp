#include "apiwright/validation/field.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace apiwright::validation {
namespace {

constexpr std::size_t kMaxEmail = 255;            // code points; contract.md
constexpr int kMaxPrecision = 18;                 // digits that fit 64 bits whatever they are
constexpr std::int64_t kPatternMemory = 1 << 20;  // bytes for one pattern's automata

std::shared_ptr<const re2::RE2> compile(const std::string& name, const std::string& pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_encoding(re2::RE2::Options::EncodingUTF8);
  options.set_max_mem(kPatternMemory);
  auto compiled = std::make_shared<const re2::RE2>(pattern, options);
  if (!compiled->ok()) throw std::logic_error("Field `" + name + "`: bad pattern: " + compiled->error());
  return compiled;
}

}  // namespace

Field::Field(std::string name, Kind kind)
    : name_(std::move(name)), wire_name_(to_wire_name(name_)), json_key_('"' + wire_name_ + "\":"), kind_(kind) {}

void Field::expect(bool sensible, std::string_view call) const {
  if (sensible) return;
  throw std::logic_error("Field `" + name_ + "`: " + std::string(call) + " makes no sense here");
}

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
  field.expect(precision >= 1 && precision <= kMaxPrecision && scale >= 0 && scale <= precision, "decimal()");
  field.precision_ = precision;
  field.scale_ = scale;
  return field;
}

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
  field.expect(element.kind_ != Kind::kArray, "array() of arrays");
  field.expect(!element.optional_ && !element.default_, "array() of elements that may be left out");
  field.element_ = std::make_shared<const Field>(std::move(element));
  return field;
}

Field&& Field::length(std::size_t min, std::size_t max) && {
  expect(kind_ == Kind::kString && min <= max, "length()");
  min_length_ = min;
  max_length_ = max;
  return std::move(*this);
}

Field&& Field::pattern(std::string re2) && {
  expect(kind_ == Kind::kString, "pattern()");
  pattern_ = compile(name_, re2);
  pattern_text_ = std::move(re2);
  return std::move(*this);
}

Field&& Field::range(std::int64_t min, std::int64_t max) && {
  expect((kind_ == Kind::kInteger || kind_ == Kind::kDecimal) && min <= max, "range()");
  min_ = min;
  max_ = max;
  return std::move(*this);
}

Field&& Field::items(std::size_t min, std::size_t max) && {
  expect(kind_ == Kind::kArray && min <= max, "items()");
  min_items_ = min;
  max_items_ = max;
  return std::move(*this);
}

Field&& Field::distinct() && {
  expect(kind_ == Kind::kArray, "distinct()");
  distinct_ = true;
  return std::move(*this);
}

Field&& Field::optional() && {
  optional_ = true;
  return std::move(*this);
}

Field&& Field::nullable() && {
  nullable_ = true;
  return std::move(*this);
}

Field&& Field::default_value(Value value) && {
  expect(!value.is_absent(), "default_value() of nothing");
  default_ = std::move(value);
  return std::move(*this);
}

Field&& Field::read_only() && {
  read_only_ = true;
  return std::move(*this);
}

Field&& Field::write_only() && {
  write_only_ = true;
  return std::move(*this);
}

Field&& Field::internal() && {
  internal_ = true;
  return std::move(*this);
}

Field&& Field::transient() && {
  transient_ = true;
  return std::move(*this);
}

Field&& Field::visible_to(std::string role) && {
  visible_to_ = std::move(role);
  return std::move(*this);
}

Field&& Field::writable_by(std::string role) && {
  writable_by_ = std::move(role);
  return std::move(*this);
}

Field&& Field::unique() && {
  expect(kind_ != Kind::kArray, "unique()");
  unique_ = true;
  return std::move(*this);
}

Field&& Field::searchable() && {
  expect(kind_ == Kind::kString || kind_ == Kind::kEmail, "searchable()");
  searchable_ = true;
  return std::move(*this);
}

Field&& Field::filterable() && {
  expect(kind_ != Kind::kArray, "filterable()");
  filterable_ = true;
  return std::move(*this);
}

Field&& Field::sortable() && {
  expect(kind_ != Kind::kArray, "sortable()");
  sortable_ = true;
  return std::move(*this);
}

Field&& Field::describe(std::string text) && {
  description_ = std::move(text);
  return std::move(*this);
}

Field&& Field::example(Value value) && {
  example_ = std::move(value);
  return std::move(*this);
}

std::string to_wire_name(std::string_view snake_case) {
  std::string wire;
  wire.reserve(snake_case.size());
  bool capital = false;
  for (const char c : snake_case) {
    if (c == '_') {
      capital = true;
      continue;
    }
    wire += capital && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    capital = false;
  }
  return wire;
}

}  // namespace apiwright::validation

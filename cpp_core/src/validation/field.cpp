#include "apiwright/validation/field.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "apiwright/base/text.hpp"
#include "apiwright/json/writer.hpp"
#include "apiwright/validation/schema.hpp"
#include "validation/number.hpp"

namespace apiwright::validation {
namespace {

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

/// A bound in units of a decimal field's last place.
struct LastPlaces {
  std::int64_t units = 0;  ///< cut to what the field can hold
  int beyond = 0;          ///< 1 when it was above all of that, -1 below
};

LastPlaces in_last_places(const Decimal& bound, const Field& field) noexcept {
  const auto places = static_cast<std::int64_t>(power_of_ten(field.scale() - bound.scale));
  const std::int64_t most = widest(field.precision());
  if (bound.unscaled > most / places) return {most, 1};
  if (bound.unscaled < -(most / places)) return {-most, -1};
  return {bound.unscaled * places};
}

}  // namespace

ServerValue server_value_named(std::string_view name) {
  if (name == "current_user") return ServerValue::kCurrentUser;
  if (name == "now") return ServerValue::kNow;
  throw std::logic_error("The server can set `current_user` and `now`, but not `" + std::string(name) + "`");
}

Field::Field(std::string name, Kind kind) : name_(std::move(name)), wire_name_(to_wire_name(name_)), kind_(kind) {
  json::append_string(json_key_, wire_name_);
  json_key_ += ':';
}

void Field::expect(bool sensible, std::string_view call) const {
  if (sensible) return;
  throw std::logic_error("Field `" + name_ + "`: " + std::string(call) + " makes no sense here");
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
  if (kind_ == Kind::kDecimal) return std::move(*this).range(Decimal{min, 0}, Decimal{max, 0});
  min_ = min;
  max_ = max;
  return std::move(*this);
}

Field&& Field::range(Decimal min, Decimal max) && {
  expect(kind_ == Kind::kDecimal && min.scale <= scale_ && max.scale <= scale_, "range()");
  const LastPlaces least = in_last_places(min, *this);
  const LastPlaces most = in_last_places(max, *this);
  expect(least.units <= most.units && least.beyond <= 0 && most.beyond >= 0, "range()");
  min_ = least.units;
  max_ = most.units;
  return std::move(*this);
}

Field&& Field::range(NumberRange range) && {
  expect(kind_ == Kind::kNumber && range.min <= range.max, "range()");
  number_range_ = range;
  return std::move(*this);
}

Field&& Field::format(Format format) && {
  expect(kind_ == Kind::kString, "format()");
  format_ = format;
  return std::move(*this);
}

Field&& Field::items(std::size_t min, std::size_t max) && {
  expect((kind_ == Kind::kArray || kind_ == Kind::kMap) && min <= max, "items()");
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

Field&& Field::required() && {
  required_ = true;
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

Field&& Field::set_to(ServerValue value) && {
  expect(kind_ == (value == ServerValue::kNow ? Kind::kDateTime : Kind::kUuid), "set_to()");
  server_value_ = value;
  read_only_ = true;
  return std::move(*this);
}

Field&& Field::set_to(SumOfParts sum) && {
  expect((kind_ == Kind::kInteger || kind_ == Kind::kDecimal) && !sum.factors.empty(), "set_to()");
  sum_ = std::move(sum);
  read_only_ = true;
  return std::move(*this);
}

Field&& Field::immutable() && {
  immutable_ = true;
  return std::move(*this);
}

Field&& Field::transitions(Transitions transitions) && {
  const auto is_value = [&](const std::string& value) {
    return std::find(values_.begin(), values_.end(), value) != values_.end();
  };
  expect(kind_ == Kind::kEnum, "transitions()");
  for (const auto& [from, to] : transitions) {
    expect(is_value(from) && std::all_of(to.begin(), to.end(), is_value), "transitions() between other values");
  }
  transitions_ = std::move(transitions);
  return std::move(*this);
}

const std::vector<std::string>& Field::successors(std::string_view value) const {
  static const std::vector<std::string> kNone;
  if (!transitions_) return kNone;
  const auto found = transitions_->find(value);
  return found == transitions_->end() ? kNone : found->second;
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

Field&& Field::references(std::string table) && {
  expect(kind_ == Kind::kUuid, "references()");
  references_ = std::move(table);
  return std::move(*this);
}

Field&& Field::unique() && {
  expect(!is_composite(), "unique()");
  unique_ = true;
  return std::move(*this);
}

Field&& Field::searchable() && {
  expect(kind_ == Kind::kString || kind_ == Kind::kEmail, "searchable()");
  searchable_ = true;
  return std::move(*this);
}

Field&& Field::filterable() && {
  expect(!is_composite(), "filterable()");
  filterable_ = true;
  return std::move(*this);
}

Field&& Field::indexed() && {
  expect(!is_composite(), "indexed()");
  indexed_ = true;
  return std::move(*this);
}

Field&& Field::sortable() && {
  expect(!is_composite(), "sortable()");
  sortable_ = true;
  return std::move(*this);
}

Field&& Field::sent_as(std::string wire_name) && {
  expect(!wire_name.empty() && is_utf8(wire_name) && wire_name.find('\0') == std::string::npos, "sent_as()");
  wire_name_ = std::move(wire_name);
  json_key_.clear();
  json::append_string(json_key_, wire_name_);
  json_key_ += ':';
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

Field without_constraints(const Field& field) {
  Field relaxed(field.name_, field.kind_);
  relaxed.wire_name_ = field.wire_name_;
  relaxed.json_key_ = field.json_key_;
  relaxed.precision_ = field.precision_;
  relaxed.scale_ = field.scale_;
  relaxed.max_ = field.kind_ == Kind::kDecimal ? widest(field.precision_) : relaxed.max_;
  relaxed.min_ = field.kind_ == Kind::kDecimal ? -relaxed.max_ : relaxed.min_;
  relaxed.max_items_ = std::numeric_limits<std::size_t>::max();
  if (field.kind_ == Kind::kEmail || field.kind_ == Kind::kEnum) relaxed.kind_ = Kind::kString;
  if (field.element_) relaxed.element_ = std::make_shared<const Field>(without_constraints(*field.element_));
  if (field.schema_) relaxed.schema_ = field.schema_->without_constraints();
  relaxed.discriminator_ = field.discriminator_;
  for (const Variant& variant : field.variants_) {
    relaxed.variants_.push_back({variant.tag, variant.schema->without_constraints()});
  }
  relaxed.nullable_ = true;
  return relaxed;
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

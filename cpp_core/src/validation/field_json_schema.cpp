#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "apiwright/validation/value_json.hpp"
#include "validation/json_schema_writer.hpp"

namespace apiwright::validation {
namespace {

// No address has more code points than that, since none has more octets (email.cpp).
constexpr std::int64_t kMaxEmail = 254;

std::int64_t to_signed(std::size_t count) noexcept { return static_cast<std::int64_t>(count); }

/// What may be left out of a row's body and has nothing in its place is null in answers. Among changes null takes a
/// member away, which sets its default.
bool may_be_null(const Field& field, Side side) noexcept {
  if (field.is_nullable()) return true;
  const bool is_removable = field.is_optional() && !field.is_transient();
  if (side == Side::kPatch || side == Side::kChanges) return is_removable || field.default_value();
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

class FieldWriter {
 public:
  FieldWriter(json::Writer& out, const Field& field, Side side, bool may_be_null)
      : out_(out), field_(field), side_(side), may_be_null_(may_be_null) {}

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
    if (!may_be_null_) {
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
        out_.member("maxLength", std::min(to_signed(field_.max_length()), kMaxEmail));
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
        return write_members(out_, *field_.schema(), inner_side());
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
    // Without its discriminator, as in a patch, an object may be one of several variants.
    const bool is_whole = inner_side() != Side::kPatch;
    out_.key(is_whole ? "oneOf" : "anyOf").begin_array();
    for (const Variant& variant : field_.variants()) {
      out_.begin_object().member("type", "object");
      write_members(out_, *variant.schema, inner_side());
      out_.end_object();
    }
    if (may_be_null_) out_.begin_object().member("type", "null").end_object();
    out_.end_array();
    if (!is_whole) return;
    out_.key("discriminator").begin_object().member("propertyName", field_.discriminator()).end_object();
  }

  void write_map() {
    // A patch takes names away by null, and says nothing of how many there will be.
    const bool is_patch = inner_side() == Side::kPatch;
    out_.key("additionalProperties");
    FieldWriter(out_, *field_.element(), inner_side(), is_patch || field_.element()->is_nullable()).write();
    if (is_patch) return;
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
    if (may_be_null_) out_.null();
    out_.end_array();
  }

  void write_array() {
    out_.key("items");
    write_field(out_, *field_.element(), side_ == Side::kRow ? side_ : Side::kBody);
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

  /// Of the objects in the field's value.
  [[nodiscard]] Side inner_side() const noexcept { return side_ == Side::kChanges ? Side::kBody : side_; }

  json::Writer& out_;
  const Field& field_;
  Side side_;
  bool may_be_null_;
};

}  // namespace

void write_field(json::Writer& out, const Field& field, Side side) {
  FieldWriter(out, field, side, may_be_null(field, side)).write();
}

}  // namespace apiwright::validation

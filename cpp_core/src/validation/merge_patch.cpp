#include "apiwright/validation/merge_patch.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "apiwright/validation/value_json.hpp"
#include "validation/container_checks.hpp"
#include "validation/json_merge.hpp"
#include "validation/lay_over.hpp"
#include "validation/presence.hpp"
#include "validation/record_handler.hpp"

namespace apiwright::validation {
namespace {

const Record* record_in(const Value& value) noexcept {
  const auto* const object = std::get_if<Object>(&value.data);
  return object == nullptr ? nullptr : object->record.get();
}

/// The variant of a union that a record is of.
const Variant* variant_of(const Field& field, const Record& record) {
  const auto index = record.schema().find_wire(field.discriminator());
  const auto* const tag = index ? std::get_if<std::string>(&record.at(*index).data) : nullptr;
  if (tag == nullptr) return nullptr;
  const auto& variants = field.variants();
  const auto found =
      std::find_if(variants.begin(), variants.end(), [&](const Variant& variant) { return variant.tag == *tag; });
  return found == variants.end() ? nullptr : &*found;
}

// NOLINTBEGIN(misc-no-recursion): as deep as the declaration
class Merger {
 public:
  explicit Merger(Violations& violations) : violations_(violations) {}

  /// The whole value; Absent when there is none.
  [[nodiscard]] Value merged(const Field& field, const Value& stored, const Value& patch, Path path) {
    if (patch.is_null()) return emptied(field);
    switch (field.kind()) {
      case Kind::kObject:
        return merged_object(stored, patch, path);
      case Kind::kUnion:
        return merged_union(field, stored, patch, path);
      case Kind::kMap:
        return merged_map(field, stored, patch.as<Map>(), path);
      case Kind::kJson:
        return merged_json(stored, patch.as<Json>());
      default:
        return patch;
    }
  }

 private:
  [[nodiscard]] static Value emptied(const Field& field) {
    if (field.is_nullable()) return Null{};
    return field.default_value().value_or(Value());
  }

  [[nodiscard]] Value merged_object(const Value& stored, const Value& patch, Path path) {
    const Record& changes = *patch.as<Object>().record;
    return changes.is_patch() ? merged_record(record_in(stored), changes, path) : patch;
  }

  [[nodiscard]] Value merged_record(const Record* stored, const Record& patch, Path path) {
    auto whole = std::make_shared<Record>(patch.schema_ptr());
    const auto& fields = patch.schema().fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const Path place = path.member(fields[i].wire_name());
      const Value& kept = stored == nullptr ? nothing_ : stored->at(i);
      if (!patch.at(i).is_absent()) {
        whole->set(i, merged(fields[i], kept, patch.at(i), place));
      } else {
        whole->set(i, stored == nullptr ? left_out(fields[i], place) : kept);
      }
    }
    check_choices(*whole, path, violations_);
    return Object{std::move(whole)};
  }

  [[nodiscard]] Value left_out(const Field& field, Path path) {
    Value value = value_left_out(field);
    if (value.is_absent() && field.is_required() && is_settable(field)) {
      violations_.add(path.to_string(), "required", "Is required.");
    }
    return value;
  }

  [[nodiscard]] Value merged_union(const Field& field, const Value& stored, const Value& patch, Path path) {
    const Record* const kept = record_in(stored);
    const Variant* const variant = kept == nullptr ? nullptr : variant_of(field, *kept);
    if (const auto* const json = std::get_if<Json>(&patch.data)) {
      return variant == nullptr ? untagged(field, path) : merged_variant(*variant, *kept, *json, path);
    }
    const Record& changes = *patch.as<Object>().record;
    if (!changes.is_patch()) return patch;
    return merged_record(variant == variant_of(field, changes) ? kept : nullptr, changes, path);
  }

  [[nodiscard]] Value untagged(const Field& field, Path path) {
    violations_.add(path.member(field.discriminator()).to_string(), "required", "Is required.");
    return Absent{};
  }

  /// A patch that was put off until the variant is known.
  [[nodiscard]] Value merged_variant(const Variant& variant, const Record& stored, const Json& patch, Path path) {
    const Field root = Field::object("object", variant.schema);
    const Reading reading{.mode = Mode::kPatch, .place = path};
    RecordHandler handler(root, reading);
    Value whole;
    violations_.collect([&] {
      json::read(patch.text, handler);
      whole = merged_record(&stored, handler.finish_record(), path);
    });
    return whole;
  }

  [[nodiscard]] Value merged_map(const Field& field, const Value& stored, const Map& patch, Path path) {
    const auto* const kept = std::get_if<Map>(&stored.data);
    Map whole = kept == nullptr ? Map{} : *kept;
    lay_over(
        whole.entries, patch.entries, [](const Value& value) { return value.is_null(); },
        [&](Value& value, const Map::Entry& change) {
          value = merged(*field.element(), value, change.value, path.member(change.name));
        });
    check_count(field, whole.entries.size(), path, violations_);
    return whole;
  }

  [[nodiscard]] static Value merged_json(const Value& stored, const Json& patch) {
    const auto* const kept = std::get_if<Json>(&stored.data);
    return Json{merge_json(kept == nullptr ? "null" : std::string_view(kept->text), patch.text)};
  }

  const Value nothing_;
  Violations& violations_;
};
// NOLINTEND(misc-no-recursion)

/// Patch by patch a row must not become what no reader takes.
void check_size(const Field& field, const Value& value, Violations& violations) {
  const bool can_grow = field.is_composite() && field.kind() != Kind::kArray;
  if (!can_grow || is_within_limits(to_json(value))) return;
  violations.add(field.wire_name(), "max_length", "Would become larger than a document may be.");
}

}  // namespace

Record merge_patch(const Record& row, const Record& patch) {
  if (!patch.is_patch()) return patch;
  Violations violations;
  Merger merger(violations);
  Record changes(patch.schema_ptr());
  const auto& fields = patch.schema().fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (patch.at(i).is_absent()) continue;
    Value value = merger.merged(fields[i], row.at(i), patch.at(i), fields[i].wire_name());
    check_size(fields[i], value, violations);
    // Here Absent would leave the column alone.
    changes.set(i, value.is_absent() ? Value(Null{}) : std::move(value));
  }
  violations.raise_if_any();
  return changes;
}

}  // namespace apiwright::validation

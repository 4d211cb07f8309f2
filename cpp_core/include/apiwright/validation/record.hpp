#pragma once

#include <string_view>
#include <vector>

#include "apiwright/base/secret.hpp"
#include "apiwright/validation/path.hpp"
#include "apiwright/validation/schema.hpp"
#include "apiwright/validation/violations.hpp"

namespace apiwright::validation {

/// A Schema's values, one for each field, Absent where nothing was given. One thread.
class Record {
 public:
  explicit Record(SchemaPtr schema) : schema_(std::move(schema)), values_(schema_->fields().size()) {}
  /// One value and one `sent` for each field.
  Record(SchemaPtr schema, std::vector<Value> values, std::vector<bool> sent, bool is_patch = false)
      : schema_(std::move(schema)), values_(std::move(values)), sent_(std::move(sent)), is_patch_(is_patch) {}

  [[nodiscard]] const Schema& schema() const noexcept { return *schema_; }
  [[nodiscard]] const SchemaPtr& schema_ptr() const noexcept { return schema_; }

  [[nodiscard]] const Value& at(std::size_t index) const { return values_.at(index); }
  [[nodiscard]] const Value& at(std::string_view name) const { return values_[schema_->index_of(name)]; }
  [[nodiscard]] bool has(std::string_view name) const { return !at(name).is_absent(); }
  /// False for a field that the body left out and that has its default instead.
  [[nodiscard]] bool was_sent(std::size_t index) const { return sent_.empty() || sent_.at(index); }
  /// True for what was read as a merge patch: what it holds of objects, unions, maps and JSON is not whole but says
  /// what changes. merge_patch() makes it so.
  [[nodiscard]] bool is_patch() const noexcept { return is_patch_; }
  void set(std::size_t index, Value value) { values_.at(index) = std::move(value); }
  void set(std::string_view name, Value value) { values_[schema_->index_of(name)] = std::move(value); }

  /// Moves a text out, wiping it here; the field is Absent afterwards. An absent or null field gives an empty Secret.
  [[nodiscard]] Secret take_secret(std::string_view name);

 private:
  SchemaPtr schema_;
  std::vector<Value> values_;
  std::vector<bool> sent_;  ///< empty: of no body
  bool is_patch_ = false;
};

/// Notes what the schema's choices refuse in a whole record, naming fields under `path`.
void check_choices(const Record& record, Path path, Violations& violations);

}  // namespace apiwright::validation

#pragma once

#include <string_view>
#include <vector>

#include "apiwright/base/secret.hpp"
#include "apiwright/validation/schema.hpp"

namespace apiwright::validation {

/// A Schema's values, one for each field, Absent where nothing was given. One thread.
class Record {
 public:
  explicit Record(SchemaPtr schema) : schema_(std::move(schema)), values_(schema_->fields().size()) {}

  [[nodiscard]] const Schema& schema() const noexcept { return *schema_; }
  [[nodiscard]] const SchemaPtr& schema_ptr() const noexcept { return schema_; }

  [[nodiscard]] const Value& at(std::size_t index) const { return values_.at(index); }
  [[nodiscard]] const Value& at(std::string_view name) const { return values_[schema_->index_of(name)]; }
  [[nodiscard]] bool has(std::string_view name) const { return !at(name).is_absent(); }
  void set(std::size_t index, Value value) { values_.at(index) = std::move(value); }
  void set(std::string_view name, Value value) { values_[schema_->index_of(name)] = std::move(value); }

  /// Moves a text out, wiping it here; the field is Absent afterwards. An absent or null field gives an empty Secret.
  [[nodiscard]] Secret take_secret(std::string_view name);

 private:
  SchemaPtr schema_;
  std::vector<Value> values_;
};

}  // namespace apiwright::validation

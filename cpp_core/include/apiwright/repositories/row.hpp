#pragma once

#include <cstddef>
#include <string_view>

#include "apiwright/access/field_rules.hpp"
#include "apiwright/data/connection.hpp"
#include "apiwright/json/writer.hpp"
#include "apiwright/validation/record.hpp"

namespace apiwright::repositories {

/// The row a statement stands on, its columns in the order of a Schema's stored fields. Valid until the next step.
class Row {
 public:
  Row(const validation::SchemaPtr& schema, const data::Statement& statement) noexcept
      : schema_(schema), statement_(statement) {}

  /// Every stored field in its own type.
  [[nodiscard]] validation::Record record() const;

  [[nodiscard]] const validation::Schema& schema() const noexcept { return *schema_; }

  /// One stored field in its own type.
  [[nodiscard]] validation::Value at(std::size_t index) const;
  /// One stored field as the database holds it; empty for NULL.
  [[nodiscard]] std::string_view stored_text(std::size_t index) const { return statement_.text(column_of(index)); }

  /// A JSON object of what an answer shows and `readable` grants, straight from the columns: read into a Record only
  /// where that depends on the row.
  void write(json::Writer& writer, const access::FieldGrants& readable = {}) const;

 private:
  [[nodiscard]] int column_of(std::size_t index) const;
  [[nodiscard]] validation::Value value(std::size_t index, int column) const;
  void write_value(json::Writer& writer, std::size_t index, int column) const;

  const validation::SchemaPtr& schema_;
  const data::Statement& statement_;
};

/// The same JSON object from a Record, for a row just written.
void write_record(json::Writer& writer, const validation::Record& record, const access::FieldGrants& readable = {});

}  // namespace apiwright::repositories

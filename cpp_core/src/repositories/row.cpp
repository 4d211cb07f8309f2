#include "apiwright/repositories/row.hpp"

#include <optional>

#include "apiwright/validation/value_json.hpp"
#include "repositories/stored_value.hpp"

namespace apiwright::repositories {

using validation::Field;
using validation::Kind;
using validation::Null;
using validation::Record;
using validation::Value;

Record Row::record() const {
  Record record(schema_);
  const auto& fields = schema_->fields();
  int column = 0;
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (fields[index].is_transient()) continue;
    record.set(index, value(index, column++));
  }
  return record;
}

Value Row::at(std::size_t index) const { return value(index, column_of(index)); }

int Row::column_of(std::size_t index) const {
  int column = 0;
  for (std::size_t before = 0; before < index; ++before) column += schema_->field(before).is_transient() ? 0 : 1;
  return column;
}

Value Row::value(std::size_t index, int column) const {
  const Field& field = schema_->field(index);
  if (statement_.is_null(column)) return Null{};
  switch (field.kind()) {
    case Kind::kUuid:
      return statement_.uuid(column);
    case Kind::kInteger:
      return statement_.integer(column);
    case Kind::kNumber:
      return statement_.real(column);
    case Kind::kDecimal:
      return statement_.decimal(column, field.scale());
    case Kind::kBoolean:
      return statement_.boolean(column);
    case Kind::kDateTime:
      return statement_.timestamp(column);
    case Kind::kArray:
    case Kind::kObject:
    case Kind::kUnion:
    case Kind::kMap:
      return read_composite(schema_->stored_form(index), statement_.text(column));
    case Kind::kJson:
      return validation::Json{std::string(statement_.text(column))};
    case Kind::kString:
    case Kind::kEmail:
    case Kind::kEnum:
      break;
  }
  return std::string(statement_.text(column));
}

void Row::write(json::Writer& writer, const access::FieldGrants& readable) const {
  const auto row = readable.depends_on_row() ? std::optional(record()) : std::nullopt;
  const auto shows = [&](std::size_t index) { return readable.always(index) || (row && readable.allows(index, *row)); };
  writer.begin_object();
  int column = 0;
  const auto& fields = schema_->fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (fields[index].is_transient()) continue;
    if (!fields[index].is_hidden() && shows(index)) {
      writer.raw_key(fields[index].json_key());
      write_value(writer, index, column);
    }
    ++column;
  }
  writer.end_object();
}

void Row::write_value(json::Writer& writer, std::size_t index, int column) const {
  const Field& field = schema_->field(index);
  if ((field.is_nullable() || field.is_optional()) && statement_.is_null(column)) {
    writer.null();
    return;
  }
  switch (field.kind()) {
    case Kind::kString:
    case Kind::kEmail:
    case Kind::kEnum:
    case Kind::kUuid:  // as it is stored: 36 characters
      writer.string(statement_.text(column));
      return;
    case Kind::kArray:
    case Kind::kObject:
    case Kind::kUnion:
    case Kind::kMap:
    case Kind::kJson:
      writer.raw(statement_.text(column));
      return;
    case Kind::kNumber:
      writer.number(statement_.real(column));
      return;
    case Kind::kInteger:
      writer.integer(statement_.integer(column));
      return;
    case Kind::kBoolean:
      writer.boolean(statement_.boolean(column));
      return;
    case Kind::kDateTime:
      writer.time(statement_.timestamp(column));
      return;
    case Kind::kDecimal:
      break;
  }
  validation::write_json(writer, value(index, column));
}

void write_record(json::Writer& writer, const Record& record, const access::FieldGrants& readable) {
  writer.begin_object();
  const auto& fields = record.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (fields[index].is_hidden() || !readable.allows(index, record)) continue;
    writer.raw_key(fields[index].json_key());
    validation::write_json(writer, record.at(index));
  }
  writer.end_object();
}

}  // namespace apiwright::repositories

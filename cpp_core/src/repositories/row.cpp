#include "apiwright/repositories/row.hpp"

#include "repositories/stored_value.hpp"

namespace apiwright::repositories {

using validation::Field;
using validation::Kind;
using validation::Null;
using validation::Record;
using validation::Value;

bool is_visible(const Field& field, const access::Principal* viewer) {
  if (field.is_write_only() || field.is_internal() || field.is_transient()) return false;
  const auto& role = field.visible_role();
  return role.empty() || (viewer != nullptr && viewer->has_role(role));
}

Record Row::record() const {
  Record record(schema_);
  const auto& fields = schema_->fields();
  int column = 0;
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (fields[index].is_transient()) continue;
    record.set(index, value(fields[index], column++));
  }
  return record;
}

Value Row::value(const Field& field, int column) const {
  if (statement_.is_null(column)) return Null{};
  switch (field.kind()) {
    case Kind::kUuid:
      return statement_.uuid(column);
    case Kind::kInteger:
      return statement_.integer(column);
    case Kind::kDecimal:
      return statement_.decimal(column, field.scale());
    case Kind::kBoolean:
      return statement_.boolean(column);
    case Kind::kDateTime:
      return statement_.timestamp(column);
    case Kind::kArray:
      return read_array(*field.element(), statement_.text(column));
    case Kind::kString:
    case Kind::kEmail:
    case Kind::kEnum:
      break;
  }
  return std::string(statement_.text(column));
}

void Row::write(json::Writer& writer, const access::Principal* viewer) const {
  writer.begin_object();
  int column = 0;
  for (const auto& field : schema_->fields()) {
    if (field.is_transient()) continue;
    if (is_visible(field, viewer)) {
      writer.raw_key(field.json_key());
      write_value(writer, field, column);
    }
    ++column;
  }
  writer.end_object();
}

void Row::write_value(json::Writer& writer, const Field& field, int column) const {
  if (field.is_nullable() && statement_.is_null(column)) {
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
      writer.raw(statement_.text(column));
      return;
    case Kind::kInteger:
      writer.integer(statement_.integer(column));
      return;
    case Kind::kBoolean:
      writer.boolean(statement_.boolean(column));
      return;
    case Kind::kDecimal:
    case Kind::kDateTime:
      break;
  }
  write_json(writer, value(field, column));
}

void write_record(json::Writer& writer, const Record& record, const access::Principal* viewer) {
  writer.begin_object();
  const auto& fields = record.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (!is_visible(fields[index], viewer)) continue;
    writer.raw_key(fields[index].json_key());
    write_json(writer, record.at(index));
  }
  writer.end_object();
}

}  // namespace apiwright::repositories

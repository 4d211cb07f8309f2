#include "repositories/postgresql_ddl.hpp"

#include "apiwright/base/digest.hpp"
#include "repositories/identifier.hpp"

namespace apiwright::repositories {
namespace {

constexpr std::size_t kDigestBytes = 4;  // of a long name, as eight digits: enough among one database's

std::string hex(const Digest& digest, std::size_t bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) {
    text += kDigits[digest.at(i) >> 4U];
    text += kDigits[digest.at(i) & 0xFU];
  }
  return text;
}

}  // namespace

std::string PostgresqlDdl::add_reference(const Table& table, const Column& column) const {
  if (column.references.empty()) return {};
  return "ALTER TABLE " + quoted(table.name) + " ADD " + constraint(reference_of(table.name, column)) + ";\n";
}

std::string PostgresqlDdl::stored_name(const std::string& text) const {
  if (text.size() <= kMaxName) return text;
  return text.substr(0, kMaxName - 2 * kDigestBytes - 1) + "_" + hex(blake2b(text), kDigestBytes);
}

bool PostgresqlDdl::stores_as(const Column& column, std::string_view type) const {
  return column.type == ColumnType::kDecimal ? type.starts_with("numeric(") : type_of(column) == type;
}

std::string PostgresqlDdl::type_of(const Column& column) const {
  switch (column.type) {
    case ColumnType::kUuid:
      return "uuid";
    case ColumnType::kInteger:
      return "bigint";
    case ColumnType::kNumber:
      return "double precision";
    case ColumnType::kDecimal:
      return "numeric(" + std::to_string(column.precision) + ", " + std::to_string(column.scale) + ")";
    case ColumnType::kBoolean:
      return "boolean";
    case ColumnType::kTimestamp:
      return "timestamptz";
    case ColumnType::kArray:
    case ColumnType::kObject:
    case ColumnType::kJson:
      return "json";  // as it was written: what was sent is what is read
    case ColumnType::kText:
    case ColumnType::kEnum:
      break;
  }
  return R"(text COLLATE "C")";  // by its bytes, as SQLite and the core order it
}

std::string PostgresqlDdl::boolean_literal(bool value) const { return value ? "true" : "false"; }

std::string PostgresqlDdl::decimal_literal(const Column& /*column*/, const std::string& text) const { return text; }

std::string PostgresqlDdl::timestamp_literal(const std::string& text) const { return text_literal(text); }

std::vector<Ddl::Constraint> PostgresqlDdl::checks_of(const std::string& table, const Column& column) const {
  const auto prefix = table + "_" + column.name;
  const auto value = quoted(column.name);
  switch (column.type) {
    case ColumnType::kEnum:
      return {{prefix + "_known", "CHECK (" + value + " IN (" + text_literals(column.values) + "))"}};
    case ColumnType::kArray:
      return {{prefix + "_array", "CHECK (json_typeof(" + value + ") = 'array')"}};
    case ColumnType::kObject:
      return {{prefix + "_object", "CHECK (json_typeof(" + value + ") = 'object')"}};
    case ColumnType::kText:
    case ColumnType::kUuid:
    case ColumnType::kInteger:
    case ColumnType::kNumber:
    case ColumnType::kDecimal:
    case ColumnType::kBoolean:
    case ColumnType::kTimestamp:
    case ColumnType::kJson:
      break;
  }
  return {};
}

}  // namespace apiwright::repositories

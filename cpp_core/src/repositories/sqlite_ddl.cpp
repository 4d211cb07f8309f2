#include "repositories/sqlite_ddl.hpp"

#include "apiwright/base/decimal.hpp"
#include "apiwright/base/error.hpp"
#include "apiwright/base/timestamp.hpp"
#include "repositories/identifier.hpp"

namespace apiwright::repositories {
namespace {

[[noreturn]] void refuse_default() { throw Error(ErrorCode::kInternal, "A column's default is not of its type."); }

// What units of the last place a decimal of so many digits has. The name tells the scale, which the column does not.
std::string digits_rule(const Column& column) {
  const std::string most(static_cast<std::size_t>(column.precision), '9');
  return "CHECK (" + quoted(column.name) + " BETWEEN -" + most + " AND " + most + ")";
}

}  // namespace

std::string SqliteDdl::add_reference(const Table& /*table*/, const Column& /*column*/) const { return {}; }

std::string SqliteDdl::type_of(const Column& column) const {
  switch (column.type) {
    case ColumnType::kInteger:
    case ColumnType::kDecimal:
    case ColumnType::kBoolean:
    case ColumnType::kTimestamp:
      return "INTEGER";
    case ColumnType::kNumber:
      return "REAL";
    case ColumnType::kText:
    case ColumnType::kUuid:
    case ColumnType::kEnum:
    case ColumnType::kArray:
    case ColumnType::kObject:
    case ColumnType::kJson:
      break;
  }
  return "TEXT";
}

std::string SqliteDdl::boolean_literal(bool value) const { return value ? "1" : "0"; }

std::string SqliteDdl::decimal_literal(const Column& column, const std::string& text) const {
  const auto value = Decimal::parse(text, column.precision, column.scale);
  if (!value) refuse_default();
  return std::to_string(value->unscaled);
}

std::string SqliteDdl::timestamp_literal(const std::string& text) const {
  const auto moment = parse_timestamp(text);
  if (!moment) refuse_default();
  return std::to_string(moment->time_since_epoch().count());
}

std::vector<Ddl::Constraint> SqliteDdl::checks_of(const std::string& table, const Column& column) const {
  const auto prefix = table + "_" + column.name;
  const auto value = quoted(column.name);
  switch (column.type) {
    case ColumnType::kUuid:
      return {{prefix + "_length", "CHECK (length(" + value + ") = 36)"}};
    case ColumnType::kEnum:
      return {{prefix + "_known", "CHECK (" + value + " IN (" + text_literals(column.values) + "))"}};
    case ColumnType::kBoolean:
      return {{prefix + "_boolean", "CHECK (" + value + " IN (0, 1))"}};
    case ColumnType::kDecimal:
      return {{prefix + "_decimal_" + std::to_string(column.precision) + "_" + std::to_string(column.scale),
               digits_rule(column)}};
    // No JSON functions: SQLite 3.40 refuses them in constraints under trusted_schema=OFF.
    case ColumnType::kArray:
      return {{prefix + "_array", "CHECK (" + value + " LIKE '[%]')"}};
    case ColumnType::kObject:
      return {{prefix + "_object", "CHECK (" + value + " LIKE '{%}')"}};
    case ColumnType::kText:
    case ColumnType::kInteger:
    case ColumnType::kNumber:
    case ColumnType::kTimestamp:
    case ColumnType::kJson:
      break;
  }
  return {};
}

}  // namespace apiwright::repositories

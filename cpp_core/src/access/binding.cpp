#include "access/binding.hpp"

#include <cmath>
#include <stdexcept>
#include <string_view>

#include "apiwright/base/error.hpp"
#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/value_json.hpp"

namespace apiwright::access {
namespace {

using validation::Field;
using validation::Kind;
using validation::Schema;
using validation::Value;

constexpr std::string_view kUsersTable = "users";

[[noreturn]] void refuse(const Schema& schema, const std::string& field, const std::string& why) {
  throw std::logic_error("Schema `" + schema.title() + "`: a rule on field `" + field + "`: " + why);
}

std::size_t find_stored(const Schema& schema, const std::string& field) {
  const auto index = schema.find(field);
  if (!index) refuse(schema, field, "there is no such field");
  if (schema.field(*index).is_transient()) refuse(schema, field, "it is never stored, so no row has it");
  return *index;
}

// Only what the kind itself asks: a row may be older than today's constraints.
Field of_kind_alone(const Field& field) {
  if (field.kind() == Kind::kEmail) return Field::email(field.name());
  if (field.kind() == Kind::kEnum) return Field::enumeration(field.name(), field.values());
  return validation::without_constraints(field);
}

bool is_finite(const Value& value) {
  const auto* real = std::get_if<double>(&value.data);
  return real == nullptr || std::isfinite(*real);
}

Value typed(const Schema& schema, const Field& field, const Value& value) {
  if (value.is_null() || value.is_absent()) {
    refuse(schema, field.name(), "null is not compared with, since that is never known: ask is_null()");
  }
  if (!is_finite(value)) refuse(schema, field.name(), "it is compared with finite numbers alone");
  const auto json = validation::to_json(value);
  try {
    return validation::read_value(of_kind_alone(field), json);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kValidationError) throw;
    refuse(schema, field.name(), "it cannot be " + json + ": " + error.details().front().message);
  }
}

}  // namespace

std::size_t bind_owner(const Schema& schema, const std::string& field) {
  const auto index = find_stored(schema, field);
  if (schema.field(index).kind() != Kind::kUuid) refuse(schema, field, "owner() takes a field of users' ids, a uuid");
  const auto& table = schema.field(index).referenced_table();
  if (!table.empty() && table != kUsersTable)
    refuse(schema, field, "owner() takes users' ids, and it refers to " + table);
  return index;
}

Predicate bind_test(const Schema& schema, const std::string& field, Predicate test) {
  test.field = find_stored(schema, field);
  if (test.kind == Predicate::Kind::kIsNull) return test;
  const auto& declared = schema.field(test.field);
  if (declared.is_composite()) refuse(schema, field, "it holds other values, so a rule may only ask is_null()");
  if (is_order(test.comparison) && !has_order(declared.kind())) {
    refuse(schema, field, "values of its kind have no order: compare them by == or !=");
  }
  if (test.kind == Predicate::Kind::kIn && test.values.empty()) return Predicate::never();
  for (auto& value : test.values) value = typed(schema, declared, value);
  return test;
}

}  // namespace apiwright::access

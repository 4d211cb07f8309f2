#include "repositories/parts.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "apiwright/base/error.hpp"
#include "repositories/identifier.hpp"
#include "repositories/stored_value.hpp"

namespace apiwright::repositories {
namespace {

using validation::Array;
using validation::Field;
using validation::Object;
using validation::Record;
using validation::Value;
using validation::Violations;

std::int64_t units_of(const Value& value) {
  const auto* decimal = std::get_if<Decimal>(&value.data);
  return decimal != nullptr ? decimal->unscaled : value.as<std::int64_t>();
}

// One product of the sum, in units of the sum's last place; none past 64 bits.
std::optional<std::int64_t> product(const Field& sum, const Record& part) {
  std::int64_t units = 1;
  int places = 0;
  for (const auto& name : sum.sum()->factors) {
    const auto& value = part.at(name);
    places += part.schema().field(part.schema().index_of(name)).scale();
    if (__builtin_mul_overflow(units, units_of(value), &units)) return std::nullopt;
  }
  if (__builtin_mul_overflow(units, power_of_ten(sum.scale() - places), &units)) return std::nullopt;
  return units;
}

std::optional<std::int64_t> sum_of(const Field& sum, const Array& parts) {
  std::int64_t units = 0;
  for (const auto& part : parts) {
    const auto added = product(sum, *part.as<Object>().record);
    if (!added || __builtin_add_overflow(units, *added, &units)) return std::nullopt;
  }
  return units;
}

void set_sum(std::size_t index, Record& whole, Violations& violations) {
  const auto& field = whole.schema().field(index);
  const auto& parts = whole.at(field.sum()->parts);
  if (parts.is_absent()) return;
  const auto units = sum_of(field, parts.as<Array>());
  if (!units || *units > field.max()) {
    violations.add(field.wire_name(), "max", "Comes to more than it may be.");
  } else if (*units < field.min()) {
    violations.add(field.wire_name(), "min", "Comes to less than it may be.");
  } else if (field.kind() == validation::Kind::kDecimal) {
    whole.set(index, Decimal{*units, field.scale()});
  } else {
    whole.set(index, *units);
  }
}

void set_sums(Record& whole) {
  Violations violations;
  for (std::size_t index = 0; index < whole.schema().fields().size(); ++index) {
    if (whole.schema().field(index).sum()) set_sum(index, whole, violations);
  }
  violations.raise_if_any();
}

// The same values in a row of the part's own table.
Record row_of(const Record& sent, const validation::SchemaPtr& schema) {
  Record row(schema);
  for (std::size_t index = 0; index < sent.schema().fields().size(); ++index) {
    row.set(sent.schema().field(index).name(), sent.at(index));
  }
  return row;
}

std::string place_of(const Field& field, std::size_t position) {
  return field.wire_name() + '[' + std::to_string(position) + ']';
}

}  // namespace

Parts::Parts(const validation::Schema& whole) {
  for (std::size_t index = 0; index < whole.fields().size(); ++index) {
    const auto& part = whole.field(index).part_rows();
    if (!part) continue;
    parts_.push_back(
        {.field = index,
         .reference = part->rows->index_of(part->reference),
         .rows = std::make_unique<Repository>(part->rows),
         .remove = "DELETE FROM " + quoted(part->rows->table()) + " WHERE " + quoted(part->reference) + " = ?"});
  }
}

void Parts::complete(Record& whole, Timestamp now) const {
  if (parts_.empty()) return;
  set_sums(whole);
  for (const auto& part : parts_) make_rows(part, whole, now);
}

void Parts::make_rows(const Part& part, Record& whole, Timestamp now) const {
  if (whole.at(part.field).is_absent()) return;
  auto values = whole.at(part.field).as<Array>();
  for (auto& value : values) {
    auto row = row_of(*value.as<Object>().record, part.rows->schema());
    row.set(part.reference, whole.at("id"));
    value = Object{std::make_shared<const Record>(part.rows->new_row(std::move(row), now))};
  }
  whole.set(part.field, std::move(values));
}

void Parts::insert(data::Connection& connection, const Record& whole) const {
  for (const auto& part : parts_) {
    if (whole.at(part.field).is_absent()) continue;
    const auto& rows = whole.at(part.field).as<Array>();
    for (std::size_t position = 0; position < rows.size(); ++position) {
      try {
        part.rows->insert_row(connection, *rows[position].as<Object>().record);
      } catch (const Error& error) {
        if (error.details().empty()) throw;
        throw inside(error, place_of(whole.schema().field(part.field), position));
      }
    }
  }
}

void Parts::remove(data::Connection& connection, const Uuid& whole) const {
  for (const auto& part : parts_) {
    auto statement = connection.prepare(part.remove);
    statement->bind(1, whole);
    statement->step();
  }
}

Error inside(const Error& error, const std::string& place) {
  auto details = error.details();
  for (auto& detail : details) detail.field = place + "." + detail.field;
  return {error.code(), error.message(), std::move(details)};
}

}  // namespace apiwright::repositories

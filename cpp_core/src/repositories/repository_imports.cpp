// Rows that a Repository takes as they were somewhere else.

#include <array>
#include <stdexcept>
#include <utility>

#include "apiwright/repositories/repository.hpp"
#include "apiwright/validation/violations.hpp"
#include "repositories/stored_value.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using data::Connection;
using data::Statement;
using validation::Record;
using validation::Value;
using validation::Violations;

// Beyond it JSON's other readers lose digits, and one more change would be near no limit.
constexpr std::int64_t kMaxVersion = (std::int64_t{1} << 53) - 1;

constexpr std::array kKept = {"created_at", "updated_at", "version"};

void refuse(std::string_view field, std::string_view code, std::string message) {
  throw Error(ErrorCode::kConflict, "A row cannot be stored.",
              {{std::string(field), std::move(message), std::string(code)}});
}

void check_version(const Record& record) {
  const auto index = record.schema().find("version");
  if (!index || record.at(*index).is_absent()) return;
  const auto version = record.at(*index).as<std::int64_t>();
  if (version < 1) refuse("version", "min", "Must be at least 1.");
  if (version > kMaxVersion) refuse("version", "max", "Must be at most 9007199254740991.");
}

// Parts are imported by themselves, and a row's sums are those that it brings.
void leave_parts_out(Record& record) {
  for (std::size_t index = 0; index < record.schema().fields().size(); ++index) {
    if (record.schema().field(index).part_rows()) record.set(index, validation::Absent{});
  }
}

// Every detail of what one row was refused for, as that of its place among others.
void note(Violations& refused, const Error& error, std::size_t position) {
  for (const auto& detail : error.details()) {
    refused.add("[" + std::to_string(position) + "]." + detail.field, detail.code, detail.message);
  }
}

}  // namespace

Imported Repository::import_many(Connection& connection, std::vector<Record> records,
                                 const std::vector<std::optional<Uuid>>& ids, OnConflict on_conflict,
                                 Timestamp now) const {
  if (records.size() > kMaxBatch) throw std::logic_error("import_many() takes at most 100000 rows at once");
  if (ids.size() != records.size()) throw std::logic_error("import_many() takes one id, or none, for each row");
  auto statement = connection.prepare(insert_ + " ON CONFLICT (id) DO NOTHING");
  Imported imported;
  Violations refused;
  for (std::size_t i = 0; i < records.size() && refused.details().size() < Violations::kLimit; ++i) {
    if (ids[i] && records[i].at(id_).is_absent()) records[i].set(id_, *ids[i]);
    try {
      const bool stored = import_row(connection, *statement, records[i], on_conflict, now);
      ++(stored ? imported.stored : imported.present);
    } catch (const Error& error) {
      if (error.details().empty()) throw;
      note(refused, error, i);
    }
    statement->reset();
  }
  if (!refused.empty()) throw Error(ErrorCode::kConflict, "Some rows cannot be stored.", refused.details());
  return imported;
}

// False: it was there.
bool Repository::import_row(Connection& connection, Statement& statement, Record& record, OnConflict on_conflict,
                            Timestamp now) const {
  complete_imported(record, now);
  bind_row(statement, record);
  connection.attempt([&] { store(connection, statement, record); });
  if (statement.changes() == 1) return true;
  if (on_conflict == OnConflict::kFail) require_same(connection, record);
  return false;
}

void Repository::complete_imported(Record& record, Timestamp now) const {
  check_version(record);
  leave_parts_out(record);
  std::array<Value, kKept.size()> brought;
  for (std::size_t i = 0; i < kKept.size(); ++i) {
    if (const auto index = schema_->find(kKept.at(i))) brought.at(i) = record.at(*index);
  }
  complete(record, now);
  for (std::size_t i = 0; i < kKept.size(); ++i) {
    if (!brought.at(i).is_absent()) record.set(kKept.at(i), std::move(brought.at(i)));
  }
}

void Repository::require_same(Connection& connection, const Record& record) const {
  const auto stored = find(connection, record.at(id_).as<Uuid>(), Predicate::always());
  if (!stored) refuse("id", "conflict", "Was the id of a row that has been deleted.");
  for (std::size_t index = 0; index < schema_->fields().size(); ++index) {
    const auto& field = schema_->field(index);
    if (field.is_transient() || !record.was_sent(index) || record.at(index) == stored->at(index)) continue;
    refuse("id", "conflict", "Is there with another value of `" + field.wire_name() + "`.");
  }
}

}  // namespace apiwright::repositories

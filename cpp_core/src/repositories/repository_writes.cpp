// What a Repository changes.

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/repositories/repository.hpp"
#include "apiwright/validation/merge_patch.hpp"
#include "repositories/identifier.hpp"
#include "repositories/parts.hpp"
#include "repositories/stored_value.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using data::Connection;
using data::Statement;
using validation::Field;
using validation::Null;
using validation::Record;
using validation::Value;

constexpr const char* kTaken = "This value is taken already.";

void require_choices(const Record& row) {
  validation::Violations violations;
  validation::check_choices(row, "", violations);
  violations.raise_if_any();
}

std::string listed(const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) text.append(text.empty() ? "" : " or ").append(value);
  return text;
}

// What is wrong with a step of a field that has transitions.
std::optional<Detail> wrong_step(const Field& field, const Value& from, const Value& to) {
  if (!field.transitions() || from == to) return std::nullopt;
  const auto& now = from.as<std::string>();
  const auto& successors = field.successors(now);
  if (std::find(successors.begin(), successors.end(), to.as<std::string>()) != successors.end()) return std::nullopt;
  const auto rest = successors.empty() ? ", which stays so." : ", which can only become " + listed(successors) + '.';
  return Detail{field.wire_name(), "Is " + now + rest, "transition"};
}

void require_steps(const Record& before, const Record& after) {
  std::vector<Detail> details;
  const auto& fields = before.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (auto detail = wrong_step(fields[index], before.at(index), after.at(index))) details.push_back(*detail);
  }
  if (details.empty()) return;
  throw Error(ErrorCode::kUnprocessable, "These fields cannot change so.", std::move(details));
}

bool refers(const Record& row) {
  const auto& fields = row.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (!fields[index].referenced_table().empty() && !row.at(index).is_null()) return true;
  }
  return false;
}

void set_if_declared(Record& record, std::string_view field, Value value) {
  if (const auto index = record.schema().find(field)) record.set(*index, std::move(value));
}

// A row that differs from what is stored is a new version of it.
void set_changed(Record& row, Timestamp now) {
  set_if_declared(row, "updated_at", now);
  if (const auto version = row.schema().find("version")) {
    row.set(*version, row.at(*version).as<std::int64_t>() + 1);
  }
}

// What a new row has where nothing was given.
Value value_of_absent(const Field& field, Timestamp now) {
  if (!field.server_value()) return Null{};
  if (*field.server_value() == validation::ServerValue::kNow) return now;
  if (field.is_nullable() || field.is_optional()) return Null{};
  throw Error(ErrorCode::kValidationError, "The input is not valid.",
              {{field.wire_name(), "Is who asks, and here nobody does: it must be given.", "required"}});
}

}  // namespace

void Repository::complete(Record& record, Timestamp now) const {
  if (record.at(id_).is_absent()) record.set(id_, Uuid::generate(now));
  parts_->complete(record, now);
  set_if_declared(record, "created_at", now);
  set_if_declared(record, "updated_at", now);
  set_if_declared(record, "version", std::int64_t{1});
  validation::Violations violations;
  for (std::size_t index = 0; index < schema_->fields().size(); ++index) {
    const auto& field = schema_->field(index);
    if (!record.at(index).is_absent() || field.is_transient()) continue;
    record.set(index, value_of_absent(field, now));
    // What no body may bring, and the application did not.
    const bool is_lacking = record.at(index).is_null() && !field.is_nullable() && !field.is_optional();
    if (is_lacking) violations.add(field.wire_name(), "required", "Is required.");
  }
  violations.raise_if_any();
}

Record Repository::insert(Connection& connection, Record record, Timestamp now) const {
  auto row = new_row(std::move(record), now);
  insert_row(connection, row);
  return row;
}

Record Repository::new_row(Record record, Timestamp now) const {
  complete(record, now);
  return record;
}

void Repository::insert_row(Connection& connection, const Record& row) const {
  auto statement = connection.prepare(insert_);
  bind_row(*statement, row);
  store(connection, *statement, row);
  parts_->insert(connection, row);
}

void Repository::insert_last_row(Connection& connection, const Record& row) const {
  if (!parts_->empty() || refers(row)) return insert_row(connection, row);
  auto statement = connection.prepare(insert_);
  bind_row(*statement, row);
  connection.step_by_commit(*statement, [this](const std::exception_ptr& refusal) {
    try {
      std::rethrow_exception(refusal);
    } catch (const data::UniqueViolation& violation) {
      raise_conflict(violation);
    }
  });
}

std::vector<Uuid> Repository::insert_many(Connection& connection, std::vector<Record> records, Timestamp now) const {
  if (records.size() > kMaxBatch) throw std::logic_error("insert_many() takes at most 100000 rows at once");
  auto statement = connection.prepare(insert_);
  std::vector<Uuid> ids;
  ids.reserve(records.size());
  for (Record& record : records) {
    complete(record, now);
    bind_row(*statement, record);
    try {
      store(connection, *statement, record);
      parts_->insert(connection, record);
    } catch (const Error& error) {
      if (error.details().empty()) throw;
      throw inside(error, "[" + std::to_string(ids.size()) + "]");
    }
    statement->reset();
    ids.push_back(record.at(id_).as<Uuid>());
  }
  return ids;
}

Record Repository::update(Connection& connection, const Record& before, const Record& changes, Timestamp now) const {
  auto after = changed_row(before, changes, now);
  update_row(connection, before, after);
  return after;
}

Record Repository::changed_row(const Record& before, const Record& changes, Timestamp now) const {
  if (changes.is_patch()) return changed_row(before, validation::merge_patch(before, changes), now);
  Record after = before;
  bool differs = false;
  for (std::size_t index = 0; index < schema_->fields().size(); ++index) {
    const auto& value = changes.at(index);
    if (value.is_absent() || schema_->field(index).is_transient() || value == before.at(index)) continue;
    after.set(index, value);
    differs = true;
  }
  if (!differs) return after;
  require_choices(after);
  require_steps(before, after);
  set_changed(after, now);
  return after;
}

void Repository::update_row(Connection& connection, const Record& before, const Record& after) const {
  std::vector<std::size_t> changed;
  std::string assignments;
  for (std::size_t index = 0; index < schema_->fields().size(); ++index) {
    if (after.at(index) == before.at(index)) continue;
    const auto& field = schema_->field(index);
    assignments += (assignments.empty() ? "" : ", ") + quoted(field.name()) + " = ?";
    if (field.has_key_column()) assignments += ", " + quoted(key_column(field)) + " = ?";
    changed.push_back(index);
  }
  if (changed.empty()) return;
  const auto version = schema_->find("version");
  auto statement = connection.prepare("UPDATE " + quoted(schema_->table()) + " SET " + assignments + " WHERE id = ?" +
                                      (version ? " AND version = ?" : ""));
  int parameter = 1;
  for (const auto index : changed) {
    parameter = bind_field(*statement, parameter, schema_->field(index), after.at(index));
  }
  bind_value(*statement, parameter++, before.at(id_));
  if (version) bind_value(*statement, parameter, before.at(*version));
  store(connection, *statement, after);
  if (statement->changes() == 0) {
    throw Error(ErrorCode::kConflict, "This was changed by somebody else meanwhile.");
  }
}

std::optional<Record> Repository::update(Connection& connection, const Uuid& id, const Record& changes,
                                         std::optional<std::int64_t> expected_version, Timestamp now) const {
  const auto before = find(connection, id, Predicate::always());
  if (!before) return std::nullopt;
  require_version(*before, expected_version);
  return update(connection, *before, changes, now);
}

bool Repository::remove(Connection& connection, const Uuid& id, Timestamp now) const {
  auto statement = connection.prepare(remove_);
  int index = 1;
  if (scope_ == Scope::kAll) parts_->remove(connection, id);
  if (scope_ != Scope::kAll) statement->bind(index++, now);
  statement->bind(index, id);
  try {
    statement->step();
  } catch (const data::ForeignKeyViolation&) {
    throw Error(ErrorCode::kUnprocessable, "Something else still refers to this.");
  }
  return statement->changes() > 0;
}

bool Repository::remove(Connection& connection, const Uuid& id, std::optional<std::int64_t> expected_version,
                        Timestamp now) const {
  if (!expected_version) return remove(connection, id, now);
  const auto before = find(connection, id, Predicate::always());
  if (!before) return false;
  require_version(*before, expected_version);
  return remove(connection, id, now);
}

Record Repository::restore(Connection& connection, const Record& deleted, Timestamp now) const {
  auto row = deleted;
  row.set("deleted_at", Null{});
  set_changed(row, now);
  update_row(connection, deleted, row);
  return row;
}

std::optional<Record> Repository::restore(Connection& connection, const Uuid& id,
                                          std::optional<std::int64_t> expected_version, Timestamp now) const {
  if (!deleted_) throw std::logic_error("restore() is for rows that are deleted softly: give the Schema `deleted_at`");
  const auto deleted = find_deleted(connection, id, Predicate::always());
  auto row = deleted ? deleted : find(connection, id, Predicate::always());
  if (!row) return std::nullopt;
  require_version(*row, expected_version);
  return deleted ? restore(connection, *deleted, now) : std::move(row);
}

void Repository::require_version(const Record& row, std::optional<std::int64_t> expected) const {
  if (!expected) return;
  if (row.at("version").as<std::int64_t>() == *expected) return;
  throw Error(ErrorCode::kPreconditionFailed, "This was changed by somebody else meanwhile.");
}

void Repository::store(Connection& connection, Statement& statement, const Record& record) const {
  try {
    // What dangles is looked for after the refusal.
    if (refers(record)) {
      connection.attempt([&] { statement.step(); });
    } else {
      statement.step();
    }
  } catch (const data::UniqueViolation& violation) {
    raise_conflict(violation);
  } catch (const data::ForeignKeyViolation&) {
    raise_dangling(connection, record);
  }
}

void Repository::raise_conflict(const data::UniqueViolation& violation) const {
  for (const auto& field : schema_->fields()) {
    if (violation.column != field.name() && violation.column != key_column(field)) continue;
    throw Error(ErrorCode::kConflict, kTaken, {{field.wire_name(), "Is taken already.", "unique"}});
  }
  throw Error(ErrorCode::kConflict, kTaken);
}

// The constraint has decided; which one it was, the database does not say.
void Repository::raise_dangling(Connection& connection, const Record& record) const {
  std::vector<Detail> details;
  for (std::size_t index = 0; index < schema_->fields().size(); ++index) {
    const auto& field = schema_->field(index);
    if (field.referenced_table().empty() || record.at(index).is_null()) continue;
    auto statement = connection.prepare("SELECT 1 FROM " + quoted(field.referenced_table()) + " WHERE id = ?");
    bind_value(*statement, 1, record.at(index));
    if (!statement->step()) details.push_back({field.wire_name(), "Refers to nothing that exists.", "reference"});
  }
  throw Error(ErrorCode::kUnprocessable, "A reference names nothing that exists.", std::move(details));
}

}  // namespace apiwright::repositories

#include "apiwright/repositories/repository.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

#include "apiwright/base/error.hpp"
#include "repositories/condition.hpp"
#include "repositories/stored_value.hpp"
#include "repositories/totals.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using data::Connection;
using data::Statement;
using validation::Null;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;
using validation::Value;

constexpr std::string_view kTableVersion = "SELECT version FROM table_versions WHERE table_name = ?";

template <typename Each>
std::string join_columns(const Schema& schema, bool with_keys, const Each& each) {
  std::string text;
  for (const auto& field : schema.fields()) {
    if (field.is_transient()) continue;
    text += (text.empty() ? "" : ", ") + each(field.name());
    if (with_keys && field.has_key_column()) text += ", " + each(field.name() + "_key");
  }
  return text;
}

std::string same(const std::string& name) { return name; }

// Binds a field's column, and its key column where it has one; the next free parameter.
int bind_field(Statement& statement, int index, const validation::Field& field, const Value& value) {
  bind_value(statement, index++, value);
  if (!field.has_key_column()) return index;
  if (std::holds_alternative<std::string>(value.data)) {
    const auto key = key_of(field, value.as<std::string>());
    statement.bind(index++, std::string_view(key));
  } else {
    statement.bind_null(index++);
  }
  return index;
}

void set_if_declared(Record& record, std::string_view field, Value value) {
  if (const auto index = record.schema().find(field)) record.set(*index, std::move(value));
}

}  // namespace

Repository::Repository(SchemaPtr schema)
    : schema_(std::move(schema)),
      id_(schema_->index_of("id")),
      soft_delete_(schema_->find("deleted_at").has_value()),
      totals_(std::make_unique<Totals>()) {
  const auto& table = schema_->table();
  const std::string living = soft_delete_ ? "deleted_at IS NULL" : "1 = 1";
  select_ = "SELECT " + join_columns(*schema_, false, same) + " FROM " + table + " WHERE " + living;
  select_by_id_ = select_ + " AND id = ?";
  count_ = "SELECT count(*) FROM " + table + " WHERE " + living;
  insert_ = "INSERT INTO " + table + " (" + join_columns(*schema_, true, same) + ") VALUES (" +
            join_columns(*schema_, true, [](const std::string&) { return std::string("?"); }) + ")";
  remove_ = soft_delete_ ? "UPDATE " + table + " SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL"
                         : "DELETE FROM " + table + " WHERE id = ?";
}

Repository::~Repository() = default;

bool Repository::get(Connection& connection, const Uuid& id, const Predicate& visible, const Visitor& visit) const {
  if (visible.is_never()) return false;
  Condition condition(*schema_);
  condition.require(visible);
  auto statement = connection.prepare(select_by_id_ + condition.sql());
  statement->bind(1, id);
  condition.bind(*statement, 2);
  if (!statement->step()) return false;
  visit(Row(schema_, *statement));
  return true;
}

std::optional<Record> Repository::find(Connection& connection, const Uuid& id, const Predicate& visible) const {
  std::optional<Record> found;
  get(connection, id, visible, [&](const Row& row) { found = row.record(); });
  return found;
}

std::optional<Record> Repository::find_by(Connection& connection, std::string_view unique_field,
                                          const Value& value) const {
  Condition condition(*schema_);
  condition.require_equal(schema_->index_of(unique_field), value);
  auto statement = connection.prepare(select_ + condition.sql());
  condition.bind(*statement, 1);
  if (!statement->step()) return std::nullopt;
  return Row(schema_, *statement).record();
}

Condition Repository::where(const ListQuery& query, const Predicate& visible) const {
  Condition condition(*schema_);
  condition.require(visible);
  for (const auto& filter : query.filters) condition.require_equal(filter.field, filter.value);
  condition.require_match(query.search, query.search_fields);
  return condition;
}

std::string Repository::order_by(const ListQuery& query) const {
  std::string order = " ORDER BY ";
  bool descending = false;
  const auto append = [&](const validation::Field& field, bool down) {
    order += field.name() + (field.has_key_column() ? "_key" : "") + (down ? " DESC" : "");
    order += field.is_nullable() ? " NULLS LAST, " : ", ";
    descending = down;
  };
  for (const auto& sort : query.sort) append(schema_->field(sort.field), sort.descending);
  if (const auto created = schema_->find("created_at"); query.sort.empty() && created) {
    append(schema_->field(*created), true);
  }
  return order + (descending ? "id DESC" : "id");
}

std::int64_t Repository::count(Connection& connection, const ListQuery& query, const Predicate& visible) const {
  return count(connection, where(query, visible));
}

std::int64_t Repository::count(Connection& connection, const Condition& condition) const {
  auto statement = connection.prepare(count_ + condition.sql());
  condition.bind(*statement, 1);
  return statement->step() ? statement->integer(0) : 0;
}

std::optional<std::int64_t> Repository::table_version(Connection& connection) const {
  auto statement = connection.prepare(kTableVersion);
  statement->bind(1, std::string_view(schema_->table()));
  if (!statement->step()) return std::nullopt;
  return statement->integer(0);
}

std::int64_t Repository::total_of(Connection& connection, const Condition& condition) const {
  const auto version = table_version(connection);
  if (!version) return count(connection, condition);
  auto key = condition.key();
  if (const auto remembered = totals_->find(key, *version)) return *remembered;
  const auto counted = count(connection, condition);
  totals_->remember(std::move(key), *version, counted);
  return counted;
}

std::int64_t Repository::list(Connection& connection, const ListQuery& query, const Predicate& visible,
                              const Visitor& visit) const {
  const auto condition = where(query, visible);
  const auto total = total_of(connection, condition);
  // Past the end by division, since (page - 1) * limit may not fit.
  if (total == 0 || query.page - 1 > (total - 1) / query.limit) return total;
  auto statement = connection.prepare(select_ + condition.sql() + order_by(query) + " LIMIT ? OFFSET ?");
  const int next = condition.bind(*statement, 1);
  statement->bind(next, query.limit);
  statement->bind(next + 1, (query.page - 1) * query.limit);
  while (statement->step()) visit(Row(schema_, *statement));
  return total;
}

Record Repository::insert(Connection& connection, Record record, Timestamp now) const {
  if (record.at(id_).is_absent()) record.set(id_, Uuid::generate(now));
  set_if_declared(record, "created_at", now);
  set_if_declared(record, "updated_at", now);
  set_if_declared(record, "version", std::int64_t{1});
  auto statement = connection.prepare(insert_);
  int index = 1;
  const auto& fields = schema_->fields();
  for (std::size_t field = 0; field < fields.size(); ++field) {
    if (fields[field].is_transient()) continue;
    if (record.at(field).is_absent()) record.set(field, Null{});
    index = bind_field(*statement, index, fields[field], record.at(field));
  }
  try {
    statement->step();
  } catch (const data::UniqueViolation& violation) {
    raise_conflict(violation);
  }
  return record;
}

Record Repository::update(Connection& connection, const Record& before, const Record& changes, Timestamp now) const {
  Record after = before;
  std::vector<std::size_t> changed;
  std::string assignments;
  const auto assign = [&](std::size_t index, const Value& value) {
    const auto& field = schema_->field(index);
    assignments += (assignments.empty() ? "" : ", ") + field.name() + " = ?";
    if (field.has_key_column()) assignments += ", " + field.name() + "_key = ?";
    changed.push_back(index);
    after.set(index, value);
  };
  for (std::size_t index = 0; index < schema_->fields().size(); ++index) {
    const auto& value = changes.at(index);
    if (value.is_absent() || schema_->field(index).is_transient() || value == before.at(index)) {
      continue;
    }
    assign(index, value);
  }
  if (changed.empty()) return after;
  if (const auto index = schema_->find("updated_at")) assign(*index, now);
  const auto version = schema_->find("version");
  if (version) assign(*version, before.at(*version).as<std::int64_t>() + 1);

  auto statement = connection.prepare("UPDATE " + schema_->table() + " SET " + assignments + " WHERE id = ?" +
                                      (version ? " AND version = ?" : ""));
  int parameter = 1;
  for (const auto index : changed) {
    parameter = bind_field(*statement, parameter, schema_->field(index), after.at(index));
  }
  bind_value(*statement, parameter++, before.at(id_));
  if (version) bind_value(*statement, parameter, before.at(*version));
  try {
    statement->step();
  } catch (const data::UniqueViolation& violation) {
    raise_conflict(violation);
  }
  if (statement->changes() == 0) {
    throw Error(ErrorCode::kConflict, "This was changed by somebody else meanwhile.");
  }
  return after;
}

bool Repository::remove(Connection& connection, const Uuid& id, Timestamp now) const {
  auto statement = connection.prepare(remove_);
  int index = 1;
  if (soft_delete_) statement->bind(index++, now);
  statement->bind(index, id);
  statement->step();
  return statement->changes() > 0;
}

void Repository::raise_conflict(const data::UniqueViolation& violation) const {
  for (const auto& field : schema_->fields()) {
    if (violation.column != field.name() && violation.column != field.name() + "_key") continue;
    throw Error(ErrorCode::kConflict, "This value is taken already.",
                {{field.wire_name(), "Is taken already.", "unique"}});
  }
  throw Error(ErrorCode::kConflict, "This value is taken already.");
}

}  // namespace apiwright::repositories

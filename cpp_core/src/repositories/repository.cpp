#include "apiwright/repositories/repository.hpp"

#include <stdexcept>
#include <utility>

#include "repositories/condition.hpp"
#include "repositories/identifier.hpp"
#include "repositories/list_order.hpp"
#include "repositories/parts.hpp"
#include "repositories/totals.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using data::Connection;
using validation::Field;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;
using validation::Value;

constexpr std::string_view kDeletedAt = "deleted_at";
constexpr std::string_view kTableVersion = "SELECT version FROM table_versions WHERE table_name = ?";

template <typename Each>
std::string join_columns(const Schema& schema, bool with_keys, const Each& each) {
  std::string text;
  for (const auto& field : schema.fields()) {
    if (field.is_transient()) continue;
    text += (text.empty() ? "" : ", ") + each(field.name());
    if (with_keys && field.has_key_column()) text += ", " + each(key_column(field));
  }
  return text;
}

// The same columns, with the time of deletion for who sees deleted rows.
SchemaPtr schema_of_deleted(const Schema& schema) {
  auto fields = schema.fields();
  fields[schema.index_of(kDeletedAt)] =
      Field::date_time(std::string(kDeletedAt)).read_only().filterable().sortable().describe("When it was deleted.");
  return Schema::make(schema.title(), schema.table(), std::move(fields), schema.choices());
}

}  // namespace

// SQLite cannot know that the deleted rows are few, and would rather read all rows than sort those.
std::string Repository::condition_of(Scope scope) {
  switch (scope) {
    case Scope::kLiving:
      return "deleted_at IS NULL";
    case Scope::kDeleted:
      return "unlikely(deleted_at IS NOT NULL)";
    case Scope::kAll:
      break;
  }
  return "1 = 1";
}

Repository::Repository(const SchemaPtr& schema)
    : Repository(schema, schema->find(kDeletedAt) ? Scope::kLiving : Scope::kAll) {
  if (scope_ != Scope::kLiving) return;
  deleted_.reset(new Repository(schema_of_deleted(*schema_), Scope::kDeleted));
}

Repository::Repository(SchemaPtr schema, Scope scope)
    : schema_(std::move(schema)),
      id_(schema_->index_of("id")),
      scope_(scope),
      rows_(condition_of(scope)),
      totals_(std::make_unique<Totals>()),
      parts_(std::make_unique<Parts>(*schema_)) {
  const auto table = quoted(schema_->table());
  select_ = "SELECT " + join_columns(*schema_, false, quoted) + " FROM " + table + " WHERE " + rows_;
  select_by_id_ = select_ + " AND id = ?";
  count_all_ = "SELECT count(*) FROM " + table;
  count_ = count_all_ + " WHERE " + rows_;
  insert_ = "INSERT INTO " + table + " (" + join_columns(*schema_, true, quoted) + ") VALUES (" +
            join_columns(*schema_, true, [](const std::string&) { return std::string("?"); }) + ")";
  for (const auto& field : schema_->fields()) stored_fields_ += field.is_transient() ? 0 : 1;
  remove_ = scope_ == Scope::kAll ? "DELETE FROM " + table + " WHERE id = ?"
                                  : "UPDATE " + table + " SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL";
}

Repository::~Repository() = default;

void Repository::foresee(Connection& connection, const Uuid& id) const {
  auto statement = connection.prepare(select_by_id_);
  statement->bind(1, id);
  statement->ask();
}

// As it was foreseen: before anybody knew who asks.
bool Repository::get_foreseen(Connection& connection, const Uuid& id, const Predicate& visible,
                              const Visitor& visit) const {
  auto statement = connection.prepare(select_by_id_);
  statement->bind(1, id);
  if (!statement->step()) return false;
  const Row row(schema_, *statement);
  if (!visible.is_always() && visible.evaluate(row.record()) != access::Truth::kTrue) return false;
  visit(row);
  return true;
}

bool Repository::get(Connection& connection, const Uuid& id, const Predicate& visible, const Visitor& visit) const {
  if (visible.is_never()) return false;
  if (connection.gathers()) return get_foreseen(connection, id, visible, visit);
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
  return find_by_id(connection, select_by_id_, id, visible);
}

std::optional<Record> Repository::find_deleted(Connection& connection, const Uuid& id, const Predicate& visible) const {
  if (!deleted_) return std::nullopt;
  return find_by_id(connection, deleted_->select_by_id_, id, visible);
}

std::optional<Record> Repository::find_by_id(Connection& connection, const std::string& select, const Uuid& id,
                                             const Predicate& visible) const {
  if (visible.is_never()) return std::nullopt;
  Condition condition(*schema_);
  condition.require(visible);
  auto statement = connection.prepare((select + condition.sql()).append(connection.for_change()));
  statement->bind(1, id);
  condition.bind(*statement, 2);
  if (!statement->step()) return std::nullopt;
  return Row(schema_, *statement).record();
}

std::optional<Record> Repository::find_by(Connection& connection, std::string_view unique_field,
                                          const Value& value) const {
  const auto field = schema_->index_of(unique_field);
  if (!schema_->field(field).is_unique()) {
    throw std::logic_error("find_by() takes a unique field, which `" + std::string(unique_field) + "` is not");
  }
  Condition condition(*schema_);
  condition.require_equal(field, value);
  auto statement = connection.prepare((select_ + condition.sql()).append(connection.for_change()));
  condition.bind(*statement, 1);
  if (!statement->step()) return std::nullopt;
  return Row(schema_, *statement).record();
}

Condition Repository::where(const ListQuery& query, const Predicate& visible) const {
  Condition condition(*schema_);
  condition.require(visible);
  for (const auto& filter : query.filters) condition.require(filter);
  condition.require_match(query.search, query.search_fields);
  return condition;
}

std::int64_t Repository::count(Connection& connection, const ListQuery& query, const Predicate& visible) const {
  return count(connection, where(query, visible));
}

std::int64_t Repository::count(Connection& connection, const Condition& condition) const {
  // SQLite counts a whole table by its pages, but only where nothing stands between: not even a condition that holds.
  const bool all = scope_ == Scope::kAll && condition.sql().empty();
  auto statement = connection.prepare(all ? count_all_ : count_ + condition.sql());
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
  auto state = std::to_string(*version);
  if (const auto known = totals_->find(key); known && known->state == state) return known->total;
  const auto counted = count(connection, condition);
  totals_->remember(std::move(key), {std::move(state), counted});
  return counted;
}

std::string Repository::page_of(const Condition& condition, const ListQuery& query) const {
  return select_ + condition.sql() + ListOrder(*schema_, query).sql() + " LIMIT ? OFFSET ?";
}

// Beside its columns each row has the total, unless the state is still the one that is bound, and the state.
std::string Repository::counted_page_of(const Condition& condition, const ListQuery& query,
                                        std::string_view state) const {
  const auto page = page_of(condition, query);
  const auto columns = page.find(" FROM ");
  auto sql = page.substr(0, columns);
  if (state.empty()) {
    sql.append(", (").append(count_).append(condition.sql()).append(")");
  } else {
    sql.append(", CASE WHEN ").append(state).append(" = ? THEN NULL ELSE (");
    sql.append(count_).append(condition.sql()).append(") END, ").append(state);
  }
  return sql + page.substr(columns);
}

// Where nobody keeps a table's version a page is counted in its statement, unless nothing was stored meanwhile.
std::int64_t Repository::list_and_count(Connection& connection, const Condition& condition, const ListQuery& query,
                                        const Visitor& visit) const {
  std::int64_t offset = 0;
  if (__builtin_mul_overflow(query.page - 1, query.limit, &offset)) return count(connection, condition);
  const auto state = connection.stored_state();
  auto key = condition.key();
  const auto known = state.empty() ? std::nullopt : totals_->find(key);
  auto statement = connection.prepare(counted_page_of(condition, query, state));
  int next = 1;
  if (known) {
    statement->bind(next++, std::string_view(known->state));
  } else if (!state.empty()) {
    statement->bind_null(next++);
  }
  next = condition.bind(*statement, condition.bind(*statement, next));
  statement->bind(next, query.limit);
  statement->bind(next + 1, offset);
  if (!statement->step()) return offset == 0 ? 0 : count(connection, condition);
  const bool is_known = statement->is_null(stored_fields_);
  const auto total = is_known ? known->total : statement->integer(stored_fields_);
  if (!is_known && !state.empty() && !statement->is_null(stored_fields_ + 1)) {
    totals_->remember(std::move(key), {std::string(statement->text(stored_fields_ + 1)), total});
  }
  do visit(Row(schema_, *statement));
  while (statement->step());
  return total;
}

std::int64_t Repository::list(Connection& connection, const ListQuery& query, const Predicate& visible,
                              const Visitor& visit) const {
  const auto condition = where(query, visible);
  if (!connection.keeps_table_versions()) return list_and_count(connection, condition, query, visit);
  const auto total = total_of(connection, condition);
  // Past the end by division, since (page - 1) * limit may not fit.
  if (total == 0 || query.page - 1 > (total - 1) / query.limit) return total;
  auto statement = connection.prepare(page_of(condition, query));
  const int next = condition.bind(*statement, 1);
  statement->bind(next, query.limit);
  statement->bind(next + 1, (query.page - 1) * query.limit);
  while (statement->step()) visit(Row(schema_, *statement));
  return total;
}

void Repository::list_after(Connection& connection, const std::optional<Uuid>& after, std::int64_t limit,
                            const ListQuery& query, const Predicate& visible, const Visitor& visit) const {
  const auto condition = where(query, visible);
  auto statement =
      connection.prepare(select_ + condition.sql() + (after ? " AND id > ?" : "") + " ORDER BY id LIMIT ?");
  int next = condition.bind(*statement, 1);
  if (after) statement->bind(next++, *after);
  statement->bind(next, limit);
  while (statement->step()) visit(Row(schema_, *statement));
}

}  // namespace apiwright::repositories

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
    if (with_keys && field.has_key_column()) text += ", " + each(key_column(field));
  }
  return text;
}

}  // namespace

Repository::Repository(SchemaPtr schema)
    : schema_(std::move(schema)),
      id_(schema_->index_of("id")),
      soft_delete_(schema_->find("deleted_at").has_value()),
      totals_(std::make_unique<Totals>()),
      parts_(std::make_unique<Parts>(*schema_)) {
  const auto table = quoted(schema_->table());
  const std::string living = soft_delete_ ? "deleted_at IS NULL" : "1 = 1";
  select_ = "SELECT " + join_columns(*schema_, false, quoted) + " FROM " + table + " WHERE " + living;
  select_by_id_ = select_ + " AND id = ?";
  count_all_ = "SELECT count(*) FROM " + table;
  count_ = count_all_ + " WHERE " + living;
  insert_ = "INSERT INTO " + table + " (" + join_columns(*schema_, true, quoted) + ") VALUES (" +
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
  const auto field = schema_->index_of(unique_field);
  if (!schema_->field(field).is_unique()) {
    throw std::logic_error("find_by() takes a unique field, which `" + std::string(unique_field) + "` is not");
  }
  Condition condition(*schema_);
  condition.require_equal(field, value);
  auto statement = connection.prepare(select_ + condition.sql());
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
  const bool all = !soft_delete_ && condition.sql().empty();
  auto statement = connection.prepare(all ? count_all_ : count_ + condition.sql());
  condition.bind(*statement, 1);
  return statement->step() ? statement->integer(0) : 0;
}

std::optional<std::int64_t> Repository::table_version(Connection& connection) const {
  if (!connection.has_lasting_table("table_versions")) return std::nullopt;  // a database without our migrations
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

std::string Repository::page_of(const Condition& condition, const ListQuery& query) const {
  return select_ + condition.sql() + ListOrder(*schema_, query).sql() + " LIMIT ? OFFSET ?";
}

std::int64_t Repository::list(Connection& connection, const ListQuery& query, const Predicate& visible,
                              const Visitor& visit) const {
  const auto condition = where(query, visible);
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

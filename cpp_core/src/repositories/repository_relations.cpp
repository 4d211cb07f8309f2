// How rows are found by what refers to them, or by what they refer to.

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "apiwright/json/writer.hpp"
#include "apiwright/repositories/repository.hpp"
#include "repositories/condition.hpp"
#include "repositories/identifier.hpp"

namespace apiwright::repositories {
namespace {

// The values, bound as one: the statement is the same for any number of them.
std::string json_of(const std::vector<Uuid>& values) {
  std::string text;
  json::Writer writer(text);
  writer.begin_array();
  for (const auto& value : values) writer.string(value.to_string());
  writer.end_array();
  return text;
}

// Those behind this value in the order of the rows.
std::vector<Uuid> beyond(const Uuid& value, const std::vector<Uuid>& values) {
  std::vector<Uuid> found;
  std::copy_if(values.begin(), values.end(), std::back_inserter(found), [&](const Uuid& each) { return each > value; });
  return found;
}

// Visits rows, those of one value after each other, up to a value that has more than `limit`: that one, if any.
std::optional<Uuid> visit_each(const validation::SchemaPtr& schema, data::Statement& statement, std::size_t field,
                               std::int64_t limit, const Repository::EachVisitor& visit) {
  std::optional<Uuid> value;
  std::string text;
  std::int64_t count = 0;
  while (statement.step()) {
    const Row row(schema, statement);
    if (const auto stored = row.stored_text(field); !value || stored != text) {
      text = stored;
      value = row.at(field).as<Uuid>();
      count = 0;
    }
    if (count++ == limit) return value;
    visit(*value, row);
  }
  return std::nullopt;
}

}  // namespace

std::string Repository::order_of_each() const { return schema_->find("created_at") ? "created_at, id" : "id"; }

std::string Repository::each_of(std::string_view asked, std::size_t field, const Condition& condition) const {
  const auto column = quoted(schema_->field(field).name());
  std::string sql = select_ + " AND " + column + " IN ";
  sql.append(asked).append(condition.sql());
  return sql + " ORDER BY " + column + ", " + order_of_each() + " LIMIT ?";
}

// An index has the rows of one value in their order, so no more of them are looked at than are shown. No table or
// column of a Schema begins with an underscore.
std::string Repository::first_of_each(std::string_view asked, std::size_t field, const Condition& condition) const {
  const auto table = quoted(schema_->table());
  const auto column = quoted(schema_->field(field).name());
  const auto columns = select_.substr(0, select_.find(" FROM "));
  std::string sql = columns + " FROM ";
  sql.append(asked)
      .append(" AS _asked CROSS JOIN ")
      .append(table)
      .append(" WHERE ")
      .append(table)
      .append(".id IN (SELECT id FROM ");
  sql += table + " WHERE " + rows_ + " AND " + column + " = _asked._id" + condition.sql();
  return sql + " ORDER BY " + order_of_each() + " LIMIT ?) ORDER BY " + column + ", " + order_of_each();
}

void Repository::list_each(data::Connection& connection, std::size_t field, const std::vector<Uuid>& values,
                           std::int64_t limit, const access::Predicate& visible, const EachVisitor& visit) const {
  if (values.empty() || visible.is_never()) return;
  Condition condition(*schema_);
  condition.require_of_found(visible);
  const auto visit_of = [&](const std::string& sql, const std::vector<Uuid>& of, std::int64_t most) {
    auto statement = connection.prepare(sql);
    statement->bind(1, std::string_view(json_of(of)));
    statement->bind(condition.bind(*statement, 2), most);
    return visit_each(schema_, *statement, field, limit, visit);
  };
  // The rows of a value that has too many would all be passed over before the next one's.
  const auto all = limit * static_cast<std::int64_t>(values.size());
  const auto cut = visit_of(each_of(connection.asked_uuids(), field, condition), values, all);
  if (!cut) return;
  if (const auto rest = beyond(*cut, values); !rest.empty())
    visit_of(first_of_each(connection.asked_uuids(), field, condition), rest, limit);
}

}  // namespace apiwright::repositories

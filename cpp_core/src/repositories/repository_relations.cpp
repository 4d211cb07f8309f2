// How rows are found by what refers to them, or by what they refer to.

#include <utility>

#include "apiwright/json/writer.hpp"
#include "apiwright/repositories/repository.hpp"
#include "repositories/condition.hpp"
#include "repositories/identifier.hpp"

namespace apiwright::repositories {
namespace {

// The values, bound as one JSON array: the statement is the same for any number of them.
constexpr std::string_view kAsked = "(SELECT value AS _id FROM json_each(?)) AS _asked";

std::string json_of(const std::vector<Uuid>& values) {
  std::string text;
  json::Writer writer(text);
  writer.begin_array();
  for (const auto& value : values) writer.string(value.to_string());
  writer.end_array();
  return text;
}

}  // namespace

// An index has the rows of one value in their order, so no more of them are looked at than are shown. No table or
// column of a Schema begins with an underscore.
std::string Repository::each_of(std::size_t field, const Condition& condition) const {
  const auto table = quoted(schema_->table());
  const auto column = quoted(schema_->field(field).name());
  const std::string order = schema_->find("created_at") ? "created_at, id" : "id";
  const auto columns = select_.substr(0, select_.find(" FROM "));
  std::string sql = columns + " FROM ";
  sql.append(kAsked)
      .append(" CROSS JOIN ")
      .append(table)
      .append(" WHERE ")
      .append(table)
      .append(".id IN (SELECT id FROM ");
  sql += table + " WHERE " + rows_ + " AND " + column + " = _asked._id" + condition.sql();
  return sql + " ORDER BY " + order + " LIMIT ?) ORDER BY " + column + ", " + order;
}

void Repository::list_each(data::Connection& connection, std::size_t field, const std::vector<Uuid>& values,
                           std::int64_t limit, const access::Predicate& visible, const Visitor& visit) const {
  if (values.empty() || visible.is_never()) return;
  Condition condition(*schema_);
  condition.require(visible);
  auto statement = connection.prepare(each_of(field, condition));
  statement->bind(1, std::string_view(json_of(values)));
  statement->bind(condition.bind(*statement, 2), limit);
  while (statement->step()) visit(Row(schema_, *statement));
}

}  // namespace apiwright::repositories

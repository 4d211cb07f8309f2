// What a Repository's statements cost, for developers.

#include <utility>

#include "apiwright/repositories/repository.hpp"
#include "repositories/condition.hpp"
#include "repositories/list_order.hpp"

namespace apiwright::repositories {
namespace {

StatementPlan plan_of(data::Connection& connection, std::string sql) {
  auto steps = connection.explain(sql);
  return {std::move(sql), std::move(steps)};
}

}  // namespace

StatementPlan Repository::explain_list(data::Connection& connection, const ListQuery& query,
                                       const access::Predicate& visible) const {
  const auto condition = where(query, visible);
  return plan_of(connection, connection.keeps_table_versions()
                                 ? page_of(condition, query)
                                 : counted_page_of(condition, query, connection.stored_state()));
}

StatementPlan Repository::explain_walk(data::Connection& connection, const ListQuery& query,
                                       const access::Predicate& visible, const Step& step) const {
  const ListOrder forward(*schema_, query);
  const auto order = step.backward ? forward.reversed() : forward;
  auto condition = where(query, visible);
  if (step.from) condition.require_beyond(order, *step.from, step.inclusive);
  return plan_of(connection, step_of(condition, order));
}

StatementPlan Repository::explain_get(data::Connection& connection, const access::Predicate& visible) const {
  Condition condition(*schema_);
  condition.require(visible);
  return plan_of(connection, select_by_id_ + condition.sql());
}

StatementPlan Repository::explain_insert(data::Connection& connection) const { return plan_of(connection, insert_); }

}  // namespace apiwright::repositories

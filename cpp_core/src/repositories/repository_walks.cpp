// How a list is walked through by the places of its rows (keyset pagination).

#include <optional>
#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/repositories/repository.hpp"
#include "repositories/condition.hpp"
#include "repositories/list_order.hpp"

namespace apiwright::repositories {
namespace {

// Neither of them is beyond a value, so a walk would not come to the rows that have none.
void require_values(const validation::Schema& schema, const ListOrder& order) {
  for (const auto& term : order.terms()) {
    const auto& field = schema.field(term.field);
    if (!field.is_nullable() && !field.is_optional()) continue;
    throw Error(
        ErrorCode::kValidationError, "The input is not valid.",
        {{"query.sort", "A cursor cannot walk by " + field.wire_name() + ", which may be null: take pages.", "enum"}});
  }
}

// What a step has come by.
struct Visited {
  std::optional<Position> nearest;
  std::optional<Position> farthest;  // none: there is nothing beyond the rows visited
};

Visited visit_rows(data::Statement& statement, const validation::SchemaPtr& schema, const ListOrder& order,
                   std::int64_t limit, const Repository::Visitor& visit) {
  Visited visited;
  std::optional<Position> last;
  for (std::int64_t count = 1; statement.step(); ++count) {
    const Row row(schema, statement);
    if (count > limit) {
      visited.farthest = std::move(last);
      break;
    }
    if (count == 1) visited.nearest = order.position_of(row);
    if (count == limit) last = order.position_of(row);
    visit(row);
  }
  return visited;
}

// The way back from a step that began at a place: before the nearest row, or from that place where there was none.
Step step_back(const Step& step, std::optional<Position> nearest) {
  if (nearest) return {std::move(nearest), !step.backward, false};
  return {step.from, !step.backward, !step.inclusive};
}

}  // namespace

Walked Repository::walk(data::Connection& connection, const ListQuery& query, const access::Predicate& visible,
                        const Step& step, const Visitor& visit) const {
  const ListOrder forward(*schema_, query);
  require_values(*schema_, forward);
  const auto order = step.backward ? forward.reversed() : forward;
  const auto rows = where(query, visible);
  auto condition = rows;
  if (step.from) condition.require_beyond(order, *step.from, step.inclusive);
  auto statement = connection.prepare(step_of(condition, order));
  statement->bind(condition.bind(*statement, 1), query.limit + 1);
  auto visited = visit_rows(*statement, schema_, order, query.limit, visit);

  std::optional<Step> onward;
  if (visited.farthest) onward = Step{std::move(visited.farthest), step.backward, false};
  std::optional<Step> back;
  if (step.from) back = step_back(step, std::move(visited.nearest));
  if (back && !is_anything_beyond(connection, rows, order.reversed(), *back)) back.reset();
  if (step.backward) std::swap(onward, back);
  return {std::move(onward), std::move(back)};
}

std::string Repository::step_of(const Condition& condition, const ListOrder& order) const {
  return select_ + condition.sql() + order.sql() + " LIMIT ?";
}

bool Repository::is_anything_beyond(data::Connection& connection, Condition condition, const ListOrder& order,
                                    const Step& step) const {
  condition.require_beyond(order, *step.from, step.inclusive);
  auto statement = connection.prepare(step_of(condition, order));
  statement->bind(condition.bind(*statement, 1), std::int64_t{1});
  return statement->step();
}

std::string Repository::walk_key(const ListQuery& query) const {
  return schema_->table() + rows_ + where(query, access::Predicate::always()).key() + ListOrder(*schema_, query).sql();
}

}  // namespace apiwright::repositories

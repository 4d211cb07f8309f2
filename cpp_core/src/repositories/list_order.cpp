#include "repositories/list_order.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "repositories/identifier.hpp"
#include "repositories/stored_value.hpp"

namespace apiwright::repositories {

using validation::Value;

namespace {

// What tells which rows are new: of deleted ones, where lists know it, when that was.
std::optional<std::size_t> age_of(const validation::Schema& schema) {
  const auto deleted = schema.find("deleted_at");
  return deleted && schema.field(*deleted).is_sortable() ? deleted : schema.find("created_at");
}

}  // namespace

ListOrder::ListOrder(const validation::Schema& schema, const ListQuery& query) : schema_(schema), terms_(query.sort) {
  if (const auto age = age_of(schema); terms_.empty() && age) terms_.push_back({*age, true});
  id_descends_ = !terms_.empty() && terms_.back().descending;
}

bool ListOrder::goes_one_way() const noexcept {
  return std::all_of(terms_.begin(), terms_.end(), [&](const auto& term) { return term.descending == id_descends_; });
}

ListOrder ListOrder::reversed() const {
  auto order = *this;
  for (auto& term : order.terms_) term.descending = !term.descending;
  order.id_descends_ = !id_descends_;
  return order;
}

std::string ListOrder::column(const ListQuery::Sort& term) const { return list_column(schema_.field(term.field)); }

std::string ListOrder::sql() const {
  std::string order = " ORDER BY ";
  for (const auto& term : terms_) {
    order += column(term) + (term.descending ? " DESC" : "");
    order += schema_.field(term.field).is_nullable() ? " NULLS LAST, " : ", ";
  }
  return order + (id_descends_ ? "id DESC" : "id");
}

Position ListOrder::position_of(const Row& row) const {
  Position position{{}, row.at(schema_.index_of("id")).as<Uuid>()};
  for (const auto& term : terms_) {
    const auto& field = schema_.field(term.field);
    auto value = row.at(term.field);
    if (field.has_key_column() && !value.is_null()) value = Value(key_of(field, value.as<std::string>()));
    position.values.push_back(std::move(value));
  }
  return position;
}

}  // namespace apiwright::repositories

#include "apiwright/repositories/list_request.hpp"

#include <set>
#include <string_view>
#include <utility>

#include "apiwright/validation/check.hpp"

namespace apiwright::repositories {
namespace {

using validation::Field;
using validation::Schema;
using validation::Value;
using validation::Violations;

constexpr std::int64_t kMaxPage = 1'000'000'000;

bool is_comparable(const Field& field) { return !field.is_transient() && !field.is_composite(); }

void require_between(std::string_view name, std::int64_t value, std::int64_t max, Violations& violations) {
  if (value < 1) violations.add(std::string(name), "min", "Must be at least 1.");
  if (value > max) violations.add(std::string(name), "max", "Must be at most " + std::to_string(max) + ".");
}

std::string comparable_names(const Schema& schema) {
  std::string names;
  for (const auto& field : schema.fields()) {
    if (is_comparable(field)) names += (names.empty() ? "" : ", ") + field.name();
  }
  return names;
}

bool add_sort(const Schema& schema, std::string_view name, ListQuery& query, Violations& violations) {
  const bool descending = name.starts_with('-');
  if (descending) name.remove_prefix(1);
  const auto index = schema.find(name);
  if (index && is_comparable(schema.field(*index))) {
    query.sort.push_back({*index, descending});
    return true;
  }
  violations.add("sort", "enum", "Can sort by: " + comparable_names(schema) + "; a - turns an order round.");
  return false;
}

void read_sort(const Schema& schema, std::string_view text, ListQuery& query, Violations& violations) {
  while (!text.empty()) {
    const auto comma = text.find(',');
    if (!add_sort(schema, text.substr(0, comma), query, violations)) return;
    text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
  }
  std::set<std::size_t> seen;
  for (const auto& sort : query.sort) {
    if (seen.insert(sort.field).second) continue;
    violations.add("sort", "duplicate", "Each field may be named once.");
    return;
  }
}

// What JSON would have held for a field, checked: Absent when that is a violation.
Value check_plain(const Field& field, const Value& plain, const std::string& name, Violations& violations) {
  if (plain.is_null()) return plain;
  if (const auto* text = std::get_if<std::string>(&plain.data)) {
    return validation::check_text(field, *text, name, violations);
  }
  if (const auto* number = std::get_if<std::int64_t>(&plain.data)) {
    return validation::check_integer(field, *number, name, violations);
  }
  if (const auto* real = std::get_if<double>(&plain.data)) {
    return validation::check_real(field, *real, name, violations);
  }
  if (const auto* flag = std::get_if<bool>(&plain.data)) {
    return validation::check_boolean(field, *flag, name, violations);
  }
  validation::refuse_type(field, name, violations);
  return {};
}

}  // namespace

ListQuery make_list_query(const Schema& schema, ListRequest request) {
  ListQuery query;
  Violations violations;
  require_between("page", query.page = request.page, kMaxPage, violations);
  require_between("limit", query.limit = request.limit, ListRequest::kMaxLimit, violations);
  read_sort(schema, request.sort, query, violations);
  query.search = std::move(request.search);
  for (std::size_t index = 0; index < schema.fields().size(); ++index) {
    if (schema.field(index).is_searchable()) query.search_fields.push_back(index);
  }
  if (!query.search.empty() && query.search_fields.empty()) {
    violations.add("search", "unknown", "No field of " + schema.title() + " is searchable.");
  }
  for (auto& [name, value] : request.filters) {
    const auto index = schema.find(name);
    if (index && is_comparable(schema.field(*index))) {
      auto checked = check_plain(schema.field(*index), value, name, violations);
      if (!checked.is_absent()) query.filters.push_back({*index, std::move(checked)});
    } else {
      violations.add(name, "unknown", "Can filter by: " + comparable_names(schema) + ".");
    }
  }
  violations.raise_if_any();
  return query;
}

}  // namespace apiwright::repositories

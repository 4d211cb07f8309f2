#include "engine/parent_row.hpp"

#include <stdexcept>

#include "engine/resource_operation.hpp"

namespace apiwright::engine {
namespace {

constexpr std::string_view kId = "{id}";

const Nested& nested_of(const Resource& resource) {
  if (!resource.nested) throw std::logic_error(resource.path + " is below no other collection");
  return *resource.nested;
}

const Collection& parent_of(const Resource& resource) {
  const auto& nested = nested_of(resource);
  for (const auto& relation : resource.relations) {
    if (!relation.to_many && relation.field == nested.reference) return *relation.target;
  }
  throw std::logic_error(resource.path + ": `" + nested.reference + "` leads to no other collection");
}

bool can_be_anonymous(const Collection& rows) { return !rows.read.predicate(*rows.rows.schema(), nullptr).is_never(); }

}  // namespace

ParentRow::ParentRow(const Resource& resource)
    : path_(nested_of(resource).path),
      reference_(resource.rows.schema()->index_of(nested_of(resource).reference)),
      rows_(parent_of(resource)),
      admits_anonymous_(can_be_anonymous(rows_)) {
  if (path_.find(kId) == std::string::npos) throw std::logic_error(path_ + " names no row");
}

Uuid ParentRow::id_in(const Call& call) {
  const auto id = Uuid::parse(call.id.value_or(""));
  if (id) return *id;
  throw Error(ErrorCode::kValidationError, "The input is not valid.", {{"path.id", "Must be a UUID.", "format"}});
}

std::string ParentRow::path(const Uuid& id) const {
  auto path = path_;
  return path.replace(path.find(kId), kId.size(), id.to_string());
}

void ParentRow::require_visible(data::Connection& connection, const Uuid& id,
                                const access::Principal* principal) const {
  const auto visible = rows_.read.predicate(*rows_.rows.schema(), principal);
  if (!rows_.rows.get(connection, id, visible, [](const repositories::Row&) {})) throw not_found();
}

}  // namespace apiwright::engine

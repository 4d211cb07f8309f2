#include "apiwright/engine/include.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "apiwright/engine/query_string.hpp"

namespace apiwright::engine {
namespace {

constexpr const char* kPath = "query.include";

bool offers_one(const IncludeContext& context, const Relation& relation) {
  const auto field = context.schema.index_of(relation.field);
  return !context.schema.field(field).is_hidden() && !context.readable.never(field);
}

// As the list of those rows, filtered by the reference, would be offered.
bool offers_many(const IncludeContext& context, const Relation& relation) {
  const auto& target = *relation.target;
  const auto& schema = *target.rows.schema();
  const auto field = schema.index_of(relation.field);
  return !schema.field(field).is_hidden() && target.readable.grants(context.principal).always(field) &&
         !target.list.predicate(schema, context.principal).is_never();
}

bool offers(const IncludeContext& context, const Relation& relation) {
  return relation.to_many ? offers_many(context, relation) : offers_one(context, relation);
}

Inclusion inclusion_of(const IncludeContext& context, const Relation& relation) {
  const auto& schema = *relation.target->rows.schema();
  return {relation, (relation.to_many ? schema : context.schema).index_of(relation.field),
          relation.target->readable.grants(context.principal),
          relation.target->read.predicate(schema, context.principal)};
}

/// The context of the rows that a relation leads to.
IncludeContext beyond(const IncludeContext& context, const Inclusion& inclusion) {
  return {*inclusion.relation.target->rows.schema(), inclusion.relation.inner, inclusion.readable, context.principal};
}

bool goes_on(const Relation& relation, const Relation& inner) { return !(relation.to_many && inner.to_many); }

std::string choices(const IncludeContext& context) {
  std::string names;
  const auto add = [&](const std::string& name) { names += (names.empty() ? "" : ", ") + name; };
  for (const auto& relation : context.relations) {
    if (!offers(context, relation)) continue;
    add(relation.name);
    const auto inclusion = inclusion_of(context, relation);
    const auto further = beyond(context, inclusion);
    for (const auto& inner : relation.inner) {
      if (goes_on(relation, inner) && offers(further, inner)) add(relation.name + '.' + inner.name);
    }
  }
  return names.empty() ? "There is nothing that you can include." : "Can include: " + names + '.';
}

const Relation* offered(const IncludeContext& context, std::string_view name) {
  const auto found = std::find_if(context.relations.begin(), context.relations.end(),
                                  [&](const Relation& one) { return one.name == name; });
  return found != context.relations.end() && offers(context, *found) ? &*found : nullptr;
}

Inclusion& included(const IncludeContext& context, const Relation& relation, std::vector<Inclusion>& all) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Inclusion& one) { return &one.relation == &relation; });
  return found != all.end() ? *found : all.emplace_back(inclusion_of(context, relation));
}

// False: it is not offered.
bool include_path(const IncludeContext& context, std::string_view path, std::vector<Inclusion>& all) {
  const auto dot = path.find('.');
  const auto* relation = offered(context, path.substr(0, dot));
  if (relation == nullptr) return false;
  auto& outer = included(context, *relation, all);
  if (dot == std::string_view::npos) return true;
  const auto further = beyond(context, outer);
  const auto* inner = offered(further, path.substr(dot + 1));
  if (inner == nullptr || !goes_on(*relation, *inner)) return false;
  included(further, *inner, outer.inner);
  return true;
}

}  // namespace

std::vector<Inclusion> parse_include(const IncludeContext& context, std::string_view text,
                                     validation::Violations& violations) {
  std::vector<Inclusion> all;
  std::set<std::string_view> seen;
  for (const auto path : split_at_commas(text)) {
    if (!include_path(context, path, all)) {
      violations.add(kPath, "enum", choices(context));
    } else if (!seen.insert(path).second) {
      violations.add(kPath, "duplicate", "Each relation may be named once.");
    } else if (seen.size() > Inclusion::kMaxNames) {
      violations.add(kPath, "max_length", "Must name at most 10 relations.");
    } else {
      continue;
    }
    break;  // one sentence serves for all that is wrong
  }
  return all;
}

}  // namespace apiwright::engine

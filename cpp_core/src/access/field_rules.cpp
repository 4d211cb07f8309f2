#include "apiwright/access/field_rules.hpp"

#include <stdexcept>
#include <utility>

namespace apiwright::access {

FieldRules::FieldRules(const validation::SchemaPtr& schema, const std::vector<FieldRule>& rules) : schema_(schema) {
  guarded_.reserve(rules.size());
  for (const auto& [name, rule] : rules) {
    const auto field = schema->index_of(name);
    if (guard(field)) throw std::logic_error("Field `" + name + "` has two rules: join them to one");
    guarded_.push_back({field, rule.bound_to(schema)});
  }
}

bool FieldRules::guard(std::size_t field) const noexcept {
  return std::any_of(guarded_.begin(), guarded_.end(), [&](const Guarded& guarded) { return guarded.field == field; });
}

FieldGrants FieldRules::grants(const Principal* principal) const {
  FieldGrants grants;
  for (const auto& [field, rule] : guarded_) {
    auto predicate = rule.predicate(*schema_, principal);
    if (!predicate.is_always()) grants.limits_.push_back({field, std::move(predicate)});
  }
  return grants;
}

}  // namespace apiwright::access

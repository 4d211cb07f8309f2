#include "apiwright/access/transition_rules.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "apiwright/validation/record.hpp"

namespace apiwright::access {

using validation::Record;

TransitionRules::TransitionRules(const validation::SchemaPtr& schema, const std::vector<TransitionRule>& rules) {
  guarded_.reserve(rules.size());
  for (const auto& [field, from, to, rule] : rules) {
    Guarded step{schema->index_of(field), from, to, rule.bound_to(schema)};
    require_step(*schema, step);
    guarded_.push_back(std::move(step));
  }
}

void TransitionRules::require_step(const validation::Schema& schema, const Guarded& step) const {
  const auto& field = schema.field(step.field);
  const auto who = "Field `" + field.name() + "`: from " + step.from + " to " + step.to + ' ';
  const auto& successors = field.successors(step.from);
  if (std::find(successors.begin(), successors.end(), step.to) == successors.end()) {
    throw std::logic_error(who + "is no step of its transitions");
  }
  const bool is_known = std::any_of(guarded_.begin(), guarded_.end(), [&](const Guarded& other) {
    return other.field == step.field && other.from == step.from && other.to == step.to;
  });
  if (is_known) throw std::logic_error(who + "has two rules: join them to one");
}

bool TransitionRules::Guarded::is_step(const Record& before, const Record& after) const {
  return before.at(field) != after.at(field) && before.at(field).as<std::string>() == from &&
         after.at(field).as<std::string>() == to;
}

std::vector<std::size_t> TransitionRules::refused(const Record& before, const Record& after,
                                                  const Principal* principal) const {
  std::vector<std::size_t> fields;
  for (const auto& step : guarded_) {
    if (step.is_step(before, after) && !step.rule.allows(before, principal)) fields.push_back(step.field);
  }
  return fields;
}

}  // namespace apiwright::access

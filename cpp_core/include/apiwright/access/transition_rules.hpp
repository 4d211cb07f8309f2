#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apiwright/access/rule.hpp"

namespace apiwright::access {

/// Who may take a field from one value to another. A step without a rule is for whoever may change the field.
struct TransitionRule {
  std::string field;  ///< snake_case; it has transitions
  std::string from;
  std::string to;
  Rule rule;  ///< asked of the row as it was
};

/// Rules for some steps of one Schema's rows. Immutable, thread-safe.
class TransitionRules {
 public:
  TransitionRules() = default;
  /// Throws std::logic_error for a step that the field's transitions do not have, one that has two rules, and as
  /// Rule::check().
  TransitionRules(const validation::SchemaPtr& schema, const std::vector<TransitionRule>& rules);

  /// The fields whose step between these states of a row is not for this principal (null: anonymous).
  [[nodiscard]] std::vector<std::size_t> refused(const validation::Record& before, const validation::Record& after,
                                                 const Principal* principal) const;

 private:
  struct Guarded {
    std::size_t field = 0;
    std::string from;
    std::string to;
    Rule rule;

    [[nodiscard]] bool is_step(const validation::Record& before, const validation::Record& after) const;
  };

  void require_step(const validation::Schema& schema, const Guarded& step) const;

  std::vector<Guarded> guarded_;
};

}  // namespace apiwright::access

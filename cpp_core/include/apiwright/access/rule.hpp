#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apiwright/access/predicate.hpp"
#include "apiwright/access/principal.hpp"

namespace apiwright::access {

/// Who may do something to which rows: a small immutable tree, cheap to copy, thread-safe.
///     auto read = Rule::any_of({Rule::role("admin"), Rule::owner("id")});
class Rule {
 public:
  static Rule everyone();
  static Rule nobody();
  static Rule authenticated();
  static Rule role(std::string name);
  /// The row's `field` (a uuid) is the asking user's id.
  static Rule owner(std::string field);
  /// The row's `field` equals `value`.
  static Rule equals(std::string field, validation::Value value);
  static Rule all_of(std::vector<Rule> rules);
  static Rule any_of(std::vector<Rule> rules);
  static Rule negate(Rule rule);

  /// What is left of the rule for this principal (none: anonymous) on rows of `schema`.
  /// Throws std::logic_error when the rule names a field the schema lacks.
  [[nodiscard]] Predicate predicate(const validation::Schema& schema, const Principal* principal) const;

  /// True only when the rule holds for this record; unknown is false.
  [[nodiscard]] bool allows(const validation::Record& record, const Principal* principal) const;

 private:
  struct Node;
  explicit Rule(std::shared_ptr<const Node> node) : node_(std::move(node)) {}
  std::shared_ptr<const Node> node_;
};

}  // namespace apiwright::access

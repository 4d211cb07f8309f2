#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apiwright/access/predicate.hpp"
#include "apiwright/access/principal.hpp"

namespace apiwright::access {

/// Who may do something to which rows: a small immutable tree, cheap to copy, thread-safe.
///     auto read = Rule::any_of({Rule::role("admin"), Rule::owner("id")});
/// Fields are snake_case names and values may be as JSON shows them (a text for an id, a decimal, a time) until the
/// rule is bound to a Schema; a rule that is not does that work with each use.
class Rule {
 public:
  /// Of a rule, counting each value of an in(): what is behind one may not be more than a database's parser takes.
  static constexpr std::size_t kMaxParts = 500;
  /// Groups of one kind in another count as one, and so does what is negated twice.
  static constexpr std::size_t kMaxDepth = 16;

  static Rule everyone();
  static Rule nobody();
  static Rule authenticated();
  static Rule role(std::string name);
  /// A role of the principal grants it, by name or by a wildcard. Throws std::logic_error for what is no permission.
  static Rule permission(std::string name);
  /// The row's `field` (a uuid) is the asking user's id.
  static Rule owner(std::string field);
  /// The row's `field` compares so with `value`; unknown where it is null.
  static Rule compare(std::string field, Comparison comparison, validation::Value value);
  static Rule equals(std::string field, validation::Value value);
  /// The row's `field` is one of `values`; unknown where it is null.
  static Rule in(std::string field, std::vector<validation::Value> values);
  /// The row's `field` has no value. Never unknown.
  static Rule is_null(std::string field);
  // These throw std::logic_error past kMaxParts or kMaxDepth.
  static Rule all_of(std::vector<Rule> rules);
  static Rule any_of(std::vector<Rule> rules);
  static Rule negate(Rule rule);

  /// Throws std::logic_error, naming field and reason, unless the rule fits rows of `schema`: a field that is not there
  /// or never stored, one that holds others (is_null() may ask for it), owner() of what is no uuid, a value that the
  /// field's kind cannot have, an order where has_order() is false.
  void check(const validation::Schema& schema) const;

  /// The same rule for rows of this very schema, which it keeps alive: fields found and values read once. Throws as
  /// check().
  [[nodiscard]] Rule bound_to(const validation::SchemaPtr& schema) const;

  /// What is left of the rule for this principal (none: anonymous) on rows of `schema`.
  /// Throws as check(), and when the rule is bound to another schema.
  [[nodiscard]] Predicate predicate(const validation::Schema& schema, const Principal* principal) const;

  /// True only when the rule holds for this record; unknown is false.
  [[nodiscard]] bool allows(const validation::Record& record, const Principal* principal) const;

 private:
  struct Node;
  explicit Rule(Node node);
  static Rule group(Predicate::Kind kind, std::vector<Rule> rules);

  std::shared_ptr<const Node> node_;
  validation::SchemaPtr schema_;  ///< null until bound
};

}  // namespace apiwright::access

#include "apiwright/access/rule.hpp"

#include <utility>
#include <variant>

namespace apiwright::access {
namespace {

struct Constant {
  bool allowed;
};
struct Authenticated {};
struct HasRole {
  std::string name;
};
struct OwnedBy {
  std::string field;
};
struct FieldEquals {
  std::string field;
  validation::Value value;
};
struct Group {
  Predicate::Kind kind;
  std::vector<Rule> rules;
};

Predicate when(bool holds) { return holds ? Predicate::always() : Predicate::never(); }

// Resolves one kind of node for a principal; the overloads are the rule language's meaning.
struct Resolve {
  const validation::Schema& schema;
  const Principal* principal;

  Predicate operator()(const Constant& node) const { return when(node.allowed); }
  Predicate operator()(const Authenticated&) const { return when(principal != nullptr); }
  Predicate operator()(const HasRole& node) const {
    return when(principal != nullptr && principal->has_role(node.name));
  }
  Predicate operator()(const OwnedBy& node) const {
    const auto field = schema.index_of(node.field);
    if (principal == nullptr) return Predicate::never();
    return Predicate::equals(field, principal->user);
  }
  Predicate operator()(const FieldEquals& node) const {
    return Predicate::equals(schema.index_of(node.field), node.value);
  }
  Predicate operator()(const Group& node) const {
    std::vector<Predicate> operands;
    operands.reserve(node.rules.size());
    for (const auto& rule : node.rules) operands.push_back(rule.predicate(schema, principal));
    if (node.kind == Predicate::Kind::kNot) return Predicate::negate(std::move(operands.front()));
    return node.kind == Predicate::Kind::kAnd ? Predicate::all_of(std::move(operands))
                                              : Predicate::any_of(std::move(operands));
  }
};

}  // namespace

struct Rule::Node {
  std::variant<Constant, Authenticated, HasRole, OwnedBy, FieldEquals, Group> meaning;
};

Rule Rule::everyone() { return Rule(std::make_shared<const Node>(Node{Constant{true}})); }

Rule Rule::nobody() { return Rule(std::make_shared<const Node>(Node{Constant{false}})); }

Rule Rule::authenticated() { return Rule(std::make_shared<const Node>(Node{Authenticated{}})); }

Rule Rule::role(std::string name) { return Rule(std::make_shared<const Node>(Node{HasRole{std::move(name)}})); }

Rule Rule::owner(std::string field) { return Rule(std::make_shared<const Node>(Node{OwnedBy{std::move(field)}})); }

Rule Rule::equals(std::string field, validation::Value value) {
  return Rule(std::make_shared<const Node>(Node{FieldEquals{std::move(field), std::move(value)}}));
}

Rule Rule::all_of(std::vector<Rule> rules) {
  return Rule(std::make_shared<const Node>(Node{Group{Predicate::Kind::kAnd, std::move(rules)}}));
}

Rule Rule::any_of(std::vector<Rule> rules) {
  return Rule(std::make_shared<const Node>(Node{Group{Predicate::Kind::kOr, std::move(rules)}}));
}

Rule Rule::negate(Rule rule) {
  return Rule(std::make_shared<const Node>(Node{Group{Predicate::Kind::kNot, {std::move(rule)}}}));
}

Predicate Rule::predicate(const validation::Schema& schema, const Principal* principal) const {
  return std::visit(Resolve{schema, principal}, node_->meaning);
}

bool Rule::allows(const validation::Record& record, const Principal* principal) const {
  return predicate(record.schema(), principal).evaluate(record) == Truth::kTrue;
}

}  // namespace apiwright::access

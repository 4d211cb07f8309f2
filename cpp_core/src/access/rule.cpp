#include "apiwright/access/rule.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

#include "access/binding.hpp"

namespace apiwright::access {
namespace {

using validation::Schema;
using validation::SchemaPtr;
using validation::Value;

struct Constant {
  bool allowed;
};
struct Authenticated {};
struct HasRole {
  std::string name;
};
struct HasPermission {
  std::string name;
};
struct OwnedBy {
  std::string field;
  std::optional<std::size_t> index;  ///< when bound
};
struct OnField {
  std::string field;
  Predicate test;  ///< its field's index and its values' types only when bound
  bool bound = false;
};
struct Group {
  Predicate::Kind kind;
  std::vector<Rule> rules;
};
using Meaning = std::variant<Constant, Authenticated, HasRole, HasPermission, OwnedBy, OnField, Group>;

Predicate when(bool holds) { return holds ? Predicate::always() : Predicate::never(); }

Predicate combine(Predicate::Kind kind, std::vector<Predicate> operands) {
  if (kind == Predicate::Kind::kNot) return Predicate::negate(std::move(operands.front()));
  return kind == Predicate::Kind::kAnd ? Predicate::all_of(std::move(operands))
                                       : Predicate::any_of(std::move(operands));
}

// Resolves one kind of node for a principal; the overloads are the rule language's meaning.
struct Resolve {
  const Schema& schema;
  const Principal* principal;

  Predicate operator()(const Constant& node) const { return when(node.allowed); }
  Predicate operator()(const Authenticated&) const { return when(principal != nullptr); }
  Predicate operator()(const HasRole& node) const {
    return when(principal != nullptr && principal->has_role(node.name));
  }
  Predicate operator()(const HasPermission& node) const {
    return when(principal != nullptr && principal->has_permission(node.name));
  }
  Predicate operator()(const OwnedBy& node) const {
    const auto field = node.index ? *node.index : bind_owner(schema, node.field);
    if (principal == nullptr) return Predicate::never();
    return Predicate::equals(field, principal->user);
  }
  Predicate operator()(const OnField& node) const {
    return node.bound ? node.test : bind_test(schema, node.field, node.test);
  }
  Predicate operator()(const Group& node) const {
    std::vector<Predicate> operands;
    operands.reserve(node.rules.size());
    for (const auto& rule : node.rules) operands.push_back(rule.predicate(schema, principal));
    return combine(node.kind, std::move(operands));
  }
};

// One kind of node with its field found and its values read.
struct Bind {
  const SchemaPtr& schema;

  template <typename AboutThePrincipal>
  Meaning operator()(const AboutThePrincipal& node) const {
    return node;
  }
  Meaning operator()(const OwnedBy& node) const { return OwnedBy{node.field, bind_owner(*schema, node.field)}; }
  Meaning operator()(const OnField& node) const {
    return OnField{node.field, bind_test(*schema, node.field, node.test), true};
  }
  Meaning operator()(const Group& node) const {
    Group bound{node.kind, {}};
    for (const auto& rule : node.rules) bound.rules.push_back(rule.bound_to(schema));
    return bound;
  }
};

}  // namespace

struct Rule::Node {
  Meaning meaning;
  std::size_t parts = 1;
  std::size_t depth = 1;
};

Rule::Rule(Node node) : node_(std::make_shared<const Node>(std::move(node))) {
  if (node_->parts > kMaxParts) {
    throw std::logic_error("A rule has at most " + std::to_string(kMaxParts) +
                           " parts, values of lists among them: keep what there is more of in rows");
  }
  if (node_->depth > kMaxDepth) {
    throw std::logic_error("A rule is at most " + std::to_string(kMaxDepth) + " deep");
  }
}

Rule Rule::everyone() { return Rule(Node{Constant{true}}); }

Rule Rule::nobody() { return Rule(Node{Constant{false}}); }

Rule Rule::authenticated() { return Rule(Node{Authenticated{}}); }

Rule Rule::role(std::string name) { return Rule(Node{HasRole{std::move(name)}}); }

Rule Rule::permission(std::string name) {
  if (!is_permission(name)) {
    throw std::logic_error("`" + name + "` is no permission: it is lower-case words joined by colons, as in " +
                           "articles:write");
  }
  return Rule(Node{HasPermission{std::move(name)}});
}

Rule Rule::owner(std::string field) { return Rule(Node{OwnedBy{std::move(field), std::nullopt}}); }

Rule Rule::compare(std::string field, Comparison comparison, Value value) {
  return Rule(Node{OnField{std::move(field), Predicate::compare(0, comparison, std::move(value))}});
}

Rule Rule::equals(std::string field, Value value) {
  return compare(std::move(field), Comparison::kEqual, std::move(value));
}

Rule Rule::in(std::string field, std::vector<Value> values) {
  Predicate test;
  test.kind = Predicate::Kind::kIn;
  test.values = std::move(values);
  const auto parts = 1 + test.values.size();
  return Rule(Node{OnField{std::move(field), std::move(test)}, parts});
}

Rule Rule::is_null(std::string field) { return Rule(Node{OnField{std::move(field), Predicate::is_null(0)}}); }

// Chains such as `a or b or c` come as pairs in pairs: here they become one group again.
Rule Rule::group(Predicate::Kind kind, std::vector<Rule> rules) {
  Node node{Group{kind, {}}};
  auto& members = std::get<Group>(node.meaning).rules;
  const auto add = [&](Rule rule) {
    node.parts += rule.node_->parts;
    node.depth = std::max(node.depth, rule.node_->depth + 1);
    members.push_back(std::move(rule));
  };
  for (auto& rule : rules) {
    const auto* inner = std::get_if<Group>(&rule.node_->meaning);
    if (inner == nullptr || inner->kind != kind) {
      add(std::move(rule));
    } else {
      for (const auto& member : inner->rules) add(member);
    }
  }
  return Rule(std::move(node));
}

Rule Rule::all_of(std::vector<Rule> rules) { return group(Predicate::Kind::kAnd, std::move(rules)); }

Rule Rule::any_of(std::vector<Rule> rules) { return group(Predicate::Kind::kOr, std::move(rules)); }

Rule Rule::negate(Rule rule) {
  const auto* inner = std::get_if<Group>(&rule.node_->meaning);
  if (inner != nullptr && inner->kind == Predicate::Kind::kNot) return inner->rules.front();
  Node node{Group{Predicate::Kind::kNot, {}}, rule.node_->parts + 1, rule.node_->depth + 1};
  std::get<Group>(node.meaning).rules.push_back(std::move(rule));
  return Rule(std::move(node));
}

void Rule::check(const Schema& schema) const { static_cast<void>(predicate(schema, nullptr)); }

Rule Rule::bound_to(const SchemaPtr& schema) const {
  Rule bound(Node{std::visit(Bind{schema}, node_->meaning), node_->parts, node_->depth});
  bound.schema_ = schema;
  return bound;
}

Predicate Rule::predicate(const Schema& schema, const Principal* principal) const {
  if (schema_ && schema_.get() != &schema) {
    throw std::logic_error("A rule bound to schema `" + schema_->title() + "` is for its rows alone");
  }
  return std::visit(Resolve{schema, principal}, node_->meaning);
}

bool Rule::allows(const validation::Record& record, const Principal* principal) const {
  return predicate(record.schema(), principal).evaluate(record) == Truth::kTrue;
}

}  // namespace apiwright::access

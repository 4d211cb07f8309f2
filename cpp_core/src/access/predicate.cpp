#include "apiwright/access/predicate.hpp"

#include <algorithm>
#include <utility>

namespace apiwright::access {
namespace {

Predicate constant(Truth truth) {
  Predicate predicate;
  predicate.constant = truth;
  return predicate;
}

Truth inverse(Truth truth) {
  switch (truth) {
    case Truth::kFalse:
      return Truth::kTrue;
    case Truth::kTrue:
      return Truth::kFalse;
    case Truth::kUnknown:
      break;
  }
  return Truth::kUnknown;
}

// Kleene: `and` is the least of the three values in the order false < unknown < true, `or` the greatest.
Predicate combine(Predicate::Kind kind, std::vector<Predicate> operands) {
  const Truth decisive = kind == Predicate::Kind::kAnd ? Truth::kFalse : Truth::kTrue;
  bool unknown = false;
  std::vector<Predicate> kept;
  for (auto& operand : operands) {
    if (operand.kind != Predicate::Kind::kConstant) {
      kept.push_back(std::move(operand));
    } else if (operand.constant == decisive) {
      return constant(decisive);
    } else if (operand.constant == Truth::kUnknown) {
      unknown = true;
    }
  }
  if (unknown) kept.push_back(constant(Truth::kUnknown));
  if (kept.empty()) return constant(inverse(decisive));
  if (kept.size() == 1) return std::move(kept.front());
  Predicate predicate;
  predicate.kind = kind;
  predicate.operands = std::move(kept);
  return predicate;
}

Truth compare(const validation::Value& stored, const validation::Value& wanted) {
  if (stored.is_absent() || stored.is_null()) return Truth::kUnknown;
  return stored == wanted ? Truth::kTrue : Truth::kFalse;
}

}  // namespace

Predicate Predicate::never() { return access::constant(Truth::kFalse); }

Predicate Predicate::equals(std::size_t field, validation::Value value) {
  Predicate predicate;
  predicate.kind = Kind::kEquals;
  predicate.field = field;
  predicate.value = std::move(value);
  return predicate;
}

Predicate Predicate::all_of(std::vector<Predicate> operands) { return combine(Kind::kAnd, std::move(operands)); }

Predicate Predicate::any_of(std::vector<Predicate> operands) { return combine(Kind::kOr, std::move(operands)); }

Predicate Predicate::negate(Predicate operand) {
  if (operand.kind == Kind::kConstant) return access::constant(inverse(operand.constant));
  Predicate predicate;
  predicate.kind = Kind::kNot;
  predicate.operands.push_back(std::move(operand));
  return predicate;
}

Truth Predicate::evaluate(const validation::Record& record) const {
  switch (kind) {
    case Kind::kConstant:
      return constant;
    case Kind::kEquals:
      return compare(record.at(field), value);
    case Kind::kNot:
      return inverse(operands.front().evaluate(record));
    case Kind::kAnd:
    case Kind::kOr:
      break;
  }
  Truth result = kind == Kind::kAnd ? Truth::kTrue : Truth::kFalse;
  for (const auto& operand : operands) {
    const Truth truth = operand.evaluate(record);
    result = kind == Kind::kAnd ? std::min(result, truth) : std::max(result, truth);
  }
  return result;
}

}  // namespace apiwright::access

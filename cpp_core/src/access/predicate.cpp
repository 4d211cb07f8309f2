#include "apiwright/access/predicate.hpp"

#include <algorithm>
#include <compare>
#include <utility>

namespace apiwright::access {
namespace {

using validation::Value;

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

Truth truth_of(bool holds) { return holds ? Truth::kTrue : Truth::kFalse; }

// As SQL has it for the stored forms: text by its bytes, decimals of one field by their last places.
struct Order {
  const Value& other;

  std::partial_ordering operator()(std::int64_t value) const { return value <=> other.as<std::int64_t>(); }
  std::partial_ordering operator()(double value) const { return value <=> other.as<double>(); }
  std::partial_ordering operator()(const Decimal& value) const {
    return value.unscaled <=> other.as<Decimal>().unscaled;
  }
  std::partial_ordering operator()(const std::string& value) const { return value <=> other.as<std::string>(); }
  std::partial_ordering operator()(Timestamp value) const { return value <=> other.as<Timestamp>(); }
  template <typename T>
  std::partial_ordering operator()(const T& /*without_order*/) const {
    return std::partial_ordering::unordered;
  }
};

std::partial_ordering order_of(const Value& left, const Value& right) {
  if (left.data.index() != right.data.index()) return std::partial_ordering::unordered;
  return std::visit(Order{right}, left.data);
}

Truth compare_order(const Value& stored, Comparison comparison, const Value& wanted) {
  const auto order = order_of(stored, wanted);
  if (order == std::partial_ordering::unordered) return Truth::kUnknown;
  switch (comparison) {
    case Comparison::kLess:
      return truth_of(std::is_lt(order));
    case Comparison::kLessOrEqual:
      return truth_of(std::is_lteq(order));
    case Comparison::kGreater:
      return truth_of(std::is_gt(order));
    case Comparison::kGreaterOrEqual:
      return truth_of(std::is_gteq(order));
    case Comparison::kEqual:
    case Comparison::kNotEqual:
      break;
  }
  return Truth::kUnknown;
}

bool is_missing(const Value& stored) { return stored.is_absent() || stored.is_null(); }

Truth compare(const Value& stored, Comparison comparison, const Value& wanted) {
  if (is_missing(stored)) return Truth::kUnknown;
  if (is_order(comparison)) return compare_order(stored, comparison, wanted);
  return truth_of((stored == wanted) == (comparison == Comparison::kEqual));
}

Truth is_among(const Value& stored, const std::vector<Value>& values) {
  if (values.empty()) return Truth::kFalse;  // also for null: nothing is one of none, as in SQL
  if (is_missing(stored)) return Truth::kUnknown;
  return truth_of(std::find(values.begin(), values.end(), stored) != values.end());
}

}  // namespace

Predicate Predicate::never() { return access::constant(Truth::kFalse); }

Predicate Predicate::compare(std::size_t field, Comparison comparison, Value value) {
  Predicate predicate;
  predicate.kind = Kind::kCompare;
  predicate.field = field;
  predicate.comparison = comparison;
  predicate.values.push_back(std::move(value));
  return predicate;
}

Predicate Predicate::equals(std::size_t field, Value value) {
  return compare(field, Comparison::kEqual, std::move(value));
}

Predicate Predicate::in(std::size_t field, std::vector<Value> values) {
  if (values.empty()) return never();
  Predicate predicate;
  predicate.kind = Kind::kIn;
  predicate.field = field;
  predicate.values = std::move(values);
  return predicate;
}

Predicate Predicate::is_null(std::size_t field) {
  Predicate predicate;
  predicate.kind = Kind::kIsNull;
  predicate.field = field;
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
    case Kind::kCompare:
      return access::compare(record.at(field), comparison, values.front());
    case Kind::kIn:
      return is_among(record.at(field), values);
    case Kind::kIsNull:
      return truth_of(is_missing(record.at(field)));
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

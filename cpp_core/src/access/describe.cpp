#include "apiwright/access/describe.hpp"

#include "apiwright/validation/value_json.hpp"

namespace apiwright::access {
namespace {

using validation::Value;

std::string sign_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return " = ";
    case Comparison::kNotEqual:
      return " != ";
    case Comparison::kLess:
      return " < ";
    case Comparison::kLessOrEqual:
      return " <= ";
    case Comparison::kGreater:
      return " > ";
    case Comparison::kGreaterOrEqual:
      break;
  }
  return " >= ";
}

std::string word_of(Truth truth) {
  return truth == Truth::kTrue ? "true" : truth == Truth::kFalse ? "false" : "unknown";
}

std::string text_of(const Value& value) {
  const auto* decimal = std::get_if<Decimal>(&value.data);
  return decimal != nullptr ? decimal->to_string() : validation::to_json(value);
}

std::string list_of(const std::vector<Value>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ", ") + text_of(value);
  return "(" + text + ")";
}

// `and` binds more closely than `or`: only an `or` inside an `and`, and what is negated, stands in parentheses.
std::string group_of(const Predicate& group, const validation::Schema& schema) {
  const bool is_and = group.kind == Predicate::Kind::kAnd;
  std::string text;
  for (const auto& operand : group.operands) {
    if (!text.empty()) text += is_and ? " and " : " or ";
    const bool looser = is_and && operand.kind == Predicate::Kind::kOr;
    text += looser ? "(" + describe(operand, schema) + ")" : describe(operand, schema);
  }
  return text;
}

}  // namespace

std::string describe(const Predicate& predicate, const validation::Schema& schema) {
  switch (predicate.kind) {
    case Predicate::Kind::kConstant:
      return word_of(predicate.constant);
    case Predicate::Kind::kCompare:
      return schema.field(predicate.field).name() + sign_of(predicate.comparison) + text_of(predicate.values.front());
    case Predicate::Kind::kIn:
      return schema.field(predicate.field).name() + " in " + list_of(predicate.values);
    case Predicate::Kind::kIsNull:
      return schema.field(predicate.field).name() + " is null";
    case Predicate::Kind::kNot:
      return "not (" + describe(predicate.operands.front(), schema) + ")";
    case Predicate::Kind::kAnd:
    case Predicate::Kind::kOr:
      break;
  }
  return group_of(predicate, schema);
}

}  // namespace apiwright::access

#include "repositories/condition.hpp"

#include "apiwright/base/text.hpp"
#include "repositories/stored_value.hpp"

namespace apiwright::repositories {

using access::Predicate;
using access::Truth;
using validation::Value;

void Condition::require_equal(std::size_t field, const Value& value) {
  const auto& declared = schema_.field(field);
  sql_ += " AND ";
  if (declared.has_key_column() && std::holds_alternative<std::string>(value.data)) {
    sql_ += declared.name() + "_key = ?";
    values_.emplace_back(key_of(declared, value.as<std::string>()));
  } else {
    sql_ += declared.name() + " = ?";
    values_.push_back(value);
  }
}

void Condition::require(const Predicate& predicate) {
  if (predicate.is_always()) return;
  sql_ += " AND (";
  append(predicate);
  sql_ += ')';
}

void Condition::append(const Predicate& predicate) {
  switch (predicate.kind) {
    case Predicate::Kind::kConstant:
      sql_ += predicate.constant == Truth::kTrue ? "1 = 1" : predicate.constant == Truth::kFalse ? "1 = 0" : "NULL";
      return;
    case Predicate::Kind::kEquals:
      // Exact, as Predicate::evaluate is: a rule's text does not ignore case.
      sql_ += schema_.field(predicate.field).name() + " = ?";
      values_.push_back(predicate.value);
      return;
    case Predicate::Kind::kNot:
      sql_ += "NOT (";
      append(predicate.operands.front());
      sql_ += ')';
      return;
    case Predicate::Kind::kAnd:
    case Predicate::Kind::kOr:
      append_group(predicate);
      return;
  }
}

void Condition::append_group(const Predicate& predicate) {
  const char* between = predicate.kind == Predicate::Kind::kAnd ? " AND " : " OR ";
  bool first = true;
  for (const auto& operand : predicate.operands) {
    if (!first) sql_ += between;
    first = false;
    sql_ += '(';
    append(operand);
    sql_ += ')';
  }
}

void Condition::require_match(const std::string& text, const std::vector<std::size_t>& fields) {
  if (text.empty()) return;
  sql_ += " AND (1 = 0";
  for (const auto field : fields) {
    // instr, not LIKE: no character of the text has a meaning of its own.
    sql_ += " OR instr(" + schema_.field(field).name() + "_key, ?) > 0";
    values_.emplace_back(casefold(text));
  }
  sql_ += ')';
}

int Condition::bind(data::Statement& statement, int first) const {
  for (const auto& value : values_) bind_value(statement, first++, value);
  return first;
}

}  // namespace apiwright::repositories

#include "repositories/condition.hpp"

#include "apiwright/base/text.hpp"
#include "apiwright/validation/value_json.hpp"
#include "repositories/identifier.hpp"
#include "repositories/stored_value.hpp"

namespace apiwright::repositories {

using access::Predicate;
using access::Truth;
using validation::Value;

namespace {

// Text and arrays are preceded by their lengths and each value by its type, so no two lists of values run together
// alike.
class KeyWriter {
 public:
  explicit KeyWriter(std::string& key) noexcept : key_(key) {}

  void value(const Value& value) {
    key_ += static_cast<char>(value.data.index());
    std::visit(*this, value.data);
  }

  void operator()(validation::Absent /*none*/) {}
  void operator()(validation::Null /*none*/) {}
  void operator()(bool data) { key_ += data ? '1' : '0'; }
  void operator()(std::int64_t data) { append(&data, sizeof(data)); }
  void operator()(double data) { append(&data, sizeof(data)); }
  void operator()(const Decimal& data) {
    (*this)(data.unscaled);
    (*this)(std::int64_t{data.scale});
  }
  void operator()(const std::string& data) {
    (*this)(static_cast<std::int64_t>(data.size()));
    key_ += data;
  }
  void operator()(const Uuid& data) { append(data.bytes.data(), data.bytes.size()); }
  void operator()(Timestamp data) { (*this)(std::int64_t{data.time_since_epoch().count()}); }
  void operator()(const validation::Array& data) { (*this)(validation::to_json(data)); }
  void operator()(const validation::Object& data) { (*this)(validation::to_json(data)); }
  void operator()(const validation::Map& data) { (*this)(validation::to_json(data)); }
  void operator()(const validation::Json& data) { (*this)(data.text); }

 private:
  void append(const void* data, std::size_t size) { key_.append(static_cast<const char*>(data), size); }

  std::string& key_;
};

const char* sign_of(access::Comparison comparison) {
  using access::Comparison;
  switch (comparison) {
    case Comparison::kEqual:
      return " = ";
    case Comparison::kNotEqual:
      return " <> ";
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

}  // namespace

void Condition::require_equal(std::size_t field, const Value& value) {
  const auto& declared = schema_.field(field);
  sql_ += " AND ";
  if (value.is_null()) {
    sql_ += quoted(declared.name()) + " IS NULL";
  } else if (declared.has_key_column() && std::holds_alternative<std::string>(value.data)) {
    sql_ += quoted(key_column(declared)) + " = ?";
    values_.emplace_back(key_of(declared, value.as<std::string>()));
  } else {
    sql_ += quoted(declared.name()) + " = ?";
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
    case Predicate::Kind::kCompare:
      // Exact, as Predicate::evaluate is: a rule's text does not ignore case.
      sql_ += column_of(predicate) + sign_of(predicate.comparison) + "?";
      values_.push_back(predicate.values.front());
      return;
    case Predicate::Kind::kIn:
      append_list(predicate);
      return;
    case Predicate::Kind::kIsNull:
      sql_ += column_of(predicate) + " IS NULL";
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

std::string Condition::column_of(const Predicate& predicate) const {
  return quoted(schema_.field(predicate.field).name());
}

void Condition::append_list(const Predicate& predicate) {
  if (predicate.values.empty()) {
    sql_ += "1 = 0";  // `IN ()` is SQLite's alone
    return;
  }
  sql_ += column_of(predicate) + " IN (?";
  for (std::size_t count = 1; count < predicate.values.size(); ++count) sql_ += ", ?";
  sql_ += ')';
  values_.insert(values_.end(), predicate.values.begin(), predicate.values.end());
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
    sql_ += " OR instr(" + quoted(key_column(schema_.field(field))) + ", ?) > 0";
    values_.emplace_back(casefold(text));
  }
  sql_ += ')';
}

int Condition::bind(data::Statement& statement, int first) const {
  for (const auto& value : values_) bind_value(statement, first++, value);
  return first;
}

std::string Condition::key() const {
  constexpr std::size_t kUsualValue = 40;
  std::string key;
  key.reserve(sizeof(std::int64_t) + sql_.size() + values_.size() * kUsualValue);
  KeyWriter writer(key);
  writer(sql_);
  for (const auto& value : values_) writer.value(value);
  return key;
}

}  // namespace apiwright::repositories

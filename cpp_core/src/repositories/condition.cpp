#include "repositories/condition.hpp"

#include "apiwright/base/text.hpp"
#include "apiwright/validation/value_json.hpp"
#include "repositories/identifier.hpp"
#include "repositories/like_pattern.hpp"
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

const char* sign_of(Operator operation) {
  switch (operation) {
    case Operator::kGreater:
      return " > ";
    case Operator::kGreaterOrEqual:
      return " >= ";
    case Operator::kLess:
      return " < ";
    case Operator::kLessOrEqual:
      return " <= ";
    case Operator::kNotEqual:
      return " IS DISTINCT FROM ";
    case Operator::kEqual:
    case Operator::kIn:
    case Operator::kLike:
      break;
  }
  return " = ";
}

}  // namespace

void Condition::require_equal(std::size_t field, const Value& value) {
  const auto& declared = schema_.field(field);
  sql_ += " AND ";
  if (value.is_null()) {
    sql_ += quoted(declared.name()) + " IS NULL";
  } else {
    sql_ += list_column(declared) + " = ?";
    values_.push_back(comparable(field, value));
  }
}

void Condition::require(const ListQuery::Filter& filter) {
  switch (filter.operation) {
    case Operator::kEqual:
      require_equal(filter.field, filter.value);
      return;
    case Operator::kLike:
      require_like(filter.field, filter.value.as<std::string>());
      return;
    case Operator::kIn:
      sql_ += " AND " + list_column(schema_.field(filter.field)) + " IN (";
      append_values(filter.field, filter.values);
      sql_ += ')';
      return;
    default:
      sql_ += " AND " + list_column(schema_.field(filter.field)) + sign_of(filter.operation) + '?';
      values_.push_back(comparable(filter.field, filter.value));
  }
}

// A text's beginning is looked up in the index before the whole pattern is compared.
void Condition::require_like(std::size_t field, const std::string& pattern) {
  const auto column = list_column(schema_.field(field));
  const LikePattern like(pattern);
  if (!like.beginning().empty()) {
    sql_ += " AND " + column + " >= ?";
    values_.emplace_back(like.beginning());
    if (const auto end = text_after(like.beginning())) {
      sql_ += " AND " + column + " < ?";
      values_.emplace_back(*end);
    }
  }
  sql_ += " AND " + column + " LIKE ? ESCAPE '\\'";
  values_.emplace_back(like.sql());
}

// Row values where the order goes one way: an index then finds the place by all of them.
void Condition::require_beyond(const ListOrder& order, const Position& position, bool inclusive) {
  if (order.goes_one_way()) {
    require_row_beyond(order, position, inclusive);
  } else {
    require_terms_beyond(order, position, inclusive);
  }
}

void Condition::require_row_beyond(const ListOrder& order, const Position& position, bool inclusive) {
  std::string columns;
  std::string parameters;
  for (const auto& term : order.terms()) {
    columns += order.column(term) + ", ";
    parameters += "?, ";
  }
  const std::string sign = order.id_descends() ? " <" : " >";
  sql_ += " AND (" + columns + "id)" + sign + (inclusive ? "= (" : " (") + parameters + "?)";
  values_.insert(values_.end(), position.values.begin(), position.values.end());
  values_.emplace_back(position.id);
}

// a >= ? AND (a > ? OR (b <= ? AND (b < ? OR (id < ?))))
void Condition::require_terms_beyond(const ListOrder& order, const Position& position, bool inclusive) {
  sql_ += " AND (";
  for (std::size_t index = 0; index < order.terms().size(); ++index) {
    const auto column = order.column(order.terms()[index]);
    const std::string sign = order.terms()[index].descending ? " <" : " >";
    sql_.append(column).append(sign).append("= ? AND (").append(column).append(sign).append(" ? OR (");
    values_.insert(values_.end(), 2, position.values[index]);
  }
  sql_ += std::string("id ") + (order.id_descends() ? "<" : ">") + (inclusive ? "= ?" : " ?");
  sql_.append(2 * order.terms().size() + 1, ')');
  values_.emplace_back(position.id);
}

Value Condition::comparable(std::size_t field, const Value& value) const {
  const auto& declared = schema_.field(field);
  if (!declared.has_key_column() || !std::holds_alternative<std::string>(value.data)) return value;
  return key_of(declared, value.as<std::string>());
}

void Condition::append_values(std::size_t field, const std::vector<Value>& values) {
  for (std::size_t index = 0; index < values.size(); ++index) {
    sql_ += index == 0 ? "?" : ", ?";
    values_.push_back(comparable(field, values[index]));
  }
}

void Condition::require(const Predicate& predicate) {
  if (predicate.is_always()) return;
  sql_ += " AND (";
  append(predicate);
  sql_ += ')';
}

void Condition::require_of_found(const Predicate& predicate) {
  require(predicate);
  if (!predicate.is_always()) sql_ += " IS TRUE";
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

#pragma once

#include <string>
#include <vector>

#include "apiwright/access/predicate.hpp"
#include "apiwright/data/connection.hpp"

namespace apiwright::repositories {

/// A piece of a WHERE clause with its values. Text comes from a compiled Schema alone; what came from outside is bound.
class Condition {
 public:
  explicit Condition(const validation::Schema& schema) : schema_(schema) {}

  /// ` AND column = ?`, IS NULL for Null; a field with a key column is compared by its key.
  void require_equal(std::size_t field, const validation::Value& value);
  /// ` AND (…)`, text compared exactly; nothing for a predicate that always holds.
  void require(const access::Predicate& predicate);
  /// ` AND (one of these searchable fields holds text, ignoring case)`; nothing for an empty text.
  void require_match(const std::string& text, const std::vector<std::size_t>& fields);

  [[nodiscard]] const std::string& sql() const noexcept { return sql_; }
  /// Binds all values from parameter `first` on; the next free parameter.
  int bind(data::Statement& statement, int first) const;
  /// Bytes that are the same only for the same text with the same values, of the same types.
  [[nodiscard]] std::string key() const;

 private:
  void append(const access::Predicate& predicate);
  void append_list(const access::Predicate& predicate);
  void append_group(const access::Predicate& predicate);
  [[nodiscard]] std::string column_of(const access::Predicate& predicate) const;

  const validation::Schema& schema_;
  std::string sql_;
  std::vector<validation::Value> values_;
};

}  // namespace apiwright::repositories

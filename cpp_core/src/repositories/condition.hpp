#pragma once

#include <string>
#include <vector>

#include "apiwright/access/predicate.hpp"
#include "apiwright/data/connection.hpp"
#include "apiwright/repositories/list_query.hpp"
#include "repositories/list_order.hpp"

namespace apiwright::repositories {

/// A piece of a WHERE clause with its values. Text comes from a compiled Schema alone; what came from outside is bound.
class Condition {
 public:
  explicit Condition(const validation::Schema& schema) : schema_(schema) {}

  /// ` AND column = ?`, IS NULL for Null; a field with a key column is compared by its key.
  void require_equal(std::size_t field, const validation::Value& value);
  /// ` AND (what a list's filter asks for)`.
  void require(const ListQuery::Filter& filter);
  /// ` AND (…)`, text compared exactly; nothing for a predicate that always holds.
  void require(const access::Predicate& predicate);
  /// ` AND (…) IS TRUE`: asked of each row that the rest of the statement finds. No index of its fields serves, where a
  /// database that knows of no better one would take it.
  void require_of_found(const access::Predicate& predicate);
  /// ` AND (one of these searchable fields holds text, ignoring case)`; nothing for an empty text.
  void require_match(const std::string& text, const std::vector<std::size_t>& fields);

  /// ` AND (the row comes after this position in the order)`, or before it where the order is walked backward.
  void require_beyond(const ListOrder& order, const Position& position, bool inclusive);

  [[nodiscard]] const std::string& sql() const noexcept { return sql_; }
  /// Binds all values from parameter `first` on; the next free parameter.
  int bind(data::Statement& statement, int first) const;
  /// Bytes that are the same only for the same text with the same values, of the same types.
  [[nodiscard]] std::string key() const;

 private:
  void append(const access::Predicate& predicate);
  void append_list(const access::Predicate& predicate);
  void append_group(const access::Predicate& predicate);
  void append_values(std::size_t field, const std::vector<validation::Value>& values);
  void require_like(std::size_t field, const std::string& pattern);
  void require_row_beyond(const ListOrder& order, const Position& position, bool inclusive);
  void require_terms_beyond(const ListOrder& order, const Position& position, bool inclusive);
  [[nodiscard]] std::string column_of(const access::Predicate& predicate) const;
  // A field's value in the form in which its lists compare it.
  [[nodiscard]] validation::Value comparable(std::size_t field, const validation::Value& value) const;

  const validation::Schema& schema_;
  std::string sql_;
  std::vector<validation::Value> values_;
};

}  // namespace apiwright::repositories

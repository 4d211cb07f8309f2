#pragma once

#include <cstddef>
#include <vector>

#include "apiwright/access/comparison.hpp"
#include "apiwright/validation/record.hpp"

namespace apiwright::access {

/// Kleene's three values: a comparison with null is unknown, and unknown denies.
enum class Truth { kFalse, kUnknown, kTrue };

/// A condition on a row, free of any database's words: what a Rule leaves once it knows who asks. Values are of their
/// field's own kind, never null or absent; text is compared exactly.
struct Predicate {
  enum class Kind { kConstant, kCompare, kIn, kIsNull, kAnd, kOr, kNot };

  Kind kind = Kind::kConstant;
  Truth constant = Truth::kTrue;               ///< kConstant
  std::size_t field = 0;                       ///< kCompare, kIn, kIsNull: index in the Schema
  Comparison comparison = Comparison::kEqual;  ///< kCompare
  std::vector<validation::Value> values;       ///< kCompare (one), kIn (any number)
  std::vector<Predicate> operands;             ///< kAnd, kOr (two or more), kNot (one)

  [[nodiscard]] static Predicate always() { return {}; }
  [[nodiscard]] static Predicate never();
  [[nodiscard]] static Predicate compare(std::size_t field, Comparison comparison, validation::Value value);
  [[nodiscard]] static Predicate equals(std::size_t field, validation::Value value);
  /// The field holds one of `values`; of none it never does, whatever the field holds.
  [[nodiscard]] static Predicate in(std::size_t field, std::vector<validation::Value> values);
  /// Never unknown.
  [[nodiscard]] static Predicate is_null(std::size_t field);
  /// Constants among the operands are folded away.
  [[nodiscard]] static Predicate all_of(std::vector<Predicate> operands);
  [[nodiscard]] static Predicate any_of(std::vector<Predicate> operands);
  [[nodiscard]] static Predicate negate(Predicate operand);

  [[nodiscard]] bool is_always() const noexcept { return kind == Kind::kConstant && constant == Truth::kTrue; }
  [[nodiscard]] bool is_never() const noexcept { return kind == Kind::kConstant && constant != Truth::kTrue; }

  /// The same condition on a Record; an absent field is a null one, and makes a comparison, or `in` values,
  /// unknown.
  [[nodiscard]] Truth evaluate(const validation::Record& record) const;
};

}  // namespace apiwright::access

#pragma once

#include <cstddef>
#include <vector>

#include "apiwright/validation/record.hpp"

namespace apiwright::access {

/// Kleene's three values: a comparison with null is unknown, and unknown denies.
enum class Truth { kFalse, kUnknown, kTrue };

/// A condition on a row, free of any database's words: what a Rule leaves once it knows who asks.
struct Predicate {
  enum class Kind { kConstant, kEquals, kAnd, kOr, kNot };

  Kind kind = Kind::kConstant;
  Truth constant = Truth::kTrue;    ///< kConstant
  std::size_t field = 0;            ///< kEquals: index in the Schema
  validation::Value value;          ///< kEquals: never null, never absent
  std::vector<Predicate> operands;  ///< kAnd, kOr (two or more), kNot (one)

  [[nodiscard]] static Predicate always() { return {}; }
  [[nodiscard]] static Predicate never();
  [[nodiscard]] static Predicate equals(std::size_t field, validation::Value value);
  /// Constants among the operands are folded away.
  [[nodiscard]] static Predicate all_of(std::vector<Predicate> operands);
  [[nodiscard]] static Predicate any_of(std::vector<Predicate> operands);
  [[nodiscard]] static Predicate negate(Predicate operand);

  [[nodiscard]] bool is_always() const noexcept { return kind == Kind::kConstant && constant == Truth::kTrue; }
  [[nodiscard]] bool is_never() const noexcept { return kind == Kind::kConstant && constant != Truth::kTrue; }

  /// The same condition on a Record; an absent or null field makes a comparison unknown.
  [[nodiscard]] Truth evaluate(const validation::Record& record) const;
};

}  // namespace apiwright::access

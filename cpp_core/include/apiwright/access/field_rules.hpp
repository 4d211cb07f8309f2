#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apiwright/access/rule.hpp"

namespace apiwright::access {

/// Who may read, or write, one field of a row; fields without one are under the row's own rules alone.
struct FieldRule {
  std::string field;  ///< snake_case
  Rule rule;
};

/// What one principal may do with fields: what FieldRules leave once they know who asks. Made once for a request; of no
/// rules it costs nothing. Immutable.
class FieldGrants {
 public:
  /// Every field of every row.
  FieldGrants() = default;

  /// The same for these fields alone: others are granted on no row.
  [[nodiscard]] FieldGrants narrowed_to(std::vector<std::size_t> fields) const {
    auto grants = *this;
    grants.only_ = std::move(fields);
    return grants;
  }

  /// True for a field that is granted on every row.
  [[nodiscard]] bool always(std::size_t field) const noexcept { return is_meant(field) && find(field) == nullptr; }
  /// True for one that is granted on none.
  [[nodiscard]] bool never(std::size_t field) const noexcept {
    if (!is_meant(field)) return true;
    const auto* limit = find(field);
    return limit != nullptr && limit->predicate.is_never();
  }
  /// Whether it is granted on this row; unknown is not.
  [[nodiscard]] bool allows(std::size_t field, const validation::Record& row) const {
    if (!is_meant(field)) return false;
    const auto* limit = find(field);
    return limit == nullptr || limit->predicate.evaluate(row) == Truth::kTrue;
  }
  /// True when some field is granted on some rows and not on others.
  [[nodiscard]] bool depends_on_row() const noexcept {
    return std::any_of(limits_.begin(), limits_.end(),
                       [&](const Limit& limit) { return is_meant(limit.field) && !limit.predicate.is_never(); });
  }

 private:
  friend class FieldRules;

  // A field that is not always granted.
  struct Limit {
    std::size_t field = 0;
    Predicate predicate;
  };

  [[nodiscard]] const Limit* find(std::size_t field) const noexcept {
    for (const Limit& limit : limits_) {
      if (limit.field == field) return &limit;
    }
    return nullptr;
  }

  [[nodiscard]] bool is_meant(std::size_t field) const noexcept {
    return !only_ || std::find(only_->begin(), only_->end(), field) != only_->end();
  }

  std::vector<Limit> limits_;
  std::optional<std::vector<std::size_t>> only_;  ///< none: all fields
};

/// Rules for some fields of one Schema's rows. Immutable, thread-safe.
class FieldRules {
 public:
  FieldRules() = default;
  /// Throws std::logic_error for a field that is not there or named twice, and as Rule::check().
  FieldRules(const validation::SchemaPtr& schema, const std::vector<FieldRule>& rules);

  [[nodiscard]] bool empty() const noexcept { return guarded_.empty(); }
  /// True when there is a rule for this field.
  [[nodiscard]] bool guard(std::size_t field) const noexcept;
  /// None: anonymous.
  [[nodiscard]] FieldGrants grants(const Principal* principal) const;

 private:
  struct Guarded {
    std::size_t field = 0;
    Rule rule;
  };

  validation::SchemaPtr schema_;
  std::vector<Guarded> guarded_;
};

}  // namespace apiwright::access

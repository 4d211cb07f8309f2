#pragma once

#include <string>
#include <vector>

#include "apiwright/repositories/list_query.hpp"
#include "apiwright/repositories/row.hpp"
#include "apiwright/validation/schema.hpp"

namespace apiwright::repositories {

/// The order of a list's rows: as it asks, or newest first where it does not; the id decides between equals.
class ListOrder {
 public:
  using Terms = std::vector<ListQuery::Sort>;

  ListOrder(const validation::Schema& schema, const ListQuery& query);

  /// Before the id.
  [[nodiscard]] const Terms& terms() const noexcept { return terms_; }
  [[nodiscard]] bool id_descends() const noexcept { return id_descends_; }
  /// True when all of it goes one way.
  [[nodiscard]] bool goes_one_way() const noexcept;
  [[nodiscard]] ListOrder reversed() const;

  /// The column that a term compares, quoted.
  [[nodiscard]] std::string column(const ListQuery::Sort& term) const;
  /// ` ORDER BY …`, rows without a value last.
  [[nodiscard]] std::string sql() const;
  [[nodiscard]] Position position_of(const Row& row) const;

 private:
  const validation::Schema& schema_;
  Terms terms_;
  bool id_descends_ = false;
};

}  // namespace apiwright::repositories

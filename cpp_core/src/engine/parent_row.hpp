#pragma once

#include <cstddef>
#include <string>

#include "apiwright/engine/resource.hpp"

namespace apiwright::engine {

/// The row in the path of a nested collection, which its own rules show or hide. Borrows the resource.
class ParentRow {
 public:
  /// Throws std::logic_error where the resource is not nested, or not by one of its relations to one.
  explicit ParentRow(const Resource& resource);

  [[nodiscard]] bool admits_anonymous() const noexcept { return admits_anonymous_; }
  /// The field that names the row.
  [[nodiscard]] std::size_t reference() const noexcept { return reference_; }
  /// Throws Error(kValidationError) for what is no id.
  [[nodiscard]] static Uuid id_in(const Call& call);
  /// The collection below the row that the call names.
  [[nodiscard]] std::string path(const Uuid& id) const;
  /// Throws Error(kNotFound) when there is no such row, or none that this principal (null: anonymous) may see.
  void require_visible(data::Connection& connection, const Uuid& id, const access::Principal* principal) const;

 private:
  const std::string path_;
  const std::size_t reference_;
  const Collection& rows_;
  const bool admits_anonymous_;
};

}  // namespace apiwright::engine

#pragma once

#include <string_view>

#include "apiwright/repositories/repository.hpp"

namespace apiwright::repositories {

/// The role that may do everything; users have it by name, whatever the table says.
inline constexpr std::string_view kAdminRole = "admin";

/// The roles' Schema, table `roles`: a name as users.roles has it, and what it grants.
[[nodiscard]] validation::SchemaPtr roles_schema();

/// Roles: the generic repository and what only roles have. Immutable, thread-safe.
class Roles {
 public:
  Roles() : rows_(roles_schema()) {}

  [[nodiscard]] const Repository& rows() const noexcept { return rows_; }

  /// Throws Error(kUnprocessable) for the built-in role, kAdminRole, as it was before a change or a removal.
  static void require_changeable(const validation::Record& before);

 private:
  Repository rows_;
};

}  // namespace apiwright::repositories

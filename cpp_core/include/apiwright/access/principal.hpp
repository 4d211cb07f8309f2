#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/access/permission.hpp"
#include "apiwright/base/uuid.hpp"

namespace apiwright::access {

/// Who asks: a user by a live session, with the roles the database gave in this request's own snapshot, and what those
/// roles grant there.
struct Principal {
  Uuid user;
  Uuid session;
  std::vector<std::string> roles;
  std::vector<std::string> permissions = {};  ///< wildcards among them; see permission.hpp

  [[nodiscard]] bool has_role(std::string_view role) const {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  }
  /// By its name or by a wildcard.
  [[nodiscard]] bool has_permission(std::string_view name) const {
    return std::any_of(permissions.begin(), permissions.end(),
                       [&](const std::string& held) { return grants(held, name); });
  }
};

}  // namespace apiwright::access

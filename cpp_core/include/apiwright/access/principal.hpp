#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/uuid.hpp"

namespace apiwright::access {

/// Who asks: a user by a live session, with the roles the database gave in this request's own snapshot.
struct Principal {
  Uuid user;
  Uuid session;
  std::vector<std::string> roles;

  [[nodiscard]] bool has_role(std::string_view role) const {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  }
};

}  // namespace apiwright::access

#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "apiwright/engine/resource.hpp"
#include "apiwright/repositories/roles.hpp"

namespace apiwright::engine {

/// The operations behind /api/v1/roles, by name: `list get create replace update remove`, all for admins. What a role
/// grants holds from each of its users' next request on. Immutable, thread-safe; borrows services.
class RoleOperations {
 public:
  explicit RoleOperations(const Services& services);

  ~RoleOperations() = default;
  RoleOperations(const RoleOperations&) = delete;
  RoleOperations& operator=(const RoleOperations&) = delete;

  /// Throws std::logic_error for a name that is not one of them.
  [[nodiscard]] const Operation& at(std::string_view name) const;

 private:
  const repositories::Roles roles_;
  const Resource resource_;  ///< operations refer to it: this object stays where it is

  std::map<std::string, std::unique_ptr<Operation>, std::less<>> operations_;
};

}  // namespace apiwright::engine

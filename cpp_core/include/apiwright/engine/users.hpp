#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "apiwright/engine/resource.hpp"
#include "apiwright/repositories/accounts.hpp"

namespace apiwright::engine {

/// Who may read which users, and who may list them.
[[nodiscard]] access::Rule users_read_rule();
[[nodiscard]] access::Rule users_list_rule();

/// The operations behind /api/v1/users and /api/v1/users/me, by name: `list get create replace update remove restore`,
/// `get_me update_me remove_me`. Immutable, thread-safe; borrows services and repositories.
class UserOperations {
 public:
  /// Throws std::logic_error as checked() does for the relations.
  UserOperations(const Services& services, const repositories::Users& users, const repositories::Accounts& accounts,
                 Relations relations = {});

  ~UserOperations() = default;
  UserOperations(const UserOperations&) = delete;
  UserOperations& operator=(const UserOperations&) = delete;

  /// Throws std::logic_error for a name that is not one of them.
  [[nodiscard]] const Operation& at(std::string_view name) const;
  [[nodiscard]] const Resource& resource() const noexcept { return resource_; }

 private:
  const Resource resource_;  ///< operations refer to it: this object stays where it is

  std::map<std::string, std::unique_ptr<Operation>, std::less<>> operations_;
};

/// The operations behind /api/v1/auth/sessions: `list`, `remove`; everybody's own. Immutable, thread-safe.
class SessionOperations {
 public:
  explicit SessionOperations(const Services& services);
  ~SessionOperations() = default;
  SessionOperations(const SessionOperations&) = delete;
  SessionOperations& operator=(const SessionOperations&) = delete;

  /// Throws std::logic_error for a name that is not one of them.
  [[nodiscard]] const Operation& at(std::string_view name) const;

 private:
  const Resource resource_;
  std::unique_ptr<Operation> list_;
  std::unique_ptr<Operation> remove_;
};

}  // namespace apiwright::engine

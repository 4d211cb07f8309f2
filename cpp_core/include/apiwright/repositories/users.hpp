#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apiwright/repositories/repository.hpp"

namespace apiwright::repositories {

/// The users' Schema: what the declaration `class User(Resource)` will compile to.
[[nodiscard]] validation::SchemaPtr users_schema();

/// What sign-in needs to know of a user.
struct Credentials {
  Uuid user;
  std::optional<std::string> password_hash;  ///< PHC; none: this user cannot sign in with a password
  bool active = false;
};

/// Users: the generic repository and what only users have. Immutable, thread-safe.
class Users {
 public:
  Users();

  [[nodiscard]] const Repository& rows() const noexcept { return rows_; }
  /// Who may set which fields: an admin alone roles, status and password.
  [[nodiscard]] const access::FieldRules& writable() const noexcept { return writable_; }

  /// By e-mail, in whatever case; none when nobody has it.
  [[nodiscard]] std::optional<Credentials> credentials(data::Connection& connection, std::string_view email) const;
  [[nodiscard]] std::optional<Credentials> credentials(data::Connection& connection, const Uuid& user) const;

  /// Replaces the hash alone (a rehash: neither version nor updated_at moves), only while it still is `previous`.
  void replace_hash(data::Connection& connection, const Uuid& user, std::string_view previous,
                    std::string_view hash) const;

  /// Throws Error(kUnprocessable) unless an active admin other than `leaving` remains.
  void require_another_admin(data::Connection& connection, const Uuid& leaving) const;

 private:
  Repository rows_;
  access::FieldRules writable_;
};

}  // namespace apiwright::repositories

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apiwright/repositories/repository.hpp"

namespace apiwright::repositories {

/// The users' Schema, with the fields that an application adds. Throws std::logic_error as Schema::make does.
[[nodiscard]] validation::SchemaPtr users_schema(std::vector<validation::Field> more = {});

/// What sign-in needs to know of a user.
struct Credentials {
  Uuid user;
  std::optional<std::string> password_hash;  ///< PHC; none: this user cannot sign in with a password
  bool active = false;
};

/// Users: the generic repository and what only users have. Immutable, thread-safe.
class Users {
 public:
  /// `schema` is a users_schema(); the rules are for the fields that were added to it. Throws std::logic_error where
  /// they do not fit.
  explicit Users(const validation::SchemaPtr& schema = users_schema(),
                 const std::vector<access::FieldRule>& readable = {}, std::vector<access::FieldRule> writable = {});

  [[nodiscard]] const Repository& rows() const noexcept { return rows_; }
  [[nodiscard]] const access::FieldRules& readable() const noexcept { return readable_; }
  /// An admin alone sets roles, status and password.
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
  access::FieldRules readable_;
  access::FieldRules writable_;
};

}  // namespace apiwright::repositories

#pragma once

#include <optional>
#include <string>

#include "apiwright/base/clock.hpp"
#include "apiwright/repositories/sessions.hpp"
#include "apiwright/repositories/users.hpp"

namespace apiwright::repositories {

/// A user who has just been let in.
struct SignedIn {
  validation::Record user;
  StartedSession session;
  access::FieldGrants readable;  ///< what they may see of themselves
};

/// What signing up stores; checked and hashed before.
struct NewUser {
  std::string email;
  std::string name;
  std::string password_hash;                    ///< PHC
  std::optional<validation::Record> further{};  ///< with values of fields that the application added, by name
};

/// The steps of signing up and in that touch users and sessions together, each inside the caller's one transaction.
/// Immutable, thread-safe; borrows what it is made of.
class Accounts {
 public:
  Accounts(const Users& users, const Sessions& sessions) : users_(users), sessions_(sessions) {}

  /// Stores an active user without roles and opens its first session. A taken e-mail is Error(kConflict).
  [[nodiscard]] SignedIn sign_up(data::Connection& connection, const NewUser& user, const Origin& origin,
                                 Timestamp now) const;

  /// Opens a session for a user whose password was right, unless meanwhile they were disabled or their password changed
  /// from `verified_hash`: then Error(kInvalidCredentials). `rehashed`, when given, replaces the hash.
  [[nodiscard]] SignedIn sign_in(data::Connection& connection, const Uuid& user, const std::string& verified_hash,
                                 const std::optional<std::string>& rehashed, const Origin& origin, Timestamp now) const;

  /// Ends the session of these claims, or every one of its user. Error(kUnauthorized) when it has ended already.
  void sign_out(data::Connection& connection, const tokens::AccessClaims& claims, bool everywhere, Timestamp now) const;

  /// Who bears these claims, as sign-in knows them. Error(kUnauthorized) when the session has ended.
  [[nodiscard]] Credentials credentials(data::Connection& connection, const tokens::AccessClaims& claims,
                                        Timestamp now) const;

  /// The active user with this e-mail as rules see them; none when there is none.
  [[nodiscard]] std::optional<access::Principal> principal(data::Connection& connection, std::string_view email) const;

  /// Sets a new hash in place of `verified_hash` and ends the user's other sessions. Error(kConflict) when it changed
  /// meanwhile.
  void change_password(data::Connection& connection, const tokens::AccessClaims& claims,
                       const std::string& verified_hash, const std::string& new_hash, Timestamp now) const;

  /// Stores an active admin, or makes the user with this e-mail one (with the new password). For the command line. The
  /// user as stored.
  [[nodiscard]] validation::Record put_admin(data::Connection& connection, const NewUser& user, Timestamp now) const;

  /// In the transaction that changes a user: keeps one active admin, and ends sessions that must not outlive the change
  /// (disabled, restored, password changed; the asking principal's own session stays). `after` is none when the user
  /// goes away.
  void user_changed(data::Connection& connection, const validation::Record& before, const validation::Record* after,
                    const access::Principal& principal) const;

 private:
  [[nodiscard]] SignedIn let_in(data::Connection& connection, validation::Record user, const Origin& origin,
                                Timestamp now) const;

  const Users& users_;
  const Sessions& sessions_;
};

}  // namespace apiwright::repositories

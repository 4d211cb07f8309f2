#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "apiwright/access/principal.hpp"
#include "apiwright/repositories/repository.hpp"
#include "apiwright/tokens/access_tokens.hpp"
#include "apiwright/tokens/refresh_tokens.hpp"

namespace apiwright::repositories {

/// The sessions' Schema, table `sessions`.
[[nodiscard]] validation::SchemaPtr sessions_schema();

/// Where a sign-in came from, shown to its user.
struct Origin {
  std::string user_agent;  ///< cut to 255 code points
  std::string ip_address;
};

struct StartedSession {
  Uuid id;
  tokens::RefreshToken refresh_token;
};

/// What came of presenting a refresh token.
struct Refreshed {
  enum class Outcome {
    kRotated,  ///< `refresh_token` is the successor (the same one again within the grace)
    kReused,   ///< superseded: the session has been ended
    kRefused,  ///< no such session, expired, its user gone or inactive, or not its token
  };
  Outcome outcome = Outcome::kRefused;
  Uuid user;
  Uuid session;
  tokens::RefreshToken refresh_token;
};

/// Sign-ins that live until they end: a row each with the digest of its current refresh token. Immutable, thread-safe.
/// A session ends when its row is deleted: every process sees that with its next read.
class Sessions {
 public:
  struct Options {
    std::chrono::milliseconds lifetime{std::chrono::hours(24 * 7)};  ///< after the last refresh
    std::chrono::milliseconds grace{10'000};                         ///< a superseded token gets its successor again
  };

  Sessions(tokens::RefreshTokens refresh_tokens, Options options);

  [[nodiscard]] const Repository& rows() const noexcept { return rows_; }
  [[nodiscard]] const tokens::RefreshTokens& refresh_tokens() const noexcept { return refresh_tokens_; }

  /// Opens a session and removes some that have expired.
  [[nodiscard]] StartedSession start(data::Connection& connection, const Uuid& user, const Origin& origin,
                                     Timestamp now) const;

  /// Rotates. The outcome is returned, not thrown: ending a session on reuse must be committed.
  [[nodiscard]] Refreshed refresh(data::Connection& connection, const tokens::RefreshToken& token, Timestamp now) const;

  /// Who bears these claims, with their roles and what those grant: the session is there and not expired, its user
  /// active. One prepared statement.
  /// Throws Error(kUnauthorized) otherwise.
  [[nodiscard]] access::Principal authenticate(data::Connection& connection, const tokens::AccessClaims& claims,
                                               Timestamp now) const;

  /// The same of an active user without a session, for tools; none when there is none.
  [[nodiscard]] static std::optional<access::Principal> principal_of(data::Connection& connection, const Uuid& user);

  /// Ends one session of `user`; false when it is not theirs or not there.
  bool end(data::Connection& connection, const Uuid& user, const Uuid& session) const;
  /// Ends every session of `user`, but for `except`.
  void end_all(data::Connection& connection, const Uuid& user, std::optional<Uuid> except) const;

 private:
  [[nodiscard]] tokens::RefreshToken rotate(data::Connection& connection, const tokens::RefreshToken& token,
                                            Timestamp now) const;

  tokens::RefreshTokens refresh_tokens_;
  Options options_;
  Repository rows_;
};

}  // namespace apiwright::repositories

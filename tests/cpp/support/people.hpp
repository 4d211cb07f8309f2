#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "apiwright/repositories/accounts.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::support {

inline validation::Array texts(std::initializer_list<std::string_view> items) {
  validation::Array array;
  for (const auto item : items) array.emplace_back(std::string(item));
  return array;
}

/// A user who could be stored as they are.
inline validation::Record user_record(std::string_view email, std::string_view name = "Ada Lovelace") {
  validation::Record record(repositories::users_schema());
  record.set("email", std::string(email));
  record.set("name", std::string(name));
  record.set("status", std::string("active"));
  record.set("roles", validation::Array{});
  return record;
}

/// Users and their sessions over a real database, with a clock that stands still.
class People {
 public:
  ManualClock clock{kStart};
  MigratedDatabase database;
  repositories::Users users;
  repositories::Sessions sessions{tokens::RefreshTokens(key_of(2)), {}};
  repositories::Accounts accounts{users, sessions};

  [[nodiscard]] validation::Record add(validation::Record record) const {
    return database.write(
        [&](data::Connection& connection) { return users.rows().insert(connection, std::move(record), clock.now()); });
  }
  [[nodiscard]] Uuid add_user(std::string_view email, std::initializer_list<std::string_view> roles = {}) const {
    auto record = user_record(email);
    record.set("roles", texts(roles));
    record.set("password_hash", std::string("$hash of ") + std::string(email));
    return add(std::move(record)).at("id").as<Uuid>();
  }

  [[nodiscard]] std::optional<validation::Record> user(const Uuid& id) const {
    return database.read(
        [&](data::Connection& connection) { return users.rows().find(connection, id, access::Predicate::always()); });
  }

  /// Lays one value over a stored user, as an update does.
  validation::Record set(const Uuid& id, std::string_view field, validation::Value value) const {
    return database.write([&](data::Connection& connection) {
      const auto before = users.rows().find(connection, id, access::Predicate::always());
      validation::Record changes(users.rows().schema());
      changes.set(field, std::move(value));
      return users.rows().update(connection, before.value(), changes, clock.now());
    });
  }
  bool remove(const Uuid& id) const {
    return database.write(
        [&](data::Connection& connection) { return users.rows().remove(connection, id, clock.now()); });
  }

  [[nodiscard]] repositories::StartedSession start(const Uuid& user, const repositories::Origin& origin = {}) const {
    return database.write(
        [&](data::Connection& connection) { return sessions.start(connection, user, origin, clock.now()); });
  }
  [[nodiscard]] repositories::Refreshed refresh(const tokens::RefreshToken& token) const {
    return database.write(
        [&](data::Connection& connection) { return sessions.refresh(connection, token, clock.now()); });
  }
  [[nodiscard]] access::Principal authenticate(const tokens::AccessClaims& claims) const {
    return database.read(
        [&](data::Connection& connection) { return sessions.authenticate(connection, claims, clock.now()); });
  }
  /// Whether the session still lets its user in.
  [[nodiscard]] bool is_live(const Uuid& user, const Uuid& session) const {
    try {
      static_cast<void>(authenticate(claims(user, session)));
      return true;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUnauthorized);
      return false;
    }
  }

  [[nodiscard]] static tokens::AccessClaims claims(const Uuid& user, const Uuid& session) {
    tokens::AccessClaims claims;
    claims.subject = user;
    claims.session = session;
    return claims;
  }
};

}  // namespace apiwright::support

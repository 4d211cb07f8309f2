#include "apiwright/repositories/sessions.hpp"

#include <utility>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/error.hpp"
#include "apiwright/base/secret.hpp"
#include "apiwright/repositories/roles.hpp"
#include "repositories/stored_value.hpp"

namespace apiwright::repositories {
namespace {

using data::Connection;
using tokens::RefreshToken;
using validation::Field;
using validation::Null;
using validation::Record;
using validation::Schema;

// What roles grant is looked for only where it is not known anyway: most users have none, and admins may do everything.
constexpr std::string_view kSelectRoles =
    "SELECT users.roles, CASE WHEN CAST(users.roles AS text) NOT IN ('[]', '[\"admin\"]') THEN "
    "(SELECT json_group_array(granted.value) FROM json_each(users.roles) AS held "
    "JOIN roles ON roles.name_key = held.value CROSS JOIN json_each(roles.permissions) AS granted) END ";

const std::string kAuthenticate = std::string(kSelectRoles) +
                                  "FROM sessions JOIN users ON users.id = sessions.user_id "
                                  "WHERE sessions.id = ? AND sessions.user_id = ? AND sessions.expires_at > ? "
                                  "AND users.status = 'active' AND users.deleted_at IS NULL";

const std::string kRolesOf = std::string(kSelectRoles) +
                             "FROM users WHERE users.id = ? AND users.status = 'active' AND users.deleted_at IS NULL";

constexpr std::string_view kCurrent =
    "SELECT sessions.user_id, sessions.generation, sessions.digest, sessions.last_used_at "
    "FROM sessions JOIN users ON users.id = sessions.user_id "
    "WHERE sessions.id = ? AND sessions.expires_at > ? "
    "AND users.status = 'active' AND users.deleted_at IS NULL";

constexpr std::string_view kRotate =
    "UPDATE sessions SET generation = ?, digest = ?, last_used_at = ?, expires_at = ? "
    "WHERE id = ? AND generation = ?";

constexpr std::string_view kEnd = "DELETE FROM sessions WHERE id = ? AND user_id = ?";
constexpr std::string_view kEndAll = "DELETE FROM sessions WHERE user_id = ?";
constexpr std::string_view kEndOthers = "DELETE FROM sessions WHERE user_id = ? AND id <> ?";
// A few with each new session: they are gone in the end, and no sign-in pays for all of them.
constexpr std::string_view kEndExpired =
    "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= ? ORDER BY expires_at LIMIT 20)";

std::string stored_digest(const tokens::RefreshTokens& tokens, const RefreshToken& token) {
  return encode_base64url(as_text(tokens.digest(token)));
}

validation::Value text_or_null(const std::string& text) {
  if (text.empty()) return Null{};
  return text;
}

std::vector<std::string> texts_of(std::string_view json) {
  static const auto form = validation::without_constraints(Field::array("texts", Field::string("text")));
  const auto stored = read_composite(form, json);
  std::vector<std::string> texts;
  for (const auto& text : stored.as<validation::Array>()) texts.push_back(text.as<std::string>());
  return texts;
}

// Of a row of kSelectRoles.
void read_roles(const data::Statement& row, access::Principal& principal) {
  const auto roles = row.text(0);
  if (roles == "[]") return;
  principal.roles = texts_of(roles);
  if (principal.has_role(kAdminRole)) {
    principal.permissions = {"*"};
  } else {
    if (!row.is_null(1)) principal.permissions = texts_of(row.text(1));
  }
}

// What the row says of a session while its user may use it.
struct Current {
  Uuid user;
  std::int64_t generation = 0;
  std::string digest;
  Timestamp last_used_at;
};

std::optional<Current> current_of(Connection& connection, const Uuid& session, Timestamp now) {
  auto statement = connection.prepare(kCurrent);
  statement->bind(1, session);
  statement->bind(2, now);
  if (!statement->step()) return std::nullopt;
  return Current{statement->uuid(0), statement->integer(1), std::string(statement->text(2)), statement->timestamp(3)};
}

}  // namespace

validation::SchemaPtr sessions_schema() {
  static const auto schema =
      Schema::make("Session", "sessions",
                   {
                       Field::uuid("id").read_only(),
                       Field::uuid("user_id").internal(),
                       Field::integer("generation").internal(),
                       Field::string("digest").internal(),
                       Field::string("user_agent").nullable().read_only().describe("As the client named itself."),
                       Field::string("ip_address").nullable().read_only(),
                       Field::date_time("created_at").read_only().sortable(),
                       Field::date_time("last_used_at").read_only().describe("The last sign-in or refresh."),
                       Field::date_time("expires_at").read_only(),
                   });
  return schema;
}

Sessions::Sessions(tokens::RefreshTokens refresh_tokens, Options options)
    : refresh_tokens_(std::move(refresh_tokens)), options_(options), rows_(sessions_schema()) {}

StartedSession Sessions::start(Connection& connection, const Uuid& user, const Origin& origin, Timestamp now) const {
  {
    auto statement = connection.prepare(kEndExpired);
    statement->bind(1, now);
    statement->step();
  }
  const auto id = Uuid::generate(now);
  const auto token = refresh_tokens_.first(id);
  Record row(sessions_schema());
  row.set("id", id);
  row.set("user_id", user);
  row.set("generation", std::int64_t{token.generation});
  row.set("digest", stored_digest(refresh_tokens_, token));
  row.set("user_agent", text_or_null(origin.user_agent));
  row.set("ip_address", text_or_null(origin.ip_address));
  row.set("last_used_at", now);
  row.set("expires_at", now + options_.lifetime);
  static_cast<void>(rows_.insert(connection, std::move(row), now));
  return {id, token};
}

Refreshed Sessions::refresh(Connection& connection, const RefreshToken& token, Timestamp now) const {
  const auto current = current_of(connection, token.session, now);
  if (!current) return {};
  Refreshed result{Refreshed::Outcome::kRefused, current->user, token.session, {}};
  const auto presented = stored_digest(refresh_tokens_, token);
  if (token.generation == current->generation) {
    if (!equal_in_constant_time(presented, current->digest)) return result;
    result.outcome = Refreshed::Outcome::kRotated;
    result.refresh_token = rotate(connection, token, now);
    return result;
  }
  // A generation the row has not reached: a store put back from a backup. Not a theft.
  if (token.generation > current->generation) return result;

  const auto successor = refresh_tokens_.successor(token);
  if (successor.generation == current->generation && std::chrono::abs(now - current->last_used_at) <= options_.grace &&
      equal_in_constant_time(stored_digest(refresh_tokens_, successor), current->digest)) {
    result.outcome = Refreshed::Outcome::kRotated;
    result.refresh_token = successor;
    return result;
  }
  end(connection, current->user, token.session);
  result.outcome = Refreshed::Outcome::kReused;
  return result;
}

RefreshToken Sessions::rotate(Connection& connection, const RefreshToken& token, Timestamp now) const {
  const auto successor = refresh_tokens_.successor(token);
  const auto digest = stored_digest(refresh_tokens_, successor);
  auto statement = connection.prepare(kRotate);
  statement->bind(1, std::int64_t{successor.generation});
  statement->bind(2, std::string_view(digest));
  statement->bind(3, now);
  statement->bind(4, now + options_.lifetime);
  statement->bind(5, token.session);
  statement->bind(6, std::int64_t{token.generation});
  statement->step();
  return successor;
}

access::Principal Sessions::authenticate(Connection& connection, const tokens::AccessClaims& claims,
                                         Timestamp now) const {
  auto statement = connection.prepare(kAuthenticate);
  statement->bind(1, claims.session);
  statement->bind(2, claims.subject);
  statement->bind(3, now);
  if (!statement->step()) {
    throw Error(ErrorCode::kUnauthorized, "This session has ended. Sign in again.");
  }
  access::Principal principal{claims.subject, claims.session, {}};
  read_roles(*statement, principal);
  return principal;
}

std::optional<access::Principal> Sessions::principal_of(Connection& connection, const Uuid& user) {
  auto statement = connection.prepare(kRolesOf);
  statement->bind(1, user);
  if (!statement->step()) return std::nullopt;
  access::Principal principal{user, {}, {}};
  read_roles(*statement, principal);
  return principal;
}

bool Sessions::end(Connection& connection, const Uuid& user, const Uuid& session) const {
  auto statement = connection.prepare(kEnd);
  statement->bind(1, session);
  statement->bind(2, user);
  statement->step();
  return statement->changes() > 0;
}

void Sessions::end_all(Connection& connection, const Uuid& user, std::optional<Uuid> except) const {
  auto statement = connection.prepare(except ? kEndOthers : kEndAll);
  statement->bind(1, user);
  if (except) statement->bind(2, *except);
  statement->step();
}

}  // namespace apiwright::repositories

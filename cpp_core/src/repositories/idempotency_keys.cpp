#include "apiwright/repositories/idempotency_keys.hpp"

#include <algorithm>
#include <utility>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/error.hpp"

namespace apiwright::repositories {
namespace {

using access::Principal;
using data::Connection;
using data::Statement;

constexpr std::string_view kSelect =
    "SELECT fingerprint, roles, status, location, etag, body FROM idempotency_keys "
    "WHERE request_key = ? AND expires_at > ?";

constexpr std::string_view kInsert =
    "INSERT INTO idempotency_keys (request_key, fingerprint, roles, status, location, etag, body, "
    "expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

// Of this key too: an unexpired one was found before, in this same transaction.
constexpr std::string_view kDeleteExpired =
    "DELETE FROM idempotency_keys WHERE expires_at <= ? AND position IN ("
    "SELECT position FROM (SELECT position FROM idempotency_keys ORDER BY position LIMIT 2) AS oldest "
    "UNION ALL SELECT position FROM idempotency_keys WHERE request_key = ?)";

// Each part with its length before it: no two lists of parts are one text.
void append(std::string& text, std::string_view part) {
  text += std::to_string(part.size());
  text += ':';
  text += part;
}

ShortDigest shortened(const Digest& digest) {
  ShortDigest first{};
  std::copy_n(digest.begin(), first.size(), first.begin());
  return first;
}

void bind_optional(Statement& statement, int index, const std::optional<std::string>& text) {
  if (text) {
    statement.bind(index, std::string_view(*text));
  } else {
    statement.bind_null(index);
  }
}

std::optional<std::string> optional_text(const Statement& statement, int column) {
  if (statement.is_null(column)) return std::nullopt;
  return std::string(statement.text(column));
}

}  // namespace

IdempotentRequest IdempotencyKeys::request(const Uuid& user, std::string_view route, std::string_view key,
                                           std::string_view query, std::string_view body) const {
  std::string whose = user.to_string();
  append(whose, route);
  append(whose, key);
  std::string what;
  what.reserve(query.size() + body.size() + 2 * std::size_t{24});
  append(what, query);
  append(what, body);
  return {shortened(blake2b(whose, key_)), shortened(blake2b(what, key_))};
}

ShortDigest IdempotencyKeys::roles_of(const Principal& principal) const {
  std::string text = std::to_string(principal.roles.size());
  for (const auto& role : principal.roles) append(text, role);
  for (const auto& permission : principal.permissions) append(text, permission);
  return shortened(blake2b(text, key_));
}

std::optional<KeptAnswer> IdempotencyKeys::find(Connection& connection, const IdempotentRequest& request,
                                                const Principal& principal, Timestamp now) const {
  connection.hold(encode_base64url(as_text(request.key)));
  auto statement = connection.prepare(kSelect);
  statement->bind_bytes(1, as_text(request.key));
  statement->bind(2, now);
  if (!statement->step()) return std::nullopt;
  if (statement->bytes(0) != as_text(request.fingerprint)) {
    throw Error(ErrorCode::kUnprocessable, "This Idempotency-Key was used before, for another request.",
                {{"header.Idempotency-Key", "Was used for another request.", "duplicate"}});
  }
  if (statement->bytes(1) != as_text(roles_of(principal))) {
    throw Error(ErrorCode::kForbidden, "This was done already, and what you may do has changed since.");
  }
  return KeptAnswer{static_cast<int>(statement->integer(2)), optional_text(*statement, 3), optional_text(*statement, 4),
                    std::string(statement->text(5))};
}

void IdempotencyKeys::keep(Connection& connection, const IdempotentRequest& request, const Principal& principal,
                           const KeptAnswer& answer, Timestamp now) const {
  {
    auto statement = connection.prepare(kDeleteExpired);
    statement->bind(1, now);
    statement->bind_bytes(2, as_text(request.key));
    statement->step();
  }
  const auto roles = roles_of(principal);
  auto statement = connection.prepare(kInsert);
  statement->bind_bytes(1, as_text(request.key));
  statement->bind_bytes(2, as_text(request.fingerprint));
  statement->bind_bytes(3, as_text(roles));
  statement->bind(4, std::int64_t{answer.status});
  bind_optional(*statement, 5, answer.location);
  bind_optional(*statement, 6, answer.etag);
  statement->bind(7, std::string_view(answer.body));
  statement->bind(8, now + kLifetime);
  statement->step();
}

}  // namespace apiwright::repositories

#include "apiwright/repositories/accounts.hpp"

#include <algorithm>
#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using access::Principal;
using data::Connection;
using validation::Array;
using validation::Record;
using validation::Value;

bool is_active_admin(const Record& user) {
  if (user.at("status").as<std::string>() != "active") return false;
  for (const auto& role : user.at("roles").as<Array>()) {
    if (role.as<std::string>() == "admin") return true;
  }
  return false;
}

bool still_has_hash(const Record& user, const std::string& hash) {
  const auto& stored = user.at("password_hash");
  return !stored.is_null() && stored.as<std::string>() == hash;
}

// What a body would have had filled in; what the application added and this user did not bring.
void set_defaults(Record& record) {
  const auto& fields = record.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (record.at(index).is_absent() && fields[index].default_value())
      record.set(index, *fields[index].default_value());
  }
}

void set_further(Record& record, const Record& further) {
  const auto& fields = further.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    const auto column = record.schema().find(fields[index].name());
    if (column && !record.schema().field(*column).is_transient()) record.set(*column, further.at(index));
  }
}

Record record_of(const validation::SchemaPtr& schema, const NewUser& user) {
  Record record(schema);
  if (user.further) set_further(record, *user.further);
  set_defaults(record);
  record.set("email", user.email);
  record.set("name", user.name);
  record.set("password_hash", user.password_hash);
  record.set("status", std::string("active"));
  return record;
}

Array with_admin(const Array& roles) {
  Array all = roles;
  const Value admin(std::string("admin"));
  if (std::find(all.begin(), all.end(), admin) == all.end()) all.push_back(admin);
  return all;
}

}  // namespace

SignedIn Accounts::sign_up(Connection& connection, const NewUser& user, const Origin& origin, Timestamp now) const {
  auto record = record_of(users_.rows().schema(), user);
  record.set("roles", Array{});
  return let_in(connection, users_.rows().insert(connection, std::move(record), now), origin, now);
}

SignedIn Accounts::let_in(Connection& connection, Record user, const Origin& origin, Timestamp now) const {
  const auto id = user.at("id").as<Uuid>();
  const auto session = sessions_.start(connection, id, origin, now);
  if (users_.readable().empty()) return {std::move(user), session, {}};
  const auto principal = Sessions::principal_of(connection, id);
  return {std::move(user), session, users_.readable().grants(principal ? &*principal : nullptr)};
}

SignedIn Accounts::sign_in(Connection& connection, const Uuid& user, const std::string& verified_hash,
                           const std::optional<std::string>& rehashed, const Origin& origin, Timestamp now) const {
  auto row = users_.rows().find(connection, user, Predicate::always());
  if (!row || row->at("status").as<std::string>() != "active" || !still_has_hash(*row, verified_hash)) {
    throw Error(ErrorCode::kInvalidCredentials, "The e-mail or the password is wrong.");
  }
  if (rehashed) users_.replace_hash(connection, user, verified_hash, *rehashed);
  return let_in(connection, std::move(*row), origin, now);
}

void Accounts::sign_out(Connection& connection, const tokens::AccessClaims& claims, bool everywhere,
                        Timestamp now) const {
  const auto principal = sessions_.authenticate(connection, claims, now);
  if (everywhere) {
    sessions_.end_all(connection, principal.user, std::nullopt);
  } else {
    sessions_.end(connection, principal.user, principal.session);
  }
}

Credentials Accounts::credentials(Connection& connection, const tokens::AccessClaims& claims, Timestamp now) const {
  const auto principal = sessions_.authenticate(connection, claims, now);
  return users_.credentials(connection, principal.user).value_or(Credentials{principal.user, {}, true});
}

std::optional<Principal> Accounts::principal(Connection& connection, std::string_view email) const {
  const auto found = users_.credentials(connection, email);
  if (!found) return std::nullopt;
  return Sessions::principal_of(connection, found->user);
}

void Accounts::change_password(Connection& connection, const tokens::AccessClaims& claims,
                               const std::string& verified_hash, const std::string& new_hash, Timestamp now) const {
  const auto principal = sessions_.authenticate(connection, claims, now);
  const auto row = users_.rows().find(connection, principal.user, Predicate::always());
  if (!row || !still_has_hash(*row, verified_hash)) {
    throw Error(ErrorCode::kConflict, "The password was changed meanwhile.");
  }
  Record changes(row->schema_ptr());
  changes.set("password_hash", new_hash);
  static_cast<void>(users_.rows().update(connection, *row, changes, now));
  sessions_.end_all(connection, principal.user, principal.session);
}

Record Accounts::put_admin(Connection& connection, const NewUser& user, Timestamp now) const {
  const auto existing = users_.rows().find_by(connection, "email", Value(user.email));
  if (!existing) {
    auto record = record_of(users_.rows().schema(), user);
    record.set("roles", with_admin({}));
    return users_.rows().insert(connection, std::move(record), now);
  }
  Record changes(existing->schema_ptr());
  changes.set("password_hash", user.password_hash);
  changes.set("status", std::string("active"));
  changes.set("roles", with_admin(existing->at("roles").as<Array>()));
  sessions_.end_all(connection, existing->at("id").as<Uuid>(), std::nullopt);
  return users_.rows().update(connection, *existing, changes, now);
}

void Accounts::user_changed(Connection& connection, const Record& before, const Record* after,
                            const Principal& principal) const {
  const auto id = before.at("id").as<Uuid>();
  if (is_active_admin(before) && (after == nullptr || !is_active_admin(*after))) {
    users_.require_another_admin(connection, id);
  }
  const bool active = after != nullptr && after->at("status").as<std::string>() == "active";
  const bool restored = !before.at("deleted_at").is_null();
  if (!active || restored) {
    sessions_.end_all(connection, id, std::nullopt);
  } else if (after->at("password_hash") != before.at("password_hash")) {
    sessions_.end_all(connection, id, principal.session);
  }
}

}  // namespace apiwright::repositories

#include "apiwright/repositories/users.hpp"

#include <algorithm>
#include <iterator>

#include "apiwright/base/error.hpp"

namespace apiwright::repositories {
namespace {

using access::FieldRule;
using access::Rule;
using data::Connection;
using validation::Array;
using validation::Field;
using validation::Record;
using validation::Schema;
using validation::Value;

constexpr std::string_view kReplaceHash =
    "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ? AND deleted_at IS NULL";

constexpr std::string_view kOtherAdmin =
    "SELECT 1 FROM users WHERE deleted_at IS NULL AND status = 'active' AND id <> ? "
    "AND EXISTS (SELECT 1 FROM json_each(users.roles) AS held WHERE held.value = 'admin') LIMIT 1";

std::optional<Credentials> credentials_of(const std::optional<Record>& row) {
  if (!row) return std::nullopt;
  Credentials found;
  found.user = row->at("id").as<Uuid>();
  found.active = row->at("status").as<std::string>() == "active";
  const auto& hash = row->at("password_hash");
  if (!hash.is_null()) found.password_hash = hash.as<std::string>();
  return found;
}

std::vector<Field> fields_with(std::vector<Field> more) {
  std::vector<Field> fields = {
      Field::uuid("id").read_only(),
      Field::email("email").unique().searchable().filterable().sortable().example(std::string("ada@example.org")),
      Field::string("name").length(1, 100).searchable().sortable().example(std::string("Ada Lovelace")),
      Field::string("password")
          .length(8, 100)
          .optional()
          .write_only()
          .transient()
          .describe("Set or changed by an admin; never in an answer."),
      Field::string("password_hash").nullable().internal(),
      Field::enumeration("status", {"active", "inactive"}).default_value(std::string("active")).filterable().sortable(),
      Field::array("roles", Field::string("role").length(1, 50).pattern("[a-z][a-z0-9_-]*"))
          .items(0, 20)
          .distinct()
          .default_value(Array{}),
  };
  std::move(more.begin(), more.end(), std::back_inserter(fields));
  fields.push_back(Field::integer("version").read_only().describe("One more with each change."));
  fields.push_back(Field::date_time("created_at").read_only().filterable().sortable());
  fields.push_back(Field::date_time("updated_at").read_only().filterable().sortable());
  fields.push_back(Field::date_time("deleted_at").nullable().internal());
  return fields;
}

// What of every user only an admin sets.
std::vector<FieldRule> with_admins_own(std::vector<FieldRule> rules) {
  for (const auto* field : {"password", "status", "roles"}) rules.push_back({field, Rule::role("admin")});
  return rules;
}

}  // namespace

validation::SchemaPtr users_schema(std::vector<Field> more) {
  static const auto plain = Schema::make("User", "users", fields_with({}));
  return more.empty() ? plain : Schema::make("User", "users", fields_with(std::move(more)));
}

Users::Users(const validation::SchemaPtr& schema, const std::vector<FieldRule>& readable,
             std::vector<FieldRule> writable)
    : rows_(schema), readable_(schema, readable), writable_(schema, with_admins_own(std::move(writable))) {}

std::optional<Credentials> Users::credentials(Connection& connection, std::string_view email) const {
  return credentials_of(rows_.find_by(connection, "email", Value(std::string(email))));
}

std::optional<Credentials> Users::credentials(Connection& connection, const Uuid& user) const {
  return credentials_of(rows_.find(connection, user, access::Predicate::always()));
}

void Users::replace_hash(Connection& connection, const Uuid& user, std::string_view previous,
                         std::string_view hash) const {
  auto statement = connection.prepare(kReplaceHash);
  statement->bind(1, hash);
  statement->bind(2, user);
  statement->bind(3, previous);
  statement->step();
}

void Users::require_another_admin(Connection& connection, const Uuid& leaving) const {
  connection.hold("the last admin");  // of two who leave at once, one sees that the other has left
  auto statement = connection.prepare(kOtherAdmin);
  statement->bind(1, leaving);
  if (statement->step()) return;
  throw Error(ErrorCode::kUnprocessable, "The last active admin must stay one.");
}

}  // namespace apiwright::repositories

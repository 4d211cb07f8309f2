#include "apiwright/repositories/roles.hpp"

#include "apiwright/base/error.hpp"

namespace apiwright::repositories {

using validation::Array;
using validation::Field;
using validation::Schema;
using validation::Value;

namespace {

/// As access::is_grant has it.
constexpr const char* kGrant = R"(\*|[a-z][a-z0-9_-]*(:[a-z][a-z0-9_-]*)*(:\*)?)";

}  // namespace

validation::SchemaPtr roles_schema() {
  static const auto schema = Schema::make(
      "Role", "roles",
      {
          Field::uuid("id").read_only(),
          Field::string("name")
              .length(1, 50)
              .pattern("[a-z][a-z0-9_-]*")
              .unique()
              .searchable()
              .sortable()
              .describe("As users' roles name it.")
              .example(std::string("editor")),
          Field::array("permissions", Field::string("permission").length(1, 100).pattern(kGrant))
              .items(0, 100)
              .distinct()
              .default_value(Array{})
              .describe("What users with this role may do: `articles:write`, `articles:*` for all that begin so, or "
                        "`*` for everything.")
              .example(Array{Value(std::string("articles:write"))}),
          Field::integer("version").read_only().describe("One more with each change."),
          Field::date_time("created_at").read_only().sortable(),
          Field::date_time("updated_at").read_only().sortable(),
      });
  return schema;
}

void Roles::require_changeable(const validation::Record& before) {
  if (before.at("name").as<std::string>() != kAdminRole) return;
  throw Error(ErrorCode::kUnprocessable, "The role admin is built in: it can be neither changed nor removed.");
}

}  // namespace apiwright::repositories

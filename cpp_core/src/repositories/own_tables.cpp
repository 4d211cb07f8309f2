#include "repositories/own_tables.hpp"

#include <algorithm>
#include <array>

#include "apiwright/repositories/users.hpp"

namespace apiwright::repositories {
namespace {

constexpr std::array<std::string_view, 6> kReserved{"idempotency_keys",  "roles",    "schema_drafts",
                                                    "schema_migrations", "sessions", "table_versions"};

}  // namespace

const std::vector<Table>& extensible_tables() {
  static const std::vector<Table> tables{table_of(*users_schema())};
  return tables;
}

bool is_reserved(std::string_view table) noexcept {
  return table.starts_with("sqlite_") || std::find(kReserved.begin(), kReserved.end(), table) != kReserved.end();
}

}  // namespace apiwright::repositories

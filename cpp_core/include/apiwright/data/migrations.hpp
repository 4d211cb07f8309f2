#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "apiwright/base/clock.hpp"
#include "apiwright/data/connection.hpp"

namespace apiwright::data {

/// One step of a schema's history: `0001_users.up.sql` and `0001_users.down.sql`.
struct Migration {
  std::int64_t version = 0;
  std::string name;
  std::string up;
  std::string down;
  std::string checksum;  ///< BLAKE2b-256 of both texts, hex
};

struct MigrationStatus {
  Migration migration;
  std::optional<Timestamp> applied_at;
};

/// Applies and takes back migrations of one scope (`apiwright`, or an application's name), in the order of their
/// versions, each in a transaction with its history row in `schema_migrations`. Many processes may try at once: the
/// database's write lock lets one do each step.
class Migrations {
 public:
  /// Reads a folder. Throws Error(kValidationError) naming the file: a gap or repeat in versions, a missing half, a bad
  /// name.
  Migrations(std::string scope, const std::filesystem::path& folder);

  /// Every migration with when it was applied; writes nothing. Throws Error(kUnprocessable) naming the file when an
  /// applied one was edited. Applied versions past the last one here are a newer release's and none of our business.
  [[nodiscard]] std::vector<MigrationStatus> status(Connection& connection) const;

  /// Applies what is pending; the names applied.
  std::vector<std::string> up(Connection& connection, const Clock& clock) const;
  /// Takes back the last `steps`; the names taken back. Throws Error(kUnprocessable) when a newer release's comes
  /// first.
  std::vector<std::string> down(Connection& connection, std::size_t steps) const;

  [[nodiscard]] std::size_t pending(Connection& connection) const;
  [[nodiscard]] const std::vector<Migration>& all() const noexcept { return migrations_; }

 private:
  std::string scope_;
  std::vector<Migration> migrations_;
};

}  // namespace apiwright::data

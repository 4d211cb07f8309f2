#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/validation/schema.hpp"

namespace apiwright::repositories {

/// What a declaration cannot say of itself.
struct MigrationHints {
  std::vector<std::string> renames;   ///< `articles.body:text`, or `posts:articles` for a table
  std::vector<std::string> narrowed;  ///< `articles.status`: its rows fit, which the database checks when it is applied
};

struct MigrationScript {
  std::string up;
  std::string down;
};

/// One step from the tables as they were to those that are declared.
struct MigrationDraft {
  MigrationScript sqlite;
  MigrationScript postgresql;
  std::vector<std::string> changes;  ///< what `up` does, in sentences
  std::string tables_json;           ///< the tables after it: what the next draft begins with
};

/// The step from `tables_json` (empty: no tables) to the tables of these schemas; none when nothing differs. Values in
/// columns that stay are kept; `down` brings back what `up` dropped, without its values, and refuses rows that no
/// longer fit, as does `up`.
///
/// A schema of the table `users` adds to apiwright's own; its other tables are not to be declared. Throws
/// Error(kUnprocessable) with a detail for each field (`Article.slug`), class or hint that stands in the way, saying
/// what to do; what tables_from_json throws.
[[nodiscard]] std::optional<MigrationDraft> draft_migration(std::string_view tables_json,
                                                            const std::vector<validation::SchemaPtr>& declared,
                                                            const MigrationHints& hints = {});

/// Refuses what no database could hold beside the rest, or not as it is meant: what draft_migration says of the
/// declarations alone.
void require_sound(const std::vector<validation::SchemaPtr>& declared);

}  // namespace apiwright::repositories
